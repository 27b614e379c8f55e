"""What is asked in the end: the words, strictly or leniently, and the circle of "near", decided by one count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from discovery.config.default_radius import Near
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
        plans = [one for one in (made, relaxed) if one and automatic]
        circles = self._circles(made) if automatic else []
        alone = [SearchRequest(text=made.request.text, scope=self.scope)] if doubtful else []
        asked = [_in_each(one.request, circles) for one in plans]
        counts = iter(self.count([*alone, *(request for ladder in asked for request in ladder)]))
        everywhere = next(counts) if alone else None
        chosen = [
            self._chosen(plan, circles, [*islice(counts, len(one))]) for plan, one in zip(plans, asked, strict=True)
        ]
        if everywhere is None:
            return chosen[0]
        if everywhere < made.profile.relax_below and not outside:
            relaxed = chosen[-1] if relaxed else self.lenient(made) if not automatic else None
        else:
            relaxed = None
        found = relaxed or (chosen[0] if chosen else made)
        trades = found.reading.needs or (found.reading.sectors and not outside)
        return replace(found, recognised=bool(trades) or (everywhere > 0 and not outside))

    def _circles(self, made: Plan) -> list[GeoFilter]:
        """Where the plan looks in each circle, smallest first."""
        smallest, *others = map(float, self.near.radii_km)
        asked = replace(made.reading.asked, automatic=False, radius_km=smallest)
        where = resolve(asked, self.gazetteer, made.query.lang)
        return [where, *(where.within(km) for km in others)]

    def _chosen(self, made: Plan, circles: Sequence[GeoFilter], counts: Sequence[int]) -> Plan:
        """`counts`: who answers in each circle; then, with a need recognised, who does what is needed."""
        circle: Circle = choose(counts[: len(circles)], self.near, counts[len(circles) :])
        return replace(self.placed(made, circles[self.near.radii_km.index(circle.radius_km)]), circle=circle)


def _in_each(request: SearchRequest, circles: Sequence[GeoFilter]) -> list[SearchRequest]:
    """What is counted: the request in each circle; then the same without those who only speak of what is needed: a
    circle filled by them would shut out who does it. Only what decides who matches is that of the circle."""
    doing = replace(request, needs=tuple(replace(need, words=()) for need in request.needs))
    return [
        replace(one, targets=where.targets, coverage=where.coverage)
        for one in ((request, doing) if doing != request else (request,))
        for where in circles
    ]


def _outside(made: Plan) -> bool:
    """Whether the phrase asks for what no inclusive supplier does: that its words are met is chance."""
    return any(note.code in (OUTSIDE_TRADE, OUTSIDE_LIKELY) for note in made.intent.notes)
