"""Query + intent → what is asked: one set of filters, places and words, whether typed or ticked.

An explicit parameter replaces the phrase's pieces of the same type. For places the type is the
role: `place` replaces the phrase's boundaries, `near` or a point its focus, and a circle (a centre
with a radius) both.

The parameters `cpv`, `naf` and `rome` are other ways to say sectors: those that analysts mapped to
a code join those of `sector`. A code that does not exist, or leads to no sector, is a problem: it
never widens the answer. Who a search leaves out ("sauf ESAT", the `not_…` parameters) is one set of
filters and places.
"""

from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from typing import Any

from discovery.engine.port import Coverage, Filters, National, Point
from discovery.mappings.codes import code_label, meaning_of, read_code
from discovery.mappings.crosswalk import Classification, Codes
from discovery.mappings.vocabulary import Lang, Vocabulary
from discovery.model import dataclass, replace
from discovery.model.attributes import EXCLUDED, FILTERS, PHRASE_FILTERS, SPARSE
from discovery.phrase.model import Intent, Need, Piece
from discovery.places import Gazetteer, Place, normalise
from discovery.search.query import (
    AUTO,
    CODES,
    MAX_RADIUS_KM,
    MIN_RADIUS_KM,
    NO_LIMIT,
    PRESUMED,
    Notice,
    Problem,
    Query,
)
from discovery.search.where import (
    GeoQuery,
    NamedPlace,
    communes_of,
    find_centre,
    find_place,
    unknown_place,
)


@dataclass(frozen=True, slots=True)
class Exclusions:
    """What is taken out. `filters`: values that take a supplier out; `places`: seats that do."""

    filters: Filters = Filters()
    places: tuple[Place, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_exclusions(
    query: Query, pieces: Iterable[Piece], vocabulary: Vocabulary, gazetteer: Gazetteer
) -> Exclusions:
    """What is taken out, by parameter or by the phrase. `pieces`: the phrase's, without those that
    a parameter replaces.
    """
    spoken = [piece for piece in pieces if piece.type == "exclusion"]
    found = {
        name: [
            *query.values(f"not_{name}"),
            *(one.value for one in spoken if one.parameter == f"not_{name}"),
        ]
        for name in EXCLUDED
    }
    _spell_families(found, vocabulary)
    problems: list[Problem] = []
    typed = [place for one in query.not_place for place in _typed(one, gazetteer, problems)]
    named = [gazetteer.parse_place(one.value) for one in spoken if one.parameter == "not_place"]
    values: dict[str, Any] = {name: tuple(dict.fromkeys(held)) for name, held in found.items()}
    return Exclusions(
        Filters(**values),
        tuple(dict.fromkeys((*typed, *(place for place in named if place)))),
        tuple(problems),
    )


def _spell_families(said: dict[str, list[str]], vocabulary: Vocabulary) -> None:
    """Put the kinds of a family in its place: it is a name for them ("IAE"), not a group."""
    families = [value for value in said["kind_group"] if value in vocabulary.families]
    said["kind"] += [kind for family in families for kind in vocabulary.families[family].kinds]
    said["kind_group"] = [value for value in said["kind_group"] if value not in families]


def _typed(typed: str, gazetteer: Gazetteer, problems: list[Problem]) -> tuple[Place, ...]:
    found = find_place(typed, gazetteer)
    if found is None:
        problems.append(unknown_place("not_place", typed, gazetteer))
        return ()
    if found.place.type == "country":
        problems.append(Problem("not_place", typed, "country_excluded"))
        return ()
    return (found.place,)


_COUNTRY = frozenset({"france", "la france", "toute la france", "france entiere", "all of france"})


@dataclass(frozen=True, slots=True)
class Interpretation:
    """What a query means, its phrase included, in the user's terms.

    `pieces`: those that no parameter replaced. `offered`: pieces proposed as filters, their words
    searched. `ignored`: pieces that are told and never searched (quantities, dates, courtesy…),
    which `pieces` leaves out.

    `needs`: the trades asked for, which alone decide who matches. `sectors`: the sectors and groups
    that the phrase names, whatever is filtered (they feed a ranking signal, and filters never
    change a score). `presumed`: whether undeclared zones count.
    """

    text: str
    filters: Filters
    asked: GeoQuery
    pieces: tuple[Piece, ...]
    offered: tuple[Piece, ...]
    sectors: tuple[str, ...]
    needs: tuple[Need, ...] = ()
    ignored: tuple[Piece, ...] = ()
    exclusions: Exclusions = Exclusions()
    presumed: bool = True
    notices: tuple[Notice, ...] = ()
    problems: tuple[Problem, ...] = ()


def interpret(
    query: Query,
    intent: Intent,
    vocabulary: Vocabulary,
    gazetteer: Gazetteer,
    coded: tuple[str, ...] = (),
) -> Interpretation:
    """Join a query and its phrase's intent into one set of filters, places and words, not yet
    resolved.

    `coded`: sectors (slugs) of the query's codes. What is wrong is collected in the result's
    problems; nothing is raised.
    """
    notices = [Notice(f"phrase_{note.code}", "q", {"text": note.text}) for note in intent.notes]
    notices += [Notice("unknown_parameter", name, {"parameter": name}) for name in query.unknown]
    problems: list[Problem] = []
    pieces = tuple(
        piece for piece in intent.pieces if not piece.ignored and not _replaced(query, piece)
    )
    left_out = read_exclusions(query, pieces, vocabulary, gazetteer)
    problems += left_out.problems
    asked = replace(_asked(query, pieces, gazetteer, notices, problems), excluded=left_out.places)
    offered = tuple(piece for piece in pieces if is_offered(piece))
    return Interpretation(
        text=intent.text,
        filters=_filters(
            query, [piece for piece in pieces if not is_offered(piece)], vocabulary, coded
        ),
        asked=asked,
        pieces=pieces,
        offered=offered,
        sectors=sectors_of(intent),
        needs=intent.needs,
        ignored=tuple(piece for piece in intent.pieces if piece.ignored),
        exclusions=left_out,
        presumed=query.presumed != PRESUMED[1],
        notices=tuple(notices),
        problems=tuple(problems),
    )


def sectors_of(intent: Intent) -> tuple[str, ...]:
    return tuple(dict.fromkeys(piece.value for piece in intent.pieces if piece.type == "sector"))


def is_offered(piece: Piece) -> bool:
    """Whether a piece is only proposed as a filter, with its count, and never applied by itself."""
    return piece.type == "sector" or (piece.kept and piece.type != "trade")


def _replaced(query: Query, piece: Piece) -> bool:
    """Whether an explicit parameter replaces the phrase's piece."""
    centre = bool(query.near.strip()) or query.lat is not None
    match piece.type:
        case "place":
            is_circle = centre and (
                query.radius not in (None, NO_LIMIT) or query.minutes is not None
            )
            return is_circle or (centre if piece.role in ("focus", "hint") else bool(query.place))
        case "radius" | "minutes":
            return query.radius is not None or query.minutes is not None
        case "national":
            return query.national is not None
        case "exclusion":
            return bool(query.values(piece.parameter))
        case _:
            return piece.type in FILTERS and bool(query.values(piece.type))


_chosen = attrgetter(*FILTERS)


def _filters(
    query: Query, pieces: list[Piece], vocabulary: Vocabulary, coded: tuple[str, ...]
) -> Filters:
    values: dict[str, tuple[str, ...]] = dict(zip(FILTERS, _chosen(query), strict=True))
    values["sector"] = tuple(dict.fromkeys((*values["sector"], *coded)))
    spoken = {
        name: [piece.value for piece in pieces if piece.type == name] for name in PHRASE_FILTERS
    }
    _spell_families(spoken, vocabulary)
    if spoken["kind"] and spoken["kind_group"]:  # "ESAT ou insertion": a phrase lists alternatives
        spoken["kind"] += [
            kind.value for group in spoken["kind_group"] for kind in vocabulary.kinds_of(group)
        ]
        spoken["kind_group"] = []
    for name, found in spoken.items():
        if not query.values(name):
            values[name] = tuple(dict.fromkeys(found))
    siret = next((piece.value for piece in pieces if piece.type == "siret"), "")
    return Filters(**values, siret=siret)


def _asked(
    query: Query,
    pieces: tuple[Piece, ...],
    gazetteer: Gazetteer,
    notices: list[Notice],
    problems: list[Problem],
) -> GeoQuery:
    boundaries = [
        place
        for typed in query.place
        for place in _typed_place(typed, gazetteer, notices, problems)
    ]
    centre = _typed_centre(query, gazetteer, notices, problems)
    explicit_centre = centre is not None or bool(query.near.strip()) or query.lat is not None
    spoken = 0
    hinted: list[Place] = []
    for piece in pieces:
        place = gazetteer.parse_place(piece.value) if piece.type == "place" else None
        if place is None:
            continue
        if piece.role == "hint":
            hinted.append(place)
        elif piece.role != "focus" or not communes_of(place, gazetteer):
            boundaries.append(place)
            spoken += 1
        elif centre is None:
            centre = place
        else:
            notices.append(Notice("one_focus", "q", {"label": gazetteer.label(centre, query.lang)
                                                     if isinstance(centre, Place) else ""}))  # fmt: skip
    radius, minutes = query.radius_km, query.minutes if query.radius is None else None
    if query.minutes != minutes:
        notices.append(Notice("two_distances", "minutes"))
    for piece in pieces:
        if piece.type == "minutes":
            minutes = float(piece.value)
        if (
            piece.type == "radius"
            and radius is None
            and MIN_RADIUS_KM <= float(piece.value) <= MAX_RADIUS_KM
        ):
            radius = float(piece.value)
    if centre is None and not boundaries and hinted:
        centre = hinted[0]
    only_hinted = centre in hinted
    national = query.national or next(
        (piece.value for piece in pieces if piece.type == "national"), None
    )
    return GeoQuery(
        places=tuple(dict.fromkeys(boundaries)),
        centre=centre,
        radius_km=radius,
        minutes=minutes,
        # "à 30 km de Lyon" with a focus elsewhere: the distance was said of Lyon
        focus_only=explicit_centre
        and query.radius is None
        and query.minutes is None
        and bool(spoken),
        typed=query.radius not in (None, NO_LIMIT) or query.minutes is not None,
        automatic=query.radius == AUTO
        or (
            query.radius is None
            and radius is None
            and minutes is None
            and centre is not None
            and not (boundaries or only_hinted)
            and query.bbox is None
        ),
        box=query.bbox,
        coverage=Coverage(query.coverage) if query.coverage in tuple(Coverage) else None,
        national=National(national) if national in tuple(National) else National.INCLUDE,
    )


def _typed_place(
    typed: str, gazetteer: Gazetteer, notices: list[Notice], problems: list[Problem]
) -> tuple[Place, ...]:
    if normalise(typed) in _COUNTRY:
        return (Place("country"),)
    found = find_place(typed, gazetteer)
    if found is None:
        problems.append(unknown_place("place", typed, gazetteer))
        return ()
    notices += _ambiguity("place", typed, found, gazetteer)
    return (found.place,)


def _typed_centre(
    query: Query, gazetteer: Gazetteer, notices: list[Notice], problems: list[Problem]
) -> Place | Point | None:
    if query.lat is not None and query.lon is not None:
        return Point(query.lat, query.lon)
    typed = query.near.strip()
    if not typed:
        return None
    found = find_centre(typed, gazetteer)
    if found is None:
        problems.append(unknown_place("near", typed, gazetteer))
        return None
    place = found.place
    if not communes_of(place, gazetteer):
        label = gazetteer.label(place, query.lang)
        problems.append(
            Problem("near", typed, "place_is_no_centre", {"label": label}, (f"place={place}",))
        )
        return None
    notices += _ambiguity("near", typed, found, gazetteer)
    return place


def _ambiguity(parameter: str, typed: str, found: NamedPlace, gazetteer: Gazetteer) -> list[Notice]:
    """The best of several namesakes, or the nearest name, was taken: say so, with the codes of the
    others.
    """
    label, others = gazetteer.label(found.place), tuple(str(place) for place in found.others)
    if found.corrected:
        return [Notice("corrected_place", parameter, {"value": typed, "label": label}, others)]
    return [Notice("ambiguous_place", parameter, {"label": label}, others)] if others else []


_EXAMPLES: dict[Classification, str] = {"cpv": "90910000", "naf": "81.21Z", "rome": "K2204"}


@dataclass(frozen=True, slots=True)
class Coded:
    """A query with its codes read.

    `query`: with its codes as they are kept ("8121Z"). `sectors`: slugs, the surest first, each
    once.
    """

    query: Query
    sectors: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_codes(query: Query, codes: Codes, vocabulary: Vocabulary) -> Coded:
    """Turn a query's CPV, NAF and ROME codes into sectors. What is wrong with them is in the
    result's `problems`; nothing is raised.
    """
    spelt: dict[str, Any] = {}
    sectors: list[str] = []
    problems: list[Problem] = []
    for kind in CODES:
        found: dict[str, None] = {}
        for typed in query.values(kind):
            read = read_code(
                f"{kind} {typed.strip()}"
            )  # some digits are enough: the parameter says which they are
            code = read.code if read and read.classification == kind else None
            meaning = meaning_of(kind, code, codes, vocabulary) if code else None
            if code is None or (meaning is None and kind != "cpv"):
                problems.append(
                    Problem(
                        kind, typed, "unknown_code", {"value": typed, "example": _EXAMPLES[kind]}
                    )
                )
            elif meaning is None or not meaning.all:
                label = " ".join(
                    filter(None, (code, code_label(kind, code, vocabulary, query.lang)))
                )
                problems.append(Problem(kind, typed, "code_without_trade", {"label": label}))
            else:
                found[code] = None
                sectors += meaning.all
        if found:
            spelt[kind] = tuple(found)
    return Coded(
        replace(query, **spelt) if spelt else query, tuple(dict.fromkeys(sectors)), tuple(problems)
    )


ValuesHeld = Mapping[str, frozenset[str]]
"""Filter → the values that some live supplier has."""


def without_unmatchable(
    query: Query,
    intent: Intent,
    holds: Callable[[], ValuesHeld],
    vocabulary: Vocabulary,
    read: Callable[[tuple[str, ...]], Intent],
) -> tuple[Intent, list[Notice]]:
    """Replace the pieces that no record can meet: by the kinds that mean them, else by plain words;
    the notices say what became of them.

    `holds`: tells by filter the values that records have, asked where the phrase may hold another.
    `read`: reads the same phrase with more texts left as words (`literal=`).
    """
    sparse = [
        one
        for one in intent.pieces
        if one.type in SPARSE and not is_offered(one) and not _replaced(query, one)
    ]
    held = holds() if sparse else {}
    unmet = [piece for piece in sparse if piece.value not in held[piece.type]]
    if not unmet:
        return intent, []
    kinds = {piece: kinds_meant(piece, vocabulary) for piece in unmet}
    words = [piece for piece in unmet if not kinds[piece]]
    if words:
        intent = read(tuple(piece.text for piece in words))
    pieces = [
        one for piece in intent.pieces for one in _as_kinds(piece, kinds, vocabulary, query.lang)
    ]
    notices = []
    for piece in unmet:
        told = {"labels": ", ".join(kinds[piece])} if kinds[piece] else {"label": piece.label}
        code = "unmet_as_kinds" if kinds[piece] else "unmet_as_words"
        notices.append(Notice(code, piece.type, {"text": piece.text, **told}))
    return replace(intent, pieces=tuple(pieces)), notices


def kinds_meant(piece: Piece, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The kinds that mean what the piece says ("intérim": ETTI, EATT); none for most."""
    if piece.type != "service_type":
        return ()
    said = normalise(piece.text)
    named = vocabulary.service_types[piece.value].instead
    return next((one.kinds for one in named if said in map(normalise, one.names)), ())


def _as_kinds(
    piece: Piece, kinds: Mapping[Piece, tuple[str, ...]], vocabulary: Vocabulary, lang: Lang
) -> Iterable[Piece]:
    codes = kinds.get(piece, ())
    if not codes:
        return (piece,)
    labels = {code: vocabulary.kinds[code].label(lang) for code in codes}
    return [replace(piece, type="kind", value=code, label=label) for code, label in labels.items()]
