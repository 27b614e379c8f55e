"""Tokenizers: a text cut into words, with their offsets in that text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol

from discovery.engine.analysis.errors import AnalysisError
from discovery.engine.analysis.settings import Parameters
from discovery.engine.analysis.word_break import scanner

MAX_TOKEN_LENGTH = 255
_HARD_LIMIT = 1024 * 1024
_WINDOW = 2048
_MARGIN = MAX_TOKEN_LENGTH + 1


class Span(NamedTuple):
    """A word and where it is: characters `start` to `end` (excluded) of the tokenized text."""

    term: str
    start: int
    end: int


class Tokenizer(Protocol):
    """A way to cut a text into words."""

    @property
    def breaks_at_space(self) -> bool:
        """Whether no word spans white space (but for U+202F): then pieces can be cut alone, and remembered."""

    def spans(self, text: str) -> Iterator[Span]:
        """The words, in order."""


class Standard:
    """`standard`: words by UAX #29, as Lucene's StandardTokenizer, longer ones cut at `max_token_length`.

    No more than 255 is supported, Elasticsearch's default.
    """

    breaks_at_space = True

    def __init__(self, parameters: Parameters) -> None:
        self._longest = parameters.integer("max_token_length", MAX_TOKEN_LENGTH, 1, MAX_TOKEN_LENGTH)

    def spans(self, text: str) -> Iterator[Span]:
        """Where words begin and end, by the rules of Unicode (UAX 29), as Lucene's standard tokenizer parts them."""
        scan = scanner()
        position = 0
        while position < len(text):
            # In windows: nothing reaches further than 255, and one endless word must not cost a square.
            window = min(len(text), position + _WINDOW)
            found = scan.next(text, position, window)
            if window < len(text) and (found is None or found[0] > window - _MARGIN):
                position = window - _MARGIN
                continue
            if found is None:
                return
            start, end = found
            if end - start > self._longest // 2 and _units(text, start, end) > self._longest:
                # Lucene looks no further than this: a longer word is cut here, and may be read otherwise.
                found = scan.at(text, start, _limit(text, start, self._longest))
                if found is None:
                    position = start + 1
                    continue
                start, end = found
            yield Span(text[start:end], start, end)
            position = end


class Whitespace:
    """`whitespace`: whatever stands between white space (Java's: a no-break space is none)."""

    # No-break spaces are white space to Python, and parts of words here.
    breaks_at_space = False
    _WORD = re.compile("[^\t-\r\x1c- \u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]+")

    def __init__(self, parameters: Parameters) -> None:
        self._longest = parameters.integer("max_token_length", MAX_TOKEN_LENGTH, 1, _HARD_LIMIT)

    def spans(self, text: str) -> Iterator[Span]:
        """Where words begin and end: what white space parts."""
        for word in self._WORD.finditer(text):
            start = word.start()
            while start < word.end():
                end = min(word.end(), max(_limit(text, start, self._longest), start + 1))
                yield Span(text[start:end], start, end)
                start = end


class Keyword:
    """`keyword`: the whole text as one word."""

    breaks_at_space = False

    def __init__(self, parameters: Parameters) -> None:
        parameters.integer("buffer_size", 256, 1, _HARD_LIMIT)

    def spans(self, text: str) -> Iterator[Span]:
        """The whole text as one word."""
        yield Span(text, 0, len(text))


def _units(text: str, start: int, end: int) -> int:
    """Length in UTF-16 units, which is what Java counts."""
    return end - start + sum(character > "\uffff" for character in text[start:end])


def _limit(text: str, start: int, units: int) -> int:
    """The furthest end such that start…end takes no more than that many UTF-16 units."""
    end = start
    while end < len(text):
        units -= 2 if text[end] > "\uffff" else 1
        if units < 0:
            break
        end += 1
    return end


_TYPES: dict[str, Callable[[Parameters], Tokenizer]] = {
    "standard": Standard,
    "whitespace": Whitespace,
    "keyword": Keyword,
}


def tokenizer(kind: str, parameters: Parameters) -> Tokenizer:
    """The tokenizer of that type; an unknown type or parameter is an `AnalysisError`."""
    make = _TYPES.get(kind)
    if make is None:
        raise AnalysisError(
            f"{parameters.where}: unknown tokenizer type {kind!r}; supported: {', '.join(sorted(_TYPES))}."
        )
    made = make(parameters)
    parameters.done()
    return made
