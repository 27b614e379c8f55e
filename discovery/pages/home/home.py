"""The page that one comes to: a promise, the box, trades and phrases that find somebody, and how
many there are.

What it is made of is gathered once for a state of the index, in each language.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Any

from flask import current_app

from discovery.answers.figures import Cached
from discovery.engine.port import EngineUnavailable
from discovery.mappings.vocabulary import LANGS, Lang
from discovery.model import dataclass
from discovery.pages.frame import responding
from discovery.pages.frame.responding import Site
from discovery.pages.frame.urls import Pairs
from discovery.pages.results.chips import Link
from discovery.places import Place
from discovery.places.names import of
from discovery.search.query import Query
from discovery.search.service import SearchService
from discovery.texts import section

SHOWN = 6
MIN_HITS = 3
"""Suppliers that a phrase to try finds at least."""
MAX_PLACES = 3
"""Departments tried for a phrase: those with the most suppliers of the trade."""


@dataclass(frozen=True, slots=True)
class Trade:
    """`phrase` finds `count` suppliers; `slug` names its drawing."""

    slug: str
    label: str
    phrase: str
    count: int


def drawn_trades() -> list[str]:
    """Sectors that have a drawing: what buyers ask for most."""
    drawings: Any = responding.environment(LANGS[0]).get_template("drawings.html").module
    return [slug for slug in drawings.drawings if slug]


def _trades(search: SearchService, lang: Lang) -> Iterator[Trade]:
    """Those that are open, and have suppliers. Where no trade with a drawing is open, the others."""
    sectors = search.mappings.vocabulary.sectors
    opened = [slug for slug in sectors if search.scope.opens("sector", slug)]
    labels = {
        slug: sectors[slug].label(lang)
        for slug in [slug for slug in drawn_trades() if slug in opened] or opened
    }
    words = (label.replace("&", "et").split() for label in labels.values())
    phrases = [
        " ".join(word if word.isupper() else word.lower() for word in spoken) for spoken in words
    ]
    counts = search.totals([search.settled(Query(q=phrase, lang=lang)) for phrase in phrases])
    for (slug, label), phrase, count in zip(labels.items(), phrases, counts, strict=True):
        if count:
            yield Trade(slug, label, phrase, count)


def _phrases(search: SearchService, trades: list[Trade], lang: Lang) -> Iterator[str]:
    """A trade, a place and a form each, all different."""
    used: set[str] = set()
    forms = iter(_forms(lang))
    form = next(forms)
    for trade in trades:
        tried = list(_tried(search, trade, form, used, lang))
        plans = [search.settled(Query(q=phrase, lang=lang)) for _, phrase in tried]
        for (department, phrase), plan, count in zip(
            tried, plans, search.totals(plans), strict=True
        ):
            if plan.recognised and count >= MIN_HITS:
                used.add(department)
                yield phrase
                form = next(forms, "")
                break
        if not form:
            return


def _tried(
    search: SearchService, trade: Trade, form: str, used: set[str], lang: Lang
) -> Iterator[tuple[str, str]]:
    """(department, phrase): not one used already, if that can be; then where the trade has the most
    suppliers.
    """
    asked = Query(q=trade.phrase, facets=("department", "kind"), lang=lang, per_page=1)
    found = search.search(asked, proposing=False).facets
    kinds = sorted(found.get("kind", ()), key=lambda one: -one["count"])
    places = sorted(
        found.get("department", ()), key=lambda one: (one["value"] in used, -one["count"])
    )
    for place in places[:MAX_PLACES]:
        department = search.gazetteer.department(place["value"])
        town = next(iter(search.gazetteer.main_towns(Place("department", place["value"]), 1)), None)
        if town and department and kinds:
            where = {
                "of": of(town.name) if lang == "fr" else town.name,
                "department": department.name,
            }
            yield place["value"], form.format(trade=trade.phrase, kind=kinds[0]["value"], **where)


def _forms(lang: Lang) -> tuple[str, ...]:
    """What buyers type, with room for a trade, a kind and a place."""
    return tuple(section("home.phrase", lang).values())


KEPT = "discovery.home"
EVERYONE: Pairs = (("view", "list"),)
"""What asks for the list of everyone, where nothing else is asked."""


def gather(search: SearchService, lang: Lang) -> dict[str, Any]:
    """What `home.html` shows; no trades and no phrases of an empty index. `described`: suppliers of
    whom a trade is known. What is a link stands with its address. Raises EngineUnavailable.
    """
    whole = search.search(
        Query(facets=("kind_group", "sector_group", "department"), lang=lang, per_page=1)
    )
    (untold,) = search.totals([search.settled(Query(trades="unknown", lang=lang))])
    trades = sorted(_trades(search, lang), key=lambda one: -one.count)
    phrases = islice(_phrases(search, trades, lang), len(_forms(lang)))
    total, facets, urls = whole.page.total, whole.facets, responding.home(Site(lang))
    return {
        "total": total,
        "described": total - untold,
        "departments": sum(1 for one in facets.get("department", ()) if one["count"]),
        "families": [
            (one, urls.set(kind_group=one["value"]))
            for one in facets.get("kind_group", ())
            if one["count"]
        ],
        "trades": [(one, urls.set(q=one.phrase)) for one in trades[:SHOWN]],
        "groups": [(one, urls.set(sector=one["value"])) for one in facets.get("sector_group", ())],
        "examples": [Link(phrase, urls.set(q=phrase)) for phrase in phrases],
        "everyone_url": urls.set(**dict(EVERYONE)),
    }


def kept_homes() -> Mapping[str, Cached[dict[str, Any]]]:
    """What the home page shows, kept, by language."""
    return {lang: Cached(partial(gather, lang=lang)) for lang in LANGS}


def current(lang: str) -> dict[str, Any]:
    """What the home page of this process shows. Raises EngineUnavailable."""
    kept: Mapping[str, Cached[dict[str, Any]]] = current_app.extensions[KEPT]
    return kept[lang].of(responding.services().search)


def examples_at_hand(lang: str) -> list[Link]:
    """Phrases to try, for a page that has something else to say; none while the engine is away."""
    try:
        return list(current(lang)["examples"])
    except EngineUnavailable:
        return []
