"""Activities with their zones, offers; and what others tell of a supplier's trades: jobs, public
contracts won.

An entry that says nothing is left out with a warning: evidence is never a reason to refuse a
supplier.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from discovery.mappings.crosswalk import CPV, CPV_CHECK, ROME
from discovery.mappings.vocabulary import Vocabulary
from discovery.places import GROUPINGS, Gazetteer
from indexer.intake import limits, values
from indexer.intake.fields import (
    ClosedList,
    block,
    code,
    codes,
    line,
    lines,
    objects,
    optional,
    paragraphs,
)
from indexer.intake.findings import Code, Findings
from indexer.record import Activity, Contract, Job, Offer, Scope, Zone

_SCOPES = {scope.value: None for scope in Scope}
_ZONE_PLACES = frozenset({"commune", "department", "region", *GROUPINGS})


class ActivityCheck:
    """Reads the `activities` of a row."""

    def __init__(self, vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._sectors = ClosedList(vocabulary.sectors)
        self._service_types = ClosedList(vocabulary.service_types)
        self._all_types = ", ".join(vocabulary.service_types)
        self._scopes = ClosedList(_SCOPES)

    def __call__(self, raw: Any, name: str, found: Findings) -> tuple[Activity, ...]:
        """The activities in order; an exact repetition is dropped. The same sector may come twice,
        with other zones.
        """
        kept = objects(raw, name, limits.ACTIVITIES, partial(self._activity, found=found), found)
        places = sum(len(activity.zone.places) for activity in kept)
        if places > limits.ALL_PLACES:
            found.reject(Code.TOO_MANY_PLACES, name, places, limit=str(limits.ALL_PLACES))
        return kept

    def _activity(self, raw: Any, where: str, found: Findings) -> Activity | None:
        if not isinstance(raw, dict):
            found.reject(Code.NOT_A_BLOCK, where, raw)
            return None
        sector = code(raw.get("sector"), f"{where}.sector", self._sectors, found)
        if sector is None:
            found.miss(f"{where}.sector")
        service_types = codes(
            raw.get("service_types"), f"{where}.service_types", self._service_types, found
        )
        if sector and not raw.get("service_types"):
            found.warn(
                Code.SERVICE_TYPE_MISSING, f"{where}.service_types", sector, near=self._all_types
            )
        zone = self._zone(raw.get("zone"), f"{where}.zone", found)
        return Activity(sector, service_types, zone) if sector else None

    def _zone(self, raw: Any, where: str, found: Findings) -> Zone:
        given = block(raw, where, found)
        known = code(given.get("scope"), f"{where}.scope", self._scopes, found)
        if known is None and any(
            not values.empty(given.get(name)) for name in ("radius_km", "places")
        ):
            found.miss(f"{where}.scope")
        scope = Scope(known) if known else Scope.NONE
        if scope is Scope.RADIUS:
            try:
                return Zone(scope, values.whole(given.get("radius_km"), 1, limits.RADIUS_KM))
            except ValueError:
                found.reject(Code.ZONE_RADIUS, f"{where}.radius_km", given.get("radius_km") or "")
                return Zone()
        if scope is Scope.PLACES:
            places = self._places(given.get("places"), f"{where}.places", found)
            return Zone(scope, None, places) if places else Zone()
        return Zone(scope)

    def _places(self, raw: Any, where: str, found: Findings) -> tuple[str, ...]:
        """Those that are known: nobody is refused for a place that we don't know, which is left out
        and told.
        """
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


def offers(raw: Any, name: str, found: Findings) -> tuple[Offer, ...]:
    """The offers in order; each needs a name."""

    def offer(raw: Any, where: str) -> Offer | None:
        if not isinstance(raw, dict):
            found.reject(Code.NOT_A_BLOCK, where, raw)
            return None
        name = line(raw.get("name"), f"{where}.name", limits.OFFER_NAME, found)
        about = paragraphs(
            raw.get("description"), f"{where}.description", limits.OFFER_DESCRIPTION, found
        )
        if not name:
            found.miss(f"{where}.name")
        return Offer(name, about) if name else None

    return objects(raw, name, limits.OFFERS, offer, found)


_ROME = re.compile(ROME)
_IN_BRACKETS = re.compile(rf"(?P<title>.*)\((?P<code>{ROME})\)\s*", re.DOTALL)
_CPV = re.compile(rf"({CPV})(?:{CPV_CHECK})?")


def jobs(raw: Any, name: str, today: date, found: Findings) -> tuple[Job, ...]:
    """The jobs of a row, each once. An entry is an object, a code ("A1203"), or a name with its
    code ("Jardinage (A1203)").
    """

    def job(raw: Any, where: str) -> Job | None:
        told = {"rome": raw} if isinstance(raw, str) else raw
        if not isinstance(told, Mapping):
            found.warn(Code.VALUE_IGNORED, where, told, expected="job")
            return None
        given = line(told.get("rome"), f"{where}.rome", limits.JOB_TITLE, found)
        named = _IN_BRACKETS.fullmatch(given)
        code = named["code"] if named else given.upper()
        if not _ROME.fullmatch(code):
            found.warn(Code.VALUE_IGNORED, f"{where}.rome", given, expected="rome")
            return None
        title = line(told.get("title"), f"{where}.title", limits.JOB_TITLE, found)
        return Job(
            rome=code,
            title=title or (named["title"].strip() if named else ""),
            source=line(told.get("source"), f"{where}.source", limits.ID, found),
            seen=optional(
                told.get("seen"),
                f"{where}.seen",
                lambda value: values.day(value, today),
                "date",
                found,
            ),
        )

    return objects(raw, name, limits.JOBS, job, found)


def contracts(raw: Any, name: str, today: date, found: Findings) -> tuple[Contract, ...]:
    """The contracts of a row, each once; one needs an object or a CPV code."""

    def contract(raw: Any, where: str) -> Contract | None:
        if not isinstance(raw, Mapping):
            found.warn(Code.VALUE_IGNORED, where, raw, expected="contract")
            return None

        def told(name: str, read: Callable[[Any], Any], expected: str) -> Any:
            return optional(raw.get(name), f"{where}.{name}", read, expected, found)

        cpv = told("cpv", _cpv, "cpv") or ""
        about = line(raw.get("object"), f"{where}.object", limits.CONTRACT_OBJECT, found)
        if not (about or cpv):
            found.warn(Code.VALUE_IGNORED, where, "", expected="contract")
            return None
        return Contract(
            object=about,
            cpv=cpv,
            buyer=line(raw.get("buyer"), f"{where}.buyer", limits.BUYER, found),
            source=line(raw.get("source"), f"{where}.source", limits.ID, found),
            won=told("won", lambda value: values.day(value, today), "date"),
            amount=told("amount", _euros, "amount"),
            reserved=told("reserved", values.flag, "flag"),
        )

    return objects(raw, name, limits.CONTRACTS, contract, found)


def _cpv(raw: Any) -> str:
    match = _CPV.fullmatch(str(raw).strip())
    if match is None:
        raise ValueError("not a CPV code")
    return match[1]


def _euros(raw: Any) -> int:
    """Cents are let go."""
    amount = values.decimal(raw)
    if not 0 <= amount <= limits.TURNOVER:
        raise ValueError("not an amount")
    return round(amount)
