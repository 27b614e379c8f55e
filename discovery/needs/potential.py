"""Who does a trade at a place → what a buyer may consider, with the figures behind it. Pure; help, not legal advice."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from statistics import median

from discovery.config.purchases import Direct, Social, Step, Thresholds


@dataclass(frozen=True, slots=True)
class Market:
    """Suppliers that do the trade there. `located`, `serving`, `presumed`: of `total`, who sits there, who comes there,
    and of whom that is not confirmed (all 0 without a place); `with_employees`: whose size is known. `turnovers`: known
    ones, euros a year, of the first suppliers."""

    total: int
    insertion: int = 0
    handicap: int = 0
    located: int = 0
    serving: int = 0
    presumed: int = 0
    national: int = 0
    with_employees: int = 0
    turnovers: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Potential:
    """What a buyer may consider for a lot, with the figures behind it.

    `dependency`: percent of the typical turnover (euros) that the amount is; None = amount or turnover not known.
    """

    market: Market
    step: Step
    typical_turnover: float | None
    dependency: float | None
    direct: Direct | None
    social: Social | None


def potential(market: Market, amount: float | None, thresholds: Thresholds, sectors: Collection[str] = ()) -> Potential:
    """The first step whose conditions hold: dependency not known is never taken for low. `sectors`: all that is asked
    for."""
    known = [one for one in market.turnovers if one > 0]
    typical = float(median(known)) if len(known) >= thresholds.turnovers else None
    dependency = 100 * amount / typical if amount is not None and typical else None
    independent = dependency is not None and dependency < thresholds.dependency_percent
    step = next(
        one for one in thresholds.steps if market.total > one.more_than and (independent or not one.independent)
    )
    small = amount is not None and amount < thresholds.direct_below_euros and market.total > 0
    social = market.total > 0 and bool(sectors) and thresholds.social.sectors.issuperset(sectors)
    return Potential(
        market, step, typical, dependency, thresholds.direct if small else None, thresholds.social if social else None
    )
