"""A plan settled: words read strictly or leniently, the circle of "near"; and who is nearest where
nobody is found.
"""

from collections.abc import Callable, Sequence
from itertools import islice

from discovery.engine.port import Circle as EngineCircle
from discovery.engine.port import Coverage, National, Order, Point, SearchRequest, Signals, Target
from discovery.mappings.profiles import Near
from discovery.model import dataclass, replace
from discovery.model.attributes import EXCLUSIONS, FILTERS
from discovery.phrase.model import OUTSIDE_LIKELY, OUTSIDE_TRADE
from discovery.places import Gazetteer, Place
from discovery.search.answer import Circle, Nearby, Plan
from discovery.search.plan import Planner
from discovery.search.query import CODES, MAX_PER_PAGE, TRADES, Args, Query
from discovery.search.where import GeoFilter, de, in_place, resolve


@dataclass(frozen=True, slots=True)
class RelaxationPolicy:
    """Decides how a plan is searched in the end. `count`: totals, in one call to the engine."""

    planner: Planner
    count: Callable[[Sequence[SearchRequest]], list[int]]

    def relaxed_if_needed(self, made: Plan, *, strict: bool) -> Plan:
        """Decide by one count whether words are read leniently, and which circle "near" means; the
        plan to search.

        Words relax only without a recognised need, and when they find too little over the whole
        index: never because filters or places left little. Beside a need, typos are mended where
        they hide another. What no inclusive supplier does is not looked for in fewer words; of
        trades that are possible only, none is recognised, unless one is chosen. `strict`: never
        relax. Raises EngineUnavailable.
        """
        if made.request.needs and not strict:
            made = self.planner.mended(made) or made
            made = replace(made, recognised=bool(made.claims or made.request.filters.sector))
        # What no inclusive supplier does: that its words are met is chance.
        outside = any(note.code in (OUTSIDE_TRADE, OUTSIDE_LIKELY) for note in made.intent.notes)
        doubtful = made.request.text is not None and not made.request.needs and not strict
        automatic = made.reading.asked.automatic
        if not doubtful and not automatic:
            return made
        relaxed = self.planner.lenient(made) if doubtful and automatic and not outside else None
        plans = [one for one in (made, relaxed) if one and automatic]
        circles = self._circles(made) if automatic else []
        anywhere = SearchRequest(text=made.request.text, scope=self.planner.scope.filters)
        alone = [anywhere] if doubtful and not outside else []
        asked = [_in_each(one.request, circles) for one in plans]
        counts = iter(self.count([*alone, *(request for ladder in asked for request in ladder)]))
        everywhere = next(counts) if alone else 0
        chosen = [
            self._chosen(plan, circles, [*islice(counts, len(one))])
            for plan, one in zip(plans, asked, strict=True)
        ]
        if not doubtful:
            return chosen[0]
        if everywhere < made.profile.relax_below and not outside:
            relaxed = chosen[-1] if relaxed else self.planner.lenient(made)
        else:
            relaxed = None
        found = relaxed or (chosen[0] if chosen else made)
        trades = found.claims or (found.reading.sectors and not outside)
        return replace(found, recognised=bool(trades) or (everywhere > 0 and not outside))

    def _circles(self, made: Plan) -> list[GeoFilter]:
        """Where the plan looks in each circle, smallest first."""
        smallest, *others = map(float, self.planner.mappings.near.radii_km)
        asked = replace(made.reading.asked, automatic=False, radius_km=smallest)
        where = resolve(asked, self.planner.gazetteer, made.query.lang)
        return [where, *(where.within(km) for km in others)]

    def _chosen(self, made: Plan, circles: Sequence[GeoFilter], counts: Sequence[int]) -> Plan:
        """`counts`: who answers in each circle; then, with a need recognised, who does what is
        needed.
        """
        near = self.planner.mappings.near
        circle = choose_circle(counts[: len(circles)], near, counts[len(circles) :])
        where = circles[near.radii_km.index(circle.radius_km)]
        return replace(self.planner.placed(made, where), circle=circle)


def _in_each(request: SearchRequest, circles: Sequence[GeoFilter]) -> list[SearchRequest]:
    """What is counted: the request in each circle; then the same without those who only speak of
    what is needed: a circle filled by them would shut out who does it. Only what decides who
    matches is that of the circle.
    """
    doing = replace(request, needs=tuple(replace(need, words=()) for need in request.needs))
    return [
        replace(one, targets=where.targets, coverage=where.coverage)
        for one in ((request, doing) if doing != request else (request,))
        for where in circles
    ]


def choose_circle(counts: Sequence[int], near: Near, doing: Sequence[int] = ()) -> Circle:
    """Choose the smallest circle with enough suppliers, else the largest.

    `counts`: for each of `near.radii_km`, how many suppliers answer in that circle. `doing`: how
    many of them do what is needed, by what they declare or what is known of them, which decides
    where anybody does. Raises ValueError when the lengths differ.
    """
    tried = dict(zip(near.radii_km, counts, strict=True))
    deciding = dict(zip(near.radii_km, doing, strict=True)) if any(doing) else tried
    chosen = next((km for km, count in deciding.items() if count >= near.enough), near.radii_km[-1])
    wider: dict[int, int] = {}
    for km, count in tried.items():
        if km > chosen and count > tried[chosen]:
            wider.setdefault(count, km)  # of two that hold the same, the smaller
    return Circle(chosen, tried, tuple((km, count) for count, km in wider.items())[: near.offered])


def nearby(made: Plan, gazetteer: Gazetteer, near: Near) -> Nearby | None:
    """The search for whoever does the trade nearest to the place, its hits still to be asked for;
    None where there is no place to be near to, or no trade was recognised, not even as possible.
    """
    centre = _centre_asked(made, gazetteer)
    if centre is None or not (made.recognised or made.request.needs):
        return None
    where = replace(made.where, targets=(), box=None, coverage=Coverage.ANY, centre=centre)
    request = replace(_nearest_first(made.request, where, near.nearest), box=None, centre=centre)
    code, args = _heading(made, gazetteer)
    return Nearby((), request, where, code, args)


def neighbours(made: Plan, near: Near) -> Nearby | None:
    """The search for who does the trade next door, its hits still to be asked for: those whose
    declared zone holds the place are matches already, the others are asked whether they come. None
    without a trade, or a town.
    """
    request, where = made.request, made.where
    if (
        not request.needs
        or where.centre is None
        or not where.targets
        or where.coverage is Coverage.LOCATED
    ):
        return None
    if where.national is National.ONLY or where.box or not request.presumed:
        return None
    around = replace(
        where,
        targets=(Target(circle=EngineCircle(where.centre, near.next_door_km)),),
        coverage=Coverage.LOCATED,
    )
    needs = tuple(replace(one, words=()) for one in request.needs)
    asked = replace(_nearest_first(request, around, MAX_PER_PAGE), needs=needs, unless=request)
    return Nearby((), asked, around, "neighbours", {})


def _nearest_first(request: SearchRequest, where: GeoFilter, size: int) -> SearchRequest:
    """The request elsewhere, by distance alone."""
    return replace(
        request,
        targets=where.targets,
        coverage=where.coverage,
        signals=Signals(),
        order=Order.DISTANCE,
        offset=0,
        size=size,
        facets=(),
    )


def of_unknown_trades(made: Plan) -> Query:
    """The search for who is seated at the place and tells no trade."""
    asked, reading = made.reading.asked, made.reading
    kept = {name: getattr(reading.filters, name) for name in FILTERS}
    kept |= {
        name: getattr(reading.exclusions.filters, name.removeprefix("not_")) for name in EXCLUSIONS
    }
    dropped = (
        "sector",
        "service_type",
        "evidence",
        "not_sector",
        "not_service_type",
        *CODES,
        "literal",
    )
    kept |= dict.fromkeys(dropped, ())
    around = None if asked.focus_only else asked.centre
    point = around if isinstance(around, Point) else None
    return replace(
        made.pinned,
        q="",
        place=tuple(map(str, asked.places)),
        not_place=tuple(map(str, reading.exclusions.places)),
        near=str(around) if isinstance(around, Place) else "",
        lat=point.lat if point else None,
        lon=point.lon if point else None,
        radius=made.circle.radius_km if made.circle else asked.radius_km,
        minutes=asked.minutes,
        coverage=str(Coverage.LOCATED),
        national=None,
        trades=TRADES[0],
        page=1,
        **kept,
    )


def untold_at_the_place(request: SearchRequest) -> SearchRequest:
    """Who is seated where a request looks and tells no trade, counted by kind."""
    return replace(
        request,
        text=None,
        needs=(),
        filters=replace(request.filters, sector=(), service_type=(), evidence=()),
        exclude=replace(request.exclude, sector=(), service_type=()),
        coverage=Coverage.LOCATED,
        national=National.INCLUDE,
        unknown_trades=True,
        signals=Signals(),
        order=Order.ID,
        offset=0,
        size=0,
        facets=("kind",),
    )


def _centre_asked(made: Plan, gazetteer: Gazetteer) -> Point | None:
    """The search's own centre, else the first town of the places asked for, the largest one of an
    area; none without a boundary.
    """
    targets = made.where.targets
    if not targets:
        return None
    known = made.where.centre or next(
        (point for target in targets for point in target.zone_points), None
    )
    areas = (place for place in made.reading.asked.places if place.type != "country")
    points = (town.point for place in areas for town in gazetteer.main_towns(place, 1))
    return known or next((Point(*point) for point in points if point), None)


def _heading(made: Plan, gazetteer: Gazetteer) -> tuple[str, Args]:
    """What holds nobody, in words: a circle, one place, or several."""
    lang, asked = made.query.lang, made.reading.asked
    circle = next((target.circle for target in made.where.targets if target.circle), None)
    if circle is not None and len(made.where.targets) == 1:
        town = made.where.centre_label.partition(" (")[0]
        args: Args = {"radius": circle.radius_km, **({"of": de(town, lang)} if town else {})}
        if asked.minutes is not None:
            return "nobody_by_car", {"minutes": asked.minutes}
        return ("nobody_within" if town else "nobody_within_point"), args
    if len(asked.places) == 1 and circle is None:
        name = gazetteer.label(asked.places[0], lang).partition(" (")[0]
        return "nobody_in", {"where": in_place(asked.places[0], name, lang)}
    return "nobody_there", {}
