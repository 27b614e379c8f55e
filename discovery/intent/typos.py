"""Names of places with one letter wrong: "Villeurbane", "Grenobel", "Bretange"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from discovery.gazetteer import Gazetteer, normalise
from discovery.gazetteer.names import without_article
from discovery.intent.communes import WELL_POPULATED, alternatives, is_ordinary_name
from discovery.intent.introducers import Introduced, introduction
from discovery.intent.lexer import Gap
from discovery.intent.model import Option
from discovery.intent.named import Named
from discovery.intent.names import names_at, typed
from discovery.intent.parse_state import Draft, ParseState
from discovery.spelling.words import known_word, sound

_SHORTEST = 7  # letters of the name, its article apart: shorter ones are one edit away from too many words
_SHORTEST_LED = 4  # the same after words that lead to a place: "près de lile"
_TOWN = 30_000  # inhabitants: a short name that all know
_SAINTS = ("saint", "sainte")  # known words that open names
_SHORTEST_SAID = 5  # letters of a town's name written as it sounds
_TWICE = 9  # letters of a name that may hold two typos
_SHORT_LEADS = (("at",), ("in",))  # before too many other words
_LONGEST_NAME = 4  # words tried at once


def claim_misspelt(reading: ParseState) -> None:
    """Claim places one edit away from unknown words: at either end, or introduced. Call once all else is claimed.

    A word of French or English, of the vocabulary, one that the index holds often, or the name of any commune is
    spelt as meant.
    """
    for index in range(len(reading.tokens)):
        if not reading.free(index) or reading.fold(index) in reading.ties.articles or reading.negated(index):
            continue
        fold = reading.fold(index)
        if len(fold) >= _SHORTEST_LED and known_word(fold) and fold not in _SAINTS:
            continue
        lasts = _lasts(reading, index)
        if not lasts:
            continue
        introduced = introduction(reading, index)
        if introduced.strength == "of":
            continue
        for last in lasts:
            if introduced.strength is None and not (reading.at_left(index) or reading.at_right(last)):
                continue
            found = _misspelt(reading, index, last, introduced)
            if found is not None:
                reading.drop(range(introduced.first, index))
                reading.claim(found)
                break


def _lasts(reading: ParseState, first: int) -> list[int]:
    """Ends of the words that may be one name, the longest first: tied words, no numbers, one of them long enough."""
    lasts: list[int] = []
    long = False
    for last in range(first, min(first + _LONGEST_NAME, len(reading.tokens))):
        token = reading.tokens[last]
        if not reading.free(last) or token.number or (last > first and token.gap > Gap.BLANK):
            break
        long = long or len(token.fold) >= _SHORTEST_LED
        if long:
            lasts.append(last)
    return lasts[::-1]


def _misspelt(reading: ParseState, first: int, last: int, introduced: Introduced) -> Draft | None:
    name = typed(reading, first, last)
    key = normalise(name)
    letters = key.replace(" ", "")
    if len(letters) < _SHORTEST_LED or not letters.isalpha():
        return None
    own = [index for index in range(first, last + 1) if len(reading.fold(index)) >= _SHORTEST_LED]
    if reading.fold(first) in _SAINTS:
        own.remove(first)
    if not own or any(reading.known_word(index) or known_word(reading.fold(index)) for index in own):
        return None
    if any(named.last == last for named in names_at(reading, first)):
        return None
    if len(letters) < _SHORTEST - 1:
        led = _short_town(reading, key, first, last, introduced)
        return led or _said_town(reading, key, first, last, introduced)
    area = _nearest_area(reading.gazetteer, key)
    if area is not None:
        return _draft(reading, area, first, last, Introduced(first))
    for commune in reading.gazetteer.by_name_fuzzy(name, 3):
        meant = normalise(commune.name)
        if (
            len(without_article(meant).replace(" ", "")) < _SHORTEST
            or meant[0] != key[0]
            or is_ordinary_name(reading, commune)
        ):
            continue  # nobody mistypes a first letter; "moulin" is no misspelt Moulins
        if commune.population >= WELL_POPULATED or introduced.strength == "strong":
            named = Named(first, last, communes=reading.gazetteer.by_name(commune.name))
            options = alternatives(reading, named, commune)
            return _draft(reading, f"commune:{commune.code}", first, last, introduced, options)
    return _said_town(reading, key, first, last, introduced)


def _short_town(reading: ParseState, key: str, first: int, last: int, introduced: Introduced) -> Draft | None:
    """ "près de lile": words that lead to a place are followed by one, of a town that all know."""
    if introduced.strength != "strong" or introduced.words in _SHORT_LEADS:
        return None
    short = [name for name in _large_towns(reading.gazetteer) if _SHORTEST_LED <= len(name) < _SHORTEST]
    meant = process.extractOne(key, short, scorer=OSA.distance, score_cutoff=1)
    if meant is None or meant[0][0] != key[0]:
        return None
    return _town(reading, meant[0], first, last, introduced)


def _said_town(reading: ParseState, key: str, first: int, last: int, introduced: Introduced) -> Draft | None:
    """ "nante", "clermon ferran", "monpelier": a town that all know, said alike, or two edits from a long name."""
    if len(key) < _SHORTEST_SAID:
        return None
    most, said = 2 if len(key) >= _TWICE else 0, _said(key)
    for name in _large_towns(reading.gazetteer):
        if name[0] != key[0] or abs(len(name) - len(key)) > 3 or _is_ordinary(reading, name):
            continue
        if OSA.distance(name, key, score_cutoff=most) <= most or _said(name) == said:
            return _town(reading, name, first, last, introduced)
    return None


def _is_ordinary(reading: ParseState, name: str) -> bool:
    return is_ordinary_name(reading, reading.gazetteer.by_name(name)[0])


def _said(key: str) -> str:
    return " ".join(map(sound, key.split(" ")))


def _town(reading: ParseState, name: str, first: int, last: int, introduced: Introduced) -> Draft:
    named = Named(first, last, communes=reading.gazetteer.by_name(name))
    options = alternatives(reading, named, named.communes[0])
    return _draft(reading, f"commune:{named.communes[0].code}", first, last, introduced, options)


@lru_cache(maxsize=4)
def _large_towns(gazetteer: Gazetteer) -> tuple[str, ...]:
    """Keys of the names of large towns, the most populous first."""
    return gazetteer.names_of_towns(_TOWN)


def _draft(
    reading: ParseState, value: str, first: int, last: int, introduced: Introduced, options: tuple[Option, ...] = ()
) -> Draft:
    label = reading.gazetteer.label(value, reading.lang)
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
