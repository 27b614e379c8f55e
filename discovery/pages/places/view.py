"""`/lieux`: a need in several places, as a table of who serves which; same parameters as the search
itself.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, request

from discovery.answers import links
from discovery.answers.supplier import Names, card
from discovery.engine.port import Coverage, Hit, ServesBy
from discovery.http.api.endpoint import readable
from discovery.http.requests import note
from discovery.model import dataclass, replace
from discovery.pages.frame import responding
from discovery.pages.frame.responding import search_form
from discovery.pages.frame.urls import PLACES_PATH, PageUrls
from discovery.pages.results import chips
from discovery.search.answer import Answer
from discovery.search.query import MAX_PER_PAGE
from discovery.texts import Translate, typesetter

MAX_ROWS = 50
LOOKED_AT = MAX_PER_PAGE
"""Suppliers of each place that are held against those of the others: its first."""


@dataclass(frozen=True, slots=True)
class Cell:
    """How a supplier serves a place. `far`: kilometres from it, in words; "" where it has no
    centre.
    """

    said: str
    far: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A supplier; `cells`: one a place, None where it is not among those found there."""

    shown: Mapping[str, Any]
    cells: tuple[Cell | None, ...]

    @property
    def served(self) -> int:
        """Places where it is known to work: a zone that nobody confirmed is told, and counts for
        none.
        """
        return sum(one is not None and one.sure for one in self.cells)


def compared(
    asked: Answer,
    found: Mapping[str, Answer],
    names: Names,
    urls: PageUrls,
    t: Translate,
    lang: str,
) -> dict[str, Any]:
    """`found`: code of a place → the answer to the same need there. Those who serve most places
    come first, then those who stand first where they do.
    """
    places = [
        {"label": names.gazetteer.label(code, lang), "total": one.page.total, "url": _there(asked, code, urls),
         "untold": one.unknown_trades.total if one.unknown_trades else 0}
        for code, one in found.items()
    ]  # fmt: skip
    rows = _rows([one.page.hits for one in found.values()], names, t, lang)
    return {
        "places": places,
        "rows": rows[:MAX_ROWS],
        "more": len(rows[MAX_ROWS:]),
        "everywhere": sum(one.served == len(places) for one in rows),
        "whole": all(one.page.total <= LOOKED_AT for one in found.values()),
        "looked_at": LOOKED_AT,
    }


def _there(asked: Answer, code: str, urls: PageUrls) -> str:
    """The same search in one place: its words for the others go."""
    gone = [piece for piece in asked.plan.reading.pieces if piece.type == "place"]
    return urls.set(**{**chips.drop_pieces(asked, gone), "place": (code,), "near": None})


def _rows(columns: Sequence[Sequence[Hit]], names: Names, t: Translate, lang: str) -> list[Row]:
    hits = {hit.id: hit for column in columns for hit in column}
    cells = [{hit.id: _cell(hit, t, lang) for hit in column} for column in columns]
    ranks = [{hit.id: rank for rank, hit in enumerate(column)} for column in columns]
    rows = {
        id_: Row(
            card(hit.document["public"], names, lang), tuple(column.get(id_) for column in cells)
        )
        for id_, hit in hits.items()
    }
    best = {id_: min(rank[id_] for rank in ranks if id_ in rank) for id_ in rows}
    return [rows[id_] for id_ in sorted(rows, key=lambda one: (-rows[one].served, best[one], one))]


def _cell(hit: Hit, t: Translate, lang: str) -> Cell:
    far = "" if hit.distance_km is None else f"{responding.km(hit.distance_km, lang)} km"
    if hit.coverage is Coverage.LOCATED:
        return Cell(t("selection.located"), far, sure=True)
    if hit.serves_by is ServesBy.PRESUMED:
        return Cell(t("selection.not_said"), far, sure=False)
    return Cell(t("selection.serves"), far, sure=True)


NOT_OF_A_TABLE = frozenset({"page", "per_page", "facets", "sort"})

blueprint = Blueprint("places", __name__)


@blueprint.get(PLACES_PATH)
def table() -> Response:
    """The table of a search's suppliers, place by place. Raises InvalidQuery and EngineUnavailable:
    it is opened from a search that works.
    """
    services, site = responding.services(), responding.site()
    query = readable(services.search, request.args)
    bare = replace(query, page=1, per_page=LOOKED_AT, facets=(), sort="relevance")
    with services.search.at_once() as search:
        asked = search.search(replace(bare, per_page=1), proposing=False)
        found = {
            code: search.search(replace(bare, place=(code,), near=""), proposing=False)
            for code in chips.places_of(asked, services.gazetteer)
        }
    note(total=asked.page.total, zero=asked.page.total == 0)
    urls = PageUrls([pair for pair in links.pairs(query) if pair[0] not in NOT_OF_A_TABLE], "/")
    t, names = typesetter(site.lang), services.presenter.names
    context = {
        **search_form(query, urls, names),
        **compared(asked, found, names, urls, t, site.lang),
        "search_url": urls.set(),
    }
    here = PageUrls(urls.pairs, PLACES_PATH)
    return responding.html(responding.drawn("places.html", site, here, context))
