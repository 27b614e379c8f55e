"""The light French stemmer of Jacques Savoy (UniNE), as Lucene's FrenchLightStemFilter applies it.

J. Savoy, "Light stemming approaches for the French, Portuguese, German and Hungarian languages", SAC 2006.
It strips plural and feminine marks and the commonest derivations, then normalises what is left. It is not
Snowball's "french". Written from the published rules, as a table; vectors made with Lucene's class hold it.
"""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple


class _Rule(NamedTuple):
    """A word longer than `longer_than` that ends in `suffix` ends in `becomes` instead.

    `then`: a further (suffix, becomes, longer than) tried on the result. `last`: whether no rule follows.
    """

    suffix: str
    longer_than: int
    becomes: str
    last: bool = True
    then: tuple[str, str, int] | None = None


_RULES = (
    _Rule("issement", 9, "ir"),
    _Rule("issant", 8, "ir"),
    _Rule("ement", 6, "e", then=("ive", "if", 3)),
    _Rule("ficatrice", 11, "fier"),
    _Rule("ficateur", 10, "fier"),
    _Rule("catrice", 9, "quer"),
    _Rule("cateur", 8, "quer"),
    _Rule("atrice", 8, "er"),
    _Rule("ateur", 7, "er"),
    _Rule("trice", 6, "teur", last=False),
    _Rule("ième", 5, ""),
    _Rule("teuse", 7, "ter"),
    _Rule("teur", 6, "ter"),
    _Rule("euse", 5, "eu"),
    _Rule("ère", 8, "er"),
    _Rule("ive", 7, "if"),
    _Rule("folle", 4, "fou"),
    _Rule("molle", 4, "mou"),
    _Rule("nnelle", 9, "n"),
    _Rule("nnel", 9, "n"),
    _Rule("ète", 4, "et", last=False),
    _Rule("ique", 8, "", last=False),
    _Rule("esse", 8, "e"),
    _Rule("inage", 7, "in"),
    _Rule("isation", 9, "", then=("ual", "uel", 5)),
    _Rule("isateur", 9, ""),
    _Rule("ation", 8, ""),
    _Rule("ition", 8, ""),
)

_ACCENTS = str.maketrans("àáâôèéêùûîç", "aaaoeeeuuic")


def light_stem(word: str) -> str:
    """The stem of a lower-case word, with or without its accents ("vitrerie" → "vitr")."""
    if word and max(word) > "\uffff":
        # Lucene's lengths count UTF-16 units: such a character is two, and neither is a letter.
        units = memoryview(word.encode("utf-16-le", "surrogatepass")).cast("H")
        stem = _stem("".join(map(chr, units)))
        return stem.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return _stem(word)


def _stem(word: str) -> str:
    word = _singular(word)
    for suffix, longer_than, becomes, last, then in _RULES:
        if len(word) > longer_than and word.endswith(suffix):
            word = word[: -len(suffix)] + becomes
            if then is not None and len(word) > then[2] and word.endswith(then[0]):
                word = word[: -len(then[0])] + then[1]
            if last:
                break
    return _normal(word)


def _singular(word: str) -> str:
    if len(word) > 5 and word.endswith("x"):
        # "canaux" → "canal", but "bureaux" → "bureau"
        word = word[:-3] + "al" if word[-3:-1] == "au" and word[-4] != "e" else word[:-1]
    if len(word) > 3 and word.endswith("x"):
        word = word[:-1]
    if len(word) > 3 and word.endswith("s"):
        word = word[:-1]
    return word


def _normal(word: str) -> str:
    """Accents and doubled letters go, then a final "ie", "r", "e", "é", and a letter doubled by that."""
    if len(word) > 4:
        word = word.translate(_ACCENTS)
        word = "".join(c if c.isalpha() else "".join(run) for c, run in groupby(word))
    if len(word) > 4 and word.endswith("ie"):
        word = word[:-2]
    if len(word) > 4:
        word = word.removesuffix("r").removesuffix("e").removesuffix("e")
        if word[-1] == word[-2] and word[-1].isalpha():
            word = word[:-1]
    return word
