"""How a supplier stands to a place, and what that is worth: plain code that shares nothing with the
engine.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from discovery.engine.port import Document
from discovery.places import Gazetteer
from discovery.places.geo import Floats, haversine_km, haversine_km_array
from tools.judge.grading import Grading, Way

OVERSEAS = frozenset(
    {"971", "972", "973", "974", "975", "976", "977", "978", "984", "986", "987", "988", "989"}
)

Activity = Mapping[str, Any]


class Standing:
    """Tells how suppliers stand to places.

    By the seats and zones of documents, one gazetteer and one set of rules.
    """

    def __init__(self, gazetteer: Gazetteer, grading: Grading) -> None:
        self._gazetteer = gazetteer
        self._grading = grading
        self._points: dict[str, tuple[Floats, Floats]] = {}

    def seated(self, document: Document, places: Sequence[str]) -> bool:
        """Whether its seat is in one of the places."""
        return bool(self._lineage(_seat(document)) & set(places))

    def within(self, document: Document, commune: str, km: float) -> bool:
        """Seated in the circle around a commune, or in the commune."""
        if commune in self._lineage(_seat(document)):
            return True
        distance = self.distance(document, commune)
        return distance is not None and distance <= km

    def worth(
        self, document: Document, done_by: Sequence[Activity], place: str, *, near: bool
    ) -> int:
        """The most that a place lets these activities be worth; `near`: it is a wish without an
        edge.
        """
        if self._across(document, place):
            return self._grading.overseas
        ways: set[Way] = {"around"} if near else set()
        untold: Way = "beside"
        if place.startswith("commune:"):
            untold = "presumed"
            ways.add("close")
        if self.seated(document, [place]):
            ways.add("seated")
        if not done_by:
            ways.add(untold)
        for activity in done_by:
            scope = activity["zone"]["scope"]
            if scope == "country":
                ways.add("country")
            elif scope == "none":
                ways.add(untold)
            elif self._serves(document, activity["zone"], place):
                ways.add("declared")
        return self._grading.best(ways, self._far(document, place))

    def _across(self, document: Document, place: str) -> bool:
        """Whether an ocean lies between the seat and the place."""
        return self._shore(_seat(document)) != self._shore(place)

    def _shore(self, place: str) -> str:
        """The overseas department of a place, or nothing for the metropole."""
        above = self._lineage(place)
        if place.startswith("region:"):
            above = {
                f"department:{one.code}"
                for one in self._gazetteer.departments_of(place.partition(":")[2])
            }
        return next(
            (
                code
                for code in sorted(above)
                if code.partition(":")[2] in OVERSEAS and code.startswith("d")
            ),
            "",
        )

    def _far(self, document: Document, place: str) -> float | None:
        """Kilometres from the seat to a place; of an area, to its nearest town. None where a point
        is not known.
        """
        location = document["public"]["location"]
        if location is None:
            return None
        if place.startswith("commune:"):
            return self.distance(document, place)
        lats, lons = self._towns(place)
        return (
            float(haversine_km_array(location["lat"], location["lon"], lats, lons).min())
            if len(lats)
            else None
        )

    def _towns(self, place: str) -> tuple[Floats, Floats]:
        if place not in self._points:
            known = map(self._gazetteer.commune, sorted(self._gazetteer.communes_in(place)))
            points = [one.point for one in known if one and one.point]
            self._points[place] = (
                np.array([lat for lat, _ in points]),
                np.array([lon for _, lon in points]),
            )
        return self._points[place]

    def _serves(self, document: Document, zone: Mapping[str, Any], place: str) -> bool:
        if zone["scope"] == "country":
            return True
        if zone["scope"] == "radius":
            distance = self.distance(document, place)
            return (
                distance is not None
                and zone["radius_km"] is not None
                and distance <= zone["radius_km"]
            )
        asked = self._lineage(place)
        return any(
            one in asked or place in self._lineage(one) for one in map(self._city, zone["places"])
        )

    def distance(self, document: Document, place: str) -> float | None:
        """Kilometres from the seat to a commune; None for wider places, and for seats and communes
        without a point.
        """
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
            return {
                f"commune:{commune.city}",
                f"department:{commune.department}",
                f"region:{commune.region}",
            }
        if kind == "department" and (department := self._gazetteer.department(code)):
            return {place, f"region:{department.region}"}
        return {place}


def _seat(document: Document) -> str:
    return f"commune:{document['public']['address']['commune']}"
