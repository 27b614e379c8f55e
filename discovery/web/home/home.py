"""The page that one comes to: a promise, the box, trades and phrases that find somebody, and how many there are.

What it is made of is gathered once for a state of the index, in each language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app

from discovery.config.vocabulary import LANGS, Lang
from discovery.engine.port import EngineUnavailable
from discovery.facets import FacetValue
from discovery.figures.cached import Cached
from discovery.search.query import Query
from discovery.search.service import SearchService
from discovery.web.frame import responding
from discovery.web.frame.urls import PageUrls, Pairs
from discovery.web.home.example_phrases import Doors, drawn
from discovery.web.results.chips import Link

KEPT = "discovery.home"
EVERYONE: Pairs = (("view", "list"),)
"""What asks for the list of everyone, where nothing else is asked."""


@dataclass(frozen=True, slots=True)
class Home:
    """`facets`: kind_group, sector_group, department, of all that is open."""

    total: int
    facets: Mapping[str, Sequence[FacetValue]]
    doors: Doors


def gather(search: SearchService, lang: Lang) -> Home:
    """What the home page shows. Raises EngineUnavailable."""
    whole = search.search(Query(facets=("kind_group", "sector_group", "department"), lang=lang, per_page=1))
    return Home(whole.page.total, whole.facets, drawn(search, lang))


def kept_homes() -> Mapping[str, Cached[Home]]:
    """What the home page shows, kept, by language."""
    return {lang: _kept(lang) for lang in LANGS}


def _kept(lang: Lang) -> Cached[Home]:
    return Cached(lambda search: gather(search, lang))


def current(lang: str) -> Home:
    """What the home page of this process shows. Raises EngineUnavailable when it has nothing kept and can't gather
    any."""
    kept: Mapping[str, Cached[Home]] = current_app.extensions[KEPT]
    return kept[lang].of(responding.services().search)


def asked(arguments: Mapping[str, str]) -> bool:
    """Whether an address asks for nothing but a language."""
    return all(name == "lang" or not value.strip() for name, value in arguments.items())


def context(home: Home, urls: PageUrls) -> dict[str, Any]:
    """What `home.html` shows."""
    return {
        "total": home.total,
        "departments": sum(1 for one in home.facets.get("department", ()) if one.count),
        "families": [
            {"label": one.label, "count": one.count, "url": urls.set(kind_group=one.value)}
            for one in home.facets.get("kind_group", ())
            if one.count
        ],
        "trades": [
            {"slug": one.slug, "label": one.label, "count": one.count, "url": urls.set(q=one.phrase)}
            for one in home.doors.trades
        ],
        "groups": [
            {"label": one.label, "count": one.count, "url": urls.set(sector=one.value)}
            for one in home.facets.get("sector_group", ())
        ],
        "examples": examples(home, urls),
        "everyone_url": urls.set(**dict(EVERYONE)),
    }


def examples(home: Home, urls: PageUrls) -> list[Link]:
    """Phrases to try, from nothing but the language."""
    return [Link(phrase, urls.set(q=phrase)) for phrase in home.doors.phrases]


def examples_at_hand(lang: str) -> list[Link]:
    """The same for a page that has something else to say; none while the engine is away."""
    try:
        return examples(current(lang), responding.home(responding.site(lang)))
    except EngineUnavailable:
        return []
