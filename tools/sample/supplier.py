"""One sample supplier, as a canonical record: its name, its seat, its trades."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import cos, pi, radians, sin, sqrt
from typing import Any

from discovery.places import Commune, Gazetteer, gazetteer
from indexer.intake.values import luhn
from tools.sample.draws import Draws, Weighted
from tools.sample.material import KindHabits, Material, Trade, material
from tools.sample.prose import Writer

DEFAULT_SEED = 7
ACTIVITIES = Weighted.of({1: 30, 2: 27, 3: 19, 4: 12, 5: 7, 6: 5})
SAME_GROUP = 0.75
"""How often a further activity stays in the group of the first."""
UNDECLARED = 0.15
"""Share of suppliers whose text tells of a trade that none of their activities declares."""
OWN_CODE = 0.6
"""Share of suppliers registered under the code of their first trade, where it has one."""
TOWN = 10_000
"""People above which a commune may hold a priority district, and is no rural area."""
BARE = 0.08
"""Share of suppliers of which little more than the name is known."""


def generate(count: int, seed: int = DEFAULT_SEED) -> Iterator[dict[str, Any]]:
    """Invent `count` suppliers as canonical records: the same for the same seed, whatever the count
    or the Python.

    What a supplier truly does is in its `activities`; a share of the texts tells of other trades
    too.
    """
    known, where = material(), places()
    for index in range(count):
        yield _Maker(index, seed, known, where).record()


class _Maker:
    """Makes one supplier; its draws depend on nothing but the seed and its number."""

    def __init__(self, index: int, seed: int, known: Material, where: Places) -> None:
        self._index, self._known, self._where = index, known, where
        self._siret = siret(index, seed)
        self._draws = Draws(f"inclusive-discovery/{seed}/{index}")
        self._habits = self._draws.weighted(known.kinds)
        self._commune = where.seat(self._draws)
        self._trades = _trades(self._habits, known, self._draws)
        self._name = name(known, self._habits.code, self._trades[0].group, self._draws)

    def record(self) -> dict[str, Any]:
        draws, commune = self._draws, self._commune
        record: dict[str, Any] = {
            "id": f"sample-{self._index:06d}",
            "siret": self._siret,
            "name": self._name,
            "kind": self._habits.code,
            "legal_form": draws.weighted(self._habits.legal_forms),
            "naf": draws.pick(self._codes()),
            "naf_nomenclature": "NAFRev2",
        }
        if draws.chance(0.12):
            record["brand"] = coined(self._known, draws)
        record["address"] = {
            "street": street(self._known, draws),
            "post_code": draws.pick(commune.post_codes),
            "city": self._where.city(commune),
            "commune": commune.code,
        }
        point = point_near(commune, draws)
        if point is not None and draws.chance(0.78):
            record["location"] = {"lat": point[0], "lon": point[1]}
        if draws.chance(BARE):
            return record
        return record | contact(self._name, self._index, draws) | self._offer() | self._trust()

    def _codes(self) -> tuple[str, ...]:
        """The first trade's codes, or the general ones of such structures, which tell nothing of a
        trade.
        """
        return (self._draws.chance(OWN_CODE) and self._trades[0].naf) or self._habits.naf

    def _offer(self) -> dict[str, Any]:
        """What is done and how it is told."""
        draws, commune = self._draws, self._commune
        self._founded = draws.between(1974, 2021)
        self._people = draws.skewed(*self._habits.people)
        facts = {
            "city": self._where.city(commune),
            "where": f"{self._where.department(commune)} ({commune.department})",
            "year": self._founded,
            "people": self._people,
        }
        writer = Writer(self._known, self._habits, facts, draws)
        told = list(self._trades)
        if draws.chance(UNDECLARED):
            other = self._known.trades[draws.weighted(self._habits.sectors)]
            told += [other] if other not in told else []
        found: dict[str, Any] = {}
        if draws.chance(0.9):
            found["description"] = writer.description(told)
        if draws.chance(0.95):
            found["activities"] = self._activities()
        if draws.chance(0.55):
            found["offers"] = writer.offers(draws.sample(self._trades, 3))
        if draws.chance(0.3):
            found["client_references"] = writer.clients()
        return found

    def _trust(self) -> dict[str, Any]:
        draws, people = self._draws, self._people
        found: dict[str, Any] = {}
        if draws.chance(0.3):
            certifications = self._known.groups[self._trades[0].group].certifications
            found["certifications"] = sorted(
                {draws.weighted(certifications) for _ in range(draws.between(1, 2))}
            )
        if draws.chance(0.45):
            found["networks"] = sorted(
                {draws.weighted(self._habits.networks) for _ in range(draws.between(1, 2))}
            )
        if draws.chance(0.75):
            found["employees"] = {
                "insertion": people,
                "permanent": 1 + people // draws.between(3, 9),
            }
        if draws.chance(0.4):
            found["turnover"] = 1000 * (people * draws.between(12, 45) + draws.between(0, 9))
        if draws.chance(0.7):
            found["year_founded"] = self._founded
        if draws.chance(0.8):
            found["qpv"] = draws.chance(0.35) and self._commune.population > TOWN
            found["zrr"] = draws.chance(0.5) and 0 < self._commune.population <= TOWN
        if draws.chance(0.9):
            found["updated_at"] = (
                f"{draws.between(2022, 2025)}-{draws.between(1, 12):02d}-{draws.between(1, 28):02d}"
            )
        return found

    def _activities(self) -> list[dict[str, Any]]:
        """An activity for each trade; most suppliers serve one zone with all of them, some each
        with its own.
        """
        draws = self._draws
        shared = self._zone() if draws.chance(0.65) else None
        made = []
        for trade in self._trades:
            offered = self._habits.service_types[trade.group]
            types = sorted({draws.weighted(offered) for _ in range(1 if draws.chance(0.75) else 2)})
            made.append(
                {"sector": trade.sector, "service_types": types, "zone": shared or self._zone()}
            )
        return made

    def _zone(self) -> dict[str, Any]:
        return self._where.zone(
            self._draws.weighted(self._habits.scopes), self._commune, self._draws
        )


def _trades(habits: KindHabits, known: Material, draws: Draws) -> list[Trade]:
    """One to six different trades; those after the first mostly of its group."""
    count = draws.weighted(ACTIVITIES)
    chosen = [draws.weighted(habits.sectors)]
    group = known.trades[chosen[0]].group
    for _ in range(count - 1):
        near = draws.chance(SAME_GROUP)
        sector = draws.pick(known.by_group[group]) if near else draws.weighted(habits.sectors)
        if sector not in chosen:
            chosen.append(sector)
    return [known.trades[sector] for sector in chosen]


FIRST, COUNT, STRIDE = 200_000, 300_000, 137_593
"""SIREN 002 000 00x to 004 999 99x. No unit of the Sirene register lies between 001 807 254 and 005
410 220: they are the second and third of its stock file, which holds every SIREN since 1973. The
stride, prime to the count, scatters neighbours and meets each number once.
"""

# Telephone numbers kept for works of fiction (Arcep, decision 2022-1583, numbers for audiovisual
# use).
PHONES = ("01 99 00", "02 61 91", "03 53 01", "04 65 71", "05 36 49", "06 39 98")
DOMAIN = "example"
"""RFC 2606: a top-level domain that will never exist."""


def luhn_digit(digits: str) -> str:
    """The digit that, put behind `digits`, makes them valid."""
    return next(last for last in "0123456789" if luhn(digits + last))


def siret(index: int, seed: int) -> str:
    """A SIRET valid by Luhn, in a range that no one holds; a different SIREN for each of 300,000
    suppliers.
    """
    body = f"00{FIRST + (index * STRIDE + seed * 7_919) % COUNT}"
    establishment = body + luhn_digit(body) + f"{1 + index // COUNT:04d}"
    return establishment + luhn_digit(establishment)


def name(material: Material, kind: str, group: str, draws: Draws) -> str:
    """An invented name: a head and a complement, or a coined word; sometimes with the kind's
    letters before it.
    """
    names = material.names
    if draws.chance(0.18):
        made = coined(material, draws)
    else:
        head = draws.pick(names["group_heads"][group] if draws.chance(0.45) else names["heads"])
        made = f"{head} {draws.pick(names['complements'])}"
    letters = {"ESAT": 0.6, "GEIQ": 0.8, "EA": 0.15}.get(kind, 0.0)
    return f"{kind} {made}" if draws.chance(letters) else made


def coined(material: Material, draws: Draws) -> str:
    """A word of two invented halves: `Solival`."""
    return str(
        draws.pick(material.names["coined_first"]) + draws.pick(material.names["coined_last"])
    )


def street(material: Material, draws: Draws) -> str:
    """An invented number and street."""
    return f"{draws.between(1, 98)} {draws.pick(material.names['streets'])}"


def slug(text: str) -> str:
    """A name in small letters without accents, its words joined by hyphens."""
    folded = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode("ascii")
    return "-".join("".join(letter if letter.isalnum() else " " for letter in folded).split())


def contact(shown_name: str, index: int, draws: Draws) -> dict[str, Any]:
    """Invented website, e-mail and telephone, each there or not."""
    host = f"{slug(shown_name)}-{index}.{DOMAIN}"
    found: dict[str, Any] = {}
    if draws.chance(0.6):
        found["website"] = f"https://www.{host}"
    if draws.chance(0.7):
        found["email"] = f"contact@{host}"
    if draws.chance(0.7):
        found["phone"] = (
            f"{draws.pick(PHONES)} {draws.between(0, 99):02d} {draws.between(0, 99):02d}"
        )
    if "email" in found or "phone" in found:
        found["contact_public"] = draws.chance(0.5)
    return found


KM_PER_DEGREE = 111.19
"""Of latitude: the mean Earth radius times π / 180."""
SPREAD_KM = 2.5
"""Suppliers stand around the commune's point, not on it."""


@dataclass(frozen=True, slots=True)
class Places:
    """Communes to be drawn by their people."""

    communes: Weighted[Commune]
    pointless: tuple[Commune, ...]
    of_department: dict[str, tuple[Commune, ...]]
    gazetteer: Gazetteer

    def seat(self, draws: Draws) -> Commune:
        """A commune to sit in; now and then one of those overseas that have no known point."""
        if self.pointless and draws.chance(0.004):
            return draws.pick(self.pointless)
        return draws.weighted(self.communes)

    def city(self, commune: Commune) -> str:
        """The name of the city that a commune is, or is a part of."""
        parent = self.gazetteer.commune(commune.parent) if commune.parent else None
        return parent.name if parent else commune.name

    def department(self, commune: Commune) -> str:
        """The name of a commune's department."""
        department = self.gazetteer.department(commune.department)
        return department.name if department else commune.department

    def zone(self, scope: str, commune: Commune, draws: Draws) -> dict[str, Any]:
        """A zone of that scope, as the canonical format writes it."""
        if scope == "radius":
            return {
                "scope": scope,
                "radius_km": draws.pick((10, 15, 20, 25, 30, 30, 40, 50, 50, 60, 80, 100, 150)),
            }
        if scope == "places":
            return {"scope": scope, "places": self._around(commune, draws)}
        return {"scope": scope}

    def _around(self, commune: Commune, draws: Draws) -> list[str]:
        own = f"department:{commune.department}"
        share = draws.share()
        if share < 0.5:
            return [own]
        if share < 0.7:
            near = [
                f"department:{each.code}" for each in self.gazetteer.departments_of(commune.region)
            ]
            return list(dict.fromkeys([own, *draws.sample(near, draws.between(1, 3))]))
        if share < 0.82:
            return [f"region:{commune.region}"]
        others = draws.sample(self.of_department[commune.department], draws.between(1, 6))
        return list(dict.fromkeys(f"commune:{each.code}" for each in (commune, *others)))


@cache
def places() -> Places:
    """Where invented suppliers sit: towns by how many live there. Read once."""
    known = gazetteer()
    cities_in_parts = {commune.parent for commune in known.communes() if commune.parent}
    communes = [
        each for each in known.communes() if each.code not in cities_in_parts and each.post_codes
    ]
    of_department: dict[str, list[Commune]] = {}
    for commune in communes:
        of_department.setdefault(commune.department, []).append(commune)
    return Places(
        Weighted((each, float(each.population)) for each in communes if each.point),
        tuple(each for each in communes if each.point is None),
        {code: tuple(found) for code, found in of_department.items()},
        known,
    )


def point_near(commune: Commune, draws: Draws) -> tuple[float, float] | None:
    """A point (degrees, 5 decimals) spread evenly over the disc around the commune's own; None when
    it has none.
    """
    distance, angle = SPREAD_KM * sqrt(draws.share()), 2 * pi * draws.share()
    if commune.point is None:
        return None
    lat, lon = commune.point
    north, east = distance * cos(angle) / KM_PER_DEGREE, distance * sin(angle) / KM_PER_DEGREE
    return round(lat + north, 5), round(lon + east / cos(radians(lat)), 5)
