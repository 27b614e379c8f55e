"""Names of places with one letter wrong: "Villeurbane", "Grenobel"."""

from __future__ import annotations

from discovery.gazetteer import Commune, normalise
from discovery.intent.lexer import Gap
from discovery.intent.names import Named, names_at, typed
from discovery.intent.places import WELL_POPULATED, Introduced, alternatives, introduction, is_ordinary_name
from discovery.intent.reading import Draft, Reading

_SHORTEST = 7  # letters of the name: shorter ones are one edit away from too many words
_LONGEST_NAME = 4  # words tried at once


def claim_misspelt(reading: Reading) -> None:
    """Claim communes one edit away from unknown words: at either end, or introduced. Call once all else is claimed.

    A word of the vocabulary, one that the index holds often, or the name of any commune is spelt as meant.
    """
    for index in range(len(reading.tokens)):
        if not reading.free(index) or reading.negated(index):
            continue
        introduced = introduction(reading, index)
        if introduced.strength == "of" or (introduced.strength is None and not _at_an_end(reading, index)):
            continue
        for last in _lasts(reading, index):
            commune = _misspelt(reading, index, last, introduced)
            if commune is not None:
                _claim(reading, index, last, commune, introduced)
                break


def _at_an_end(reading: Reading, index: int) -> bool:
    return reading.at_left(index) or any(reading.at_right(last) for last in _lasts(reading, index))


def _lasts(reading: Reading, first: int) -> list[int]:
    """Ends of the words that may be one name, the longest first: tied words, none of them known."""
    lasts: list[int] = []
    for last in range(first, min(first + _LONGEST_NAME, len(reading.tokens))):
        token = reading.tokens[last]
        if not reading.free(last) or token.number or (last > first and token.gap > Gap.BLANK):
            break
        lasts.append(last)
    return lasts[::-1]


def _misspelt(reading: Reading, first: int, last: int, introduced: Introduced) -> Commune | None:
    name = typed(reading, first, last)
    key = normalise(name)
    letters = len(key.replace(" ", ""))
    if letters < _SHORTEST - 1 or not key.replace(" ", "").isalpha():
        return None
    own = [i for i in range(first, last + 1) if len(reading.fold(i)) > 3]
    if not own or any(reading.known_word(index) for index in own):
        return None
    if introduced.strength not in ("strong",) and not (reading.at_left(first) or reading.at_right(last)):
        return None
    if any(named.last == last for named in names_at(reading, first)):
        return None
    for commune in reading.gazetteer.by_name_fuzzy(name, 3):
        meant = normalise(commune.name)
        if len(meant.replace(" ", "")) < _SHORTEST or meant[0] != key[0] or is_ordinary_name(reading, commune):
            continue  # nobody mistypes a first letter; "moulin" is no misspelt Moulins
        if commune.population >= WELL_POPULATED or introduced.strength == "strong":
            return commune
    return None


def _claim(reading: Reading, first: int, last: int, commune: Commune, introduced: Introduced) -> None:
    value = f"commune:{commune.code}"
    named = Named(first, last, communes=reading.gazetteer.by_name(commune.name))
    reading.drop(range(introduced.first, first))
    reading.claim(
        Draft(
            "place",
            value,
            reading.gazetteer.label(value, reading.lang),
            first,
            last,
            introduced.role,
            alternatives=alternatives(reading, named, commune),
            corrected=True,
        )
    )
