"""Names of places as keys: two spellings of one name have one key.

`normalise` is defined on a whole column at once (`normalise_lines`), so that the 35,000 names of the table are
folded in a few C-speed passes at load time and need no second, stored, spelling.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# Letters that NFKD leaves whole, and the apostrophes and dashes that it would drop without a trace.
_WHOLE = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ø": "o", "Ø": "o", "ß": "ss",
                        "’": " ", "‘": " ", "ʼ": " ", "–": " ", "—": " ", "‐": " ", "‑": " ", "−": " "})  # fmt: skip
# In ASCII: lower case, digits and line ends stay, everything else separates words.
_SEPARATE = bytes(
    ord(chr(i).lower()) if chr(i).isascii() and (chr(i).isalnum() or chr(i) == "\n") else 32 for i in range(256)
)
_ON = re.compile(r"\bs/s?(?=[ \n\w]|$)", re.IGNORECASE)
_SAINT = re.compile(r"\bst(e?s?)\b")
_SPACES = re.compile(r" {2,}")
_EDGES = re.compile(r"^ | $", re.MULTILINE)
_ARTICLE = re.compile(r"^(?:l|le|la|les) (?=.)")
_CEDEX = re.compile(r" cedex(?: \d{1,2})?$")


def normalise_lines(text: str) -> str:
    """`normalise` applied to every line of `text`; lines are separated by a line feed and stay as many."""
    if "/" in text:  # "Chalon s/Saône", "s/s" for "sous", before the slash is lost
        text = _ON.sub(lambda m: "sous " if len(m[0]) > 2 else "sur ", text)
    folded = unicodedata.normalize("NFKD", text.translate(_WHOLE) if not text.isascii() else text)
    ascii_ = folded.encode("ascii", "ignore").translate(_SEPARATE).decode("ascii")
    return _EDGES.sub("", _SPACES.sub(" ", _SAINT.sub(r"saint\1", ascii_)))


def normalise(name: str) -> str:
    """The key of a name: lower case, accents folded, œ/æ spelt out, punctuation to single spaces, St/Ste = Saint/Sainte.

    Leading articles stay (`without_article` drops them). Idempotent; empty when nothing of the name is left.
    """
    return normalise_lines(name.replace("\n", " "))


def normalise_all(names: Iterable[str]) -> list[str]:
    """Keys of many names, in order; the fast way for a whole table. Names hold no line feed."""
    return normalise_lines("\n".join(names)).split("\n")


def without_article(key: str) -> str:
    """A key without its leading French article: `le havre` → `havre`, `l abergement` → `abergement`."""
    return _ARTICLE.sub("", key)


def without_cedex(key: str) -> str:
    """A key without the postal mention that ends it: `lyon cedex 03` → `lyon`."""
    return _CEDEX.sub("", key)
