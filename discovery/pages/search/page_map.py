"""The map of a search page: whether it is open, what the scripts draw it from, and a still one without them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from discovery.answers.links import written
from discovery.answers.supplier import Names
from discovery.http.api.map import NOT_OF_A_LIST
from discovery.mappings import Settings
from discovery.pages.figures import page as figures_page
from discovery.pages.frame.urls import VIEW, PageUrls, Pairs
from discovery.pages.maps import outline_map, zone_map
from discovery.pages.results import choices
from discovery.pages.sourcing import view as sourcing
from discovery.search.answer import Answer
from discovery.texts import Translate

OPEN = (VIEW, "map")
API_PATH = "/api/v1/"


def asked(arguments: Mapping[str, str]) -> Pairs:
    """What keeps the map open in the page's addresses; nothing for the list alone."""
    return (OPEN,) if arguments.get(VIEW) == OPEN[1] else ()


def context(
    answer: Answer, cards: Sequence[dict[str, Any]], names: Names, urls: PageUrls, settings: Settings, t: Translate
) -> dict[str, Any]:
    """What the map's template shows. `views`: the list or the map, one click from the other; `map`: what
    `page_map.html` shows, or None.

    `cards`: those of the page. The map stays open when nothing is found: it may be where somebody moved it.
    """
    opened = OPEN in urls.pairs
    return {
        "views": [
            {"name": "list", "label": t("page.list"), "url": urls.keep(view=None), "selected": not opened},
            {"name": "map", "label": t("page.map"), "url": urls.keep(view=OPEN[1]), "selected": opened},
        ]
        if opened or answer.page.total
        else [],
        "map": {**source(answer, urls, settings), **still(answer, cards, names, urls)} if opened else None,
    }


def source(answer: Answer, urls: PageUrls, settings: Settings) -> dict[str, Any]:
    """Where the scripts find what they draw. `here` lacks the frame, which comes last; `circles` are (lat, lon, km)."""
    searched = urls.without(*NOT_OF_A_LIST, "bbox", VIEW)
    centre = answer.plan.where.centre
    return {
        "points": PageUrls(searched, f"{API_PATH}map").set(),
        "profiles": f"{API_PATH}suppliers/",
        "here": urls.before("bbox", choices.anywhere(answer)),
        "frame": written(answer.plan.query.bbox) if answer.plan.query.bbox else "",
        "circles": sourcing.circles(answer),
        "centre": (centre.lat, centre.lon) if centre else None,
        "tiles": settings.tiles_from[0],
        "attribution": settings.tiles_from[1],
    }


def still(answer: Answer, cards: Sequence[dict[str, Any]], names: Names, urls: PageUrls) -> dict[str, Any]:
    """A map without scripts: `zone`, a map of the page's suppliers, when a circle or the page holds everyone; else
    `departments`, counted."""
    seated = [one for one in cards if one["location"]]
    around = sourcing.circles(answer)
    if around or answer.page.total <= len(cards):
        seats = [(one["location"]["lat"], one["location"]["lon"]) for one in seated]
        drawn = zone_map.draw(seats, around, gazetteer=names.gazetteer)
        if drawn is not None:
            first = (answer.plan.query.page - 1) * answer.plan.query.per_page + 1
            ranks = [at for at, one in enumerate(cards, first) if one["location"]]
            return {"zone": drawn, "seated": seated, "ranks": ranks}
    return {"zone": None, "view_box": (outline_map.WIDTH, outline_map.HEIGHT), **departments(answer, urls)}


def departments(answer: Answer, urls: PageUrls) -> dict[str, Any]:
    """Each with its suppliers, a shade, and the search that keeps to it; the shapes are in `bundles.OUTLINES`.

    `empty`: shapes without a supplier; `unplaced`: suppliers without a department.
    """
    found = sourcing.counted(answer.facets.get("department", ()))
    counts = {one.value: one.count for one in found}
    labels = {one.value: one.label for one in found}
    limits = figures_page.steps(counts.values())
    return {
        "departments": [
            {
                "id": id,
                "label": labels[shape.code],
                "count": counts[shape.code],
                "step": figures_page.step(counts[shape.code], limits),
                "url": urls.change(choices.choose(answer, "department", (shape.code,))),
                "x": shape.x,
                "y": shape.y,
                "numbered": shape.numbered,
            }
            for id, shape in outline_map.named().items()
            if shape.code in counts
        ],
        "unplaced": answer.page.total - sum(counts.values()),
        "empty": [id for id, shape in outline_map.named().items() if shape.code not in counts],
    }
