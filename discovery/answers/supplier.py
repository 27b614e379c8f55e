"""A supplier's public fields → JSON, labelled; values of filters in words. Only the `public` part
ever leaves.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, TypedDict, cast
from urllib.parse import quote, urlsplit

from discovery.answers.described import with_lists
from discovery.mappings.vocabulary import Term, Vocabulary
from discovery.model import dataclass
from discovery.model.attributes import CARD, ITSELF, PROFILE, Attribute
from discovery.places import Gazetteer
from discovery.search.launch import EVERYTHING, LaunchScope
from discovery.texts import has


class Labelled(TypedDict):
    slug: str
    label: str


class Address(TypedDict):
    street: str | None
    post_code: str | None
    city: str | None
    commune: Annotated[str | None, "INSEE code."]
    department: Annotated[str | None, "Code."]
    department_name: str | None
    region: Annotated[str | None, "Code."]
    region_name: str | None


class Location(TypedDict):
    lat: Annotated[float, "WGS 84 degrees."]
    lon: Annotated[float, "WGS 84 degrees."]
    approximate: Annotated[bool, "true: the commune's point, not the supplier's own."]


@with_lists((one.field for one in CARD), Labelled)
class CardHead(TypedDict):
    id: str
    siret: str | None
    name: str
    brand: str | None
    display_name: Annotated[str, "The brand when there is one, else the name."]
    kind: str
    kind_label: str
    kind_group: str
    address: Address
    location: Location | None


class Card(CardHead):
    """What a list of results and a profile share. Absent values are None or empty, never missing."""

    website: str | None
    description: str | None
    capacity: Annotated[int | None, "Authorised places (ESAT)."]
    operator: Annotated[str | None, "The body that runs it."]
    takes_orders: Annotated[bool | None, "Now, as it says itself; null: not told."]
    corrected_at: Annotated[str | None, "Day on which it last corrected its record itself."]
    url: Annotated[str, "Page about the supplier, for people."]


class ServiceType(TypedDict):
    code: str
    label: str


class ZonePlace(TypedDict):
    value: Annotated[str, "A place code, as in `place=`."]
    label: str


class Zone(TypedDict):
    scope: Literal["country", "radius", "places", "none"]
    radius_km: Annotated[int | None, "Around the supplier."]
    places: list[ZonePlace]


class Activity(TypedDict):
    """A sector that the supplier declares, how it is offered and where."""

    sector: str
    label: str
    sector_group: str | None
    service_types: list[ServiceType]
    zone: Zone


class OfferOfSupplier(TypedDict):
    name: str
    description: str | None


class Completeness(TypedDict):
    score: Annotated[int, "0 to 100."]
    missing: Annotated[list[str], "What would complete the profile, most useful first."]


class Contact(TypedDict):
    email: str | None
    phone: str | None


class SelfLink(TypedDict):
    self: Annotated[str, "The canonical address, by id."]


class Provenance(TypedDict):
    source: Annotated[str | None, "Who says so."]
    source_label: str | None
    date: Annotated[str | None, "Day."]


class Evidence(Provenance):
    """A sector that others tell of, and the surest fact for it."""

    sector: Annotated[str, "Slug of a sector or of a group."]
    label: str
    strength: Annotated[float, "How sure, 0.5 to 1."]
    type: Annotated[
        str, "The kind of the surest fact: contract, job, website, naf, name, description."
    ]
    type_label: str
    code: Annotated[str | None, "CPV, ROME or NAF."]
    words: Annotated[str | None, "The fact's own words."]
    address: Annotated[str | None, "Of the page that says so, if one does."]


class Job(Provenance):
    rome: Annotated[str, "ROME code."]
    title: str | None


class Contract(Provenance):
    object: str | None
    cpv: str | None
    buyer: str | None
    amount: Annotated[int | None, "Euros."]
    reserved: Annotated[bool | None, "Reserved to inclusive suppliers."]


class SourceOfSupplier(Provenance):
    told: Annotated[list[str], "What it told; of the first source empty: all that no other did."]


@with_lists((one.field for one in PROFILE), Labelled)
class ProfileHead(Card):
    slug: str | None
    legal_form: str | None
    legal_form_label: str | None
    naf: str | None
    activities: list[Activity]
    offers: list[OfferOfSupplier]
    client_references: list[str]
    evidence: Annotated[list[Evidence], "Sectors that others tell of, the surest first."]
    jobs: Annotated[list[Job], "Jobs it hires for."]
    contracts: Annotated[list[Contract], "Public contracts it won, the newest first."]
    provenance: Annotated[list[SourceOfSupplier], "From whom it comes, the first source first."]


class Profile(ProfileHead):
    """Every public field of a supplier."""

    employees: int | None
    turnover: Annotated[int | None, "Euros a year."]
    year_founded: int | None
    updated_at: Annotated[str | None, "Date, UTC."]
    first_listed_at: Annotated[str | None, "Date, UTC."]
    completeness: Completeness | None
    contact: Annotated[Contact | None, "Only of suppliers who agreed to be contacted."]


class Supplier(Profile):
    links: SelfLink


_AS_THEY_ARE = (
    "employees",
    "turnover",
    "year_founded",
    "updated_at",
    "first_listed_at",
    "completeness",
)
"""Members of a profile that are those of the document."""


@dataclass(frozen=True, slots=True)
class Names:
    """Who names codes, and where a supplier's page is."""

    vocabulary: Vocabulary
    gazetteer: Gazetteer
    page: str
    """Address of suppliers' pages, to which the slug (else the id) is added."""
    scope: LaunchScope = EVERYTHING
    """What is open: the values that may be proposed."""

    def supplier_url(self, public: Mapping[str, Any]) -> str:
        return self.page + quote(str(public.get("slug") or public["id"]), safe="")


def card(public: Mapping[str, Any], names: Names, lang: str) -> Card:
    """A supplier as a list of results has it."""
    vocabulary = names.vocabulary
    kind = public.get("kind", "")
    shown = {
        "id": public["id"],
        "siret": public.get("siret") or None,
        "name": public.get("name", ""),
        "brand": public.get("brand") or None,
        "display_name": public.get("brand") or public.get("name", ""),
        "kind": kind,
        "kind_label": label(kind, vocabulary.kinds, lang),
        "kind_group": public.get("kind_group", ""),
        "address": address(public.get("address") or {}, names),
        "location": public.get("location"),
        **{
            one.field: slugs(public.get(one.field), vocabulary.terms(one.name), lang)
            for one in CARD
        },
        "website": website(public.get("website")),
        "description": public.get("description") or None,
        "capacity": public.get("capacity"),
        "operator": public.get("operator") or None,
        "takes_orders": public.get("takes_orders"),
        "corrected_at": next(
            (one["date"] for one in public.get("provenance") or () if one["source"] == ITSELF), None
        ),
        "url": names.supplier_url(public),
    }
    return cast(Card, shown)


def profile(public: Mapping[str, Any], names: Names, lang: str) -> Profile:
    vocabulary = names.vocabulary
    legal_form = public.get("legal_form") or None
    contact = public.get("contact")
    shown = {
        **card(public, names, lang),
        "slug": public.get("slug") or None,
        "legal_form": legal_form,
        "legal_form_label": label(legal_form, vocabulary.legal_forms, lang) if legal_form else None,
        "naf": public.get("naf") or None,
        "activities": [activity(one, names, lang) for one in public.get("activities") or ()],
        "offers": [
            {"name": one.get("name", ""), "description": one.get("description") or None}
            for one in public.get("offers") or ()
        ],
        "client_references": list(public.get("client_references") or ()),
        "evidence": [evidence(one, vocabulary, lang) for one in public.get("evidence") or ()],
        "jobs": [job(one, vocabulary, lang) for one in public.get("jobs") or ()],
        "contracts": [contract(one, vocabulary, lang) for one in public.get("contracts") or ()],
        "provenance": [
            {**_provenance(one, vocabulary, lang), "told": list(one.get("told") or ())}
            for one in public.get("provenance") or ()
        ],
        **{
            one.field: slugs(public.get(one.field), vocabulary.terms(one.name), lang)
            for one in PROFILE
        },
        **{name: public.get(name) for name in _AS_THEY_ARE},
        "contact": {name: contact.get(name) or None for name in ("email", "phone")}
        if contact
        else None,
    }
    return cast(Profile, shown)


def labels_of(shown: Card, attribute: Attribute) -> list[str]:
    """Labels of the values that a presented supplier has of an attribute that is listed on it."""
    listed: list[Labelled] = shown[attribute.field]  # type: ignore[literal-required]
    return [one["label"] for one in listed]


def email_of(shown: Profile) -> str:
    """The supplier's e-mail address where it is public; "" else."""
    contact = shown["contact"]
    return (contact["email"] if contact else None) or ""


def activity(one: Mapping[str, Any], names: Names, lang: str) -> Activity:
    vocabulary = names.vocabulary
    sector = vocabulary.sectors.get(one["sector"])
    zone = one.get("zone") or {}
    return {
        "sector": one["sector"],
        "label": label(one["sector"], vocabulary.sectors, lang),
        "sector_group": sector.group if sector else None,
        "service_types": [
            {"code": code, "label": label(code, vocabulary.service_types, lang)}
            for code in one.get("service_types") or ()
        ],
        "zone": {
            "scope": zone.get("scope", "none"),
            "radius_km": zone.get("radius_km"),
            "places": [
                {"value": place, "label": names.gazetteer.label(place, lang)}
                for place in zone.get("places") or ()
            ],
        },
    }


def evidence(one: Mapping[str, Any], vocabulary: Vocabulary, lang: str) -> Evidence:
    return {
        "sector": one["sector"],
        "label": label(one["sector"], {**vocabulary.sector_groups, **vocabulary.sectors}, lang),
        "strength": one.get("strength", 0.0),
        "type": one["type"],
        "type_label": label(one["type"], vocabulary.evidence, lang),
        "code": one.get("code") or None,
        "words": one.get("words") or None,
        "address": website(one.get("address")),
        **_provenance(one, vocabulary, lang),
    }


def job(one: Mapping[str, Any], vocabulary: Vocabulary, lang: str) -> Job:
    return {
        "rome": one["rome"],
        "title": one.get("title") or None,
        **_provenance(one, vocabulary, lang),
    }


def contract(one: Mapping[str, Any], vocabulary: Vocabulary, lang: str) -> Contract:
    return {
        "object": one.get("object") or None,
        "cpv": one.get("cpv") or None,
        "buyer": one.get("buyer") or None,
        "amount": one.get("amount"),
        "reserved": one.get("reserved"),
        **_provenance(one, vocabulary, lang),
    }


def _provenance(one: Mapping[str, Any], vocabulary: Vocabulary, lang: str) -> Provenance:
    source = one.get("source") or None
    named = label(source, vocabulary.sources, lang) if source else None
    return {"source": source, "source_label": named, "date": one.get("date")}


def address(held: Mapping[str, str], names: Names) -> Address:
    """An address, with the names of its department and region."""
    department = names.gazetteer.department(held.get("department", ""))
    region = names.gazetteer.region(held.get("region", ""))
    return {
        "street": held.get("street") or None,
        "post_code": held.get("post_code") or None,
        "city": held.get("city") or None,
        "commune": held.get("commune") or None,
        "department": held.get("department") or None,
        "department_name": department.name if department else None,
        "region": held.get("region") or None,
        "region_name": region.name if region else None,
    }


def slugs(values: Iterable[str] | None, terms: Mapping[str, Term], lang: str) -> list[Labelled]:
    return [{"slug": value, "label": label(value, terms, lang)} for value in values or ()]


def label(value: str, terms: Mapping[str, Term], lang: str) -> str:
    """The value's name; itself when the vocabulary no longer holds it."""
    term = terms.get(value)
    return term.label(lang) if term else value


def website(address: str | None) -> str | None:
    """The address when a browser can follow it safely: http or https, nothing that runs."""
    if not address:
        return None
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return None
    return address.strip() if parts.scheme in {"http", "https"} and parts.netloc else None


def title_key(family: str, one: Attribute) -> str:
    """Key of an attribute's title in a family of texts, such as `supplier`; of its facet's, where
    it has none there.
    """
    own = f"{family}.{one.field}"
    return own if has(own) else f"label.facet.{one.name}"
