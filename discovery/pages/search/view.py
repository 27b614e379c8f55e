"""`/`: the search, with the parameters of `/api/v1/search`; asked for nothing, the page to begin
with.

Its map: whether it is open, what the scripts draw it from, and a still one without them.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode, urljoin

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from discovery.answers import links
from discovery.answers.links import written
from discovery.answers.supplier import Names
from discovery.desk.alerts import FOLLOW_PATH
from discovery.desk.pasted import several
from discovery.engine.port import EngineUnavailable
from discovery.http.api.endpoint import one_state, read_query, readable, without
from discovery.http.api.map import NOT_OF_A_LIST
from discovery.http.api.parameters import PARAMETERS
from discovery.http.api.search import record_search
from discovery.http.errors import engine_away
from discovery.http.problems import of_parameters
from discovery.mappings import Settings
from discovery.mappings.mappings import Mappings
from discovery.pages.figures import view as figures_page
from discovery.pages.frame import responding
from discovery.pages.frame.responding import Site, follow_form, search_form, warm
from discovery.pages.frame.urls import NEED_FIELD, NEED_PATH, VIEW, PageUrls, Pairs
from discovery.pages.home import home
from discovery.pages.maps import outline_map, zone_map
from discovery.pages.results import chips
from discovery.pages.results import page as results_page
from discovery.pages.results.page import WHOLE
from discovery.pages.sourcing import view as sourcing
from discovery.places import Gazetteer
from discovery.search.answer import Answer
from discovery.search.query import MAX_Q, InvalidQuery
from discovery.texts import Translate, typesetter

OPEN = (VIEW, "map")
API_PATH = "/api/v1/"
POINT = frozenset({"lat", "lon"})
LONG = 120
"""Characters of a phrase that is hardly a search any more."""
NOT_OURS = frozenset({"facets", "key", VIEW, WHOLE})
"""Parameters of the API without a meaning here, as the page shows all facets; and of the page,
without one there.
"""

blueprint = Blueprint("search", __name__)


@blueprint.record_once
def _prepare(state: Any) -> None:
    state.app.extensions[home.KEPT] = home.kept_homes()
    warm()


@blueprint.get("/")
def search() -> Response:
    """The search page, with the parameters of `/api/v1/search`; asked for nothing, the page to
    begin with.
    """
    with one_state():
        return _searched()


def _searched() -> Response:
    services, arguments = responding.services(), page_arguments()
    site = responding.site()
    try:
        if all(name == "lang" or not value.strip() for name, value in request.args.items()):
            return responding.html(
                responding.page_at("/", "home.html", site, home.current(site.lang))
            )
        answer = services.search.search(readable(services.search, arguments))
    except (InvalidQuery, EngineUnavailable) as error:
        return _failed(error, arguments, site)
    record_search(answer)
    urls = PageUrls((*links.pairs(answer.plan.query), *map_pairs(request.args)), "/", home.EVERYONE)
    t, names = typesetter(site.lang), services.presenter.names
    context = results_page.results(
        answer, services.presenter, urls, t, site.lang, request.args.get(WHOLE, "")
    )
    if context["indexed"]:
        addresses = [urljoin(f"{site.base}/", one["url"]) for one in context["answer"]["results"]]
        context["structured"] = responding.item_list(addresses, context["first"], answer.page.total)
    context["need_url"] = need_url(answer.plan.query.q, services.search.mappings, site)
    context |= follow_form(
        urls.elsewhere(FOLLOW_PATH, "sort") if services.settings.alerts is not None else ""
    )
    context |= map_context(
        answer, context["cards"], context["nearby"], names, urls, services.settings, t
    )
    context["places_url"] = chips.places_url(answer, services.gazetteer, urls)
    if not answer.page.total:
        context["examples"] = home.examples_at_hand(site.lang)
    return responding.html(responding.drawn("search.html", site, urls, context))


def need_url(q: str, mappings: Mappings, site: Site) -> str:
    """Address of the page of needs with a phrase that is more than a search: long, or several lots;
    else "".
    """
    if len(q) <= LONG and not several(q, mappings):
        return ""
    return f"{NEED_PATH}{site.query}{'&' if site.query else '?'}{urlencode({NEED_FIELD: q})}"


def page_arguments() -> MultiDict[str, str]:
    """The arguments of the search that an address tells, without those that mean nothing on a page.
    A town that is typed takes the place of the point that the form carries along.
    """
    typed = request.args.get("near", "").strip()
    return without(request.args, NOT_OURS | POINT if typed else NOT_OURS)


def _failed(
    error: InvalidQuery | EngineUnavailable, arguments: MultiDict[str, str], site: Site
) -> Response:
    """The page of a search that can't be made, or not now."""
    names, (query, _) = responding.services().presenter.names, read_query(arguments)
    # The parameters as they came: what can't be read has no canonical form.
    known = (pair for pair in arguments.items(multi=True) if pair[0] in PARAMETERS)
    urls = PageUrls((*known, *map_pairs(request.args)), "/")
    if isinstance(error, InvalidQuery):
        details = of_parameters(error.problems)
        context = results_page.problems(error.problems, query, urls, names, site.lang)
        if len(query.q) > MAX_Q:
            context["need_url"] = need_url(query.q, responding.services().search.mappings, site)
    else:
        details, context = (
            engine_away(error),
            {**search_form(query, urls, names), "again": urls.keep()},
        )
    return responding.refused(
        responding.drawn("search.html", site, urls, context), details, site.lang
    )


def map_pairs(arguments: Mapping[str, str]) -> Pairs:
    """What keeps the map open in the page's addresses; nothing for the list alone."""
    return (OPEN,) if arguments.get(VIEW) == OPEN[1] else ()


def map_context(
    answer: Answer,
    cards: Sequence[dict[str, Any]],
    nearest: Sequence[dict[str, Any]],
    names: Names,
    urls: PageUrls,
    settings: Settings,
    t: Translate,
) -> dict[str, Any]:
    """What the map's template shows. `views`: the list or the map, one click from the other; `map`:
    what `page_map.html` shows, or None.

    `cards`: those of the page. The map stays open when nothing is found: it may be where somebody
    moved it.
    """
    opened = OPEN in urls.pairs
    return {
        "views": [
            {
                "name": "list",
                "label": t("page.list"),
                "url": urls.keep(view=None),
                "selected": not opened,
            },
            {
                "name": "map",
                "label": t("page.map"),
                "url": urls.keep(view=OPEN[1]),
                "selected": opened,
            },
        ]
        if opened or answer.page.total
        else [],
        "map": {
            **source(answer, urls, settings),
            **still(answer, cards or nearest, names, urls),
            "fit": ",".join(
                f"{edge:.4f}"
                for edge in first_view(answer, cards or nearest, names.gazetteer) or ()
            ),
        }
        if opened
        else None,
    }


def first_view(
    answer: Answer, cards: Sequence[dict[str, Any]], gazetteer: Gazetteer
) -> zone_map.Box | None:
    """What the map shows first, so that it holds the place asked for and the cards; None where no
    place is asked for. A circle that nobody asked for is not held whole; where nobody was found,
    the cards are the nearest.
    """
    centre, targets = answer.plan.where.centre, answer.plan.request.targets
    areas = [
        zone_map.outline_box(code)
        for target in targets
        for code in zone_map.departments_of(
            (
                *(f"region:{code}" for code in target.regions),
                *(f"department:{code}" for code in target.departments),
            ),
            gazetteer,
        )
        if code in outline_map.geometries()
    ]
    if not answer.plan.circle:
        areas += [zone_map.around(*circle) for circle in sourcing.circles(answer)]
    towns = zone_map.commune_points(
        (f"commune:{code}" for target in targets for code in target.communes), gazetteer
    )
    asked = [(centre.lat, centre.lon)] if centre else [*towns]
    if not (areas or asked):
        return None
    seats = [
        (card["location"]["lat"], card["location"]["lon"]) for card in cards if card["location"]
    ]
    return zone_map.first_view(areas, [*asked, *seats], nobody=not answer.page.total)


def source(answer: Answer, urls: PageUrls, settings: Settings) -> dict[str, Any]:
    """Where the scripts find what they draw. `here` lacks the frame, which comes last; `circles`
    are (lat, lon, km).
    """
    searched = urls.without(*NOT_OF_A_LIST, "bbox", VIEW)
    centre = answer.plan.where.centre
    return {
        "points": PageUrls(searched, f"{API_PATH}map").set(),
        "profiles": f"{API_PATH}suppliers/",
        "here": urls.before("bbox", chips.anywhere(answer)),
        "frame": written(answer.plan.query.bbox) if answer.plan.query.bbox else "",
        "circles": sourcing.circles(answer),
        "centre": (centre.lat, centre.lon) if centre else None,
        "tiles": settings.tiles_from[0],
        "attribution": settings.tiles_from[1],
    }


def still(
    answer: Answer, cards: Sequence[dict[str, Any]], names: Names, urls: PageUrls
) -> dict[str, Any]:
    """A map without scripts: `zone`, a map of the page's suppliers, when a circle or the page holds
    everyone; else `areas`, counted.
    """
    seated = [one for one in cards if one["location"]]
    around = sourcing.circles(answer)
    if around or answer.page.total <= len(cards):
        seats = [(one["location"]["lat"], one["location"]["lon"]) for one in seated]
        drawn = zone_map.draw(seats, around, gazetteer=names.gazetteer)
        if drawn is not None:
            first = (answer.plan.query.page - 1) * answer.plan.query.per_page + 1
            ranks = [at for at, one in enumerate(cards, first) if one["location"]]
            return {"zone": drawn, "seated": seated, "ranks": ranks}
    return {
        "zone": None,
        "view_box": (outline_map.WIDTH, outline_map.HEIGHT),
        **areas(answer, urls),
    }


def areas(answer: Answer, urls: PageUrls) -> dict[str, Any]:
    """Regions, or the departments of the only one, each with its suppliers, a shade, and the search
    that keeps to it; the shapes are in `bundles.OUTLINES`.

    `empty`: shapes without a supplier; `unplaced`: suppliers without an area.
    """
    name, shapes, beyond = "region", outline_map.whole_regions(), set[str]()
    found = sourcing.counted(answer.facets.get(name, ()))
    if len(found) == 1 and (only := found[0]["value"]) in outline_map.regions():
        name, shapes, beyond = "department", outline_map.regions()[only], {*shapes} - {f"r{only}"}
        found = sourcing.counted(answer.facets.get(name, ()))
    held = {one["value"]: one for one in found}
    limits = figures_page.steps(one["count"] for one in found)
    return {
        "areas": [
            {
                "id": id,
                "label": one["label"],
                "count": one["count"],
                "step": figures_page.step(one["count"], limits),
                "url": urls.set(**chips.choose(answer, name, (one["value"],))),
                "shape": shape,
            }
            for id, shape in shapes.items()
            if (one := held.get(shape.code))
        ],
        "hint": f"map.{name}s",
        "unplaced": answer.page.total - sum(one["count"] for one in found),
        "empty": [*sorted(beyond), *(id for id, shape in shapes.items() if shape.code not in held)],
    }
