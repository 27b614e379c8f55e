"""The words that remain → a text query, with the analysis of the index that will answer it."""

from collections.abc import Mapping

from discovery.engine.analysis import Analysis
from discovery.engine.port import Alternative, TextQuery, Word
from discovery.mappings.profiles import Profile
from discovery.model import dataclass, replace
from discovery.phrase.lexer import stem
from discovery.phrase.spelling.words import Corrector

FRENCH, FOLDED = "french", "folded"
"""Analyzers of `suppliers.json`: what is searched, and what words are as people write them."""

PROSE = 5
"""Words of a phrase in which a capital tells a name: shorter ones are typed anyhow ("Menuisserie
Aluminium").
"""
ACRONYM = 5
"""Letters at most of an acronym where all is in capitals."""

Equivalents = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The lenient reading of some words. `text`: what is searched; `corrections`: word as typed →
    word searched.
    """

    query: TextQuery
    text: str
    corrections: Mapping[str, str]


def strict(
    text: str, analysis: Analysis, equivalents: Equivalents, profile: Profile
) -> TextQuery | None:
    """The text query of all words with their equivalents, by the profile's strict minimum; None
    when there is no word to search.

    A word typed twice counts once: repeating it makes no supplier better.
    """
    words: dict[str, Word] = {}
    for token in analysis.tokens(FRENCH, text):
        others = _equivalents(token.term, equivalents, profile.equivalence_weight)
        words.setdefault(
            token.term, Word(text[token.start : token.end], (Alternative(token.term), *others))
        )
    if not words:
        return None
    required = profile.strict.required(len(words))
    return TextQuery(tuple(words.values()), required, profile.fields, profile.tie_breaker)


def lenient(
    text: str,
    asked: TextQuery,
    analysis: Analysis,
    equivalents: Equivalents,
    profile: Profile,
    correct: Corrector,
) -> Relaxed | None:
    """Read the text with fewer words required and unknown words corrected; None when that searches
    nothing else than `asked`.
    """
    corrections: dict[str, str] = {}
    words: list[Word] = []
    prose = len(asked.words) >= PROSE
    for word in asked.words:
        named = is_a_name(bare(word.text), text, prose=prose)
        correction = None if named else _correction(word, analysis, profile, correct)
        if correction is None:
            words.append(word)
            continue
        token, meant = correction
        corrections[bare(word.text)] = meant
        weight = profile.typos.weight
        others = _equivalents(token, equivalents, weight * profile.equivalence_weight)
        words.append(
            replace(
                word, alternatives=distinct(*word.alternatives, Alternative(token, weight), *others)
            )
        )
    required = profile.lenient.required(len(words))
    found = TextQuery(tuple(words), required, profile.fields, profile.tie_breaker)
    if found == asked and not corrections:
        return None
    return Relaxed(found, replace_words(text, corrections), corrections)


def is_a_name(word: str, text: str, *, prose: bool) -> bool:
    """Whether a word of a text is written as a proper name, hence no typo: an acronym in capitals
    ("SIVOS"), or, in `prose`, a capital behind the first word ("rue Joffre").
    """
    if word.isupper() and (len(word) <= ACRONYM or not text.isupper()):
        return True
    return (
        prose
        and word[:1].isupper()
        and not text.lstrip(" '’«\"").startswith(word)
        and not text.istitle()
    )


def replace_words(text: str, corrections: Mapping[str, str]) -> str:
    """The text with whole words replaced, wherever they stand in it. `corrections`: word as typed →
    word instead.
    """
    return "".join(corrections.get(part, part) for part in _parts(text))


def bare(surface: str) -> str:
    """A word without its elided article: a token spans both."""
    return surface.replace("’", "'").rpartition("'")[2]


def _parts(text: str) -> list[str]:
    """Runs of word characters and of everything else, in order; joined they are the text."""
    parts: list[str] = []
    in_word: bool | None = None
    for character in text:
        is_word = character.isalnum()
        if is_word == in_word:
            parts[-1] += character
        else:
            parts.append(character)
        in_word = is_word
    return parts


def _correction(
    word: Word, analysis: Analysis, profile: Profile, correct: Corrector
) -> tuple[str, str] | None:
    """(token, word) that an unknown word was meant to be. Terms of several words and numbers are
    left alone.
    """
    if not profile.typos.weight:
        return None
    folded = analysis.terms(FOLDED, word.text)
    if len(folded) != 1 or len(folded[0]) < profile.typos.minimum_length or not folded[0].isalpha():
        return None
    meant = correct(folded[0])
    if meant is None:
        return None
    tokens = analysis.terms(FRENCH, meant)
    if len(tokens) != 1:
        return None
    # Same token: another form of a known word (a plural, say), which already finds it, unless it
    # hides a trade's name.
    if any(tokens[0] == known.token for known in word.alternatives) and stem(meant) == stem(
        folded[0]
    ):
        return None
    return tokens[0], meant


def _equivalents(token: str, equivalents: Equivalents, weight: float) -> tuple[Alternative, ...]:
    """None at weight zero: an alternative that adds nothing would still match."""
    return (
        tuple(Alternative(other, weight) for other in equivalents.get(token, ())) if weight else ()
    )


def distinct(*alternatives: Alternative) -> tuple[Alternative, ...]:
    """One alternative per token, the first (heaviest) kept."""
    found: dict[str, Alternative] = {}
    for one in alternatives:
        found.setdefault(one.token, one)
    return tuple(found.values())
