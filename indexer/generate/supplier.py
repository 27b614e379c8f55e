"""One sample supplier, as a canonical record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from indexer.generate.draws import Draws, Weighted
from indexer.generate.material import KindHabits, Material, Trade, material
from indexer.generate.naming import coined, contact, name, siret, street
from indexer.generate.places import Places, places, point_near
from indexer.generate.prose import Writer

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
    """Invent `count` suppliers as canonical records: the same for the same seed, whatever the count or the Python.

    What a supplier truly does is in its `activities`; a share of the texts tells of other trades too.
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
        """The first trade's codes, or the general ones of such structures, which tell nothing of a trade."""
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
            found["certifications"] = sorted({draws.weighted(certifications) for _ in range(draws.between(1, 2))})
        if draws.chance(0.45):
            found["networks"] = sorted({draws.weighted(self._habits.networks) for _ in range(draws.between(1, 2))})
        if draws.chance(0.75):
            found["employees"] = {"insertion": people, "permanent": 1 + people // draws.between(3, 9)}
        if draws.chance(0.4):
            found["turnover"] = 1000 * (people * draws.between(12, 45) + draws.between(0, 9))
        if draws.chance(0.7):
            found["year_founded"] = self._founded
        if draws.chance(0.8):
            found["qpv"] = draws.chance(0.35) and self._commune.population > TOWN
            found["zrr"] = draws.chance(0.5) and 0 < self._commune.population <= TOWN
        if draws.chance(0.9):
            found["updated_at"] = f"{draws.between(2022, 2025)}-{draws.between(1, 12):02d}-{draws.between(1, 28):02d}"
        return found

    def _activities(self) -> list[dict[str, Any]]:
        """An activity for each trade; most suppliers serve one zone with all of them, some each with its own."""
        draws = self._draws
        shared = self._zone() if draws.chance(0.65) else None
        made = []
        for trade in self._trades:
            offered = self._habits.service_types[trade.group]
            types = sorted({draws.weighted(offered) for _ in range(1 if draws.chance(0.75) else 2)})
            made.append({"sector": trade.sector, "service_types": types, "zone": shared or self._zone()})
        return made

    def _zone(self) -> dict[str, Any]:
        return self._where.zone(self._draws.weighted(self._habits.scopes), self._commune, self._draws)


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
