"""Tokenizers: a text cut into words, with their offsets in that text."""

import re
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from string import ascii_letters
from typing import NamedTuple

from discovery.engine.analysis.settings import Parameters, table

_RARE = 0x3000
"""Code points from here on are looked up each time: what is kept of the others is bounded."""


class Kinds(dict[int, str]):
    """Of code points, the sign of their class among Lucene's, or of none: what `str.translate`
    makes of a text has its words where the text has them, and is read by expressions that are
    compiled in a tenth of the time.
    """

    def __init__(self, classes: Iterable[tuple[str, str]]) -> None:
        spans = ((part.partition("-"), sign) for ranges, sign in classes for part in ranges.split())
        found = ((int(first, 16), int(last or first, 16), sign) for (first, _, last), sign in spans)
        self._spans = sorted([(0, -1, "."), *found])

    def __missing__(self, code: int) -> str:
        _, last, sign = self._spans[bisect_right(self._spans, (code, sys.maxunicode, "")) - 1]
        found = sign if code <= last else "."
        return self.setdefault(code, found) if code < _RARE else found


class Scanner:
    """Finds words in texts of signs (`kinds`); positions are code points."""

    def __init__(self, lines: Iterable[str]) -> None:
        rows = [(*line.split(" ", 1), ascii_letters[number]) for number, line in enumerate(lines)]
        self.kinds = Kinds((ranges, sign) for _, ranges, sign in rows)
        classes = {name: sign for name, _, sign in rows}
        self._any = _compiled("|".join((_word(classes), *_others(classes))))
        self._emoji, self._both = _compiled(_emoji(classes)), classes["pictograph_letter"]

    def next(self, text: str, position: int, limit: int) -> tuple[int, int] | None:
        """The first word that begins at or after `position`, as (start, end), looking no further
        than `limit`.
        """
        found = self._any.search(text, position, limit)
        return None if found is None else self._longest(found, text, limit)

    def at(self, text: str, position: int, limit: int) -> tuple[int, int] | None:
        """The word that begins at `position`, if one does."""
        found = self._any.match(text, position, limit)
        return None if found is None else self._longest(found, text, limit)

    def _longest(self, found: re.Match[str], text: str, limit: int) -> tuple[int, int]:
        """Where a letter is a pictograph too ("ℹ", "Ⓜ"), the longer of the two readings."""
        start, end = found.span()
        if text[start] == self._both:
            emoji = self._emoji.match(text, start, limit)
            if emoji is not None:
                end = max(end, emoji.end())
        return start, end


@cache
def scanner() -> Scanner:
    """The scanner over Lucene's classes; made once, at first use."""
    return Scanner(table("word_break"))


def _compiled(pattern: str) -> re.Pattern[str]:
    """Before Python 3.11.5, a possessive group that gave up inside its last round kept what that
    round had taken (CPython issue 106052): "E.S.A.T." ended on its point. Greedy groups say the
    same, more slowly.
    """
    if sys.version_info < (3, 11, 5):
        for possessive in (")*+", ")++", f"){_LEADING}"):
            pattern = pattern.replace(possessive, possessive[:-1])
    return re.compile(pattern)


def _of(classes: dict[str, str], *names: str) -> str:
    return f"[{''.join(classes[name] for name in names)}]"


_EXTENDING = ("extend", "complex_extend", "zwj", "keycap", "modifier", "tag", "tag_end")
"""What joins the character before it: combining accents, format characters, skin tones, tags."""


_LEADING = "{0,254}+"
"""What may stand before a word has begun; more would not fit in Lucene's 255 either, and would cost
a square.
"""


def _word(classes: dict[str, str]) -> str:
    """Letters, digits and "_" in any order; one apostrophe or point between two letters, one point
    or comma between two digits; katakana among themselves, or joined by "_"; Hebrew with its
    quotes.
    """
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
    # The look-ahead refuses an endless run of "_" at once, instead of walking it from each of its
    # characters.
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
    """A pictograph with its skin tone and style, chained to others by zero-width joiners, or a
    tagged flag.
    """
    joiner = f"[{classes['zwj']}]"
    picture = _of(classes, "pictograph", "pictograph_letter")
    tone = _of(classes, "modifier")
    style = f"[{classes['emoji_style']}]"
    inside = _of(classes, *_EXTENDING) + "*+"
    pictures = f"{picture}{inside}(?:(?<={joiner}){picture}{inside})*+"
    tone_then_pictures = f"{tone}{inside}(?<={joiner}){pictures}"
    tagged = (
        f"{joiner}{_LEADING}{picture}{inside}{style}{_of(classes, 'tag')}++[{classes['tag_end']}]"
    )
    chain = (
        f"(?:{joiner}{_LEADING}{pictures}|{tone_then_pictures})"
        f"(?:{style}(?:{joiner}++{pictures}|{joiner}{tone_then_pictures}))*+"
        f"(?:{style}(?:{joiner}{tone}{inside})?)?"
    )
    return f"(?:{tagged}|{chain}|{tone}{inside})"


MAX_TOKEN_LENGTH = 255
_WINDOW = 2048
_MARGIN = MAX_TOKEN_LENGTH + 1


class Span(NamedTuple):
    """A word and where it is: characters `start` to `end` (excluded) of the tokenized text."""

    term: str
    start: int
    end: int


_PLAIN = re.compile("\\(?([A-Za-zÀ-ÖØ-öø-ÿ]+(?:['’][A-Za-zÀ-ÖØ-öø-ÿ]+)*)[,;.:)]?")
"""What most pieces of text are: the rules need not be asked where such a word ends."""


class Standard:
    """`standard`: words by UAX #29, as Lucene's StandardTokenizer, longer ones cut at
    Elasticsearch's default.
    """

    breaks_at_space = True
    """Whether no word spans white space (but for U+202F): then pieces can be cut alone, and
    remembered.
    """

    def spans(self, text: str) -> Iterator[Span]:
        """Where words begin and end, by the rules of Unicode (UAX 29), as Lucene's standard
        tokenizer parts them.
        """
        plain = _PLAIN.fullmatch(text)
        if plain is not None and len(text) <= MAX_TOKEN_LENGTH:
            yield Span(plain[1], *plain.span(1))
            return
        scan = scanner()
        kinds = text.translate(scan.kinds)
        position = 0
        while position < len(text):
            # In windows: nothing reaches further than 255, and one endless word must not cost a
            # square.
            window = min(len(text), position + _WINDOW)
            found = scan.next(kinds, position, window)
            if window < len(text) and (found is None or found[0] > window - _MARGIN):
                position = window - _MARGIN
                continue
            if found is None:
                return
            start, end = found
            if end - start > MAX_TOKEN_LENGTH // 2 and (limit := _limit(text, start)) < end:
                # Lucene looks no further than this: a longer word is cut here, and may be read
                # otherwise.
                found = scan.at(kinds, start, limit)
                if found is None:
                    position = start + 1
                    continue
                start, end = found
            yield Span(text[start:end], start, end)
            position = end


class Whitespace:
    """`whitespace`: whatever stands between white space (Java's: a no-break space is none)."""

    # No-break spaces are white space to Python, and parts of words here.
    breaks_at_space = False
    _WORD = re.compile("[^\t-\r\x1c- \u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]+")

    def spans(self, text: str) -> Iterator[Span]:
        """Where words begin and end: what white space parts."""
        for word in self._WORD.finditer(text):
            start = word.start()
            while start < word.end():
                end = min(word.end(), _limit(text, start))
                yield Span(text[start:end], start, end)
                start = end


def _limit(text: str, start: int) -> int:
    """The furthest end such that start…end takes no more than `MAX_TOKEN_LENGTH` UTF-16 units,
    which Java counts.
    """
    end, units = start, MAX_TOKEN_LENGTH
    while end < len(text):
        units -= 2 if text[end] > "\uffff" else 1
        if units < 0:
            break
        end += 1
    return end


Tokenizer = Standard | Whitespace
TOKENIZERS: dict[str, Callable[[Parameters], Tokenizer]] = {
    "standard": lambda _: Standard(),
    "whitespace": lambda _: Whitespace(),
}
