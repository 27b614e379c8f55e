"""What the endpoints answer, described. `discovery.answers` builds answers; tests hold them to these schemas."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from discovery.api.schemas.parameters import about
from discovery.schema.attributes import CARD, PROFILE


class Strict(Schema):
    """Every member is always there unless said otherwise; an undescribed one is a fault (tests load answers)."""


def string(description: str = "", *, null: bool = False, **described: Any) -> fields.String:
    """A text that is always there; `null`: it may be null."""
    return fields.String(required=True, allow_none=null, metadata=about(description, **described))


def integer(description: str = "", *, null: bool = False) -> fields.Integer:
    """A whole number that is always there; `null`: it may be null."""
    return fields.Integer(required=True, allow_none=null, strict=True, metadata=about(description))


def number(description: str = "", *, null: bool = False) -> fields.Float:
    """A number that is always there; `null`: it may be null."""
    return fields.Float(required=True, allow_none=null, metadata=about(description))


def boolean(description: str = "", *, null: bool = False) -> fields.Boolean:
    """true or false, always there; `null`: it may be null."""
    return fields.Boolean(required=True, allow_none=null, metadata=about(description))


def strings(description: str = "") -> fields.List[str]:
    """A list of texts that is always there, empty or not."""
    return fields.List(fields.String(), required=True, metadata=about(description))


def many(schema: type[Schema], description: str = "") -> fields.List[Any]:
    """A list of objects that is always there, empty or not."""
    return fields.List(fields.Nested(schema), required=True, metadata=about(description))


def one(schema: type[Schema], description: str = "", *, null: bool = False) -> fields.Nested:
    """An object that is always there; `null`: it may be null."""
    return fields.Nested(schema, required=True, allow_none=null, metadata=about(description))


class Alternative(Strict):
    value = string("A place code.")
    label = string()


class Piece(Strict):
    type = string(
        "place, radius, kind, kind_group, national, sector, certification, network, service_type, siret, exclusion, "
        "cpv, naf or rome; of ignored ones quantity, date, budget, surface, frequency, reference, legal, "
        "supplier_word, courtesy or address."
    )
    parameter = string("Of an exclusion: the parameter that it stands for, such as `not_kind`.", null=True)
    value = string("A code or slug; for a radius, kilometres.")
    label = string("What to show.")
    text = string("What stands in the phrase.")
    start = integer("Offset in `q`, in Unicode characters.")
    end = integer("Offset in `q`, excluded.")
    role = string("Of a place: `boundary`, `focus`, or `hint`: whose need it is, which only ranks.", null=True)
    applied = boolean("false: proposed as a filter, its words are searched; or ignored.")
    alternatives = many(Alternative, "Namesakes, likeliest first.")
    cut = fields.List(
        fields.Integer(strict=True),
        required=True,
        metadata=about(
            "Offsets in `q`, the second excluded: what to take out to drop the piece, the connectives that touch it "
            "included."
        ),
    )


class Offer(Strict):
    parameter = string()
    value = string()
    label = string()
    count = integer("The total once this filter is chosen alone.")


class SectorOfNeed(Strict):
    slug = string("Of a sector or a group.")
    label = string()


class Need(Strict):
    text = string("What names it.")
    start = integer("Offset in `q` (in `did_you_mean` where typos were mended), in Unicode characters.")
    end = integer("Offset, excluded.")
    sectors = many(SectorOfNeed, "The trades that it may be.")
    known_by = string("What told it.", enum=["label", "synonym", "code", "classifier"])
    probability = number("Of the first sector, 0 to 1; 1 but for what only the classifier tells.")
    total = integer("Suppliers found for it alone, with the same filters and places.")
    url = string("Page that searches for it alone.")


class WiderCircle(Strict):
    radius = integer("Kilometres.")
    total = integer("Suppliers in it.")


class Circle(Strict):
    radius = integer("Kilometres.")
    label = string("What to show: “à 30 km (choisi pour vous)”.")
    total = integer("Suppliers in it.")
    wider = many(WiderCircle, "The next ones that hold more.")


class Understood(Strict):
    q = string("The phrase as typed.")
    text = string("The words that remain.")
    interpretation = many(Piece)
    ignored = many(Piece, "Quantities, dates, budgets, courtesy…: told, never searched. `literal` makes them words.")
    needs = many(Need, "The trades recognised: who does one of them is found, the other words only rank.")
    recognised = boolean(
        "false: no trade was recognised and nobody holds all the words; at most ten suppliers that hold some are shown."
    )
    relaxed = boolean("true: too few suppliers matched all words, so the search was widened.")
    searched = string("The words that decided: those of the needs, else those that remain, corrected when `relaxed`.")
    did_you_mean = string("The phrase with its typos corrected.", null=True)
    circle = one(Circle, "Chosen for a centre without a distance: `radius` keeps it.", null=True)
    offers = many(Offer, "Filters that the phrase may have meant.")


class Total(Strict):
    value = integer()
    relation = string("`eq`: exact; `gte`: at least.", enum=["eq", "gte"])


class Address(Strict):
    street = string(null=True)
    post_code = string(null=True)
    city = string(null=True)
    commune = string("INSEE code.", null=True)
    department = string("Code.", null=True)
    department_name = string(null=True)
    region = string("Code.", null=True)
    region_name = string(null=True)


class Location(Strict):
    lat = number("WGS 84 degrees.")
    lon = number("WGS 84 degrees.")
    approximate = boolean("true: the commune's point, not the supplier's own.")


class Labelled(Strict):
    slug = string()
    label = string()


class MatchedSector(Labelled):
    matched = boolean("Whether the supplier is in the answer for this sector.")


class Card(Strict):
    id = string()
    siret = string(null=True)
    name = string()
    brand = string(null=True)
    display_name = string("The brand when there is one, else the name.")
    kind = string()
    kind_label = string()
    kind_group = string()
    address = one(Address)
    location = one(Location, null=True)
    vars().update((one.field, many(Labelled)) for one in CARD)
    website = string(null=True)
    description = string(null=True)
    url = string("Page about the supplier, for people.")


class Result(Card):
    distance_km = number("Great-circle distance from the search's centre, when there is one.", null=True)
    coverage = string("How it matched the place: `located` or `serves`.", null=True)
    serves_by = string(
        "How it serves the place: `seat`, `near` (a declared zone), `presumed` (no zone declared) or `national`; null "
        "without a place.",
        null=True,
    )
    matched_by = string(
        "What tells that it does what is needed: `activity`, `evidence` or `mention`; null without a need.", null=True
    )
    sectors = many(MatchedSector)
    highlights = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        required=True,
        metadata=about("Field (name, brand, offers, description) → HTML, escaped but for `<mark>`."),
    )
    why = strings("Reasons, as short phrases.")
    score = number("Only comparable within one answer; null when the order is not relevance.", null=True)


class FacetValue(Strict):
    value = string()
    label = string()
    count = integer("The total of this search with this filter replaced by this value alone.")
    selected = boolean()


class Suggestion(Strict):
    change = fields.Dict(
        keys=fields.String(),
        required=True,
        metadata=about("Parameter → its new value, a list of values, or null to take it away."),
    )
    label = string()
    count = integer("The total once the change is made.")


class Notice(Strict):
    code = string()
    parameter = string()
    message = string()
    choices = strings("Values that were meant, perhaps.")


class PageLinks(Strict):
    self = string()
    next = string(null=True)
    prev = string(null=True)
    page = string("The same search as a page for people; a key's presets are parameters there.")


class Scope(Strict):
    label = string("“Hygiène et propreté · Bretagne”.")
    sentence = string("To show to people.")
    region = strings("Codes of the regions that are open: suppliers seated there.")
    department = strings("Codes of the departments that are open besides.")
    sector = strings("Slugs of the sectors and groups that are open; none = all.")


OPENED = "What this service has opened so far, to which every answer keeps; null when it is open altogether."


class SearchAnswer(Strict):
    query = one(Understood)
    total = one(Total)
    results = many(Result)
    nearby = many(Result, "When nobody is at the place asked: the nearest that do it, in no count and no export.")
    nearby_heading = string("What to write above `nearby`.", null=True)
    facets = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.Nested(FacetValue)),
        required=True,
        metadata=about("Facet → its values, most frequent first."),
    )
    suggestions = many(Suggestion, "Ways out when filters left little, each counted.")
    warnings = many(Notice)
    links = one(PageLinks)
    took_ms = number("Time spent, engine included.")
    engine = string()
    profile = string("The ranking profile that ordered the results.")
    index = string("The index that answered.")
    rebuild_needed = boolean("true: the index was built from other mappings than the service's.")
    scope = one(Scope, OPENED, null=True)


class ServiceType(Strict):
    code = string()
    label = string()


class ZonePlace(Strict):
    value = string("A place code, as in `place=`.")
    label = string()


class Zone(Strict):
    scope = string(enum=["country", "radius", "places", "none"])
    radius_km = integer("Around the supplier.", null=True)
    places = many(ZonePlace)


class Activity(Strict):
    sector = string()
    label = string()
    sector_group = string(null=True)
    service_types = many(ServiceType)
    zone = one(Zone)


class OfferOfSupplier(Strict):
    name = string()
    description = string(null=True)


class Completeness(Strict):
    score = integer("0 to 100.")
    missing = strings("What would complete the profile, most useful first.")


class Contact(Strict):
    email = string(null=True)
    phone = string(null=True)


class SelfLink(Strict):
    self = string("The canonical address, by id.")


class Provenance(Strict):
    source = string("Who says so.", null=True)
    source_label = string(null=True)
    date = string("Day.", null=True)


class Evidence(Provenance):
    sector = string("Slug of a sector or of a group.")
    label = string()
    strength = number("How sure, 0.5 to 1.")
    type = string("The kind of the surest fact: contract, job, naf.")
    type_label = string()
    code = string("CPV, ROME or NAF.", null=True)
    words = string("The fact's own words.", null=True)


class Job(Provenance):
    rome = string("ROME code.")
    title = string(null=True)


class Contract(Provenance):
    object = string(null=True)
    cpv = string(null=True)
    buyer = string(null=True)
    amount = integer("Euros.", null=True)
    reserved = boolean("Reserved to inclusive suppliers.", null=True)


class SourceOfSupplier(Provenance):
    told = strings("What it told; of the first source empty: all that no other did.")


class Supplier(Card):
    slug = string(null=True)
    legal_form = string(null=True)
    legal_form_label = string(null=True)
    naf = string(null=True)
    activities = many(Activity)
    offers = many(OfferOfSupplier)
    client_references = strings()
    evidence = many(Evidence, "Sectors that others tell of, the surest first.")
    jobs = many(Job, "Jobs it hires for.")
    contracts = many(Contract, "Public contracts it won, the newest first.")
    provenance = many(SourceOfSupplier, "From whom it comes, the first source first.")
    vars().update((one.field, many(Labelled)) for one in PROFILE)
    employees = integer(null=True)
    turnover = integer("Euros a year.", null=True)
    year_founded = integer(null=True)
    updated_at = string("Date, UTC.", null=True)
    first_listed_at = string("Date, UTC.", null=True)
    completeness = one(Completeness, null=True)
    contact = one(Contact, "Only of suppliers who agreed to be contacted.", null=True)
    links = one(SelfLink)


class SupplierList(Strict):
    total = one(Total)
    results = many(Supplier)
    scope = one(Scope, OPENED, null=True)
    links = one(SelfLink)


class Tuning(Strict):
    status = string("`stale`: an edit can't be used, the last good version serves.", enum=["current", "stale"])
    problems = strings("File, line, what is wrong and what to do.")


class Ready(Strict):
    status = string(enum=["ready"])
    engine = string()
    index = string()
    documents = integer("Live suppliers.")
    generation = string("Changes whenever an answer might.")
    rebuild_needed = boolean()
    mappings = one(Tuning, "Profiles, word equivalences and words never corrected, which follow their files.")


class Alive(Strict):
    status = string(enum=["ok"])
