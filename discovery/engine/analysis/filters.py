"""Token filters that look at one word at a time: each gives another word, or takes it out."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from discovery.engine.analysis.errors import AnalysisError
from discovery.engine.analysis.folding import ascii_fold, lower_case
from discovery.engine.analysis.light_french import light_stem
from discovery.engine.analysis.settings import Parameters
from discovery.engine.analysis.tables import table


class Word(NamedTuple):
    """A term on its way; `kept` is Lucene's keyword flag: stemmers leave such a word alone."""

    term: str
    kept: bool = False


class WordFilter(Protocol):
    """A change of one word, or its end."""

    def __call__(self, word: Word) -> Word | None:
        """The word that takes its place, or None when it is removed (its position stays, as a gap)."""


def _elision(parameters: Parameters) -> WordFilter:
    """`elision`: the article before the first apostrophe goes; ' and ’ (U+2019) count."""
    ignore_case = parameters.flag("articles_case", False)
    articles = parameters.words("articles")
    known = frozenset(map(lower_case, articles) if ignore_case else articles)

    def apply(word: Word) -> Word:
        term = word.term
        at = min((i for i in (term.find("'"), term.find("\u2019")) if i >= 0), default=-1)
        if at < 0:
            return word
        article = lower_case(term[:at]) if ignore_case else term[:at]
        return word._replace(term=term[at + 1 :]) if article in known else word

    return apply


def _lowercase(_: Parameters) -> WordFilter:
    return lambda word: word._replace(term=lower_case(word.term))


def _asciifolding(parameters: Parameters) -> WordFilter:
    # The original beside the folded form would be two tokens at one position.
    if parameters.flag("preserve_original", False):
        raise parameters.error("`preserve_original`: only false is supported.")
    return lambda word: word._replace(term=ascii_fold(word.term))


def _stop(parameters: Parameters) -> WordFilter:
    """`stop`: a list of words, in which "_french_" and "_none_" stand for Lucene's lists."""
    ignore_case = parameters.flag("ignore_case", False)
    if not parameters.flag("remove_trailing", True):
        raise parameters.error("`remove_trailing`: only true is supported.")
    words: list[str] = []
    for word in parameters.words("stopwords"):
        if word == "_french_":
            words.extend(table("stop_french"))
        elif word.startswith("_") and word.endswith("_") and word != "_none_":
            raise parameters.error(f"the list {word!r} is not known; supported: _french_, _none_.")
        elif word != "_none_":
            words.append(word)
    removed = frozenset(map(lower_case, words) if ignore_case else words)

    def apply(word: Word) -> Word | None:
        term = lower_case(word.term) if ignore_case else word.term
        return None if term in removed else word

    return apply


def _stemmer_override(parameters: Parameters) -> WordFilter:
    """`stemmer_override`: rules "word, word => stem"; the stem then passes stemmers untouched."""
    stems: dict[str, str] = {}
    for rule in parameters.words("rules"):
        left, arrow, right = rule.partition("=>")
        stem = right.strip()
        words = [word.strip() for word in left.split(",")]
        if not arrow or "=>" in stem or not stem or not all(words):
            raise parameters.error(f"the rule {rule!r} is not of the form `word, word => stem`.")
        for word in words:
            if stems.setdefault(word, stem) != stem:
                raise parameters.error(f"{word!r} has two stems, {stems[word]!r} and {stem!r}; keep one.")

    def apply(word: Word) -> Word:
        stem = None if word.kept else stems.get(word.term)
        return word if stem is None else Word(stem, kept=True)

    return apply


def _keyword_marker(parameters: Parameters) -> WordFilter:
    """`keyword_marker`: these words pass stemmers untouched."""
    ignore_case = parameters.flag("ignore_case", False)
    words = parameters.words("keywords")
    marked = frozenset(map(lower_case, words) if ignore_case else words)

    def apply(word: Word) -> Word:
        term = lower_case(word.term) if ignore_case else word.term
        return word._replace(kept=True) if term in marked else word

    return apply


def _stemmer(parameters: Parameters) -> WordFilter:
    parameters.only("language", "light_french")

    def apply(word: Word) -> Word:
        return word if word.kept else word._replace(term=light_stem(word.term))

    return apply


_TYPES: dict[str, Callable[[Parameters], WordFilter]] = {
    "asciifolding": _asciifolding,
    "elision": _elision,
    "keyword_marker": _keyword_marker,
    "lowercase": _lowercase,
    "stemmer": _stemmer,
    "stemmer_override": _stemmer_override,
    "stop": _stop,
}

REMOVING = frozenset({"stop"})
"""The types that may take words out."""


def word_filter(kind: str, parameters: Parameters) -> WordFilter:
    """The filter of that type; an unknown type or parameter is an `AnalysisError`."""
    make = _TYPES.get(kind)
    if make is None:
        known = ", ".join(sorted([*_TYPES, "synonym", "synonym_graph"]))
        raise AnalysisError(f"{parameters.where}: unknown filter type {kind!r}; supported: {known}.")
    made = make(parameters)
    parameters.done()
    return made
