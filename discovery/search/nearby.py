"""Nobody at the place asked: the nearest who do what is needed, under a heading of their own. Pure."""

from __future__ import annotations

from dataclasses import replace

from discovery.config.default_radius import Near
from discovery.engine.port import Coverage, Order, Point, SearchRequest, Signals
from discovery.gazetteer import Gazetteer, Place
from discovery.search.answer import Nearby, Plan
from discovery.search.french import inside, of
from discovery.search.problems import Args


def nearby(made: Plan, gazetteer: Gazetteer, near: Near) -> Nearby | None:
    """The search for whoever does the trade nearest to the place, its hits still to be asked for; None where there
    is no place to be near to, or nothing was recognised."""
    centre = _centre(made, gazetteer)
    if centre is None or not made.recognised:
        return None
    where = replace(made.where, targets=(), box=None, coverage=Coverage.ANY, centre=centre)
    request: SearchRequest = replace(
        made.request,
        targets=(),
        box=None,
        coverage=Coverage.ANY,
        centre=centre,
        signals=Signals(),
        order=Order.DISTANCE,
        offset=0,
        size=near.nearest,
        facets=(),
    )
    code, args = _heading(made, gazetteer)
    return Nearby((), request, where, code, args)


def _centre(made: Plan, gazetteer: Gazetteer) -> Point | None:
    """The search's own centre, else the first town of the places asked for, the largest one of an area; none without a
    boundary."""
    targets = made.where.targets
    if not targets:
        return None
    known = made.where.centre or next((point for target in targets for point in target.zone_points), None)
    return known or next(filter(None, (_largest_town(place, gazetteer) for place in made.reading.asked.places)), None)


def _largest_town(place: Place, gazetteer: Gazetteer) -> Point | None:
    towns = () if place.type == "country" else gazetteer.main_towns(place, 1)
    return Point(*towns[0].point) if towns and towns[0].point else None


def _heading(made: Plan, gazetteer: Gazetteer) -> tuple[str, Args]:
    """What holds nobody, in words: a circle, one place, or several."""
    lang, asked = made.query.lang, made.reading.asked
    circle = next((target.circle for target in made.where.targets if target.circle), None)
    if circle is not None and len(made.where.targets) == 1:
        town = made.where.centre_label.partition(" (")[0]
        args: Args = {"radius": circle.radius_km, **({"of": of(town, lang)} if town else {})}
        return ("nobody_within" if town else "nobody_within_point"), args
    if len(asked.places) == 1 and circle is None:
        name = gazetteer.label(asked.places[0], lang).partition(" (")[0]
        return "nobody_in", {"where": inside(asked.places[0], name, lang)}
    return "nobody_there", {}
