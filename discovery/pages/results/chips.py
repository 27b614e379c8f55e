"""Chips: what was understood and chosen, each with the address that takes it away; and those
changes. Pure.

A value may be chosen by a parameter or by the phrase. Dropping it must drop it from both: a
parameter that goes would otherwise bring back the words that it replaced.
"""

from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from typing import Any

from discovery.answers.supplier import Names
from discovery.engine.port import Coverage, National
from discovery.mappings.codes import code_label
from discovery.mappings.vocabulary import Vocabulary
from discovery.model import dataclass
from discovery.model.attributes import EXCLUSIONS, FILTERS
from discovery.pages.frame.responding import Option, by_car, radii
from discovery.pages.frame.urls import PLACES_PATH, PageUrls, Pairs
from discovery.phrase.model import Intent, Piece
from discovery.places import Gazetteer
from discovery.search.answer import Answer, Circle, value_label
from discovery.search.interpret import is_offered
from discovery.search.query import CODES, NO_LIMIT, PRESUMED, Query
from discovery.search.where import NEAREST_KM, find_place
from discovery.texts import Translate, decimal, written


@dataclass(frozen=True, slots=True)
class RadiusForm:
    """`pairs`: the search without its distance, which the form carries along; `options`: the
    nearest first.
    """

    pairs: Pairs
    options: tuple[Option, ...]


def radius_form(answer: Answer, held: float, urls: PageUrls) -> RadiusForm:
    """What changes the distance that holds, typed in the phrase or given beside it: its words leave
    the phrase, which would go on saying the former one.
    """
    return RadiusForm(urls.changed(drop_radius(answer)), radii(held, answer.plan.query.lang))


Changes = dict[str, Any]
"""Parameter → its new value or values, None to remove it; for `PageUrls.set`."""
VERY_LIKELY = 0.9
"""Probability of a trade, from which on its chip says so."""
MAX_PLACES = 6
"""Columns that a table can have and still be read."""
MAX_NAMESAKES = 3
"""Other places of the same name that are offered beside a place, other trades of the same words
beside a trade.
"""


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Chip:
    """`remove`: the address without it. `says`: what removing does, for those who don't see the
    cross. `long`: the whole name of a code. What it may be changed to: `others`, namesakes of a
    place; `radius`, other distances.
    """

    label: str
    remove: str
    says: str
    long: str = ""
    others: tuple[Link, ...] = ()
    radius: RadiusForm | None = None


def understood(answer: Answer, urls: PageUrls, t: Translate) -> list[Chip]:
    """One chip for each applied piece; pieces that share their words (a former region) share a
    chip.
    """
    applied = [piece for piece in answer.plan.reading.pieces if not is_offered(piece)]
    found = [
        _piece_chip(list(pieces), answer, urls, t)
        for _, pieces in groupby(applied, key=lambda piece: (piece.type, piece.start, piece.end))
    ]
    if (
        answer.plan.circle
        and answer.plan.query.radius is None
        and not _has_centre(answer.plan.query)
    ):
        found.append(_circle(answer, answer.plan.circle, urls, t))
    return found


def trades(answer: Answer, urls: PageUrls, vocabulary: Vocabulary, t: Translate) -> list[Chip]:
    """A chip for each trade that words name: removed, its words are searched alone; the trades that
    it may have been instead take its place in the phrase.
    """
    query, terms, found = answer.plan.query, vocabulary.terms("sector"), []
    for need in (one.need for one in answer.needs if one.need.known_by in ("label", "synonym")):
        first, *others = need.sectors
        label = terms[first].label(query.lang)
        typed = query.q[need.start : need.end] == need.text
        before, after = query.q[: need.start], query.q[need.end :]
        instead = (
            [terms[other].label(query.lang) for other in others[:MAX_NAMESAKES]] if typed else []
        )
        found.append(
            Chip(
                t("search.possible_trade" if need.possible else "search.named_trade", label=label),
                urls.set(**as_word(answer, need.text)),
                t("search.refuse_trade"),
                others=tuple(Link(name, urls.set(q=f"{before}{name}{after}")) for name in instead),
            )
        )
    return found


def as_words(answer: Answer, urls: PageUrls, t: Translate) -> list[Link]:
    """Links for a phrase misread, which search each piece as plain words, or the whole phrase."""
    applied = (piece for piece in answer.plan.reading.pieces if not is_offered(piece))
    texts = dict.fromkeys(piece.text for piece in (*applied, *answer.plan.reading.ignored))
    found = [
        Link(t("search.as_word", text=text), urls.set(**as_word(answer, text))) for text in texts
    ]
    whole: Changes = {
        "interpret": False,
        **({} if answer.plan.query.place else _without_centre(answer)),
    }
    return [*found, Link(t("search.as_words"), urls.set(**whole))] if found else []


def active(answer: Answer, urls: PageUrls, names: Names, t: Translate) -> list[Chip]:
    """One chip for each value of an explicit parameter that narrows or moves the search, in the
    order in which a search is told: where, then what, then from whom.
    """

    def chip(label: str, changes: Changes, change: RadiusForm | None = None) -> Chip:
        return Chip(
            label, urls.set(**changes), t("search.remove_filter", label=label), radius=change
        )

    held, distances = answer.plan.query.radius_km, []
    if held is not None:
        label = t("search.within", label=_km(held, answer))
        distances = [chip(label, drop_radius(answer), radius_form(answer, held, urls))]
    elif answer.plan.query.radius == NO_LIMIT:
        distances = [chip(t("search.no_limit"), {"radius": None})]
    elif label := by_car(answer.plan.query):
        distances = [chip(label, drop_radius(answer))]
    elif answer.plan.circle and _has_centre(answer.plan.query):
        distances = [_circle(answer, answer.plan.circle, urls, t)]
    where = [chip(*one) for one in _places(answer, names, t)]
    return [*where, *distances, *(chip(*one) for one in _filters(answer, names, t))]


def where(answer: Answer, names: Names, t: Translate) -> list[str]:
    return [label for label, *_ in _places(answer, names, t)]


def places_of(answer: Answer, gazetteer: Gazetteer) -> tuple[str, ...]:
    """Codes of the places that are asked for, those of parameters first, each once; as many as a
    table takes.
    """
    typed = (find_place(one, gazetteer) for one in answer.plan.query.place)
    spoken = (piece.value for piece in answer.plan.reading.pieces if piece.type == "place")
    codes = dict.fromkeys((*(str(one.place) for one in typed if one), *spoken))
    return tuple(codes)[:MAX_PLACES]


def places_url(answer: Answer, gazetteer: Gazetteer, urls: PageUrls) -> str:
    """Address of the table of places where several places are asked for; "" else."""
    return (
        urls.elsewhere(PLACES_PATH)
        if len(places_of(answer, gazetteer)) > 1 and answer.page.total
        else ""
    )


def centre(answer: Answer, names: Names) -> str:
    """What the centre of a parameter is called: the place taken for what was typed, the town at a
    point; "" without.
    """
    query = answer.plan.query
    if query.near.strip():
        return answer.plan.where.centre_label or names.gazetteer.label(query.near, query.lang)
    if query.lat is None or query.lon is None:
        return ""
    found = names.gazetteer.nearest(query.lat, query.lon)
    return (
        names.gazetteer.label(f"commune:{found[0].code}", query.lang)
        if found and found[1] <= NEAREST_KM
        else ""
    )


def ignored(answer: Answer) -> str:
    """What was read in the phrase and not searched, as typed: "pour 80 personnes, le 12 juin"."""
    return ", ".join(dict.fromkeys(piece.text for piece in answer.plan.reading.ignored))


def needs(answer: Answer, urls: PageUrls, lang: str) -> list[Link]:
    """Links to the search for each of several trades alone, with its count."""
    if len(answer.needs) < 2:
        return []
    return [
        Link(
            f"{one.need.text} ({written(one.total, lang)})",
            urls.set(q=one.query.q, radius=one.query.radius),
        )
        for one in answer.needs
    ]


def _circle(answer: Answer, circle: Circle, urls: PageUrls, t: Translate) -> Chip:
    """The circle chosen for a centre without a distance: wider ones with what they hold, and none
    at all.
    """
    lang = answer.plan.query.lang
    label = t("answer.circle_chosen", radius=circle.radius_km)
    wider = [
        Link(
            t("search.within_count", label=_km(km, answer), count=written(count, lang)),
            urls.set(radius=km),
        )
        for km, count in circle.wider
    ]
    unlimited = urls.set(radius=NO_LIMIT)
    others = (*wider, Link(t("search.radius_any"), unlimited))
    return Chip(label, unlimited, t("search.remove_filter", label=label), others=others)


def _km(value: float, answer: Answer) -> str:
    return f"{decimal(value, answer.plan.query.lang)} km"


def _has_centre(query: Query) -> bool:
    return bool(query.near.strip()) or query.lat is not None


def _piece_chip(pieces: list[Piece], answer: Answer, urls: PageUrls, t: Translate) -> Chip:
    first = pieces[0]
    label = ", ".join(_piece_label(piece, answer, t) for piece in pieces)
    others = tuple(
        Link(option.label, urls.set(**other_place(answer, first, option.value)))
        for option in (
            first.alternatives[:MAX_NAMESAKES] if first.type == "place" and len(pieces) == 1 else ()
        )
    )
    probable = first.type == "trade"
    return Chip(
        label=label,
        remove=urls.set(
            **(as_word(answer, first.text) if probable else drop_pieces(answer, pieces))
        ),
        says=t("search.refuse_trade" if probable else "search.remove_filter", label=label),
        long=first.label if first.type == "kind" and len(pieces) == 1 else "",
        others=others,
        radius=radius_form(answer, float(first.value), urls) if first.type == "radius" else None,
    )


def _piece_label(piece: Piece, answer: Answer, t: Translate) -> str:
    if piece.type == "place" and piece.role in ("focus", "hint"):
        return t("search.around", label=piece.label)
    if piece.type == "radius":
        return t("search.within", label=piece.label)
    if piece.type == "minutes":
        return t("search.by_car", minutes=piece.value)
    if piece.type == "exclusion":
        kind = piece.parameter == "not_kind"
        return t("search.except", label=piece.value if kind else piece.label)
    if piece.type == "trade":
        needs = [one.need for one in answer.needs if piece.value in one.need.sectors]
        chance = max((need.probability for need in needs), default=0.0)
        likely = "very_probable" if chance >= VERY_LIKELY else "probable"
        said = "possible" if all(need.possible for need in needs) else likely
        return t(f"search.{said}_trade", label=piece.label)
    return piece.value if piece.type == "kind" else piece.label


def _places(answer: Answer, names: Names, t: Translate) -> Iterator[tuple[str, Changes]]:
    """(label, what dropping it changes) of explicit places and centres."""
    query, lang = answer.plan.query, answer.plan.query.lang
    for typed in query.place:
        found = find_place(typed, names.gazetteer)
        yield (
            names.gazetteer.label(found.place if found else typed, lang),
            drop_place(answer, typed),
        )
    if label := centre(answer, names):
        yield t("search.around", label=label), drop_centre(answer)
    elif query.lat is not None:
        yield t("search.around_point"), drop_centre(answer)


def _filters(answer: Answer, names: Names, t: Translate) -> Iterator[tuple[str, Changes]]:
    """The same of all else."""
    query, lang = answer.plan.query, answer.plan.query.lang
    if query.bbox is not None:
        yield t("search.frame"), {"bbox": None}
    if query.coverage is not None and query.coverage in tuple(Coverage):
        yield t(f"label.coverage.{query.coverage}"), {"coverage": None}
    if query.national is not None:
        yield (
            t(f"label.national.{query.national}"),
            {"national": None, "q": without(answer.plan.intent, _spoken(answer, {"national"}))},
        )
    for parameter in FILTERS:
        values = query.values(parameter)
        for value in values:
            left = tuple(one for one in values if one != value)
            changes = (
                {parameter: left} if parameter == "sector" else choose(answer, parameter, left)
            )
            yield value_label(parameter, value, lang, names.vocabulary, names.gazetteer), changes
    for kind in CODES:
        for code in query.values(kind):
            left = tuple(one for one in query.values(kind) if one != code)
            label = code_label(kind, code, names.vocabulary, lang)
            yield f"{kind.upper()} {code}{f' – {label}' if label else ''}", {kind: left}
    if query.presumed == PRESUMED[1]:
        yield t("search.presumed_exclude"), {"presumed": None}
    if query.trades:
        yield t("search.trades_unknown"), {"trades": None}
    for parameter in (*EXCLUSIONS, "not_place"):
        for value in query.values(parameter):
            label = value_label(
                parameter.removeprefix("not_"), value, lang, names.vocabulary, names.gazetteer
            )
            yield t("search.except", label=label), readmit(answer, parameter, value)
    if not query.interpret:
        yield t("search.words_only"), {"interpret": None}
    for text in query.literal:
        yield (
            t("search.word", text=text),
            {"literal": tuple(one for one in query.literal if one != text)},
        )


def without(intent: Intent, pieces: Iterable[Piece]) -> str:
    """The phrase as typed, less these pieces and the connectives that touch them.

    "nettoyage à 30 km de Lyon, ESAT" less its radius: "nettoyage Lyon, ESAT".
    """
    return intent.without(intent.cut(piece) for piece in pieces)


KINDS = ("kind", "kind_group")
CENTRE = ("near", "lat", "lon")
DISTANCES = ("radius", "minutes")


def chosen(answer: Answer, parameter: str) -> tuple[str, ...]:
    """Values that filter now, whoever chose them: parameter or phrase."""
    if parameter in {"coverage", "national"}:
        return (str(getattr(answer.plan.request, parameter)),)
    values: tuple[str, ...] = getattr(answer.plan.request.filters, parameter)
    return values


def choose(answer: Answer, parameter: str, values: Collection[str]) -> Changes:
    """Make `values` the whole choice of a filter; none = no filter."""
    spoken = _spoken(answer, {parameter})
    if parameter in KINDS and _spoken(answer, {"kind_group"}):
        # "ESAT ou insertion": the phrase's kinds and groups are one choice. Both become parameters,
        # the words go.
        both: Changes = {name: chosen(answer, name) for name in KINDS}
        return {
            **both,
            parameter: tuple(values),
            "q": without(answer.plan.intent, _spoken(answer, set(KINDS))),
        }
    if values or not spoken:
        codes: Changes = {
            name: () for name in CODES if parameter == "sector" and answer.plan.query.values(name)
        }
        return {parameter: tuple(values), **codes}
    return {parameter: (), "q": without(answer.plan.intent, spoken)}


def switch(answer: Answer, parameter: str, value: str) -> Changes:
    """Turn `coverage` or `national`; what would hold anyway is not said."""
    return {parameter: None if value == default(answer, parameter) else value}


def default(answer: Answer, parameter: str) -> str:
    """What a switch is without its parameter."""
    request = answer.plan.request
    if parameter == "coverage":
        bounded = request.box is not None or any(target.circle for target in request.targets)
        return str(Coverage.LOCATED if bounded else Coverage.ANY)
    return next((piece.value for piece in _spoken(answer, {"national"})), str(National.INCLUDE))


def drop_pieces(answer: Answer, pieces: Iterable[Piece]) -> Changes:
    """Drop pieces of the phrase: their words go. With the last place go the distances, which were
    from it.
    """
    gone = list(pieces)
    changes: Changes = {}
    places = [piece for piece in answer.plan.reading.pieces if piece.type == "place"]
    if any(piece.type == "place" for piece in gone) and all(piece in gone for piece in places):
        gone += _spoken(answer, DISTANCES)
        if not answer.plan.query.place:
            changes = _without_centre(answer)
    return {**changes, "q": without(answer.plan.intent, gone)}


def anywhere(answer: Answer) -> Changes:
    """Drop every place and distance, whoever said it: something else is about to say where."""
    said = _spoken(answer, {"place", *DISTANCES})
    centre = dict.fromkeys((*CENTRE, "place", *DISTANCES))
    return {**_without_centre(answer), **centre, "q": without(answer.plan.intent, said)}


def as_word(answer: Answer, text: str) -> Changes:
    places = [piece for piece in answer.plan.reading.pieces if piece.type == "place"]
    last = (
        bool(places) and all(piece.text == text for piece in places) and not answer.plan.query.place
    )
    return {
        "literal": (*answer.plan.query.literal, text),
        **(_without_centre(answer) if last else {}),
    }


def drop_place(answer: Answer, typed: str) -> Changes:
    """Drop a value of `place`; with the last one, the phrase's own place does not come back."""
    left = tuple(one for one in answer.plan.query.place if one != typed)
    if left:
        return {"place": left}
    return {"place": (), **_without_centre(answer), "q": _placeless(answer)}


def drop_centre(answer: Answer) -> Changes:
    """Drop `near` or the point, and the distance from it."""
    changes: Changes = dict.fromkeys((*CENTRE, *DISTANCES))
    if answer.plan.query.sort == "distance":
        changes["sort"] = None
    return {**changes, "q": _placeless(answer)} if not answer.plan.query.place else changes


def drop_radius(answer: Answer) -> Changes:
    """Drop `radius`: the circle of a centre is then chosen, a commune is only itself."""
    return {
        **dict.fromkeys(DISTANCES),
        "q": without(answer.plan.intent, _spoken(answer, DISTANCES)),
    }


def readmit(answer: Answer, parameter: str, value: str) -> Changes:
    """Take an exclusion back; with the last one, the phrase's own do not come back."""
    left = tuple(one for one in answer.plan.query.values(parameter) if one != value)
    spoken = [
        piece
        for piece in answer.plan.intent.pieces
        if piece.type == "exclusion" and piece.parameter == parameter
    ]
    if left or not spoken:
        return {parameter: left}
    return {parameter: (), "q": without(answer.plan.intent, spoken)}


def other_place(answer: Answer, piece: Piece, value: str) -> Changes:
    """A namesake in the place of the one that was understood."""
    if piece.role in ("focus", "hint"):
        return {"near": value}
    others = [
        one.value
        for one in answer.plan.reading.pieces
        if one.type == "place" and one != piece and one.role == "boundary"
    ]
    return {"place": tuple(dict.fromkeys((*others, value)))}


def namesake(parameter: str, code: str) -> Changes:
    """Another place of a typed name: a department or region has no centre, it can only be searched
    in.
    """
    if parameter == "near" and not code.startswith(("commune:", "postcode:")):
        return {"near": None, **dict.fromkeys(DISTANCES), "sort": None, "place": code}
    return {parameter: code}


def _placeless(answer: Answer) -> str:
    return without(answer.plan.intent, _spoken(answer, {"place", *DISTANCES}))


def _without_centre(answer: Answer) -> Changes:
    """A distance and a sort by it make no sense once nothing is left to measure from."""
    if answer.plan.query.near or answer.plan.query.lat is not None:
        return {}
    return {
        **dict.fromkeys(DISTANCES),
        **({"sort": None} if answer.plan.query.sort == "distance" else {}),
    }


def _spoken(answer: Answer, types: Collection[str]) -> list[Piece]:
    """The phrase's applied pieces of some types, those that a parameter replaces included."""
    return [
        piece
        for piece in answer.plan.intent.pieces
        if piece.type in types and not is_offered(piece)
    ]
