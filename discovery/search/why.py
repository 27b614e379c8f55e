"""Why a supplier is in the answer, in a few words. Pure: from the request and the hit, nothing is looked up again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from discovery.config.vocabulary import Term, Vocabulary
from discovery.engine.port import Coverage, Hit, National, SearchRequest, Target, TextQuery
from discovery.gazetteer import Gazetteer, Place, haversine_km
from discovery.search.french import inside, of
from discovery.search.numbers import shown_km
from discovery.search.problems import text
from discovery.search.where import Where

MOST_NAMES = 2
"""Sectors or labels named in one reason."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Tokens of all the names of each sector (with its group's) and of each registered code, in an index's analysis."""

    sectors: Mapping[str, frozenset[str]]
    naf: Mapping[str, frozenset[str]]

    @classmethod
    def compile(cls, vocabulary: Vocabulary, analyse: Callable[[str], Iterable[str]]) -> Terms:
        def tokens(*terms: Term) -> frozenset[str]:
            return frozenset(token for term in terms for name in term.names() for token in analyse(name))

        groups = vocabulary.sector_groups
        sectors = {one.value: tokens(one, groups[one.group]) for one in vocabulary.sectors.values()}
        naf = {
            one.value: tokens(one).union(*(sectors[slug] for slug in one.sectors)) for one in vocabulary.naf.values()
        }
        return cls(sectors, naf)


def reasons(
    hit: Hit,
    request: SearchRequest,
    where: Where,
    vocabulary: Vocabulary,
    gazetteer: Gazetteer,
    lang: str = "fr",
    sectors: Sequence[str] = (),
    words: Sequence[str] = (),
    terms: Terms | None = None,
) -> list[str]:
    """Where it is or works, what it offers, what it holds, in that order; each reason once.

    `sectors`: those that the phrase names, said first. `words`: words of the search found in it, said when
    nothing else tells what it does. `terms` tells through which of its sectors, or its registered code, the words
    found it when its own texts don't hold them.
    """
    found = [*_place(hit, request, where, gazetteer, lang)]
    offered = _sectors(hit, request, sectors, vocabulary)
    if offered:
        found.append(text("why_offers", {"labels": _names(offered, vocabulary.sectors, lang)}, lang))
    elif words:
        found.append(text("why_words", {"labels": ", ".join([*dict.fromkeys(words)][:MOST_NAMES])}, lang))
    elif terms and request.text:
        found += _through(hit, request.text, terms, vocabulary, lang)
    certified = _asked_first(hit.document.get("certifications", ()), request.filters.certification)
    if certified:
        found.append(text("why_certified", {"labels": _names(certified, vocabulary.certifications, lang)}, lang))
    member = [value for value in hit.document.get("networks", ()) if value in request.filters.network]
    if member:
        found.append(text("why_network", {"labels": _names(member, vocabulary.networks, lang)}, lang))
    return list(dict.fromkeys(found))


def _place(hit: Hit, request: SearchRequest, where: Where, gazetteer: Gazetteer, lang: str) -> Iterable[str]:
    if hit.distance_km is not None:
        distance = shown_km(hit.distance_km)
        town = where.centre_label.partition(" (")[0]
        if town and not distance:
            yield text("why_in_town", {"where": inside(Place("commune"), town, lang)}, lang)
        elif town:
            yield text("why_distance", {"distance": distance, "of": of(town, lang)}, lang)
        else:
            yield text("why_distance_point", {"distance": distance}, lang)
    elif hit.coverage is Coverage.LOCATED:
        seat = _seat(hit.document, request.targets)
        if seat:
            yield text("why_seated", {"where": inside(seat, _name(seat, gazetteer, lang), lang)}, lang)
    if hit.coverage is Coverage.SERVES or (request.national is National.ONLY and not request.targets):
        yield from _zone(hit, request, gazetteer, lang)


def _seat(document: Mapping[str, Any], targets: Iterable[Target]) -> Place | None:
    """The narrowest place asked for in which the supplier sits."""
    for target in targets:
        if document.get("commune") in target.communes:
            return Place("commune", document["commune"])
        if document.get("department") in target.departments:
            return Place("department", document["department"])
        if document.get("region") in target.regions:
            return Place("region", document["region"])
    return None


def _zone(hit: Hit, request: SearchRequest, gazetteer: Gazetteer, lang: str) -> Iterable[str]:
    """The first zone that serves a place asked for, the most precise kind first."""
    activities = [
        one
        for one in hit.document.get("activities", ())
        if not hit.matched_sectors or one.get("sector") in hit.matched_sectors
    ]
    for activity in activities if request.national is not National.ONLY else ():
        place = next((code for code in activity.get("places", ()) if _serves(code, gazetteer, request.targets)), None)
        parsed = gazetteer.parse_place(place) if place else None
        if parsed:
            yield text("why_serves", {"where": inside(parsed, _name(parsed, gazetteer, lang), lang)}, lang)
            return
        if activity.get("scope") == "radius" and _reaches(activity, request.targets):
            yield text("why_serves_radius", {"radius": activity["radius_km"]}, lang)
            return
    if any(one.get("scope") == "country" for one in activities):
        yield text("why_serves", {"where": inside(Place("country"), "", lang)}, lang)


def _serves(code: str, gazetteer: Gazetteer, targets: Iterable[Target]) -> bool:
    return any(
        code in target.zone_places or not target.zone_within.isdisjoint(gazetteer.ancestors(code)) for target in targets
    )


def _reaches(activity: Mapping[str, Any], targets: Iterable[Target]) -> bool:
    location = activity.get("location")
    return location is not None and any(
        haversine_km(location["lat"], location["lon"], point.lat, point.lon) <= activity["radius_km"]
        for target in targets
        for point in target.zone_points
    )


def _name(place: Place, gazetteer: Gazetteer, lang: str) -> str:
    return gazetteer.label(place, lang).partition(" (")[0]


def _sectors(hit: Hit, request: SearchRequest, named: Sequence[str], vocabulary: Vocabulary) -> list[str]:
    """Sectors to say: those matched; for words alone, those of its own that the phrase names."""
    wanted = {*named, *request.filters.sector}
    own = hit.matched_sectors or [one.get("sector", "") for one in hit.document.get("activities", ())]
    known = [sector for sector in dict.fromkeys(own) if sector in vocabulary.sectors]
    asked = [one for one in known if one in wanted or vocabulary.sectors[one].group in wanted]
    return asked or ([] if request.text else [one for one in known if one in hit.matched_sectors])


def _through(hit: Hit, asked: TextQuery, terms: Terms, vocabulary: Vocabulary, lang: str) -> Iterable[str]:
    """The sectors of its own whose names hold a word asked for; else its registered code, if its names do."""
    tokens = {one.token for word in asked.words for one in word.alternatives}
    own = dict.fromkeys(one.get("sector", "") for one in hit.document.get("activities", ()))
    offered = [slug for slug in own if not tokens.isdisjoint(terms.sectors.get(slug, ()))]
    if offered:
        yield text("why_offers", {"labels": _names(offered, vocabulary.sectors, lang)}, lang)
        return
    code = hit.document.get("public", {}).get("naf", "").replace(".", "").upper()
    if not tokens.isdisjoint(terms.naf.get(code, ())):
        yield text("why_registered", {"label": vocabulary.naf[code].label(lang)}, lang)


def _asked_first(held: Iterable[str], asked: tuple[str, ...]) -> list[str]:
    return sorted(held, key=lambda value: value not in asked)


def _names(values: Sequence[str], terms: Mapping[str, Term], lang: str) -> str:
    return ", ".join(terms[value].label(lang) if value in terms else value for value in values[:MOST_NAMES])
