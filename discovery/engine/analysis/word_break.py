"""The words of a text by Unicode's rules (UAX #29, UTS #51), as Lucene's StandardTokenizer finds them.

Lucene's is a longest-match automaton over 28 classes of characters. Here the same language is one regular
expression, written so that its first match is also the longest: at every choice the first alternative that
fits leads at least as far as the later ones. Quantifiers are possessive where that is provable, so the time
is linear in the text. Vectors of random text over all the classes hold the equivalence.
"""

from __future__ import annotations

import re
import sys
from functools import cache, cached_property

from discovery.engine.analysis.tables import table


class Scanner:
    """Finds words; positions are code points."""

    def __init__(self, classes: dict[str, str]) -> None:
        self._classes = classes
        self._any = _compiled("|".join((_word(classes), *_others(classes))))
        self._both = re.compile(f"[{classes['pictograph_letter']}]")

    @cached_property
    def _emoji(self) -> re.Pattern[str]:
        """Seldom asked for."""
        return _compiled(_emoji(self._classes))

    def next(self, text: str, position: int, limit: int) -> tuple[int, int] | None:
        """The first word that begins at or after `position`, as (start, end), looking no further than `limit`."""
        found = self._any.search(text, position, limit)
        return None if found is None else self._longest(found, text, limit)

    def at(self, text: str, position: int, limit: int) -> tuple[int, int] | None:
        """The word that begins at `position`, if one does."""
        found = self._any.match(text, position, limit)
        return None if found is None else self._longest(found, text, limit)

    def _longest(self, found: re.Match[str], text: str, limit: int) -> tuple[int, int]:
        """Where a letter is a pictograph too ("ℹ", "Ⓜ"), the longer of the two readings."""
        start, end = found.span()
        if self._both.match(text, start, limit):
            emoji = self._emoji.match(text, start, limit)
            if emoji is not None:
                end = max(end, emoji.end())
        return start, end


@cache
def scanner() -> Scanner:
    """The scanner over Lucene's classes; made once, at first use (some 50 ms)."""
    return Scanner({name: _ranges(spec) for name, spec in (line.split(" ", 1) for line in table("word_break"))})


def _compiled(pattern: str) -> re.Pattern[str]:
    """Before Python 3.11.5, a possessive group that gave up inside its last round kept what that round had taken
    (CPython issue 106052): "E.S.A.T." ended on its point. Greedy groups say the same, more slowly."""
    if sys.version_info < (3, 11, 5):
        for possessive in (")*+", ")++", f"){_LEADING}"):
            pattern = pattern.replace(possessive, possessive[:-1])
    return re.compile(pattern)


def _ranges(spec: str) -> str:
    """Hexadecimal ranges ("41-5A 61-7A") as the inside of a regular expression's class."""
    parts = ((first, last or first) for first, _, last in (part.partition("-") for part in spec.split()))
    return "".join(f"{_literal(first)}-{_literal(last)}" for first, last in parts)


def _literal(code: str) -> str:
    """The character itself, which is read several times faster than its number."""
    return re.escape(chr(int(code, 16)))


def _of(classes: dict[str, str], *names: str) -> str:
    return f"[{''.join(classes[name] for name in names)}]"


_EXTENDING = ("extend", "complex_extend", "zwj", "keycap", "modifier", "tag", "tag_end")
"""What joins the character before it: combining accents, format characters, skin tones, tags."""


_LEADING = "{0,254}+"
"""What may stand before a word has begun; more would not fit in Lucene's 255 either, and would cost a square."""


def _word(classes: dict[str, str]) -> str:
    """Letters, digits and "_" in any order; one apostrophe or point between two letters, one point or comma
    between two digits; katakana among themselves, or joined by "_"; Hebrew with its quotes."""
    extend = _of(classes, *_EXTENDING, "text_style", "emoji_style") + "*+"

    def atom(*names: str) -> str:
        return _of(classes, *names) + extend

    letter = atom("letter", "hebrew", "hangul", "pictograph_letter")
    hebrew = atom("hebrew")
    number = atom("digit", "numeric")
    joiner = atom("extend_num_let")
    quote = atom("single_quote")
    in_letters = atom("mid_letter", "mid_num_let", "single_quote")
    in_numbers = atom("mid_num", "mid_num_let", "single_quote")
    run = (
        "(?:"
        f"{hebrew}{quote}"
        f"|{hebrew}{atom('double_quote')}{hebrew}"
        f"|(?:{letter}(?:{in_letters}{letter})*+)"
        f"|(?:{number}(?:{in_numbers}{number})*+)"
        ")++"
    )
    unit = f"(?:{run}|(?:{atom('katakana')})++)"
    # The look-ahead refuses an endless run of "_" at once, instead of walking it from each of its characters.
    endless = f"(?!{_of(classes, 'extend_num_let')}{{255}})"
    return f"{endless}(?:{joiner}){_LEADING}{unit}(?:(?:{joiner})++{unit})*+(?:{joiner})*+"


def _others(classes: dict[str, str]) -> tuple[str, ...]:
    """Thai and its neighbours in runs; ideographs and hiragana one by one; emoji; flags; keycaps."""
    inside = _of(classes, *_EXTENDING) + "*+"
    extend = _of(classes, *_EXTENDING, "text_style", "emoji_style") + "*+"
    regional = _of(classes, "regional") + extend
    base = _of(classes, "keycap_base")
    keycap = f"[{classes['keycap']}]"
    not_keycap = f"(?:(?!{keycap}){_of(classes, *_EXTENDING)})*+"
    return (
        _of(classes, "complex", "complex_extend")
        + _of(classes, "complex", *_EXTENDING, "text_style", "emoji_style")
        + "*+",
        _of(classes, "han") + extend,
        _of(classes, "hiragana") + extend,
        _emoji(classes),
        f"{base}{inside}[{classes['emoji_style']}]{keycap}{inside}",
        f"{base}{not_keycap}{keycap}{inside}",
        f"{regional}{regional}",
    )


def _emoji(classes: dict[str, str]) -> str:
    """A pictograph with its skin tone and style, chained to others by zero-width joiners, or a tagged flag."""
    joiner = f"[{classes['zwj']}]"
    picture = _of(classes, "pictograph", "pictograph_letter")
    tone = _of(classes, "modifier")
    style = f"[{classes['emoji_style']}]"
    inside = _of(classes, *_EXTENDING) + "*+"
    pictures = f"{picture}{inside}(?:(?<={joiner}){picture}{inside})*+"
    tone_then_pictures = f"{tone}{inside}(?<={joiner}){pictures}"
    tagged = f"{joiner}{_LEADING}{picture}{inside}{style}{_of(classes, 'tag')}++[{classes['tag_end']}]"
    chain = (
        f"(?:{joiner}{_LEADING}{pictures}|{tone_then_pictures})"
        f"(?:{style}(?:{joiner}++{pictures}|{joiner}{tone_then_pictures}))*+"
        f"(?:{style}(?:{joiner}{tone}{inside})?)?"
    )
    return f"(?:{tagged}|{chain}|{tone}{inside})"
