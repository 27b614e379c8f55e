"""Facets as lists of links: one click chooses a value or drops it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from discovery.mappings.vocabulary import Vocabulary
from discovery.model.attributes import FOLDED, PAGE_ORDER
from discovery.pages.frame.urls import PageUrls, encoded
from discovery.pages.results.chips import choose, chosen, switch
from discovery.places import normalise
from discovery.search.answer import Answer
from discovery.search.facets import BY_NAME, FacetValue
from discovery.texts import Translate, written

ORDER = PAGE_ORDER
"""What a buyer narrows by first comes first: where, what, from whom; then trust and size. Groups of sectors are the
branches of the tree of sectors."""
SHUT = FOLDED
"""Facets that are folded until a value of theirs is chosen."""

SWITCHES = frozenset({"coverage", "national"})
"""Facets of which one value always holds."""
SHOWN = 6
"""Values of one facet before "show more"; chosen ones are shown besides."""
MIN_FOLDED = 3
"""Fewer values than that are not worth a click."""
LONG = 10
"""Values above which a list has a box to look for one."""
TAIL = 8
"""Folded values of one facet that a page holds; of more, it holds the address of a page that has them."""
WHOLE = "whole"
"""The page's own parameter: the facet that has all its values, few or many."""


@dataclass(frozen=True, slots=True)
class Value:
    """`code`: shown before the label when people know it by heart (ESAT); `url`: what a click leads to; `within`: the
    sectors of a group; `left`: how many of them are left to the facet's whole page."""

    id: str
    code: str
    label: str
    count: str
    selected: bool
    url: str
    within: tuple[Value, ...] = ()
    left: int = 0

    @property
    def chosen(self) -> int:
        """How many are chosen, of this one and those within."""
        return self.selected + sum(one.selected for one in self.within)


@dataclass(frozen=True, slots=True)
class FacetList:
    """`first`: shown at once; `rest`: folded away; `left`: how many more are on the page at `whole`. `idle`: no value
    would leave fewer suppliers, and some."""

    name: str
    title: str
    first: tuple[Value, ...]
    rest: tuple[Value, ...]
    left: int = 0
    whole: str = ""
    idle: bool = False

    @property
    def chosen(self) -> int:
        """How many values filter; of a switch, none: one always holds."""
        return 0 if self.switch else sum(one.chosen for one in self.first)

    @property
    def switch(self) -> bool:
        """Whether it is shown as a switch between its values."""
        return self.name in SWITCHES

    @property
    def open(self) -> bool:
        """Whether it is shown unfolded."""
        return self.chosen > 0 or not (self.name in SHUT or self.idle)

    @property
    def long(self) -> bool:
        """Whether it has a box to look through it."""
        values = (*self.first, *self.rest)
        return len(values) + sum(len(one.within) for one in values) > LONG or bool(self.whole)


def facet_lists(
    answer: Answer, urls: PageUrls, vocabulary: Vocabulary, t: Translate, whole: str = ""
) -> list[FacetList]:
    """The facets that have values, in the page's order; `coverage` only when the search looks somewhere. `whole`:
    the facet that has all of its values."""
    made = []
    for name in ORDER:
        values, left, more = _values(name, answer, urls, vocabulary, t, whole=name == whole)
        if not values or (name == "coverage" and not has_where(answer)):
            continue
        first, rest = (values, []) if left else _folded(values, fixed=BY_NAME[name].fixed)
        title = t(f"search.{name}" if name in SWITCHES else f"label.facet.{name}")
        address = f"{urls.keep(**{WHOLE: name})}#fold-{name}" if more else ""
        counts = [one.count for one in answer.facets.get(name, ())]
        idle = not any(0 < count < max(answer.page.total, *counts) for count in counts)
        made.append(FacetList(name, title, tuple(first), tuple(rest), left, address, idle))
    return made


def _values(
    name: str, answer: Answer, urls: PageUrls, vocabulary: Vocabulary, t: Translate, *, whole: bool
) -> tuple[list[Value], int, bool]:
    """(values, how many folded ones are left out, whether any are, those within others too)."""
    values = _known(name, answer.facets.get(name, ()), vocabulary)
    if name in SWITCHES:
        return _switch(name, values, answer, urls, t), 0, False
    if name == "sector":
        groups = _known("sector_group", answer.facets.get("sector_group", ()), vocabulary)
        short = not whole and len(values) > TAIL
        chosen_within = {vocabulary.sectors[one.value].group for one in values if one.selected}
        shown, left = _shown(groups, chosen_within) if short and len(groups) >= SHOWN + MIN_FOLDED else (groups, 0)
        return _tree(shown, values, answer, urls, vocabulary, short=short), left, short
    if not whole and not BY_NAME[name].fixed and len(values) > SHOWN + TAIL:
        shown, left = _shown(values)
        return _list(name, shown, answer, urls), left, True
    return _list(name, values, answer, urls), 0, False


def _shown(values: list[FacetValue], chosen: Collection[str] = ()) -> tuple[list[FacetValue], int]:
    """(the chosen ones, then the first; how many others there are). `chosen`: besides those that are selected."""
    first = [one for one in values if one.selected or one.value in chosen]
    others = [one for one in values if not (one.selected or one.value in chosen)]
    room = max(SHOWN - len(first), 0)
    return [*first, *others[:room]], len(others[room:])


def has_where(answer: Answer) -> bool:
    """Whether the answer is bounded by places, a circle or a box."""
    return bool(answer.plan.request.targets) or answer.plan.request.box is not None


def _known(name: str, values: Iterable[FacetValue], vocabulary: Vocabulary) -> list[FacetValue]:
    """Those that can be asked for: an index may hold terms that the vocabulary has lost since."""
    if BY_NAME[name].source != "vocabulary":
        return list(values)
    terms = vocabulary.terms(name)
    return [one for one in values if one.value in terms]


def _list(name: str, values: Iterable[FacetValue], answer: Answer, urls: PageUrls) -> list[Value]:
    """Each value's link adds it to those chosen, or takes it away."""
    held = chosen(answer, BY_NAME[name].parameter)
    add = _adding(name, held, answer, urls)
    return [_value(name, one, add, held, answer, urls) for one in values]


def _tree(
    groups: Iterable[FacetValue],
    sectors: Iterable[FacetValue],
    answer: Answer,
    urls: PageUrls,
    vocabulary: Vocabulary,
    *,
    short: bool,
) -> list[Value]:
    """Groups, each with its sectors. A sector chosen within a chosen group takes its place, and the other way round:
    added to one another, the narrower would change nothing."""
    held = chosen(answer, "sector")
    inside: dict[str, list[FacetValue]] = {}
    for one in sectors:
        inside.setdefault(vocabulary.sectors[one.value].group, []).append(one)
    add = _adding("sector", held, answer, urls)
    found = []
    for group in groups:
        own = [one.value for one in vocabulary.sectors_of(group.value)]
        add_group = add_sector = add
        if group.selected:
            add_sector = _adding("sector", _less(held, group.value), answer, urls)
        if any(one in held for one in own):
            add_group = _adding("sector", _less(held, *own), answer, urls)
        leaves = inside.get(group.value, ())
        if short and not group.selected and not any(one.selected for one in leaves):
            found.append(replace(_value("sector_group", group, add_group, held, answer, urls), left=len(leaves)))
            continue
        within = [_value("sector", one, add_sector, held, answer, urls) for one in leaves]
        within.sort(key=lambda one: not one.selected)
        made = _value("sector_group", group, add_group, held, answer, urls)
        found.append(replace(made, within=tuple(within)))
    return found


def _adding(name: str, held: tuple[str, ...], answer: Answer, urls: PageUrls) -> str:
    """The address with those values chosen, and one more whose encoded value is all that is missing."""
    parameter = BY_NAME[name].parameter
    start = urls.before(parameter, choose(answer, parameter, (*held, "")))
    return start + encoded(",".join(held) + ",") if held else start


def _value(name: str, one: FacetValue, add: str, held: tuple[str, ...], answer: Answer, urls: PageUrls) -> Value:
    parameter = BY_NAME[name].parameter
    url = urls.change(choose(answer, parameter, _less(held, one.value))) if one.selected else add + encoded(one.value)
    count = written_count(one.count, answer.plan.query.lang)
    return Value(f"{name}-{one.value}", one.value if name == "kind" else "", one.label, count, one.selected, url)


def _less(held: tuple[str, ...], *gone: str) -> tuple[str, ...]:
    return tuple(value for value in held if value not in gone)


def _switch(name: str, values: Iterable[FacetValue], answer: Answer, urls: PageUrls, t: Translate) -> list[Value]:
    """One of several always holds."""
    return [
        Value(
            f"{name}-{one.value}",
            "",
            t(f"search.{name}_{one.value}"),
            written_count(one.count, answer.plan.query.lang),
            one.selected,
            urls.change(switch(answer, name, one.value)),
        )
        for one in values
    ]


def _folded(values: list[Value], *, fixed: bool) -> tuple[list[Value], list[Value]]:
    """(shown at once: the chosen ones, then the first; folded away: the others, in the order of the alphabet)."""
    if fixed:
        return values, []
    first = [one for one in values if one.chosen]
    others = [one for one in values if not one.chosen]
    if len(values) < SHOWN + MIN_FOLDED:
        return [*first, *others], []
    room = max(SHOWN - len(first), 0)
    return [*first, *others[:room]], sorted(others[room:], key=lambda one: normalise(one.code or one.label))


@lru_cache(4096)
def written_count(count: int, lang: str) -> str:
    return written(count, lang)
