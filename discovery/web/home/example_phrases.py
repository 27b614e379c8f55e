"""Trades to begin with and phrases to try, drawn from the index at hand: each of them finds somebody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from discovery.config.vocabulary import Lang
from discovery.gazetteer.names import of
from discovery.locales import section
from discovery.search.query import Query
from discovery.search.service import SearchService

TRADES = (
    "nettoyage-de-locaux",
    "creation-et-entretien-des-espaces-verts",
    "traiteur",
    "blanchisserie",
    "logistique-conditionnement",
    "menuiserie",
    "peinture-revetement-des-murs",
    "mailing-archivage-secretariat",
    "collecte-d-encombrants",
    "demenagement",
)
"""Sectors that have a drawing: what buyers ask for most."""
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


@dataclass(frozen=True, slots=True)
class Doors:
    """Ways in: trades, those with the most suppliers first; phrases to try."""

    trades: tuple[Trade, ...]
    phrases: tuple[str, ...]


def drawn(search: SearchService, lang: Lang) -> Doors:
    """Trades to begin with and phrases to try; none of an empty index. Raises EngineUnavailable."""
    trades = sorted(_trades(search, lang), key=lambda one: -one.count)
    return Doors(tuple(trades[:SHOWN]), tuple(islice(_phrases(search, trades, lang), len(_forms(lang)))))


def _trades(search: SearchService, lang: Lang) -> Iterator[Trade]:
    """Those that are open, and have suppliers. Where no trade with a drawing is open, the others."""
    sectors = search.mappings.vocabulary.sectors
    opened = [slug for slug in sectors if search.scope.opens("sector", slug)]
    labels = {slug: sectors[slug].label(lang) for slug in [slug for slug in TRADES if slug in opened] or opened}
    phrases = [_within_a_phrase(label) for label in labels.values()]
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
        for (department, phrase), plan, count in zip(tried, plans, search.totals(plans), strict=True):
            if plan.recognised and count >= MIN_HITS:
                used.add(department)
                yield phrase
                form = next(forms, "")
                break
        if not form:
            return


def _tried(search: SearchService, trade: Trade, form: str, used: set[str], lang: Lang) -> Iterator[tuple[str, str]]:
    """(department, phrase): not one used already, if that can be; then where the trade has the most suppliers."""
    asked = Query(q=trade.phrase, facets=("department", "kind"), lang=lang, per_page=1)
    found = search.search(asked, proposing=False).facets
    kinds = sorted(found.get("kind", ()), key=lambda one: -one.count)
    places = sorted(found.get("department", ()), key=lambda one: (one.value in used, -one.count))
    for place in places[:MAX_PLACES]:
        town = largest_town(search, place.value)
        department = search.gazetteer.department(place.value)
        if town and department and kinds:
            yield (
                place.value,
                form.format(
                    trade=trade.phrase,
                    of=of(town) if lang == "fr" else town,
                    department=department.name,
                    kind=kinds[0].value,
                ),
            )


def _forms(lang: Lang) -> tuple[str, ...]:
    """What buyers type, with room for a trade, a kind and a place."""
    return tuple(section("home.phrase", lang).values())


def largest_town(search: SearchService, department: str) -> str:
    """The name of its most populous commune; "" where none is known."""
    communes = search.gazetteer.communes()
    within = (one for one in communes if one.department == department and one.parent is None)
    found = max(within, key=lambda one: one.population, default=None)
    return found.name if found else ""


def _within_a_phrase(label: str) -> str:
    """In small letters, but for words that are all capitals."""
    return " ".join(word if word.isupper() else word.lower() for word in label.replace("&", "et").split())
