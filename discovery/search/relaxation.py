"""What is asked in the end: the words, strictly or leniently, and the circle of "near", decided by one count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from discovery.config.near import Near
from discovery.engine.port import Filters, SearchRequest
from discovery.gazetteer import Gazetteer
from discovery.intent.model import OUTSIDE_LIKELY, OUTSIDE_TRADE
from discovery.search.answer import Plan
from discovery.search.circle import Circle, choose
from discovery.search.where import GeoFilter, resolve


@dataclass(frozen=True, slots=True)
class Settling:
    """Decides how a plan is searched in the end.

    `count`: totals, in one call to the engine. `lenient`: the plan with corrected or fewer words, None when that
    searches nothing else. `mended`: the plan with the typos mended that hide a trade. `placed`: the plan looking
    elsewhere. `scope`: of the whole service.
    """

    count: Callable[[Sequence[SearchRequest]], list[int]]
    lenient: Callable[[Plan], Plan | None]
    mended: Callable[[Plan], Plan | None]
    placed: Callable[[Plan, GeoFilter], Plan]
    near: Near
    gazetteer: Gazetteer
    scope: tuple[Filters, ...]

    def relaxed_if_needed(self, made: Plan, *, strict: bool) -> Plan:
        """Decide by one count whether words are read leniently, and which circle "near" means; the plan to search.

        Words relax only without a recognised need, and when they find too little over the whole index: never because
        filters or places left little. Beside a need, typos are mended where they hide another. What no inclusive
        supplier does is not looked for in fewer words. `strict`: never relax. Raises EngineUnavailable.
        """
        if made.request.needs and not strict:
            made = self.mended(made) or made
        outside = _outside(made)
        doubtful = made.request.text is not None and not made.request.needs and not strict
        automatic = made.reading.asked.automatic
        if not doubtful and not automatic:
            return made
        relaxed = self.lenient(made) if doubtful and automatic and not outside else None
        ladders = [self._ladder(one) for one in (made, relaxed) if one and automatic]
        alone = [SearchRequest(text=made.request.text, scope=self.scope)] if doubtful else []
        asked = [[*(rung.request for rung in rungs), *_doing(rungs)] for rungs in ladders]
        counts = iter(self.count([*alone, *(request for ladder in asked for request in ladder)]))
        everywhere = next(counts) if alone else None
        chosen = [self._chosen(rungs, [*islice(counts, len(one))]) for rungs, one in zip(ladders, asked, strict=True)]
        if everywhere is None:
            return chosen[0]
        if everywhere < made.profile.relax_below and not outside:
            relaxed = chosen[-1] if relaxed else self.lenient(made) if not automatic else None
        else:
            relaxed = None
        found = relaxed or (chosen[0] if chosen else made)
        trades = found.reading.needs or (found.reading.sectors and not outside)
        return replace(found, recognised=bool(trades) or (everywhere > 0 and not outside))

    def _ladder(self, made: Plan) -> list[Plan]:
        """The plan in each circle, smallest first."""
        asked = replace(made.reading.asked, automatic=False)
        wheres = (
            resolve(replace(asked, radius_km=float(km)), self.gazetteer, made.query.lang) for km in self.near.radii_km
        )
        return [self.placed(made, where) for where in wheres]

    def _chosen(self, rungs: list[Plan], counts: Sequence[int]) -> Plan:
        """`counts`: who answers in each circle; then, with a need recognised, who does what is needed."""
        circle: Circle = choose(counts[: len(rungs)], self.near, counts[len(rungs) :])
        return replace(rungs[self.near.radii_km.index(circle.radius_km)], circle=circle)


def _doing(rungs: Sequence[Plan]) -> list[SearchRequest]:
    """The same without those who only speak of what is needed: a circle filled by them would shut out who does it."""
    trades = [(rung.request, tuple(replace(need, words=()) for need in rung.request.needs)) for rung in rungs]
    return [replace(request, needs=needs) for request, needs in trades if needs]


def _outside(made: Plan) -> bool:
    """Whether the phrase asks for what no inclusive supplier does: that its words are met is chance."""
    return any(note.code in (OUTSIDE_TRADE, OUTSIDE_LIKELY) for note in made.intent.notes)
