"""Texts that many documents have, each kept once: what is searched of them, and how the store keeps it.

A sector's names are hundreds of words, and a third of the suppliers can have the sector. So a row holds the numbers of
such texts, and a word stands under a text instead of under every document that has it: a search goes from the word to
its texts and from these to their documents (`postings.Holding`), where both meet as if each had its own copy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from discovery.engine.embedded.arrays import NONE, Bools, Int32s, Ints, offsets, ragged
from discovery.engine.embedded.postings import Lists

Content = tuple[bytes, bytes]
"""The terms and the folded words of a text, as the numbers that a process has for them, ascending."""

CHUNKS = 16
"""Parts of the texts, one a commit that brought some, beyond which they become one."""


def stored(content: Content, renumber: Callable[[Int32s], Int32s]) -> bytes:
    """What the store keeps of a text: the number of its terms, each with its frequency, then its folded words.
    `renumber` gives the store's numbers of words."""
    terms, folded = (renumber(np.frombuffer(part, dtype=np.int32)) for part in content)
    held, frequencies = np.unique(terms, return_counts=True)
    pairs = np.column_stack((held, frequencies)).ravel()
    return np.concatenate([[len(held)], pairs, np.unique(folded)]).astype("<i4").tobytes()


@dataclass(frozen=True)
class _Chunk:
    """Some texts: by term and by folded word, the numbers of the texts that hold it."""

    terms: Lists
    frequencies: Int32s
    """Beside the items of `terms`."""
    words: Lists

    @classmethod
    def of(cls, packed: Sequence[bytes], first: int) -> _Chunk:
        """`first`: number of the first text."""
        flat = np.frombuffer(b"".join(packed), dtype="<i4").astype(np.int32, copy=False)
        starts = offsets(np.fromiter((len(blob) // 4 for blob in packed), dtype=np.intp, count=len(packed)))
        terms = flat[starts[:-1]]
        texts = np.arange(first, first + len(packed), dtype=np.int32)
        at = ragged(starts[:-1] + 1, 2 * terms)
        behind = starts[:-1] + 1 + 2 * terms
        words = starts[1:] - behind
        held, order = Lists.of(flat[at[::2]], np.repeat(texts, terms))
        return cls(held, flat[at[1::2]][order], Lists.of(flat[ragged(behind, words)], np.repeat(texts, words))[0])


class SharedTexts:
    """The store's shared texts, by term and by word. Only grows, under its owner's lock; who reads meanwhile sees the
    texts of before or of after."""

    def __init__(self) -> None:
        self.count = 0
        self._packed: list[bytes] = []
        self._chunks: tuple[_Chunk, ...] = ()

    def extend(self, packed: Sequence[bytes]) -> None:
        """By the texts that follow those known."""
        if not packed:
            return
        self._packed += packed
        if len(self._chunks) < CHUNKS:
            self._chunks = (*self._chunks, _Chunk.of(packed, self.count))
        else:
            self._chunks = (_Chunk.of(self._packed, 0),)
        self.count += len(packed)

    def holding(self, term: int) -> tuple[Ints, Ints]:
        """The texts that hold a term, and how often each does."""
        texts, frequencies = [NONE], [NONE]
        for chunk in self._chunks:
            start, end = chunk.terms.span(term)
            texts.append(chunk.terms.items[start:end].astype(np.intp))
            frequencies.append(chunk.frequencies[start:end].astype(np.intp))
        return np.concatenate(texts), np.concatenate(frequencies)

    def spelling(self, word: int) -> Ints:
        """The texts that hold a folded word."""
        found = [NONE]
        for chunk in self._chunks:
            start, end = chunk.words.span(word)
            found.append(chunk.words.items[start:end].astype(np.intp))
        return np.concatenate(found)

    def words(self, held: Bools) -> Iterator[Int32s]:
        """The folded words of some of the texts. `held`: of each text, whether it is one of them."""
        for chunk in self._chunks:
            yield chunk.words.any(held)
