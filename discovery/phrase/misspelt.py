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
from discovery.phrase.communes import WELL_POPULATED, alternatives, ends_a_need, is_ordinary_name
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


_SHORTEST = 7  # letters of a name, its article apart: shorter ones are one edit away from too many words
_SHORTEST_BARE = 5  # the same of a town that all know, where no word of the vocabulary is as near ("Troeys")
_SHORTEST_LED = 4  # the same after words that lead to a place: "près de lile"
_LONG = 9  # letters of a name that may hold two typos, or be a word of some language ("Montpelier")
_TYPED = 6  # words of a phrase at most: a title copied names what no list knows
_TOWN = 30_000  # inhabitants: a town that all know
_SAINTS = ("saint", "sainte")  # known words that open names
_SHORT_LEADS = (("at",), ("in",))  # before too many other words
_LONGEST_NAME = 4  # words tried at once


def claim_misspelt_long(state: ParseState) -> None:
    """Claim towns of several words, one of them misspelt: "Clermont Ferrant". Call before names are read: the right
    words may name another place ("Neuily sur Seine")."""
    index = _names_by_word(state.gazetteer)
    for at, fold in enumerate(state.folds[: len(state.tokens)]):
        for words, place in index.get(fold, ()):
            first = at - place
            wrong = [step for step, word in enumerate(words, first) if state.folds[step] != word]
            if first >= 0 and len(wrong) == 1 and _claim_long(state, words, first, wrong[0]):
                break


def _claim_long(state: ParseState, words: tuple[str, ...], first: int, wrong: int) -> bool:
    last = first + len(words) - 1
    typed_word, meant = state.folds[wrong], words[wrong - first]
    if typed_word[:1] != meant[0] or OSA.distance(typed_word, meant, score_cutoff=1) > 1:
        return False
    if not state.unclaimed_run(first, last) or not all(state.adjacent[first + 1 : last + 1]):
        return False
    if state.within_a_name(wrong, wrong) or state.gazetteer.by_name(typed(state, first, last)):
        return False
    introduced = introduction(state, first)
    if not state.negated.isdisjoint(range(first, last + 1)) or not _may_stand(state, last, introduced):
        return False
    state.discard(range(introduced.first, first))
    state.claim(_town(state, " ".join(words), first, last, introduced))
    return True


@lru_cache(maxsize=4)
def _names_by_word(gazetteer: Gazetteer) -> Mapping[str, Sequence[tuple[tuple[str, ...], int]]]:
    """By each word of them, names of towns in several words, and where the word stands there; the largest first."""
    found: dict[str, list[tuple[tuple[str, ...], int]]] = {}
    for name in gazetteer.names_of_towns(WELL_POPULATED):
        words = tuple(name.split())
        if len(words) > 1 and len("".join(words)) > _SHORTEST:
            for place, word in enumerate(words):
                if len(word) >= _SHORTEST_LED and word not in _SAINTS:
                    found.setdefault(word, []).append((words, place))
    return found


def _may_stand(state: ParseState, last: int, introduced: Introduced) -> bool:
    """Whether "de" before a name leads to where the work is, if it does."""
    return introduced.strength != "of" or ends_a_need(state, last, introduced)


def claim_misspelt(state: ParseState) -> None:
    """Claim places one edit away from unknown words: at either end, or introduced. Call once all else is claimed.

    A word of French or English, of the vocabulary, one that the index holds often, or the name of any commune is
    spelt as meant.
    """
    for index in range(len(state.tokens)):
        if not state.unclaimed[index] or state.folds[index] in state.connectives.articles or index in state.negated:
            continue
        fold = state.folds[index]
        if _SHORTEST_LED <= len(fold) < _LONG and known_word(fold) and fold not in _SAINTS:
            continue
        lasts = _lasts(state, index)
        if not lasts:
            continue
        introduced = introduction(state, index)
        for last in lasts:
            if not _may_stand(state, last, introduced):
                continue
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
    if not own or any(state.known_word(index) for index in own):
        return None
    a_word = any(known_word(state.folds[index]) for index in own)
    if (a_word and len(letters) < _LONG) or any(named.last == last for named in names_at(state, first)):
        return None
    if len(letters) >= _SHORTEST - 1 and not a_word:
        area = _nearest_area(state.gazetteer, key)
        if area is not None:
            return _draft(state, area, first, last, Introduced(first))
        for commune in state.gazetteer.by_name_fuzzy(name, 3):
            meant = without_article(normalise(commune.name))
            if len(meant.replace(" ", "")) < _SHORTEST or meant[0] != key[0] or is_ordinary_name(state, commune):
                continue  # nobody mistypes a first letter; "moulin" is no misspelt Moulins
            if commune.population >= WELL_POPULATED or introduced.strength == "strong":
                named = Named(first, last, communes=state.gazetteer.by_name(commune.name))
                options = alternatives(state, named, commune)
                return _draft(state, f"commune:{commune.code}", first, last, introduced, options)
    return _known_town(state, key, first, last, introduced, a_word=a_word)


def _known_town(
    state: ParseState, key: str, first: int, last: int, introduced: Introduced, *, a_word: bool
) -> Draft | None:
    """ "près de lile", "nante", "monpelier": a town that all know, an edit away, two of a long name, or said alike.

    Bare, no word of the vocabulary may be as near ("peinte"); short, words that lead to a place must.
    """
    strong = introduced.strength == "strong" and introduced.words not in _SHORT_LEADS
    bare = introduced.strength is None
    short = len(key) < _SHORTEST
    if len(key) < (_SHORTEST_LED if strong else _SHORTEST_BARE):
        return None
    named = any(state.lexicon.knows(token.stem) for token in state.tokens[:first])
    if short and bare and (not named or len(state.tokens) > _TYPED):
        return None
    most, said = 2 if len(key) >= _LONG and not a_word else 1 if strong or short or a_word else 0, _said(key)
    for name in _large_towns(state.gazetteer):
        meant = without_article(name)
        if meant[0] != key[0] or abs(len(meant) - len(key)) > 3 or _is_ordinary(state, name):
            continue
        alike = not a_word and _said(meant) == said
        if alike or OSA.distance(meant, key, score_cutoff=most) <= most:
            if bare and short and not alike and state.lexicon.near(key):
                return None
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
