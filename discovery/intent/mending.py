"""Misspelt words of the grammar and of the kinds of suppliers: "entreprse adaptée", "autuor de", "excpeté".

They are read through before words of the trade are corrected: what changes a piece comes first. The words that stay
text keep the letters they were typed with.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from discovery.config.grammar import Grammar
from discovery.gazetteer import Gazetteer
from discovery.intent.lexer import Token, stem
from discovery.intent.lexicon import Lexicon
from discovery.spelling.words import known_word

_SHORTEST = 5  # letters: shorter words are one edit away from too many


def mended(
    tokens: tuple[Token, ...], grammar: Grammar, lexicon: Lexicon, gazetteer: Gazetteer, held: Callable[[str], bool]
) -> tuple[tuple[Token, ...], frozenset[int]]:
    """The tokens with misspelt words of the grammar and of kinds read as meant, and the indices of these. `held`:
    whether the index holds a word often.

    A word of French or English, of the vocabulary, of the index or a town's name is spelt as meant.
    """
    found: dict[int, Token] = {}
    for index, token in enumerate(tokens):
        word = token.fold
        if len(word) < _SHORTEST or token.opaque or not word.isalpha() or known_word(word):
            continue
        if lexicon.knows(token.stem) or held(word) or gazetteer.by_name(token.text):
            continue
        meant = process.extractOne(word, _meant(grammar, lexicon), scorer=OSA.distance, score_cutoff=1)
        if meant is not None and meant[0] != word:
            found[index] = token._replace(fold=meant[0], stem=stem(meant[0]))
    if not found:
        return tokens, frozenset()
    return tuple(found.get(index, token) for index, token in enumerate(tokens)), frozenset(found)


@lru_cache(maxsize=4)
def _meant(grammar: Grammar, lexicon: Lexicon) -> tuple[str, ...]:
    """Words that lead to places, refuse, or name kinds, in one order."""
    phrases = (*grammar.introducers, *grammar.places.surroundings, *grammar.negation.negations)
    words = {word for phrase in phrases for word in phrase} | lexicon.kind_words
    return tuple(sorted(word for word in words if len(word) >= _SHORTEST and word.isalpha()))
