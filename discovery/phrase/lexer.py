"""A phrase as tokens that remember where they stand.

Offsets are those of the phrase as typed, whatever the script, the case or the accents. Quoted
words, addresses of mail and of sites are tokens too, but `opaque`: words that no rule may read.
"""

import re
from enum import IntEnum
from typing import NamedTuple

from discovery.mappings.phrases import fold


class Gap(IntEnum):
    """What stands between two tokens, from what ties to what parts."""

    GLUE = 0  # nothing, hyphen, apostrophe, inner dot: one typographic word
    BLANK = 1
    SLASH = 2  # / & + |: a list
    COMMA = 3  # , ; : line end, dash between blanks: another part of the phrase
    STOP = 4  # brackets, full stop, quotes, anything else


class Token(NamedTuple):
    """A word or number of a phrase, and where it stands (characters `start` to `end`, excluded).

    `fold`: lower case, no accents, no dots; `stem`: `fold` without plural; `gap`: what stands
    before it.
    """

    start: int
    end: int
    text: str
    fold: str
    stem: str
    number: bool
    opaque: bool
    dotted: bool
    elided: bool
    gap: Gap


_LETTER = r"(?:[^\W0-9_]|[\u0300-\u036f])"
_TOKEN = re.compile(
    rf"""
    (?P<opaque>https?://\S+ | www\.\S+ | [\w.+-]{{1,64}}@[\w.-]*\w
               | [\w-]{{1,64}}(?:\.[\w-]{{1,64}}){{0,4}}\.(?:fr|com|org|net|eu|coop)\b)
    | (?P<dotted>(?<![^\W_])(?:[A-Za-z]\.)+[A-Za-z](?![^\W_])\.?)
    | (?P<number>[0-9]+)
    | (?P<word>[^\W0-9_]{_LETTER}*)
    """,
    re.VERBOSE,
)
_QUOTED = re.compile(r'"[^"]*"|«[^»]*»|“[^”]*”|„[^“”]*[“”]')
_GLUE = frozenset("'’ʼ`´-‐‑._·")
_SLASH = frozenset("/&+|\\")
_COMMA = frozenset(",;:•–—-\n\r\u2028\u2029")
_ELIDED = frozenset(("l", "d", "j", "m", "n", "s", "t", "c", "qu", "jusqu"))
_APOSTROPHES = frozenset("'’ʼ`´")


def stem(word: str) -> str:
    """A folded word without its plural, for telling names apart only: never shown, never searched.

    French and English plurals are undone alike ("bureaux", "locaux", "agencies"), and "adapte"
    reads as "adaptee", the most frequent slip of those who look for an entreprise adaptée.
    """
    if len(word) < 4 or not word.isalpha():
        return word
    if word.endswith("eaux"):
        return word[:-1]
    if word.endswith("aux"):
        return word[:-2] + "l"
    if word.endswith(("s", "x")) and not word.endswith("ss"):
        word = word[:-1]
    if len(word) > 4 and word.endswith("ie"):
        return word[:-2] + "y"
    return word[:-1] if len(word) > 6 and word.endswith("ee") else word


def _gap(between: str, before: str) -> Gap:
    if between == " ":
        return Gap.BLANK
    if not between:
        return Gap.GLUE
    if between.isspace():
        return Gap.BLANK if not ("\n" in between or "\r" in between) else Gap.COMMA
    bare = between.strip()
    if len(between) == 1 and between in _GLUE:
        return Gap.GLUE
    if (
        bare in (".", "-") and before in ("st", "ste") and between[0] == bare
    ):  # "St. Étienne", "St- Étienne"
        return Gap.BLANK
    if "'" in bare and all(c in _APOSTROPHES for c in bare):  # "l' espace"
        return Gap.BLANK
    marks = {c for c in between if not c.isspace()}
    if marks <= _SLASH:
        return Gap.SLASH
    return Gap.COMMA if marks <= _COMMA | _SLASH else Gap.STOP


def lex(q: str) -> tuple[Token, ...]:
    """The tokens of a phrase, in order. Never raises; what is no word (emoji, punctuation) is
    between tokens.
    """
    quoted = [match.span() for match in _QUOTED.finditer(q)] if not q.isalnum() else []
    tokens: list[Token] = []
    position, before = 0, ""
    for match in _TOKEN.finditer(q):
        start, end = match.span()
        text, what = match[0], match.lastgroup
        if what == "opaque" and text.startswith(("http", "www")):
            text = text.rstrip('.,;:!?)»”"')
            end = start + len(text)
        folded = fold(text.replace(".", "") if what == "dotted" else text)
        opaque = what == "opaque" or (bool(quoted) and any(a <= start < b for a, b in quoted))
        elided = folded in _ELIDED and end < len(q) and q[end] in _APOSTROPHES
        gap = _gap(q[position:start], before) if tokens else Gap.STOP
        number, dotted = what == "number", what == "dotted"
        tokens.append(
            Token(start, end, text, folded, stem(folded), number, opaque, dotted, elided, gap)
        )
        position, before = end, folded
    return tuple(tokens)


def key(text: str) -> str:
    """A spelling without case, accents and punctuation: equal for two spellings of one piece.
    Compares `literal=` with what was recognised.
    """
    return " ".join(token.fold for token in lex(text))
