"""Misspelt words of the grammar and of kinds of suppliers ("entreprse adaptée", "autuor de",
"excpeté"), and misspelt places ("Villeurbane", "Grenobel", "Bretange").

The first are read through before words of the trade are corrected: what changes a piece comes
first. The words that stay text keep the letters they were typed with.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from discovery.mappings.grammar import Grammar
from discovery.phrase.communes import WELL_POPULATED, alternatives, ends_a_need
from discovery.phrase.lexer import Gap, Token, stem
from discovery.phrase.lexicon import Lexicon
from discovery.phrase.model import Option
from discovery.phrase.parse_state import Named, ParseState
from discovery.phrase.place_names import Introduced, introduction, names_at
from discovery.phrase.spelling.words import known_word, sound
from discovery.places import Gazetteer, normalise
from discovery.places.names import without_article

_SHORTEST_WORD = 5  # letters: shorter words are one edit away from too many


def mended(
    tokens: tuple[Token, ...],
    grammar: Grammar,
    lexicon: Lexicon,
    gazetteer: Gazetteer,
    held: Callable[[str], bool],
) -> tuple[tuple[Token, ...], frozenset[int]]:
    """The tokens with misspelt words of the grammar and of kinds read as meant, and the indices of
    these. `held`: whether the index holds a word often.

    A word of French or English, of the vocabulary, of the index or a town's name is spelt as meant.
    """
    found: dict[int, Token] = {}
    for index, token in enumerate(tokens):
        word = token.fold
        if len(word) < _SHORTEST_WORD or token.opaque or not word.isalpha() or known_word(word):
            continue
        if lexicon.knows(token.stem) or held(word) or gazetteer.by_name(token.text):
            continue
        meant = process.extractOne(
            word, _meant(grammar, lexicon), scorer=OSA.distance, score_cutoff=1
        )
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


_SHORTEST = (
    7  # letters of a name, its article apart: shorter ones are one edit away from too many words
)
_SHORTEST_BARE = (
    5  # the same of a town that all know, where no word of the vocabulary is as near ("Troeys")
)
_SHORTEST_LED = 4  # the same after words that lead to a place: "près de lile"
_LONG = 9  # letters of a name that may hold two typos, or be a word of some language ("Montpelier")
_TYPED = 6  # words of a phrase at most: a title copied names what no list knows
_TOWN = 30_000  # inhabitants: a town that all know
_SAINTS = ("saint", "sainte")  # known words that open names
_SHORT_LEADS = (("at",), ("in",))  # before too many other words
_LONGEST_NAME = 4  # words tried at once


def claim_misspelt_long(state: ParseState) -> None:
    """Claim towns of several words, one of them misspelt: "Clermont Ferrant". Call before names are
    read: the right words may name another place ("Neuily sur Seine").
    """
    index = _names_by_word(state.gazetteer)
    for at, fold in enumerate(state.folds[: len(state.tokens)]):
        for words, place in index.get(fold, ()):
            first = at - place
            wrong = [step for step, word in enumerate(words, first) if state.folds[step] != word]
            if first >= 0 and len(wrong) == 1:
                _claim_long(state, words, first, wrong[0])


def _claim_long(state: ParseState, words: tuple[str, ...], first: int, wrong: int) -> None:
    last = first + len(words) - 1
    typed_word, meant = state.folds[wrong], words[wrong - first]
    if typed_word[:1] != meant[0] or OSA.distance(typed_word, meant, score_cutoff=1) > 1:
        return
    if not state.unclaimed_run(first, last) or not all(state.adjacent[first + 1 : last + 1]):
        return
    if state.within_a_name(wrong, wrong) or state.gazetteer.by_name(state.typed(first, last)):
        return
    introduced = introduction(state, first)
    if not state.negated.isdisjoint(range(first, last + 1)) or not _may_stand(
        state, last, introduced
    ):
        return
    _claim(state, " ".join(words), first, last, introduced)


@lru_cache(maxsize=4)
def _towns(gazetteer: Gazetteer) -> Mapping[str, int]:
    return gazetteer.names_of_towns(WELL_POPULATED)


@lru_cache(maxsize=4)
def _names_by_word(gazetteer: Gazetteer) -> Mapping[str, Sequence[tuple[tuple[str, ...], int]]]:
    """By each word of them, names of towns in several words, and where the word stands there; the
    largest first.
    """
    found: dict[str, list[tuple[tuple[str, ...], int]]] = {}
    for name in _towns(gazetteer):
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
    """Claim places one edit away from unknown words: at either end, or introduced; towns that all
    know wherever they stand in a short phrase. Call once all else is claimed.

    A word of French or English, of the vocabulary, one that the index holds often, or the name of
    any commune is spelt as meant.
    """
    for index in range(len(state.tokens)):
        if (
            not state.unclaimed[index]
            or state.folds[index] in state.connectives.articles
            or index in state.negated
        ):
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
            inside = introduced.strength is None and not (
                state.at_left(index) or state.at_right(last)
            )
            if inside and (len(state.tokens) > _TYPED or len(fold) < _SHORTEST):
                continue
            if meant := _misspelt(state, index, last, introduced, inside=inside):
                _claim(state, meant, index, last, introduced)
                break


def _lasts(state: ParseState, first: int) -> list[int]:
    """Ends of the words that may be one name, the longest first: tied words, no numbers, one of
    them long enough.
    """
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


def _misspelt(
    state: ParseState, first: int, last: int, introduced: Introduced, *, inside: bool
) -> str | None:
    """The place, or the name of the town, that some words come nearest to: an edit away, or, of a
    town that all know, two of a long name, or said alike. Bare, no word of the vocabulary may be as
    near ("peinte"); `inside`: words stand on both sides.
    """
    name = state.typed(first, last)
    key = normalise(name)
    letters = len(key.replace(" ", ""))
    own = [index for index in range(first, last + 1) if len(state.folds[index]) >= _SHORTEST_LED]
    own = own[1:] if state.folds[first] in _SAINTS else own
    if not (own and key.replace(" ", "").isalpha()) or any(
        state.known_word(index) for index in own
    ):
        return None
    a_word = any(known_word(state.folds[index]) for index in own)
    if (a_word and letters < _LONG) or any(named.last == last for named in names_at(state, first)):
        return None
    strong = introduced.strength == "strong" and introduced.words not in _SHORT_LEADS
    bare, short = introduced.strength is None, letters < _SHORTEST - 1
    named = any(state.lexicon.knows(token.stem) for token in state.tokens[:first])
    if letters < (_SHORTEST_LED if strong else _SHORTEST_BARE) or (
        short and bare and (not named or len(state.tokens) > _TYPED)
    ):
        return None
    known_only = short or a_word or inside
    meant = [
        (edits, rank, value)
        for rank, (other, value, known) in enumerate(
            _names_by_letter(state.gazetteer).get(key[0], ())
        )
        if (known or not known_only)
        and (edits := _edits(key, other, known=known, a_word=a_word)) is not None
    ]
    if meant:
        edits, _, value = min(meant)
        near = edits and short and bare and state.lexicon.near(key)
        return None if near else value
    villages = state.gazetteer.by_name_fuzzy(name, 3) if strong and not (short or a_word) else ()
    return next(
        (village.name for village in villages if normalise(village.name)[0] == key[0]), None
    )


def _edits(key: str, name: str, *, known: bool, a_word: bool) -> int | None:
    """How far words are from a name that they may mean, 0 where they are said alike; None for too
    far. `known`: a town that all know.
    """
    if abs(len(name) - len(key)) > 3:
        return None
    if known and not a_word and list(map(sound, name.split())) == list(map(sound, key.split())):
        return 0
    most = 2 if known and len(key) >= _LONG and not a_word else 1
    edits = OSA.distance(name, key, score_cutoff=most)
    return edits if edits <= most else None


@lru_cache(maxsize=4)
def _names_by_letter(gazetteer: Gazetteer) -> Mapping[str, Sequence[tuple[str, str, bool]]]:
    """By first letter: keys of names, without article, their place or a town's whole key, and
    whether all know it: departments and regions, then towns, the largest first.
    """
    areas = [(normalise(one.name), f"region:{one.code}", False) for one in gazetteer.regions()]
    areas += [
        (normalise(one.name), f"department:{one.code}", False) for one in gazetteer.departments()
    ]
    names = [area for area in areas if len(area[0].replace(" ", "")) >= _SHORTEST]
    for name, people in _towns(gazetteer).items():
        bare = without_article(name)
        if people >= _TOWN or len(bare.replace(" ", "")) >= _SHORTEST:
            names.append((bare, name, people >= _TOWN))
    found: dict[str, list[tuple[str, str, bool]]] = {}
    for entry in names:
        found.setdefault(entry[0][0], []).append(entry)
    return found


def _claim(state: ParseState, meant: str, first: int, last: int, introduced: Introduced) -> None:
    """Claim a place, or the town of a name."""
    options: tuple[Option, ...] = ()
    if ":" not in meant:
        named = Named(first, last, communes=state.gazetteer.by_name(meant))
        town = named.communes[0]
        meant, options = f"commune:{town.code}", alternatives(state, named, town)
    lead = introduced.first
    state.claim_place(
        meant, (first, last), introduced.role, lead=lead, options=options, corrected=True
    )
