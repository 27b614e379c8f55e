"""Names of places as keys: two spellings of one name have one key.

`normalise` is defined on many lines at once (`normalise_lines`), so that the 35,000 names of the
table are folded in a few C-speed passes at load time and need no second, stored, spelling.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# Letters that NFKD leaves whole, and marks between words that the fold to ASCII would drop without
# a trace.
_SPELT = [("œ", "oe"), ("Œ", "oe"), ("æ", "ae"), ("Æ", "ae"), ("ß", "ss"), ("ø", "o"), ("Ø", "o")]
_SPELT += [(mark, " ") for mark in "’‘ʼ´‐‑‒–—―−·•"]
# Of ASCII: digits and line feeds stay, letters in lower case, everything else separates words.
_SEPARATE = bytes(
    ord(chr(byte).lower()) if byte < 128 and (chr(byte).isalnum() or byte == 10) else 32
    for byte in range(256)
)
_UNDER = re.compile(r"\bs/s\b", re.IGNORECASE)
_ON = re.compile(r"\bs/", re.IGNORECASE)
_SAINT = re.compile(r"\bst(es?|s)?\b")
_ARTICLE = re.compile(r"(?:l|le|la|les) (?=.)")
_VOWELS = frozenset("aàâeéèêiîoôuy")
_CEDEX = re.compile(r" cedex(?: \d{1,2})?$")


def normalise_lines(text: str) -> str:
    """`normalise` applied to every line of `text`; lines end with a line feed and stay as many."""
    if "/" in text:  # "Chalon s/Saône", before the slash is lost
        text = _ON.sub("sur ", _UNDER.sub("sous ", text))
    if not text.isascii():
        for letter, spelling in _SPELT:
            text = text.replace(letter, spelling)
        text = unicodedata.normalize("NFKD", text)
    key = text.encode("ascii", "ignore").translate(_SEPARATE).decode("ascii")
    key = _SAINT.sub(r"saint\1", key) if "st" in key else key
    return "\n".join([" ".join(line.split()) for line in key.split("\n")])


@lru_cache(
    2_048
)  # a phrase is looked up under the same names several times over; what is typed has no end
def normalise(name: str) -> str:
    """The key of a name: lower case, accents folded, œ/æ spelt out, punctuation as single spaces,
    St(e) = Saint(e).

    Leading articles stay (`without_article` drops them). Idempotent; empty when nothing of the name
    is left.
    """
    return normalise_lines(name.replace("\n", " "))


def normalise_all(names: Iterable[str]) -> list[str]:
    """Keys of many names, in their order: the fast way for a whole table. Names hold no line feed."""
    return normalise_lines("\n".join(names)).split("\n")


def without_article(key: str) -> str:
    """A key without its leading French article: `le havre` → `havre`, `l abergement` →
    `abergement`.
    """
    article = _ARTICLE.match(key)
    return key[article.end() :] if article else key


def variants(key: str) -> set[str]:
    return {key, without_article(key)}


def openings(keys: Iterable[str]) -> frozenset[str]:
    """The first word, and the first two, of each key, articles apart."""
    found = set[str]()
    for key in keys:
        first, blank, more = without_article(key).partition(" ")
        found.add(first)
        if blank:
            found.add(f"{first} {more.partition(' ')[0]}")
    return frozenset(found)


def of(name: str) -> str:
    """A name after "de": "de Lyon", "d'Arles", "du Mans", "des Abymes", "de La Rochelle"."""
    if (
        name[:1].lower() in _VOWELS
    ):  # an h may be aspirated (Le Havre, Hendaye) or not: "de" is never wrong
        return f"d'{name}"
    if name.startswith("Le "):
        return f"du {name[3:]}"
    return f"des {name[4:]}" if name.startswith("Les ") else f"de {name}"


def without_cedex(key: str) -> str:
    """A key without the postal mention that ends it: `lyon cedex 03` → `lyon`."""
    return _CEDEX.sub("", key)
