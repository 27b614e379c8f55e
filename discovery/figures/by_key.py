"""What the visitors of one site's widget search, by month: counted by key, and told without small numbers. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from discovery.figures.searches import SEARCH, ZERO, Row
from discovery.gazetteer import Gazetteer

T = TypeVar("T")

MIN_SHOWN = 5
"""Smaller counts are not told, nor those from which they could be reckoned."""
MAX_MONTHS = 13
"""Months told of, so that one can be set beside the same of the year before."""

Asked = tuple[str, str, bool]
"""(department code or "", trade or "" for the search itself, whether no member was found)."""
Counted = tuple[str, str, str, int, int]
"""(month as YYYY-MM, department, trade, searches, those that found nothing)."""


@dataclass(frozen=True, slots=True)
class Count:
    """None: few, and not told."""

    searches: int | None
    zero: int | None


@dataclass(frozen=True, slots=True)
class Month:
    """What one month's visitors searched.

    `departments`: code → its searches, most first. `gaps`: (department or "", trade, times): asked, and no member
    offers it there; most asked first.
    """

    month: str
    count: Count
    departments: Mapping[str, Count]
    gaps: tuple[tuple[str, str, int], ...]


def of_key(rows: Iterable[Row], gazetteer: Gazetteer) -> list[Asked]:
    """What a search (its rows, as they are counted for all) adds to the counts of its key."""
    kept = dict.fromkeys(rows)
    if (SEARCH, "") not in kept:
        return []
    zero = (ZERO, "") in kept
    places = (value for what, value in kept if what == "place")
    department = next(filter(None, (_department(place, gazetteer) for place in places)), "")
    return [(department, trade, zero) for trade in ("", *(value for what, value in kept if what == "sector"))]


def _department(place: str, gazetteer: Gazetteer) -> str:
    """The one that holds a place; "" for one that lies in several, or is larger."""
    found = [one for one in (place, *gazetteer.ancestors(place)) if one.startswith("department:")]
    return found[0].removeprefix("department:") if len(found) == 1 else ""


def told(counted: Iterable[Counted]) -> tuple[Month, ...]:
    """Counts by month, the last month first; small numbers are left out."""
    months: dict[str, list[Counted]] = {}
    for one in counted:
        months.setdefault(one[0], []).append(one)
    return tuple(_month(name, months[name]) for name in sorted(months, reverse=True)[:MAX_MONTHS])


def _month(name: str, counted: list[Counted]) -> Month:
    searches, zeros, gaps = Counter[str](), Counter[str](), Counter[tuple[str, str]]()
    for _, department, trade, times, zero in counted:
        if trade:
            gaps[department, trade] += zero
        else:
            searches[department] += times
            zeros[department] += zero
    shown, empty = _enough(searches), _enough(zeros)
    departments = {
        code: Count(times, empty.get(code, None if zeros[code] else 0)) for code, times in _most(shown) if code
    }
    often = [
        (department, trade, times)
        for (department, trade), times in _most(gaps)
        if times >= MIN_SHOWN and department in empty and not 0 < empty[department] - times < MIN_SHOWN
    ]
    return Month(name, Count(_few(searches.total()), _few(zeros.total())), departments, tuple(often))


def _enough(counts: Mapping[str, int]) -> dict[str, int]:
    """Those that are not small. Where what is left out would be small, and known from the total, the smallest goes
    with it."""
    kept = {value: times for value, times in counts.items() if times >= MIN_SHOWN}
    if kept and 0 < sum(counts.values()) - sum(kept.values()) < MIN_SHOWN:
        del kept[min(kept, key=lambda value: (kept[value], value))]
    return kept


def _few(times: int) -> int | None:
    return times if times >= MIN_SHOWN or not times else None


def _most(counts: Mapping[T, int]) -> list[tuple[T, int]]:
    """Most first, then by value."""
    return sorted(counts.items(), key=lambda one: (-one[1], str(one[0])))
