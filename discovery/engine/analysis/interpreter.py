"""From a `settings.analysis` block to analyzers that run: every name resolved, every parameter understood."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from discovery.engine.analysis.analyzer import Analyzer, Chain
from discovery.engine.analysis.char_filters import PatternReplace, char_filter
from discovery.engine.analysis.filters import CONTRACTION_TYPES, REMOVING, Contractions, WordFilter, word_filter
from discovery.engine.analysis.settings import SECTIONS, Parameters
from discovery.engine.analysis.token import AnalysisError, Token
from discovery.engine.analysis.tokenizer import Tokenizer, tokenizer

QUERY_CAPACITY = 16_000
"""Pieces and words remembered by each analyzer of a service, 4 MB: full after some seven hundred distinct searches."""


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
        """A copy for those who ask, which remembers less: what people type has no end, and is not worth as much
        memory as documents."""
        return Analysis({name: one.remembering(QUERY_CAPACITY) for name, one in self._analyzers.items()}, self.mark)

    @property
    def analyzers(self) -> tuple[str, ...]:
        """The names that `terms` and `tokens` take."""
        return tuple(self._analyzers)

    def tokens(self, analyzer: str, text: str) -> list[Token]:
        """The tokens of a text, with their places in it. Never raises on a text; an unknown name does."""
        return list(self._named(analyzer).tokens(text))

    def terms(self, analyzer: str, text: str) -> list[str]:
        """The terms of `tokens`, faster.

        Their number is the field's length in Lucene's sense (tokens, overlaps discounted): every filter here
        makes one token a position, and gaps left by stop words do not count.
        """
        return self._named(analyzer).terms(text)

    def terms_by(self, analyzers: Sequence[str], text: str) -> list[list[str]]:
        """The terms of the text by each of the analyzers; it is cut once for those that cut it the same way."""
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
            raise AnalysisError(f"unknown analyzer {analyzer!r}; this index has: {known}.") from None


class _Compiler:
    def __init__(self, analysis: Mapping[str, Any]) -> None:
        unknown = sorted(set(analysis) - set(SECTIONS))
        if unknown:
            raise AnalysisError(f"settings.analysis: unknown section `{unknown[0]}`; known: {', '.join(SECTIONS)}.")
        self._sections = {section: _definitions(section, analysis.get(section, {})) for section in SECTIONS}
        self._char_filters: dict[str, PatternReplace] = {}
        self._tokenizers: dict[str, Tokenizer] = {}
        self._word_filters: dict[str, WordFilter] = {}

    def analyzers(self) -> dict[str, Analyzer]:
        made = {name: Analyzer(self._chain(name)) for name in self._sections["analyzer"]}
        for name in self._sections["char_filter"]:
            self._char_filter(name)
        for name in self._sections["tokenizer"]:
            self._tokenizer(name)
        for name in self._sections["filter"]:
            # A contraction that no analyzer uses has no words to be read with; all others can be checked.
            if self._type("filter", name) not in CONTRACTION_TYPES:
                self._word_filter(name)
        return made

    def _chain(self, name: str) -> Chain:
        parameters = Parameters(f"analyzer.{name}", self._sections["analyzer"][name])
        if self._sections["analyzer"][name].get("type", "custom") != "custom":
            raise parameters.error("only analyzers of type `custom` are supported.")
        char_filters = [self._char_filter(one) for one in parameters.words("char_filter", required=False)]
        cut = self._tokenizer(parameters.string("tokenizer"))
        names = parameters.words("filter", required=False)
        parameters.done()
        contracting = [one for one in names if self._type("filter", one) in CONTRACTION_TYPES]
        if not contracting:
            return Chain(char_filters, cut, after=[self._word_filter(one) for one in names])
        if len(contracting) > 1:
            raise parameters.error("more than one synonym filter; keep one.")
        at = names.index(contracting[0])
        for one in names[:at]:
            if self._type("filter", one) in REMOVING:
                raise parameters.error(f"`{one}` removes words before `{contracting[0]}` can join them; put it after.")
        before = [self._word_filter(one) for one in names[:at]]
        after = [self._word_filter(one) for one in names[at + 1 :]]
        words_of = Analyzer(Chain(char_filters, cut, after=before)).terms
        contraction = Contractions(self._parameters("filter", contracting[0]), words_of)
        return Chain(char_filters, cut, before, contraction, after)

    def _char_filter(self, name: str) -> PatternReplace:
        if name not in self._char_filters:
            kind = self._type("char_filter", name)
            self._char_filters[name] = char_filter(kind, self._parameters("char_filter", name))
        return self._char_filters[name]

    def _tokenizer(self, name: str) -> Tokenizer:
        if name not in self._tokenizers:
            kind = self._type("tokenizer", name)
            self._tokenizers[name] = tokenizer(kind, self._parameters("tokenizer", name))
        return self._tokenizers[name]

    def _word_filter(self, name: str) -> WordFilter:
        if name not in self._word_filters:
            kind = self._type("filter", name)
            self._word_filters[name] = word_filter(kind, self._parameters("filter", name))
        return self._word_filters[name]

    def _type(self, section: str, name: str) -> str:
        """A component's type; a name that is not defined is its own, as `lowercase` in Elasticsearch."""
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
