"""One analyzer, compiled: char filters, a tokenizer, word filters, and at most one contraction among them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple, TypeVar

from discovery.engine.analysis.char_filters import PatternReplace, apply_with_offsets
from discovery.engine.analysis.filters import Contractions, Word, WordFilter
from discovery.engine.analysis.token import Token
from discovery.engine.analysis.tokenizer import Tokenizer

K = TypeVar("K")
V = TypeVar("V")


class Remembered(dict[K, V]):
    """A pure function whose answers are kept, for the keys that `keep` wants kept. Look-ups are a dict's."""

    def __init__(self, compute: Callable[[K], V], keep: Callable[[K], bool]) -> None:
        self._compute = compute
        self._keep = keep

    def __missing__(self, key: K) -> V:
        value = self._compute(key)
        if self._keep(key):
            self[key] = value
        return value


CAPACITY = 600_000
"""Pieces and words remembered by an analyzer of documents, some 250 bytes each; then it starts afresh, whatever texts
it is sent."""

_LONGEST_PIECE = 64
"""Characters of a piece worth remembering: longer ones are rarely words, and not met twice."""

_JOINING_SPACE = "\u202f"
"""The narrow no-break space: white space to Python, but by UAX #29 it joins words, as "_" does."""

_PIECE = re.compile(rf"(?:\S|{_JOINING_SPACE})+")


@dataclass(frozen=True, slots=True)
class Chain:
    """The components. With a contraction, `before` and `after` are the filters on its two sides, and `before`
    removes no word; without one, `before` is empty."""

    char_filters: Sequence[PatternReplace]
    tokenizer: Tokenizer
    before: Sequence[WordFilter] = ()
    contraction: Contractions | None = None
    after: Sequence[WordFilter] = ()


class _Part(NamedTuple):
    """A word as it reaches the contraction, and where it is in the text, or in its piece of text."""

    word: Word
    start: int
    end: int


class Analyzer:
    """Texts to terms. Safe to share between threads; raises on no text."""

    def __init__(self, components: Chain, capacity: int = CAPACITY) -> None:
        self._chain = components
        self._capacity = capacity
        self._memory = _Memory(components)

    def remembering(self, capacity: int) -> Analyzer:
        """A copy that remembers at most `capacity` pieces and words it has cut."""
        return Analyzer(self._chain, capacity)

    def terms(self, text: str) -> list[str]:
        """The terms of `tokens`, without their places: what has been met is looked up, piece by piece."""
        return self.terms_of(self.pieces(text))

    def pieces(self, text: str) -> list[str]:
        """The text after the char filters, cut where no word goes on."""
        for char_filter in self._chain.char_filters:
            text = char_filter.apply(text)
        if not self._chain.tokenizer.breaks_at_space:
            return [text]
        # `split` is several times faster than the expression, which says the same where that space is absent.
        return _PIECE.findall(text) if _JOINING_SPACE in text else text.split()

    def cuts_as(self, other: Analyzer) -> bool:
        """Whether both have the same pieces of any text."""
        mine, its = self._chain, other._chain
        return mine.char_filters == its.char_filters and mine.tokenizer is its.tokenizer

    def terms_of(self, pieces: Sequence[str]) -> list[str]:
        """The terms of the pieces of a text."""
        memory = self._fresh_memory()
        terms = list(chain.from_iterable(map(memory.terms.__getitem__, pieces)))
        if memory.beginning.isdisjoint(pieces) or not self._contracts(pieces, memory):
            return terms
        parts = list(chain.from_iterable(map(memory.parts.__getitem__, pieces)))
        return [word.term for part in self._joined(parts) if (word := memory.finished[part.word]) is not None]

    def _contracts(self, pieces: Sequence[str], memory: _Memory) -> bool:
        """Whether a contraction may hold: one goes on from one piece into the next, or holds within it."""
        following = [*pieces[1:], ""]
        return any(
            memory.going_on[piece, following[at]] for at, piece in enumerate(pieces) if piece in memory.beginning
        )

    def tokens(self, text: str) -> Iterator[Token]:
        """The tokens, with offsets in `text` itself."""
        text, original = apply_with_offsets(self._chain.char_filters, text)
        memory = self._fresh_memory()
        for position, part in enumerate(self._joined(list(self._parts(text, memory)))):
            word = memory.finished[part.word]
            if word is not None:
                yield Token(word.term, original(part.start), original(part.end), position)

    def _fresh_memory(self) -> _Memory:
        """The memory for one call, which keeps this reference: other threads may replace it meanwhile."""
        memory = self._memory
        if memory.size > self._capacity:
            self._memory = memory = _Memory(self._chain)
        return memory

    def _parts(self, text: str, memory: _Memory) -> Iterator[_Part]:
        if not self._chain.tokenizer.breaks_at_space:
            yield from memory.parts[text]
            return
        for piece in _PIECE.finditer(text):
            at = piece.start()
            for word, start, end in memory.parts[piece.group()]:
                yield _Part(word, at + start, at + end)

    def _joined(self, parts: list[_Part]) -> list[_Part]:
        """The parts after contraction."""
        if self._chain.contraction is None:
            return parts
        joined: list[_Part] = []
        at = 0
        for first, last, target in self._chain.contraction.spans([part.word.term for part in parts]):
            joined += parts[at:first]
            joined.append(_Part(Word(target), parts[first].start, parts[last].end))
            at = last + 1
        return joined + parts[at:] if at else parts


class _Memory:
    """What pieces of text and words became."""

    def __init__(self, components: Chain) -> None:
        self._chain = components
        self._begins = frozenset[str]()
        if components.contraction is not None:
            self._begins = components.contraction.first_words

        def short(piece: str) -> bool:
            return len(piece) <= _LONGEST_PIECE

        self.parts = Remembered(self._parts_of, short)
        self.terms = Remembered(self._terms_of, short)
        """The terms of a piece, as if no contraction began in it."""
        self.finished = Remembered(self._finish, lambda word: short(word.term))
        """A word through the filters behind the contraction."""
        self.beginning: set[str] = set()
        """The pieces in which a contraction may begin."""
        self.going_on = Remembered(self._goes_on, lambda pair: short(pair[0]) and short(pair[1]))
        """Whether it may, knowing the next piece too: "à" begins some rule in every second sentence."""

    @property
    def size(self) -> int:
        return len(self.parts) + len(self.terms) + len(self.finished) + len(self.going_on)

    def _parts_of(self, piece: str) -> tuple[_Part, ...]:
        spans = self._chain.tokenizer.spans(piece)
        words = ((through(self._chain.before, Word(span.term)), span) for span in spans)
        return tuple(_Part(word, span.start, span.end) for word, span in words if word is not None)

    def _terms_of(self, piece: str) -> tuple[str, ...]:
        words = [part.word for part in self.parts[piece]]
        if not self._begins.isdisjoint(word.term for word in words):
            self.beginning.add(piece)
        return tuple(word.term for word in map(self.finished.__getitem__, words) if word is not None)

    def _goes_on(self, pair: tuple[str, str]) -> bool:
        contraction = self._chain.contraction
        first, second = ([part.word.term for part in self.parts[piece]] for piece in pair)
        return contraction is not None and contraction.may_hold(first, second)

    def _finish(self, word: Word) -> Word | None:
        return through(self._chain.after, word)


def through(filters: Sequence[WordFilter], word: Word) -> Word | None:
    """The word after all filters; None as soon as one removes it."""
    for apply in filters:
        changed = apply(word)
        if changed is None:
            return None
        word = changed
    return word
