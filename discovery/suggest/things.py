"""Sectors and kinds by any of their names, in both languages: a sorted list of keys, searched by bisection."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from discovery.config.vocabulary import LANGS, Term, Vocabulary
from discovery.disk_cache import cached
from discovery.gazetteer.name_index import NearStarts
from discovery.suggest.model import Fit, Suggestion, Type
from discovery.suggest.phrase import Tail, keys_of

Shares = Mapping[str, float]
"""Sector or group → 0 to 1, how frequent it is among suppliers; unknown ones count for none."""

MAX_THINGS = 10
"""Things of one tail."""
_KIND = 0.45
"""There are a dozen kinds: when the letters meet one, it is likely."""
_SECTOR, _FREQUENT = 0.15, 0.4
_NOT_THE_LABEL, _OTHER_LANGUAGE = 0.05, 0.05
"""Taken from a synonym, and from a name of the other language: of two names met, the user's own is shown."""
_LENGTH = 0.002
"""Taken for each character of a name: of two names that start so, the shorter is nearer to being typed."""
_SHORTEST_LATER = 3
"""Letters below which only the start of names is looked at."""


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    """A term as a filter: `parameter` = `value`. `above`: the group that holds it."""

    type: Type
    parameter: str
    value: str
    term: Term
    above: Term | None = None


Name = tuple[Thing, str, str]
"""A thing with the language of one of its names ("" = every) and that name."""
Met = dict[Thing, tuple[float, str]]
"""Thing → its score and the name by which it was met."""


class Things:
    """Immutable; made in some hundredths of a second, so keep one per vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._names: list[Name] = [(thing, lang, text) for thing in _things(vocabulary) for lang, text in _names(thing)]
        texts = [text for _, _, text in self._names]
        found: tuple[list[str], list[tuple[int, bool]]] = cached(__file__, partial(_keyed, texts), texts=texts)
        self._keys, self._named = found  # key by key: the number of a name, and whether it is met from a later word on
        self._near = NearStarts(self._keys)

    def met(self, tail: Tail, lang: str, shares: Shares) -> list[Suggestion]:
        """The likeliest things one of whose names starts so, each by its likeliest name."""
        best: Met = {}
        for key in tail.starts():
            self._starting(key, lang, best)
        return _suggestions(best, tail, lang, shares)

    def near(self, tail: Tail, lang: str, shares: Shares) -> list[Suggestion]:
        """Sectors and kinds one of whose names starts as the tail but for a typo."""
        best: Met = {}
        for key in tail.starts():
            for known in self._near.near(key.strip()):
                self._near_to(known, lang, best)
        return _suggestions(best, tail, lang, shares)

    def _starting(self, key: str, lang: str, best: Met) -> None:
        bare = key.strip()
        letters = len(bare)
        for index in range(bisect_left(self._keys, bare), bisect_left(self._keys, bare + "~")):
            known, (at, later) = self._keys[index], self._named[index]
            if len(known) == letters:
                _keep(best, self._names[at], lang, Fit.INSIDE if later else Fit.WHOLE)
            elif known.startswith(key) and (not later or letters >= _SHORTEST_LATER):
                _keep(best, self._names[at], lang, Fit.INSIDE if later else Fit.START)

    def _near_to(self, key: str, lang: str, best: Met) -> None:
        for index in range(bisect_left(self._keys, key), bisect_right(self._keys, key)):
            _keep(best, self._names[self._named[index][0]], lang, Fit.NEAR)


def _keyed(texts: list[str]) -> tuple[list[str], list[tuple[int, bool]]]:
    """The keys of names, sorted, each with the number of its name."""
    keys = {text: sorted(keys_of(text)) for text in texts}
    found = sorted((key, at, later) for at, text in enumerate(texts) for key, later in keys[text])
    return [key for key, _, _ in found], [(at, later) for _, at, later in found]


def _keep(best: Met, name: Name, lang: str, fit: Fit) -> None:
    thing, own, text = name
    score = fit + _prior(thing, text, own, lang)
    held = best.get(thing)
    if held is None or held[0] < score:
        best[thing] = score, text


def _things(vocabulary: Vocabulary) -> Iterator[Thing]:
    for sector in vocabulary.sectors.values():
        yield Thing("sector", "sector", sector.value, sector, vocabulary.sector_groups.get(sector.group))
    for group in vocabulary.sector_groups.values():
        yield Thing("sector", "sector", group.value, group)
    for kind in vocabulary.kinds.values():
        yield Thing("kind", "kind", kind.value, kind, vocabulary.kind_groups.get(kind.group))
    for kinds in vocabulary.kind_groups.values():
        yield Thing("kind", "kind_group", kinds.value, kinds)
    for family in vocabulary.families.values():
        yield Thing("kind", "kind", ",".join(family.kinds), family)


def _names(thing: Thing) -> Iterator[tuple[str, str]]:
    """(language, name); a kind's code is of every language."""
    if thing.parameter == "kind" and thing.above:
        yield "", thing.value
    for lang in LANGS:
        if label := thing.term.labels.get(lang):
            yield lang, label
        yield from ((lang, name) for name in thing.term.synonyms.get(lang, ()))


def _prior(thing: Thing, text: str, lang: str, asked: str) -> float:
    prior = (_KIND if thing.type == "kind" else _SECTOR) - _LENGTH * min(50, len(text))
    if not lang:
        return prior
    return prior - _NOT_THE_LABEL * (text != thing.term.labels.get(lang)) - _OTHER_LANGUAGE * (lang != asked)


def _suggestions(best: Met, tail: Tail, lang: str, shares: Shares) -> list[Suggestion]:
    scored = [(score + _FREQUENT * shares.get(thing.value, 0.0), thing, name) for thing, (score, name) in best.items()]
    scored.sort(key=lambda one: -one[0])
    return [_suggestion(thing, name, tail, lang, score) for score, thing, name in scored[:MAX_THINGS]]


def _suggestion(thing: Thing, name: str, tail: Tail, lang: str, score: float) -> Suggestion:
    label = thing.term.label(lang)
    return Suggestion(
        type=thing.type,
        value=thing.value,
        label=label,
        detail=thing.above.label(lang) if thing.above else "",
        name=name,
        start=tail.start,
        score=score,
        parameter=thing.parameter,
        matched=None if name == label else name,
    )
