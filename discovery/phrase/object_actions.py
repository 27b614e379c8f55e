"""What is done to a thing, or wrong with it, tells the trade: "matelas à jeter", "laver nos bus", "chaises cassées"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from discovery.mappings.grammar import Grammar
from discovery.mappings.phrases import Deed, Phrases
from discovery.phrase.lexer import Gap, stem
from discovery.phrase.parse_state import ParseState, State

_APART = 3
"""Words that say nothing of a trade between a thing and what is done to it: "laver tous nos vieux bus"."""

Named = Mapping[str, tuple[tuple[tuple[str, ...], int], ...]]
"""First stem → (the stems after it, an index), the longest first."""


@dataclass(frozen=True, slots=True)
class Done:
    """Tokens `first` to `last` name it; `act`: those that say what is done; `sectors`: of who does it."""

    first: int
    last: int
    act: range
    sectors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Compiled:
    acts: Named
    states: Named
    things: Named
    classes: tuple[str, ...]


def find_deeds(state: ParseState) -> list[Done]:
    """In the order of the phrase; none overlaps another, nor a name of the vocabulary that holds all of it."""
    known = _compiled(state.grammar)
    things = dict(_things(state, known))
    if not things:
        return []
    free = state.unclaimed_tokens()
    found: list[Done] = []
    for acts, adjacent in ((known.acts, False), (known.states, True)):
        for index in range(len(state.tokens)):
            for size, which in _at(state, index, acts):
                act = range(index, index + size)
                if _in_a_thing(act, things):
                    continue
                if adjacent and act.stop in things and _asked_before(state, index, free):
                    continue
                deed = state.grammar.deeds.deeds[which]
                for done in _meets(state, act, deed, things, known, adjacent=adjacent):
                    if not _overlaps(done, found) and not _named_whole(state, done, free):
                        found.append(done)
    return sorted(found, key=lambda one: one.first)


def _with_others(state: ParseState, first: int, deed: Deed) -> int:
    """The first of several acts: "nettoyer et désinfecter les bus"."""
    act = first - 2
    listed = state.folds[first - 1] in state.connectives.listing and state.adjacent[first] and state.adjacent[first - 1]
    return act if listed and state.phrase_at(act, deed.acts) == 1 else first


def _in_a_thing(act: range, things: Mapping[int, tuple[int, int]]) -> bool:
    """Whether words of an act are a thing's: "machine à laver" washes nothing, "mettre à la benne" holds a bin."""
    return any(
        first < act.stop and act.start < first + size and size >= len(act) for first, (size, _) in things.items()
    )


def _asked_before(state: ParseState, index: int, free: list[bool]) -> bool:
    """Whether something is asked for right before a state: "scan old papers", "restaurer de vieux meubles"."""
    while state.unclaimed[index - 1] and state.adjacent[index]:
        index -= 1
        if state.lexicon.sector(state.tokens, index, free) is not None:
            return True
    return False


def _meets(
    state: ParseState,
    act: range,
    deed: Deed,
    things: Mapping[int, tuple[int, int]],
    known: _Compiled,
    *,
    adjacent: bool,
) -> Iterator[Done]:
    """The things that an act or a state is said of: those after it, else the one before it."""
    behind = _after(state, act, things, adjacent=adjacent)
    last = act.stop - 1
    if behind is not None:
        while behind is not None:
            size, which = things[behind]
            sectors = deed.means.get(known.classes[which])
            if sectors is None:
                return
            first, last = act.start if last == act.stop - 1 else behind, behind + size - 1
            yield Done(_with_others(state, first, deed), last, act, sectors)
            behind = _listed(state, last, things)
        return
    before, last = _before(state, act, things, led=not adjacent), act.stop - 1
    while before is not None:
        sectors = deed.means.get(known.classes[things[before][1]])
        if sectors is None:
            return
        yield Done(before, last, act, sectors)
        before = _listed_before(state, before, things)
        last = before + things[before][0] - 1 if before is not None else last


def _after(state: ParseState, act: range, things: Mapping[int, tuple[int, int]], *, adjacent: bool) -> int | None:
    """The first thing after an act, with nothing between that names another trade."""
    index, words = act.stop, 0
    while index < len(state.tokens) and state.adjacent[index]:
        if index in things:
            return index
        if adjacent or not (_passes(state, index) or _leads_to(state, index, things)):
            return None
        words += _says_something(state, index)
        if words > _APART:
            return None
        index += 1
    return None


def _before(state: ParseState, act: range, things: Mapping[int, tuple[int, int]], *, led: bool) -> int | None:
    """The thing that an act after "à", or a state, is said of."""
    index, words = act.start - 1, 0
    if led:
        if not (state.unclaimed[index] and state.folds[index] == "a" and state.adjacent[act.start]):
            return None
        index -= 1
    while index >= 0 and state.adjacent[index + 1]:
        start = next((one for one, (size, _) in things.items() if one <= index < one + size), None)
        if start is not None:
            return _head(state, start, things)
        if not _passes(state, index):
            return None
        words += _says_something(state, index)
        if words > _APART:
            return None
        index -= 1
    return None


def _head(state: ParseState, start: int, things: Mapping[int, tuple[int, int]]) -> int:
    """The thing that another is said of: "vestiaires" of "vestiaires du gymnase"."""
    of = start - 1 - (state.folds[start - 1] in state.connectives.articles)
    if state.folds[of] not in state.connectives.of:
        return start
    return next((one for one, (size, _) in things.items() if one + size == of and state.adjacent[of]), start)


def _listed(state: ParseState, last: int, things: Mapping[int, tuple[int, int]]) -> int | None:
    """The next thing of a list: "jeter des chaises, des tables et de vieux écrans"."""
    ties, parted = state.connectives, False
    for index in range(last + 1, min(last + 2 + _APART, len(state.tokens))):
        if state.gaps[index] >= Gap.STOP:
            return None
        parted = parted or state.gaps[index] in (Gap.SLASH, Gap.COMMA) or state.folds[index] in ties.listing
        if index in things:
            return index if parted else None
        if not (state.folds[index] in ties.listing or _passes(state, index) or _leads_to(state, index, things)):
            return None
    return None


def _listed_before(state: ParseState, first: int, things: Mapping[int, tuple[int, int]]) -> int | None:
    """The thing before one of a list: "bus et cars à laver"."""
    starts = (one for one in sorted(things, reverse=True) if one < first)
    start = next(starts, None)
    return start if start is not None and _listed(state, start + things[start][0] - 1, things) == first else None


def _passes(state: ParseState, index: int) -> bool:
    """Whether a token may stand between a thing and what is done to it: a tie, a number, a word of no trade."""
    ties = state.connectives
    word = state.folds[index]
    if word in ties.listing or word in ties.bounds:
        return False
    if state.states[index] is not State.FREE:
        return any(draft.type == "quantity" and draft.first <= index <= draft.last for draft in state.drafts)
    free = state.unclaimed_tokens()
    return state.lexicon.sector(state.tokens, index, free) is None


def _leads_to(state: ParseState, index: int, things: Mapping[int, tuple[int, int]]) -> bool:
    """Whether a name of the vocabulary ends with a thing: "vieux meubles"."""
    name = state.lexicon.sector(state.tokens, index, state.unclaimed_tokens())
    return name is not None and any(one > index and name.last == one + size - 1 for one, (size, _) in things.items())


def _says_something(state: ParseState, index: int) -> bool:
    ties = state.connectives
    small = ties.of | ties.articles | ties.indefinite | ties.possessives
    return state.folds[index] not in small and not state.tokens[index].number


def _overlaps(done: Done, found: list[Done]) -> bool:
    return any(done.first <= one.last and one.first <= done.last for one in found)


def _named_whole(state: ParseState, done: Done, free: list[bool]) -> bool:
    """Whether one name of the vocabulary holds the thing and what is done to it. The others of a list stand apart."""
    if not done.first <= done.act.start <= done.last:
        return False
    names = (
        state.lexicon.sector(state.tokens, first, free) for first in range(max(0, done.first - _APART), done.first + 1)
    )
    return any(name is not None and name.last >= done.last for name in names)


def _things(state: ParseState, known: _Compiled) -> Iterator[tuple[int, tuple[int, int]]]:
    """First token of each thing → (how many tokens, its class); the longest, none within another."""
    index = 0
    while index < len(state.tokens):
        size, which = next(_at(state, index, known.things), (0, 0))
        if size:
            yield index, (size, which)
        index += size or 1


def _at(state: ParseState, index: int, names: Named) -> Iterator[tuple[int, int]]:
    """What is named at a token, the longest first: (how many tokens, an index)."""
    if not state.unclaimed[index] or index >= state.signature:
        return
    for tail, which in names.get(state.tokens[index].stem, ()):
        if all(
            state.unclaimed[at] and state.adjacent[at] and state.tokens[at].stem == word
            for at, word in enumerate(tail, index + 1)
        ):
            yield 1 + len(tail), which


@lru_cache(maxsize=4)
def _compiled(grammar: Grammar) -> _Compiled:
    deeds = grammar.deeds
    return _Compiled(
        _by_first_stem(enumerate(deed.acts for deed in deeds.deeds)),
        _by_first_stem(enumerate(deed.states for deed in deeds.deeds)),
        _by_first_stem(enumerate(deeds.things.values())),
        tuple(deeds.things),
    )


def _by_first_stem(listed: Iterator[tuple[int, Phrases]]) -> Named:
    found: dict[str, dict[tuple[tuple[str, ...], int], None]] = {}
    for which, phrases in listed:
        for words in phrases:
            first, *tail = map(stem, words)
            found.setdefault(first, {})[tuple(tail), which] = None
    return {first: tuple(sorted(names, key=lambda one: (-len(one[0]), one[1]))) for first, names in found.items()}
