"""From a `settings.analysis` block to analyzers that run: every name resolved, every parameter
understood.

An analyzer is char filters, a tokenizer, word filters, and at most one contraction among them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any, NamedTuple, TypeVar

from discovery.engine.analysis.filters import (
    CONTRACTION_TYPES,
    FILTERS,
    REMOVING,
    Contractions,
    Word,
    WordFilter,
)
from discovery.engine.analysis.settings import SECTIONS, AnalysisError, Parameters, Token
from discovery.engine.analysis.tokenizer import TOKENIZERS, Tokenizer
from discovery.model import dataclass

_ELSEWHERE = re.compile(r"[.$]|\\[pPhHRXvVkNQEGzZ]|\[\^?\]|\[[^]]*(?:\[|&&)")
"""What Java reads otherwise than Python, or alone: end of line, end of text, its own classes,
classes within one.
"""


def with_places(filters: Iterable[PatternReplace], text: str) -> tuple[str, Sequence[int]]:
    """The text after all filters, and by offset in it the offset in the text given, as Lucene's
    BaseCharFilter has it: the extra characters of a longer replacement are at the end of what was
    replaced.
    """
    places: Sequence[int] = range(len(text) + 1)
    for one in filters:
        if (changed := one.apply(text)) == text:
            continue
        moved, at = list[int](), 0
        for start, end in (match.span() for match in one.pattern.finditer(text)):
            last = max(start, end - 1)
            moved += [
                *places[at:start],
                *(places[min(start + step, last)] for step in range(len(one.text))),
            ]
            at = end
        text, places = changed, [*moved, *places[at:]]
    return text, places


class PatternReplace:
    """`pattern_replace`: every match of a regular expression is replaced by a text, without groups.

    As in Java, `\\w`, `\\d`, `\\s` and `\\b` know ASCII only.
    """

    def __init__(self, parameters: Parameters) -> None:
        pattern, self.text = parameters.string("pattern"), parameters.string("replacement", "")
        if found := _ELSEWHERE.search(re.sub(r"\\[^\w\s]", "", pattern)):
            raise parameters.error(
                f"the pattern uses {found.group()!r}, which Java reads otherwise: {pattern}"
            )
        if "$" in self.text or "\\" in self.text:
            raise parameters.error(
                f"the replacement must be plain text, without groups: {self.text}"
            )
        try:
            self.pattern = re.compile(pattern, re.ASCII)
        except re.error as error:
            raise parameters.error(f"the pattern cannot be read ({error}): {pattern}") from error

    def apply(self, text: str) -> str:
        return self.pattern.sub(self.text, text)


K = TypeVar("K")
V = TypeVar("V")


class Remembered(dict[K, V]):
    """A pure function whose answers are kept, for the keys that `keep` wants kept. Look-ups are a
    dict's.
    """

    def __init__(self, compute: Callable[[K], V], keep: Callable[[K], bool]) -> None:
        self._compute = compute
        self._keep = keep

    def __missing__(self, key: K) -> V:
        value = self._compute(key)
        if self._keep(key):
            self[key] = value
        return value


CAPACITY = 600_000
"""Pieces and words remembered by an analyzer of documents, some 250 bytes each; then it starts
afresh, whatever texts it is sent.
"""

_LONGEST_PIECE = 64
"""Characters of a piece worth remembering: longer ones are rarely words, and not met twice."""

_JOINING_SPACE = "\u202f"
"""The narrow no-break space: white space to Python, but by UAX #29 it joins words, as "_" does."""

_PIECE = re.compile(rf"(?:\S|{_JOINING_SPACE})+")


@dataclass(frozen=True, slots=True)
class Chain:
    """The components. With a contraction, `before` and `after` are the filters on its two sides,
    and `before` removes no word; without one, `before` is empty.
    """

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

    def terms(self, text: str) -> list[str]:
        """The terms of `tokens`, without their places: what has been met is looked up, piece by
        piece.
        """
        return self.terms_of(self.pieces(text))

    def pieces(self, text: str) -> list[str]:
        """The text after the char filters, cut where no word goes on."""
        for one in self._chain.char_filters:
            text = one.apply(text)
        if not self._chain.tokenizer.breaks_at_space:
            return [text]
        # `split` is several times faster than the expression, which says the same where that space
        # is absent.
        return _PIECE.findall(text) if _JOINING_SPACE in text else text.split()

    def cuts_as(self, other: Analyzer) -> bool:
        """Whether both have the same pieces of any text."""
        mine, its = self._chain, other._chain
        return mine.char_filters == its.char_filters and mine.tokenizer is its.tokenizer

    def terms_of(self, pieces: Sequence[str]) -> list[str]:
        memory = self._fresh_memory()
        terms = list(chain.from_iterable(map(memory.terms.__getitem__, pieces)))
        if memory.beginning.isdisjoint(pieces):
            return terms
        # A contraction goes on from one piece into the next, or holds within it.
        pairs = zip(pieces, [*pieces[1:], ""], strict=True)
        if not any(memory.going_on[pair] for pair in pairs if pair[0] in memory.beginning):
            return terms
        parts = list(chain.from_iterable(map(memory.parts.__getitem__, pieces)))
        return [
            word.term
            for part in self._joined(parts)
            if (word := memory.finished[part.word]) is not None
        ]

    def tokens(self, text: str) -> list[Token]:
        """The tokens, with offsets in `text` itself."""
        text, places = with_places(self._chain.char_filters, text)
        memory = self._fresh_memory()
        whole = [(0, len(text))]  # one piece, unless no word goes on behind a space
        spans = (
            [one.span() for one in _PIECE.finditer(text)]
            if self._chain.tokenizer.breaks_at_space
            else whole
        )
        parts = [
            _Part(word, at + start, at + end)
            for at, last in spans
            for word, start, end in memory.parts[text[at:last]]
        ]
        return [
            Token(word.term, places[part.start], places[part.end], position)
            for position, part in enumerate(self._joined(parts))
            if (word := memory.finished[part.word]) is not None
        ]

    def _fresh_memory(self) -> _Memory:
        """The memory for one call, which keeps this reference: other threads may replace it
        meanwhile.
        """
        memory = self._memory
        if memory.size > self._capacity:
            self._memory = memory = _Memory(self._chain)
        return memory

    def _joined(self, parts: list[_Part]) -> list[_Part]:
        """The parts after contraction."""
        if self._chain.contraction is None:
            return parts
        joined: list[_Part] = []
        at = 0
        for first, last, target in self._chain.contraction.spans(
            [part.word.term for part in parts]
        ):
            joined += parts[at:first]
            joined.append(_Part(Word(target), parts[first].start, parts[last].end))
            at = last + 1
        return joined + parts[at:] if at else parts


class _Memory:
    """What pieces of text and words became."""

    def __init__(self, components: Chain) -> None:
        self._chain = components
        contraction = components.contraction
        self._begins = frozenset(contraction.by_first if contraction is not None else ())

        def short(piece: str) -> bool:
            return len(piece) <= _LONGEST_PIECE

        self.parts = Remembered(self._parts_of, short)
        self.terms = Remembered(self._terms_of, short)
        """The terms of a piece, as if no contraction began in it."""
        self.finished = Remembered(
            partial(through, components.after), lambda word: short(word.term)
        )
        """A word through the filters behind the contraction."""
        self.beginning: set[str] = set()
        """The pieces in which a contraction may begin."""
        self.going_on = Remembered(self._goes_on, lambda pair: short(pair[0]) and short(pair[1]))
        """Whether it may, knowing the next piece too: "à" begins some rule in every second
        sentence, and documents take
        1.13 times as long to analyse without this.
        """

    @property
    def size(self) -> int:
        return len(self.parts) + len(self.terms) + len(self.finished) + len(self.going_on)

    def _parts_of(self, piece: str) -> tuple[_Part, ...]:
        spans = self._chain.tokenizer.spans(piece)
        words = ((through(self._chain.before, Word(span.term)), span) for span in spans)
        return tuple(_Part(word, span.start, span.end) for word, span in words if word is not None)

    def _terms_of(self, piece: str) -> tuple[str, ...]:
        # Nothing but the terms is kept: three entries a piece filled a service's memory within two
        # hundred searches.
        words = [part.word for part in self._parts_of(piece)]
        if not self._begins.isdisjoint(word.term for word in words):
            self.beginning.add(piece)
        ended = (through(self._chain.after, word) for word in words)
        return tuple(word.term for word in ended if word is not None)

    def _goes_on(self, pair: tuple[str, str]) -> bool:
        contraction = self._chain.contraction
        first, second = ([part.word.term for part in self.parts[piece]] for piece in pair)
        return contraction is not None and contraction.may_hold(first, second)


def through(filters: Sequence[WordFilter], word: Word) -> Word | None:
    for apply in filters:
        changed = apply(word)
        if changed is None:
            return None
        word = changed
    return word


QUERY_CAPACITY = 16_000
"""Pieces and words remembered by each analyzer of a service, 4 MB: full after some seven hundred
distinct searches.
"""


class Analysis:
    """The analyzers of one index, ready to run, shared between threads."""

    def __init__(self, analyzers: Mapping[str, Analyzer], mark: str = "") -> None:
        self._analyzers = dict(analyzers)
        self.mark = mark
        """The same for analyses that read the same block; "" when that is not known."""

    @classmethod
    def from_settings(cls, analysis: Mapping[str, Any]) -> Analysis:
        """Compile a block whose files are inlined (`inline_paths`).

        An unknown section, type, component or parameter, or a value without a meaning here, is an
        `AnalysisError` that names it. Components that no analyzer uses are checked too.
        """
        mark = hashlib.sha256(json.dumps(analysis, sort_keys=True).encode()).hexdigest()
        return cls(_Compiler(analysis).analyzers(), mark)

    def of_queries(self) -> Analysis:
        """A copy for those who ask, which remembers less: what people type has no end, and is not
        worth as much memory as documents.
        """
        return Analysis(
            {name: Analyzer(one._chain, QUERY_CAPACITY) for name, one in self._analyzers.items()},
            self.mark,
        )

    @property
    def analyzers(self) -> tuple[str, ...]:
        """The names that `terms` and `tokens` take."""
        return tuple(self._analyzers)

    def tokens(self, analyzer: str, text: str) -> list[Token]:
        """The tokens of a text, with their places in it. Never raises on a text; an unknown name
        does.
        """
        return self._named(analyzer).tokens(text)

    def terms(self, analyzer: str, text: str) -> list[str]:
        """The terms of `tokens`, faster.

        Their number is the field's length in Lucene's sense (tokens, overlaps discounted): every
        filter here makes one token a position, and gaps left by stop words do not count.
        """
        return self._named(analyzer).terms(text)

    def terms_by(self, analyzers: Sequence[str], text: str) -> list[list[str]]:
        """The terms of the text by each of the analyzers; it is cut once for those that cut it the
        same way.
        """
        found: list[list[str]] = []
        last: tuple[Analyzer, list[str]] | None = None
        for named in map(self._named, analyzers):
            if last is None or not named.cuts_as(last[0]):
                last = named, named.pieces(text)
            found.append(named.terms_of(last[1]))
        return found

    def _named(self, analyzer: str) -> Analyzer:
        try:
            return self._analyzers[analyzer]
        except KeyError:
            known = ", ".join(self._analyzers) or "none"
            raise AnalysisError(
                f"unknown analyzer {analyzer!r}; this index has: {known}."
            ) from None


_TYPES: Mapping[str, Mapping[str, Callable[[Parameters], Any]]] = {
    "char_filter": {"pattern_replace": PatternReplace},
    "tokenizer": TOKENIZERS,
    "filter": FILTERS,
}
"""Section → type → what makes such a component."""


class _Compiler:
    def __init__(self, analysis: Mapping[str, Any]) -> None:
        unknown = sorted(set(analysis) - set(SECTIONS))
        if unknown:
            raise AnalysisError(
                f"settings.analysis: unknown section `{unknown[0]}`; known: {', '.join(SECTIONS)}."
            )
        self._sections = {
            section: _definitions(section, analysis.get(section, {})) for section in SECTIONS
        }
        self._made: dict[tuple[str, str], Any] = {}

    def analyzers(self) -> dict[str, Analyzer]:
        made = {name: Analyzer(self._chain(name)) for name in self._sections["analyzer"]}
        for section, name in ((kind, name) for kind in _TYPES for name in self._sections[kind]):
            # A contraction that no analyzer uses has no words to be read with; all others can be
            # checked.
            if section != "filter" or self._type(section, name) not in CONTRACTION_TYPES:
                self._component(section, name)
        return made

    def _chain(self, name: str) -> Chain:
        parameters = Parameters(f"analyzer.{name}", self._sections["analyzer"][name])
        if self._sections["analyzer"][name].get("type", "custom") != "custom":
            raise parameters.error("only analyzers of type `custom` are supported.")
        char_filters = [
            self._component("char_filter", one)
            for one in parameters.words("char_filter", required=False)
        ]
        cut: Tokenizer = self._component("tokenizer", parameters.string("tokenizer"))
        names = parameters.words("filter", required=False)
        parameters.done()
        contracting = [one for one in names if self._type("filter", one) in CONTRACTION_TYPES]
        if not contracting:
            return Chain(char_filters, cut, after=[self._component("filter", one) for one in names])
        if len(contracting) > 1:
            raise parameters.error("more than one synonym filter; keep one.")
        at = names.index(contracting[0])
        for one in names[:at]:
            if self._type("filter", one) in REMOVING:
                raise parameters.error(
                    f"`{one}` removes words before `{contracting[0]}` can join them; put it after."
                )
        before = [self._component("filter", one) for one in names[:at]]
        after = [self._component("filter", one) for one in names[at + 1 :]]
        words_of = Analyzer(Chain(char_filters, cut, after=before)).terms
        contraction = Contractions(self._parameters("filter", contracting[0]), words_of)
        return Chain(char_filters, cut, before, contraction, after)

    def _component(self, section: str, name: str) -> Any:
        """The component of that name, made once. Raises AnalysisError for an unknown type or
        parameter.
        """
        if (section, name) not in self._made:
            kind, parameters = self._type(section, name), self._parameters(section, name)
            make = _TYPES[section].get(kind)
            if make is None:
                known = ", ".join(
                    sorted({*_TYPES[section], *(CONTRACTION_TYPES if section == "filter" else ())})
                )
                what = section.replace("_", " ")
                raise AnalysisError(
                    f"{parameters.where}: unknown {what} type {kind!r}; supported: {known}."
                )
            self._made[section, name] = make(parameters)
            parameters.done()
        return self._made[section, name]

    def _type(self, section: str, name: str) -> str:
        """A component's type; a name that is not defined is its own, as `lowercase` in
        Elasticsearch.
        """
        definition = self._sections[section].get(name)
        if definition is None:
            return name
        kind = definition.get("type")
        if not isinstance(kind, str):
            raise AnalysisError(f"{section}.{name}: needs a `type`.")
        return kind

    def _parameters(self, section: str, name: str) -> Parameters:
        return Parameters(f"{section}.{name}", self._sections[section].get(name, {}))


def _definitions(section: str, body: Any) -> Mapping[str, Mapping[str, Any]]:
    if not isinstance(body, Mapping):
        raise AnalysisError(f"settings.analysis.{section}: must map names to definitions.")
    for name, definition in body.items():
        if not isinstance(definition, Mapping):
            raise AnalysisError(f"{section}.{name}: must be an object, not {definition!r}.")
    return body
