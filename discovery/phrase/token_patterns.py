"""Regular expressions over the tokens of a phrase: a character stands for each gap, and for each word.

`written` writes a phrase as a gap, a token, a gap, a token … a gap; hence token `i` is character `2 i + 1`. Words that
the patterns do not tell apart are one character, so that patterns stay short and quick.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from string import ascii_letters

from discovery.phrase.lexer import Gap
from discovery.phrase.parse_state import ParseState, State

TIED = r"[ ~\-.']"
"""A gap within one run of words: a blank, a hyphen, an apostrophe, an inner dot, or nothing (`~`)."""
GLUED = r"[~\-.']"
UP_TO_COMMA = r"[ ~\-.'/|&,:;¦]"
ANY_GAP = r"[ ~\-.'/|&,:;¦¬°¤£¥!]"
"""`/`, and `|` the same between blanks, `&` for other signs of a list; `,`, `:`, a dash `¦` between blanks, `;` for
what else parts; `¬` a full stop, `°` as in "n°"; `¤` a currency's sign, `£` one before other marks, `¥` one after them;
`!` for all else."""

_NUMBERS = "023ABCDEFGHIJ"
"""Numbers by what they may be: `2`, `3`, `0` for another digit; two digits `A` up to 12, `B` up to 24, `C` up to 31,
`D` up to 59, `E` up to 99; `F` three digits; `G` a year (1990–2099), `H` other four; `I` five, `J` six to nine."""
NUMBER = f"[{_NUMBERS}]"
UP_TO_12, UP_TO_24, UP_TO_31, UP_TO_59 = "[023A]", "[023AB]", "[023ABC]", "[023ABCD]"
TWO_DIGITS, THREE_DIGITS, FOUR_DIGITS, YEAR = "[ABCDE]", "F", "[GH]", "G"
UP_TO_THREE_DIGITS = "[023A-F]"

PIECE, TAKEN, TAKEN_NUMBER, OTHER = "P", "T", "N", "W"
"""A token of a piece; one that a rule may not read for another reason, and such a number; a word of no list."""
A_NUMBER = f"[{_NUMBERS}{TAKEN_NUMBER}]"
FREE = f"[^{PIECE}{TAKEN}{TAKEN_NUMBER}{ANY_GAP[1:-1]}]"
WORD = f"[^{PIECE}{TAKEN}{TAKEN_NUMBER}{_NUMBERS}{ANY_GAP[1:-1]}]"

_SIGNS = frozenset("€$£")
_YEARS = range(1990, 2100)
_MARK = 0xE000  # of the private use area: stands for a set of words until `compile`


class Alphabet:
    """Sets of words, as the patterns name them, and the characters of words: one for those of the same sets."""

    def __init__(self) -> None:
        self._sets: dict[frozenset[str], str] = {}
        self.letters: dict[str, str] = {}

    def words(self, words: Collection[str]) -> str:
        """A pattern of any of some words, to be compiled here."""
        if len(words) == 1 and (number := next(iter(words))).isdigit():
            return _number(number)
        return self._sets.setdefault(frozenset(words), chr(_MARK + len(self._sets)))

    def phrases(self, phrases: Iterable[tuple[str, ...]]) -> str:
        """A pattern of any of some phrases, the longest first, to be compiled here."""
        listed = sorted(phrases, key=lambda words: (-len(words), words))
        long = [TIED.join(self.words({word}) for word in words) for words in listed if len(words) > 1]
        return f"(?:{'|'.join([*long, self.words({words[0] for words in listed if len(words) == 1})])})"

    def close(self) -> None:
        """Give words their characters. No pattern may name another set from now on."""
        own: dict[str, tuple[str, ...]] = {}
        for words, mark in self._sets.items():
            for word in words:
                own[word] = (*own.get(word, ()), mark)
        reserved = {PIECE, TAKEN, TAKEN_NUMBER, OTHER, *_NUMBERS}
        free = [*(c for c in ascii_letters if c not in reserved), *map(chr, range(0xC0, 0x250))]
        letters = dict(zip(dict.fromkeys(own[word] for word in sorted(own)), free, strict=False))
        self.letters = {word: letters[marks] for word, marks in own.items()}

    def compile(self, pattern: str) -> re.Pattern[str]:
        """A pattern that names sets of words, once closed."""
        for words, mark in self._sets.items():
            if mark in pattern:
                letters = "".join(sorted({self.letters[word] for word in words}))
                pattern = pattern.replace(mark, f"[{letters}]" if letters else "(?!)")
        return re.compile(pattern)


def written(state: ParseState, letters: Mapping[str, str], closed: Collection[int]) -> str:
    """The phrase in the letters of an alphabet. `closed`: tokens that no pattern may read."""
    characters: list[str] = []
    for index, token in enumerate(state.tokens):
        characters.append(_gap(state, index))
        became = state.states[index]
        if became is State.PIECE:
            characters.append(PIECE)
        elif became is not State.FREE or index in closed:
            characters.append(TAKEN_NUMBER if became is State.FREE and token.number else TAKEN)
        elif token.number:
            characters.append(_number(token.text))
        else:
            characters.append(letters.get(token.fold, OTHER))
    characters.append(_gap(state, len(state.tokens)))
    return "".join(characters)


def _number(text: str) -> str:
    size = len(text)
    if size == 1:
        return text if text in "23" else "0"
    if size == 2:
        return next(kind for kind, most in zip("ABCDE", (12, 24, 31, 59, 99), strict=True) if int(text) <= most)
    if size == 4:
        return "G" if int(text) in _YEARS else "H"
    return {3: "F", 5: "I"}.get(size, "J" if size < 10 else TAKEN_NUMBER)


def _gap(state: ParseState, index: int) -> str:
    """What stands before a token (after the last, its index being one more), as one character."""
    before = state.tokens[index - 1].end if index else 0
    after = state.tokens[index].start if index < len(state.tokens) else len(state.q)
    between = state.q[before:after]
    bare = between.strip()
    if bare and (bare[0] in _SIGNS or bare[-1] in _SIGNS):
        return "¤" if len(bare) == 1 else "£" if bare[0] in _SIGNS else "¥"
    if not 0 < index < len(state.tokens):
        return "!"
    if bare.strip(". \u00a0\u202f") in ("°", "º"):
        return "°"
    gap = state.tokens[index].gap
    if gap is Gap.GLUE:
        return "~" if not between else between if between in "-." else "'"
    if gap is Gap.BLANK:
        return " "
    if gap is Gap.SLASH:
        return "/" if between == "/" else "|" if bare == "/" else "&"
    if bare in (".", ".:"):
        return "¬"
    if gap is Gap.COMMA:
        return ":" if ":" in bare else "," if between == "," else "¦" if bare in ("-", "–") else ";"
    return "!"
