"""Activities with their zones, and offers."""

from __future__ import annotations

from typing import Any

from discovery.config.vocabulary import Vocabulary
from discovery.gazetteer import GROUPINGS, Gazetteer
from indexer.intake import limits, values
from indexer.intake.fields import ClosedList, code, codes, entries, line, lines, paragraphs
from indexer.intake.findings import Code, Findings
from indexer.record import Activity, Offer, Scope, Zone

_SCOPES = {scope.value: None for scope in Scope}
_ZONE_PLACES = frozenset({"commune", "department", "region", *GROUPINGS})


class ActivityCheck:
    """Reads the `activities` and `offers` of a row."""

    def __init__(self, vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._sectors = ClosedList(vocabulary.sectors)
        self._service_types = ClosedList(vocabulary.service_types)
        self._all_types = ", ".join(vocabulary.service_types)
        self._scopes = ClosedList(_SCOPES)

    def __call__(self, raw: Any, found: Findings) -> tuple[Activity, ...]:
        """The activities in order; an exact repetition is dropped. The same sector may come twice, with other zones."""
        read = (
            self._activity(each, f"activities.{at}", found)
            for at, each in enumerate(entries(raw, "activities", limits.ACTIVITIES, found), 1)
        )
        kept = tuple(dict.fromkeys(activity for activity in read if activity is not None))
        places = sum(len(activity.zone.places) for activity in kept)
        if places > limits.ALL_PLACES:
            found.reject(Code.TOO_MANY_PLACES, "activities", places, limit=str(limits.ALL_PLACES))
        return kept

    def _activity(self, raw: Any, where: str, found: Findings) -> Activity | None:
        if not isinstance(raw, dict):
            found.reject(Code.NOT_A_BLOCK, where, raw)
            return None
        sector = code(raw.get("sector"), f"{where}.sector", self._sectors, found)
        if sector is None:
            found.miss(f"{where}.sector")
        service_types = codes(raw.get("service_types"), f"{where}.service_types", self._service_types, found)
        if sector and not raw.get("service_types"):
            found.warn(Code.SERVICE_TYPE_MISSING, f"{where}.service_types", sector, near=self._all_types)
        zone = self._zone(raw.get("zone"), f"{where}.zone", found)
        return Activity(sector, service_types, zone) if sector else None

    def _zone(self, raw: Any, where: str, found: Findings) -> Zone:
        if values.empty(raw):
            return Zone()
        if not isinstance(raw, dict):
            found.reject(Code.NOT_A_BLOCK, where, raw)
            return Zone()
        known = code(raw.get("scope"), f"{where}.scope", self._scopes, found)
        if known is None and any(not values.empty(raw.get(name)) for name in ("radius_km", "places")):
            found.miss(f"{where}.scope")
        scope = Scope(known) if known else Scope.NONE
        if scope is Scope.RADIUS:
            try:
                return Zone(scope, values.whole(raw.get("radius_km"), 1, limits.RADIUS_KM))
            except ValueError:
                found.reject(Code.ZONE_RADIUS, f"{where}.radius_km", raw.get("radius_km") or "")
                return Zone()
        if scope is Scope.PLACES:
            places = self._places(raw.get("places"), f"{where}.places", found)
            return Zone(scope, None, places) if places else Zone()
        return Zone(scope)

    def _places(self, raw: Any, where: str, found: Findings) -> tuple[str, ...]:
        """Those that are known: nobody is refused for a place that we don't know, which is left out and told."""
        given = lines(raw, where, limits.PLACES, limits.NAME, found)
        if not given and not (raw and not isinstance(raw, list)):
            found.reject(Code.ZONE_PLACES, where)
        known = []
        for one in given:
            place = self._gazetteer.parse_place(one)
            if place is None or place.type not in _ZONE_PLACES:
                found.warn(Code.UNKNOWN_PLACE, where, one)
            else:
                known.append(str(place))
        return tuple(dict.fromkeys(known))

    def offers(self, raw: Any, found: Findings) -> tuple[Offer, ...]:
        """The offers in order; each needs a name."""
        read = []
        for at, each in enumerate(entries(raw, "offers", limits.OFFERS, found), 1):
            where = f"offers.{at}"
            if not isinstance(each, dict):
                found.reject(Code.NOT_A_BLOCK, where, each)
                continue
            name = line(each.get("name"), f"{where}.name", limits.OFFER_NAME, found)
            about = paragraphs(each.get("description"), f"{where}.description", limits.OFFER_DESCRIPTION, found)
            if name:
                read.append(Offer(name, about))
            else:
                found.miss(f"{where}.name")
        return tuple(dict.fromkeys(read))
