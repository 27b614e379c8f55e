"""Facets as lists of links: one click chooses a value or drops it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from discovery.config.vocabulary import Vocabulary
from discovery.facets import BY_NAME, FacetValue
from discovery.gazetteer import normalise
from discovery.present.messages import FACET_TITLES
from discovery.search.answer import Answer
from discovery.web import formats
from discovery.web.choices import choose, chosen, switch
from discovery.web.urls import PageUrls, encoded

ORDER = (
    "coverage",
    "sector_group",
    "sector",
    "kind_group",
    "kind",
    "service_type",
    "national",
    "region",
    "department",
    "certification",
    "network",
    "employees",
    "territory",
)
"""What a buyer narrows by first comes first: where, what, from whom; then trust and size."""

SWITCHES = frozenset({"coverage", "national"})
"""Facets of which one value always holds."""
SHOWN = 6
"""Values of one facet before "show more"; chosen ones are shown besides."""
LEAST_FOLDED = 3
"""Fewer values than that are not worth a click."""
MOST_SECTORS = 40
"""Sectors listed while no group is chosen: the others are within their group."""


@dataclass(frozen=True, slots=True)
class Value:
    """`code`: shown before the label when people know it by heart (ESAT); `url`: what a click leads to."""

    id: str
    code: str
    label: str
    count: str
    selected: bool
    url: str


@dataclass(frozen=True, slots=True)
class FacetList:
    name: str
    title: str
    first: tuple[Value, ...]
    rest: tuple[Value, ...]


def facet_lists(answer: Answer, urls: PageUrls, vocabulary: Vocabulary) -> list[FacetList]:
    """Those that have values, in the page's order; `coverage` only when the search looks somewhere."""
    lang = answer.query.lang
    made = []
    for name in ORDER:
        values = _known(name, answer.facets.get(name, ()), vocabulary)
        if name == "sector":
            values = _relevant_sectors(values, answer, vocabulary)
        if not values or (name == "coverage" and not has_where(answer)):
            continue
        listed = _switch if name in SWITCHES else _list
        first, rest = _folded(listed(name, values, answer, urls), fixed=BY_NAME[name].fixed)
        made.append(FacetList(name, FACET_TITLES[name][lang], tuple(first), tuple(rest)))
    return made


def has_where(answer: Answer) -> bool:
    """Whether the answer is bounded by places, a circle or a box."""
    return bool(answer.request.targets) or answer.request.box is not None


def _known(name: str, values: Iterable[FacetValue], vocabulary: Vocabulary) -> list[FacetValue]:
    """Those that can be asked for: an index may hold terms that the vocabulary has lost since."""
    if BY_NAME[name].source != "vocabulary":
        return list(values)
    terms = vocabulary.terms(name)
    return [one for one in values if one.value in terms]


def _list(name: str, values: Iterable[FacetValue], answer: Answer, urls: PageUrls) -> list[Value]:
    """Each value's link adds it to those chosen, or takes it away."""
    parameter, lang = BY_NAME[name].parameter, answer.query.lang
    held = chosen(answer, parameter)
    start = urls.before(parameter, choose(answer, parameter, (*held, "")))
    if held:
        start += encoded(",".join(held) + ",")
    found = []
    for one in values:
        if one.selected:
            url = urls.change(choose(answer, parameter, tuple(value for value in held if value != one.value)))
        else:
            url = start + encoded(one.value)
        code, label = ("", one.label) if name != "kind" else (one.value, one.label)
        found.append(Value(f"{name}-{one.value}", code, label, written_count(one.count, lang), one.selected, url))
    return found


def _switch(name: str, values: Iterable[FacetValue], answer: Answer, urls: PageUrls) -> list[Value]:
    """One of several always holds."""
    return [
        Value(
            f"{name}-{one.value}",
            "",
            one.label,
            written_count(one.count, answer.query.lang),
            one.selected,
            urls.change(switch(answer, name, one.value)),
        )
        for one in values
    ]


def _relevant_sectors(values: list[FacetValue], answer: Answer, vocabulary: Vocabulary) -> list[FacetValue]:
    """Sectors of the chosen groups, else the most frequent ones; a chosen sector always."""
    groups = {value for value in answer.request.filters.sector if value in vocabulary.sector_groups}
    if not groups:
        return [*values[:MOST_SECTORS], *(one for one in values[MOST_SECTORS:] if one.selected)]
    sectors = vocabulary.sectors
    return [one for one in values if one.selected or (one.value in sectors and sectors[one.value].group in groups)]


def _folded(values: list[Value], *, fixed: bool) -> tuple[list[Value], list[Value]]:
    """(shown at once: the chosen ones, then the first; folded away: the others, in the order of the alphabet)."""
    if fixed or len(values) < SHOWN + LEAST_FOLDED:
        return values, []
    first = [one for one in values if one.selected]
    others = [one for one in values if not one.selected]
    room = max(SHOWN - len(first), 0)
    return [*first, *others[:room]], sorted(others[room:], key=lambda one: _alphabetical(one.code or one.label))


@lru_cache(1024)
def _alphabetical(label: str) -> str:
    return normalise(label)


@lru_cache(4096)
def written_count(count: int, lang: str) -> str:
    return formats.number(count, lang)
