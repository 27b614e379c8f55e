"""Misspelt words of the grammar and of kinds of suppliers ("entreprse adaptée", "autuor de", "excpeté"), and misspelt
places ("Villeurbane", "Grenobel", "Bretange").

The first are read through before words of the trade are corrected: what changes a piece comes first. The words that
stay text keep the letters they were typed with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from discovery.mappings.grammar import Grammar
from discovery.phrase.communes import WELL_POPULATED, alternatives, is_ordinary_name
from discovery.phrase.lexer import Gap, Token, stem
from discovery.phrase.lexicon import Lexicon
from discovery.phrase.model import Option
from discovery.phrase.parse_state import Draft, Named, ParseState
from discovery.phrase.place_names import Introduced, introduction, names_at, typed
from discovery.phrase.spelling.words import known_word, sound
from discovery.places import Gazetteer, normalise
from discovery.places.names import without_article

_SHORTEST_WORD = 5  # letters: shorter words are one edit away from too many


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
        if len(word) < _SHORTEST_WORD or token.opaque or not word.isalpha() or known_word(word):
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
    return tuple(sorted(word for word in words if len(word) >= _SHORTEST_WORD and word.isalpha()))


_SHORTEST = 7  # letters of the name, its article apart: shorter ones are one edit away from too many words
_SHORTEST_LED = 4  # the same after words that lead to a place: "près de lile"
_TOWN = 30_000  # inhabitants: a short name that all know
_SAINTS = ("saint", "sainte")  # known words that open names
_SHORTEST_SAID = 5  # letters of a town's name written as it sounds
_TWICE = 9  # letters of a name that may hold two typos
_SHORT_LEADS = (("at",), ("in",))  # before too many other words
_LONGEST_NAME = 4  # words tried at once


def claim_misspelt(state: ParseState) -> None:
    """Claim places one edit away from unknown words: at either end, or introduced. Call once all else is claimed.

    A word of French or English, of the vocabulary, one that the index holds often, or the name of any commune is
    spelt as meant.
    """
    for index in range(len(state.tokens)):
        if not state.unclaimed[index] or state.folds[index] in state.connectives.articles or index in state.negated:
            continue
        fold = state.folds[index]
        if len(fold) >= _SHORTEST_LED and known_word(fold) and fold not in _SAINTS:
            continue
        lasts = _lasts(state, index)
        if not lasts:
            continue
        introduced = introduction(state, index)
        if introduced.strength == "of":
            continue
        for last in lasts:
            if introduced.strength is None and not (state.at_left(index) or state.at_right(last)):
                continue
            found = _misspelt(state, index, last, introduced)
            if found is not None:
                state.discard(range(introduced.first, index))
                state.claim(found)
                break


def _lasts(state: ParseState, first: int) -> list[int]:
    """Ends of the words that may be one name, the longest first: tied words, no numbers, one of them long enough."""
    lasts: list[int] = []
    long = False
    for last in range(first, min(first + _LONGEST_NAME, len(state.tokens))):
        token = state.tokens[last]
        if not state.unclaimed[last] or token.number or (last > first and token.gap > Gap.BLANK):
            break
        long = long or len(token.fold) >= _SHORTEST_LED
        if long:
            lasts.append(last)
    return lasts[::-1]


def _misspelt(state: ParseState, first: int, last: int, introduced: Introduced) -> Draft | None:
    name = typed(state, first, last)
    key = normalise(name)
    letters = key.replace(" ", "")
    if len(letters) < _SHORTEST_LED or not letters.isalpha():
        return None
    own = [index for index in range(first, last + 1) if len(state.folds[index]) >= _SHORTEST_LED]
    if state.folds[first] in _SAINTS:
        own.remove(first)
    if not own or any(state.known_word(index) or known_word(state.folds[index]) for index in own):
        return None
    if any(named.last == last for named in names_at(state, first)):
        return None
    if len(letters) < _SHORTEST - 1:
        led = _short_town(state, key, first, last, introduced)
        return led or _said_town(state, key, first, last, introduced)
    area = _nearest_area(state.gazetteer, key)
    if area is not None:
        return _draft(state, area, first, last, Introduced(first))
    for commune in state.gazetteer.by_name_fuzzy(name, 3):
        meant = normalise(commune.name)
        if (
            len(without_article(meant).replace(" ", "")) < _SHORTEST
            or meant[0] != key[0]
            or is_ordinary_name(state, commune)
        ):
            continue  # nobody mistypes a first letter; "moulin" is no misspelt Moulins
        if commune.population >= WELL_POPULATED or introduced.strength == "strong":
            named = Named(first, last, communes=state.gazetteer.by_name(commune.name))
            options = alternatives(state, named, commune)
            return _draft(state, f"commune:{commune.code}", first, last, introduced, options)
    return _said_town(state, key, first, last, introduced)


def _short_town(state: ParseState, key: str, first: int, last: int, introduced: Introduced) -> Draft | None:
    """ "près de lile": words that lead to a place are followed by one, of a town that all know."""
    if introduced.strength != "strong" or introduced.words in _SHORT_LEADS:
        return None
    short = [name for name in _large_towns(state.gazetteer) if _SHORTEST_LED <= len(name) < _SHORTEST]
    meant = process.extractOne(key, short, scorer=OSA.distance, score_cutoff=1)
    if meant is None or meant[0][0] != key[0]:
        return None
    return _town(state, meant[0], first, last, introduced)


def _said_town(state: ParseState, key: str, first: int, last: int, introduced: Introduced) -> Draft | None:
    """ "nante", "clermon ferran", "monpelier": a town that all know, said alike, or two edits from a long name."""
    if len(key) < _SHORTEST_SAID:
        return None
    most, said = 2 if len(key) >= _TWICE else 0, _said(key)
    for name in _large_towns(state.gazetteer):
        if name[0] != key[0] or abs(len(name) - len(key)) > 3 or _is_ordinary(state, name):
            continue
        if OSA.distance(name, key, score_cutoff=most) <= most or _said(name) == said:
            return _town(state, name, first, last, introduced)
    return None


def _is_ordinary(state: ParseState, name: str) -> bool:
    return is_ordinary_name(state, state.gazetteer.by_name(name)[0])


def _said(key: str) -> str:
    return " ".join(map(sound, key.split(" ")))


def _town(state: ParseState, name: str, first: int, last: int, introduced: Introduced) -> Draft:
    named = Named(first, last, communes=state.gazetteer.by_name(name))
    options = alternatives(state, named, named.communes[0])
    return _draft(state, f"commune:{named.communes[0].code}", first, last, introduced, options)


@lru_cache(maxsize=4)
def _large_towns(gazetteer: Gazetteer) -> tuple[str, ...]:
    """Keys of the names of large towns, the most populous first."""
    return gazetteer.names_of_towns(_TOWN)


def _draft(
    state: ParseState, value: str, first: int, last: int, introduced: Introduced, options: tuple[Option, ...] = ()
) -> Draft:
    label = state.gazetteer.label(value, state.lang)
    return Draft("place", value, label, first, last, introduced.role, options, corrected=True)


def _nearest_area(gazetteer: Gazetteer, key: str) -> str | None:
    """The department or region whose official name is one edit (or one swap of neighbours) away from a key."""
    for name, value in _area_names(gazetteer).get(key[0], ()):
        if OSA.distance(name, key, score_cutoff=1) == 1:
            return value
    return None


@lru_cache(maxsize=4)
def _area_names(gazetteer: Gazetteer) -> Mapping[str, Sequence[tuple[str, str]]]:
    """By first letter, keys of the names that are long enough, with their places; some 110 in all."""
    names = [(normalise(region.name), f"region:{region.code}") for region in gazetteer.regions()]
    names += [(normalise(d.name), f"department:{d.code}") for d in gazetteer.departments()]
    found: dict[str, list[tuple[str, str]]] = {}
    for name, value in names:
        if len(name.replace(" ", "")) >= _SHORTEST:
            found.setdefault(name[0], []).append((name, value))
    return found
