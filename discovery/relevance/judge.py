"""Grades of suppliers for a need, from what they declare: plain code over documents, sharing nothing with the engine.

3 what was asked for · 2 nearly · 1 related, of some use · 0 no answer. The rules, as written in docs/relevance.md:

- the trade gives the grade (the best of the declared sectors, registered code and own words that the need names);
  a need without a trade gives 3;
- kinds, certifications and networks that the need names must hold, or the grade is 0;
- in places: a supplier seated there keeps its grade. Else the activity that does the job must serve them (nothing but a
  place asked: then 2, those who are there being better); serving them with another trade only is worth 1;
- within a circle: seated in it, or in its commune, or 0;
- near: seated at most `NEAR_KM` away keeps the grade; at most `FAR_KM` away or serving the place, one less; else 1;
- national: the activity that does the job covers all of France, or 0.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from discovery.engine.port import Document
from discovery.gazetteer import Gazetteer
from discovery.gazetteer.geo import haversine_km
from discovery.relevance.judgments import JudgedQuery, Named, Need

NEAR_KM, FAR_KM = 40.0, 100.0
BEST = 3

Activity = Mapping[str, Any]


def fold(text: str) -> str:
    """Small letters without accents, runs of spaces as one."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return " ".join(plain.casefold().replace("’", "'").split())


def own_words(document: Document) -> str:
    """What the supplier says of itself, folded; nothing that the vocabulary adds."""
    public = document["public"]
    offers = [text for offer in public["offers"] for text in (offer["name"], offer["description"])]
    return fold(" \n ".join(filter(None, [public["name"], public["brand"], public["description"], *offers])))


def typed(query: JudgedQuery, documents: Mapping[str, Document]) -> str | None:
    """What is typed; None for a company that is not in this corpus."""
    if query.named is None:
        return query.q
    document = documents.get(query.named.id)
    return None if document is None else _part(document, query.named.part)[:300]


def _part(document: Document, part: str) -> str:
    return str(document["public"][part] or document["public"]["name"])


class Judge:
    """Grades with one gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    def grades(self, query: JudgedQuery, documents: Mapping[str, Document]) -> dict[str, int]:
        """Grade by supplier id, those of grade 0 left out."""
        found: dict[str, int] = {}
        for id_, document in documents.items():
            grade = self.grade(query, document, documents)
            if grade:
                found[id_] = grade
        return found

    def grade(self, query: JudgedQuery, document: Document, documents: Mapping[str, Document]) -> int:
        if document["id"] in query.grades:
            return query.grades[document["id"]]
        if query.named is not None:
            return BEST if _same(query.named, document, documents) else 0
        return 0 if query.needs is None else self.meets(query.needs, document)

    def meets(self, need: Need, document: Document) -> int:
        """The grade of one supplier for one need."""
        public = document["public"]
        if need.kinds and public["kind"] not in need.kinds:
            return 0
        if not need.certifications <= set(public["certifications"]) or not need.networks <= set(public["networks"]):
            return 0
        work = list(_work(need, document))
        if not work:
            return 0
        best = max(grade for grade, _ in work)
        if need.national:
            return max((grade for grade, done_by in work if any(map(_country, done_by))), default=0)
        if need.within:
            return best if self._within(document, need.within.of, need.within.km) else 0
        if need.near:
            return self._near(document, work, need.near)
        return self._in(document, work, need) if need.places else best

    def _within(self, document: Document, commune: str, km: float) -> bool:
        if commune in self._lineage(_seat(document)):
            return True
        distance = self._distance(document, commune)
        return distance is not None and distance <= km

    def _near(self, document: Document, work: list[tuple[int, list[Activity]]], commune: str) -> int:
        best = max(grade for grade, _ in work)
        distance = self._distance(document, commune)
        if distance is not None and distance <= NEAR_KM:
            return best
        served = [grade for grade, done_by in work if self._served(document, done_by, [commune])]
        if served or (distance is not None and distance <= FAR_KM):
            return max(1, best - 1)
        return 1

    def _in(self, document: Document, work: list[tuple[int, list[Activity]]], need: Need) -> int:
        best = max(grade for grade, _ in work)
        if self._lineage(_seat(document)) & set(need.places):
            return best
        served = [grade for grade, done_by in work if self._served(document, done_by, need.places)]
        if served:
            return max(served) if _names_a_trade(need) else min(2, max(served))
        return 1 if self._served(document, _activities(document), need.places) else 0

    def _served(self, document: Document, done_by: list[Activity], places: Any) -> bool:
        return any(self._serves(document, activity["zone"], place) for activity in done_by for place in places)

    def _serves(self, document: Document, zone: Mapping[str, Any], place: str) -> bool:
        if zone["scope"] == "country":
            return True
        if zone["scope"] == "radius":
            distance = self._distance(document, place)
            return distance is not None and zone["radius_km"] is not None and distance <= zone["radius_km"]
        asked = self._lineage(place)
        return any(one in asked or place in self._lineage(one) for one in map(self._city, zone["places"]))

    def _distance(self, document: Document, place: str) -> float | None:
        """Kilometres from the seat to a commune; None for wider places, and for seats and communes without a point."""
        kind, _, code = place.partition(":")
        commune = self._gazetteer.commune(code) if kind == "commune" else None
        location = document["public"]["location"]
        if commune is None or commune.point is None or location is None:
            return None
        return haversine_km(*commune.point, location["lat"], location["lon"])

    def _city(self, place: str) -> str:
        kind, _, code = place.partition(":")
        commune = self._gazetteer.commune(code) if kind == "commune" else None
        return f"commune:{commune.city}" if commune else place

    def _lineage(self, place: str) -> set[str]:
        """A place and all that hold it; an arrondissement is its city."""
        kind, _, code = place.partition(":")
        if kind == "commune" and (commune := self._gazetteer.commune(code)):
            return {f"commune:{commune.city}", f"department:{commune.department}", f"region:{commune.region}"}
        if kind == "department" and (department := self._gazetteer.department(code)):
            return {place, f"region:{department.region}"}
        return {place}


def _same(named: Named, document: Document, documents: Mapping[str, Document]) -> bool:
    """The company itself, or another of that very name or number: nobody could tell them apart by it."""
    sought = documents.get(named.id)
    if sought is None:
        return False
    wanted = fold(_part(sought, named.part))
    parts = ("siret",) if named.part == "siret" else ("name", "brand")
    return any(fold(document["public"][part] or "") == wanted for part in parts)


def _work(need: Need, document: Document) -> Iterator[tuple[int, list[Activity]]]:
    """What the supplier does of what is needed: (grade, the activities that do it)."""
    activities = _activities(document)
    if not _names_a_trade(need):
        yield BEST, activities
        return
    for activity in activities:
        if grade := need.sectors.get(activity["sector"], 0):
            yield grade, [activity]
    code = (document["public"]["naf"] or "").replace(".", "").upper()
    if grade := need.naf.get(code, 0):
        yield grade, activities
    if need.text:
        words = own_words(document)
        said = max((grade for pattern, grade in need.text if pattern.search(words)), default=0)
        if said:
            yield said, activities


def _names_a_trade(need: Need) -> bool:
    return bool(need.sectors or need.text or need.naf)


def _country(activity: Activity) -> bool:
    return bool(activity["zone"]["scope"] == "country")


def _activities(document: Document) -> list[Activity]:
    return list(document["public"]["activities"])


def _seat(document: Document) -> str:
    return f"commune:{document['public']['address']['commune']}"
