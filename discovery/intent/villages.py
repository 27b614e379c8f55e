"""Communes of any size whose name is no word of the language or of the trade: bare at an end, or after "de" there."""

from __future__ import annotations

from discovery.gazetteer import Commune
from discovery.intent.introducers import Introduced
from discovery.intent.lexer import Gap
from discovery.intent.named import Named
from discovery.intent.names import is_exact, without_articles
from discovery.intent.parse_state import ParseState
from discovery.spelling.words import known_word

_CONTRACTED = (("du",), ("des",), ("au",), ("aux",))  # they hold the article of the name: "du Palais"
_SHORTEST = 4  # letters: shorter names are abbreviations first ("Eu", "Ay", "Oz")


def is_word(reading: ParseState, index: int) -> bool:
    """Whether a token is a word of French, of English or of the vocabulary, and no capital says that it is a name."""
    token = reading.tokens[index]
    if reading.capitalised(index) and not reading.lexicon.knows(token.stem):
        return False
    return known_word(token.fold) or reading.lexicon.knows(token.stem)


def is_unmistakable(reading: ParseState, named: Named, commune: Commune, introduced: Introduced) -> bool:
    """Whether a name written in full is that commune's and nothing else."""
    if not is_exact(reading, named, commune, article=introduced.words not in _CONTRACTED):
        return False
    own = without_articles(reading, named.first, named.last)
    if len(own) == 1:
        token = reading.tokens[own[0]]
        return len(token.fold) >= _SHORTEST and not (is_word(reading, own[0]) or reading.frequent(token.fold))
    if all(reading.gap(index) is Gap.GLUE for index in own[1:]) or reading.fold(own[0]) in SAINT:
        return True
    return any(len(reading.fold(index)) > 2 and not is_word(reading, index) for index in own)


SAINT = frozenset(("saint", "sainte", "st", "ste"))


def ends_a_need(reading: ParseState, last: int, introduced: Introduced) -> bool:
    """Whether "de" before a name leads to where a trade is asked for ("nettoyage des locaux … de Troyes"), not to a
    manner ("savon de Marseille")."""
    before = introduced.first - 1
    if introduced.strength != "of" or before < 0 or not reading.at_right(last) or place_follows(reading, last):
        return False
    if reading.fold(before) in reading.grammar.places.named_after:
        return False
    if any(draft.type in ("kind", "kind_group") and draft.last == before for draft in reading.drafts):
        return True  # "ESAT de Troyes"
    return any(
        reading.free(index) and reading.lexicon.knows(reading.tokens[index].stem) for index in range(introduced.first)
    )


def place_follows(reading: ParseState, last: int) -> bool:
    """Whether a place stands right after a name, which is then a part of that town: "Saint-Michel Bordeaux", "de la
    Villeneuve à Grenoble"."""
    index = last + 1
    while index < len(reading.tokens) and reading.gap(index) < Gap.SLASH:
        if reading.fold(index) in reading.ties.listing:
            return False
        if any(draft.type == "place" and draft.first == index for draft in reading.drafts):
            return True
        index += 1
    return False
