"""Series of things that a text tells alike, numbered, bulleted, priced or a line each; which of
them is of its lots.

A log-linear model over what a series shows (`shown`, `asked`), with none of them as one more
choice. Its weights are learnt from notices written for it (`tools/learn/series.py`). Pure.
"""

import json
import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from heapq import nlargest
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from discovery.desk.lot import any_of, figured
from discovery.mappings.codes import cut_cpv_codes
from discovery.mappings.purchases import Headings
from discovery.phrase.trades.reader import TradeReader
from discovery.places.names import normalise

WEIGHTS = Path(__file__).with_name("series.json")
ITEMS = ("digit", "capital", "letter", "section")
"""Forms of what is counted without a word."""
NONE = "none"
"""The sign whose weight is the score of no series at all."""


class Mark(NamedTuple):
    """Where an item begins in its text, where its marker ends, and its number."""

    start: int
    end: int
    number: str


class Series(NamedTuple):
    """Items of one form. `word`: by which they are called, or with which they begin; "" = by none."""

    form: str
    marks: tuple[Mark, ...]
    word: str = ""

    @property
    def numbers(self) -> list[str]:
        return [*dict.fromkeys(mark.number for mark in self.marks)]


def series_of_lots(text: str, headings: Headings, trades: TradeReader) -> Series | None:
    """The series that is of the text's lots; None = it tells no lots apart."""
    page = Page(text, headings, trades)
    shows = [(shown(one, page), one) for one in page.series]
    likely = nlargest(_LIKELIEST, shows, key=lambda told: score(*told))
    scored = ((score(signs | asked(one, page), one), one) for signs, one in likely)
    best, found = max(scored, key=lambda told: told[0], default=(0.0, None))
    if found is not None and best > weights()[NONE]:
        return found
    headed = (
        one for one in page.series if one.form == "word" and one.word == "lot"
    )  # "Lot 1 :", whatever follows
    return next(
        (one for one in headed if all(text[: mark.end].endswith(":") for mark in one.marks)), None
    )


def score(signs: Mapping[str, float], series: Series) -> float:
    learnt = _weights_of(family(series))
    return sum(learnt.get(sign, 0.0) * value for sign, value in signs.items())


@cache
def weights() -> Mapping[str, float]:
    found: Mapping[str, float] = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return found


@cache
def _weights_of(family: str) -> Mapping[str, float]:
    """What each sign says of a series of a family: a price more of a bullet than of "Lot 1"."""
    learnt = weights()
    return {sign: weight + learnt.get(f"{family}: {sign}", 0.0) for sign, weight in learnt.items()}


def family(series: Series) -> str:
    form = series.form.removesuffix(" within")
    return next((name for name, forms in _FAMILIES.items() if form in forms), "block")


_FAMILIES = {
    "word": ("word", "signed", "within"),
    "item": ITEMS,
    "line": ("bullet", "bullet apart", "first", "priced", "coded", "cells"),
}


_BULLET = r"(?:[-–=]{1,2}>|[^\w\s()\[\]«»\"“'’&@€%.,:;?!/|#])"
_START = r"(?:^ ?|(?<=[;.:,(/|]) ?|(?<=\be[ut]) |(?<= [–—-]) )"
_ITEM = re.compile(
    rf"{_START}(?:{_BULLET} )?[(\[]?(?:[Nn] ?[°º] ?)?"
    rf"(?P<number>(?:\d{{1,2}}\.)?\d{{1,2}}|[IVX]{{1,4}}|[ivx]{{1,4}}|[A-Za-z]\d?)(?!\w)"
    r"(?P<sign> ?(?:°?[)\]]+(?: ?[:–-])?|[.:/°|>=;–-]+(?=\s*\D)))?(?= ?\S)(?<! [–-] )",
    re.MULTILINE,
)
_PRICE = re.compile(
    r"\d ?(?:k?€|k?euros?\b|k?eur\b)|(?:maxi?|pr[ée]vus?|budget|estim\w*|plafond\w*)\.? ?:? ?\d[\d ]{3}",
    re.I,
)
_ENDS_PRICED = re.compile(
    r"[^\W\d_]{3}.*[:–,(|/-] ?\d[\d ]*(?:[.,]\d+)? ?(?:k?€|k?euros?)?[^:;\d]{0,25}$", re.I
)


@cache
def _counting(numerals: str) -> re.Pattern[str]:
    """What a word counts: "Lot n° 3 :", "[Poste B]", "2.1 Tranche 1", "lot géographique n° 2", "lot
    deux".
    """
    return re.compile(
        rf"{_START}(?:{_BULLET} ?)?"
        r"(?:(?:\d{1,2}[a-z]?|[IVX]{1,4}\.\d)(?:\.\d{1,2}){0,3}[.)]?(?: [-–])? (?=[^\W\d]{3}))?[\[(]?"
        r"(?:(?:d[ée]tail |descripti\w+ |contenu )?(?:le|la|un|au|pour le|du) |sous-)?"
        r"(?P<word>[^\W\d_]{1,14})(?:\(s\))?(?: ?: ?|[ #_.-]?)"
        r"(?:(?:[^\W\d_]{4,} )?n ?[°ºo.]+ ?:? ?)?"
        rf"(?P<number>\d{{1,4}}(?:[.-]\d{{1,2}}|(?-i:[A-Z]))?|(?<![^\W\d_])(?:(?-i:[A-Z]\d{{0,2}})|{numerals}))"
        r"(?![^\W_]|[%€]|[.,]\d|/\d| ?(?:%|€|\d{3}\b))(?P<sign> ?[:|–—_./)=>\]-]+|,(?= [^\W\d]))?"
        r"(?=\s|$|(?<=[:=–/|\])_]))",
        re.IGNORECASE | re.MULTILINE,
    )


class Page:
    """A text with what is told of it once: its lines with where they start, its series, where
    prices stand.
    """

    def __init__(self, text: str, headings: Headings, trades: TradeReader) -> None:
        self.text, self.headings, self._trades = text, headings, trades
        starts = [0, *(one.end() for one in re.finditer("\n", text))]
        self.lines = [*zip(starts, text.split("\n"), strict=True)]
        self.starts = {*starts}
        self.prices = [one.start() for one in _PRICE.finditer(text)]
        self._facts: dict[str, _Line] = {}
        self._asked: dict[str, str] = {}

    @cached_property
    def blocks(self) -> list[list[tuple[int, str]]]:
        """Lines with none between them."""
        blocks: list[list[tuple[int, str]]] = [[]]
        for line in self.lines:
            if not line[1].strip():
                blocks.append([])
            else:
                blocks[-1].append(line)
        return [block for block in blocks if block]

    @cached_property
    def series(self) -> list[Series]:
        """All series of the text, each once, but lists of prices."""
        found: dict[tuple[tuple[int, str], ...], Series] = {}
        for of in (_counted, _items, _like, _blocked, _parted):
            for one in of(self):
                if len(one.marks) < 2 and (
                    not one.marks or one.form == "first" or one.word not in self.headings.lot
                ):
                    continue
                firsts = (
                    _NUMBERED.sub("", first)
                    for first in first_lines(spans(one, self.text), self.text)
                )
                if not all(figured(one) or self.headings.named(one, "amount") for one in firsts):
                    found.setdefault(tuple((mark.start, mark.number) for mark in one.marks), one)
        return [*found.values()]

    @cached_property
    def unallotted(self) -> bool:
        return any_of(self.headings.unallotted).search(normalise(self.text)) is not None

    @cached_property
    def named(self) -> int:
        """The last of the lots that it names by numbers, or letters."""
        told = " ".join(one[1] for one in _LOT.finditer(self.text)).upper()
        return max(
            (value for one in re.findall(r"\d+|[A-Z]", told) for value in _value(one, {})),
            default=0,
        )

    @cached_property
    def counted(self) -> set[int]:
        return self.counts(self.text)

    @cached_property
    def in_lots(self) -> bool:
        """Whether several things are called lots in it."""
        return any(one.word == "lot" and len(one.numbers) > 1 for one in self.series)

    def counts(self, told: str) -> set[int]:
        """How many things a part of it announces: "les quatre besoins suivants"."""
        numbers = self.headings.roman
        announced = _announced(
            "|".join(one for one in numbers if len(one) > 2), any_of(self.headings.counted).pattern
        )
        return {numbers.get(count) or int(count) for count in announced.findall(normalise(told))}

    def trade(self, line: str) -> str:
        """The group of trades that a line asks for; "" = none."""
        if line not in self._asked:
            likely = self._trades.of(line[:_READ], {}).groups
            self._asked[line] = likely[0][0] if likely and likely[0][1] > _ASKED else ""
        return self._asked[line]

    def line(self, text: str) -> "_Line":
        """What the first line of an item shows."""
        if text not in self._facts:
            self._facts[text] = _Line(
                label=self.headings.is_label(name := _ARTICLE.sub("", text).partition(" :")[0]),
                chapter=normalise(name) in self.headings.chapters,
                body=any_of(self.headings.bodies).match(folded := normalise(text)) is not None,
                procedure=any_of(self.headings.procedure).search(folded) is not None,
                total=any_of(self.headings.whole).match(folded) is not None,
                figured=figured(text) or "reserv" in folded[:40],
                priced=_PRICE.search(text) is not None,
                wordy=len(_LONG_WORD.findall(text)) > 1,
            )
        return self._facts[text]


class _Line(NamedTuple):
    label: bool
    chapter: bool
    body: bool
    procedure: bool
    total: bool
    figured: bool
    priced: bool
    wordy: bool


@cache
def _announced(numerals: str, things: str) -> re.Pattern[str]:
    return re.compile(rf"\b(\d\d?|{numerals}) (?:\w+ )?{things}")


_NUMBERED = re.compile(
    r"(?i)^\W*(?:lots? ?|[^\W\d_]{3,12} (?=\d))?(?:n ?° ?)?[a-z]?\d{0,2} ?[:.),=–-]+ ?"
)  # before a price: "2) ", "lot 2 : ", "poste 2, "
_ARTICLE, _LONG_WORD = re.compile(r"(?i)^(?:l[ae]s? |l['’])"), re.compile(r"[^\W\d_]{4,}")
_LIKELIEST = 3  # series by what they show: of these alone the trades are read, which costs most
_READ, _ASKED = 160, 0.5  # characters of a line that are read for a trade; how sure it must be


def _stem(word: str) -> str:
    folded = normalise(word)
    return folded[:-1] if len(folded) > 4 and folded.endswith("s") else folded


def _value(number: str, roman: Mapping[str, int]) -> set[int]:
    """The places in a series that a number may tell: "V" is the fifth, or the twenty-second."""
    last = re.split(r"[.-]", number.lower().lstrip("0"))[-1]
    values = {roman[last]} if last in roman else set()
    digits = last.lstrip("abcdefghijklmnopqrstuvwxyz")
    return values | (
        {int(digits)}
        if digits.isdigit()
        else {ord(last) - 96}
        if len(last) == 1 and last.isalpha()
        else set()
    )


def _runs(marks: Sequence[Mark], headings: Headings) -> Iterator[tuple[Mark, ...]]:
    """Those that count from 1, from A, or by tens: of those that go on alike the first and the last
    that begin.
    """
    places: defaultdict[int, list[int]] = defaultdict(list)
    for at, mark in enumerate(marks):
        for value in _value(mark.number, headings.roman):
            places[value].append(at)
    begun: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
    for at, first in enumerate(marks):
        step = int(first.number) if first.number in ("10", "100") else 1
        if step not in _value(first.number, headings.roman):
            continue
        run = [at]
        while (next_at := bisect_right(those := places[step * (len(run) + 1)], run[-1])) < len(
            those
        ):
            run.append(those[next_at])
        if len(run) > 1:
            begun[tuple(run[1:])][1:] = [at]
    for following, firsts in begun.items():
        yield from (tuple(marks[one] for one in (at, *following)) for at in firsts)


def _counted(page: Page) -> Iterator[Series]:
    """What a word counts, "Lot 1", "Poste B": on lines of their own, before a sign, or anywhere."""
    found: defaultdict[str, list[tuple[Mark, str]]] = defaultdict(list)
    for one in _counting("|".join(name for name in page.headings.roman if len(name) > 1)).finditer(
        page.text
    ):
        if normalise(one["word"]) not in page.headings.section:
            mark = Mark(one.start(), one.end(), one["number"].upper().lstrip("0") or "0")
            found[_stem(one["word"])].append((mark, one["sign"] or ""))
    for word, marks in found.items():
        lot, seen = word in page.headings.lot, set[str]()
        opening: list[tuple[Mark, bool]] = []  # but "le lot 2 est réservé", once it is opened
        for mark, sign in marks:
            on_line = mark.start in page.starts
            alone = page.text[mark.end : mark.end + 1] == "\n"
            if mark.number not in seen or (on_line and (alone or sign.strip(" ,"))):
                opening.append((mark, on_line or bool(sign)))
                seen |= {mark.number} if opening[-1][1] else set()
        on_lines = [mark for mark, _ in opening if mark.start in page.starts]
        first = {mark.number: mark for mark, _ in reversed(opening)}
        signed_ones = [mark for mark, signed in opening if signed]
        for form, chosen in (
            ("word", on_lines),
            ("signed", signed_ones),
            ("within", sorted(first.values())),
        ):
            if form != "word" and not lot:
                yield from (Series(form, run, word) for run in _runs(chosen, page.headings))
            elif len({mark.number for mark in chosen}) > 1 or (lot and form == "word"):
                yield Series(form, tuple(chosen), word)


def _items(page: Page) -> Iterator[Series]:
    """What counts without a word: "1)", "b.", "IV -", "2.1 ", on lines of their own or on one."""
    found: defaultdict[str, list[tuple[Mark, str]]] = defaultdict(list)
    for one in _ITEM.finditer(page.text):
        number = one["number"]
        form = "digit" if number[0].isdigit() else "capital" if number.isupper() else "letter"
        form = "section" if "." in number else form
        found[form].append((Mark(one.start(), one.end(), number), (one["sign"] or "").strip()))
    for form, marks in found.items():
        lines = [(mark, sign) for mark, sign in marks if mark.start in page.starts]
        signed = [one for one in marks if one[1]]
        for kind, chosen in (
            (form, lines),
            (form, [one for one in lines if one[1]]),
            (f"{form} within", signed),
        ):
            signs = {sign for _, sign in chosen}
            for only in (None, *sorted(signs)) if len(signs) > 1 else (None,):
                run = [mark for mark, sign in chosen if only in (None, sign)]
                yield from (
                    Series(kind, one) for one in (*_runs(run, page.headings), *_nested(run))
                )


def _nested(marks: Iterable[Mark]) -> Iterator[tuple[Mark, ...]]:
    """Those that count from 1 again below each letter, or number: "A1", "A2", "B1"."""
    run: list[Mark] = []
    told = [("", 0)]
    for mark in marks:
        number = re.fullmatch(r"([A-Z]|\d\d?[.-])(\d)", mark.number)
        if number and (following := (number[1], int(number[2]))) in (
            (told[-1][0], told[-1][1] + 1),
            (number[1], 1),
        ):
            run.append(mark)
            told.append(following)
    if len({head for head, _ in told[1:]}) > 1:
        yield tuple(run)


def _like(page: Page) -> Iterator[Series]:
    """Lines of one form, next to each other but for lines that go on: a bullet, a first word, a
    price, cells.
    """
    forms: defaultdict[tuple[str, str], list[tuple[int, int, int]]] = defaultdict(list)
    for at, (start, line) in enumerate(page.lines):
        if bullet := re.match(rf" ?({_BULLET}) ?(?=[^\W_]|\()", line):
            forms["bullet", bullet[1]].append((at, start, start + bullet.end()))
            forms["bullet", ""].append((at, start, start + bullet.end()))
        first = re.match(rf" ?(?:{_BULLET} ?)?([^\W\d_]{{3,}})(?=\W)", line)
        if first and normalise(first[1]) not in page.headings.section:
            lot = _stem(first[1]) in page.headings.lot
            forms["first", _stem(first[1])].append((at, start, start + (first.end() if lot else 0)))
        if _ENDS_PRICED.search(line):
            forms["priced", ""].append((at, start, start))
        if all(reversed(cut_cpv_codes(line))):
            forms["coded", ""].append((at, start, start))
        for sign in ("|", " / ", ";", " – ", " — ", " - ", " : "):
            if count := line.count(sign):
                forms["cells", f"{sign}{count}"].append((at, start, start))
    for (form, key), found in forms.items():
        word = key if form == "first" else ""
        groups = [found[:1]]
        for before, one in pairwise(found):
            between = [line for _, line in page.lines[before[0] + 1 : one[0]] if line.strip()]
            ends = any(
                line.rstrip().endswith(":") or not (word or _goes_on(line)) for line in between
            )
            if ends:
                groups.append([])
            groups[-1].append(one)
        yield from (Series(form, _plain(group), word) for group in groups)
        if form == "bullet":
            yield Series("bullet apart", _plain(found))


def _goes_on(line: str) -> bool:
    return line[0] == " " or line[0].islower()


def _plain(found: Iterable[tuple[int, int, int]]) -> tuple[Mark, ...]:
    return tuple(Mark(start, end, str(number)) for number, (_, start, end) in enumerate(found, 1))


def _blocked(page: Page) -> Iterator[Series]:
    """Lines of a block, all or but the first; blocks that are priced; as many lines as one above
    them announces.
    """
    for block in page.blocks:
        if len(block) < _LINES:
            yield Series("block", _plain((0, start, start) for start, _ in block))
            yield Series("block below", _plain((0, start, start) for start, _ in block[1:]))
    priced = [block[0][0] for block in page.blocks if any(_PRICE.search(line) for _, line in block)]
    yield Series("blocks", _plain((0, start, start) for start in priced))
    filled = [(start, line) for start, line in page.lines if line.strip()]
    for at, (_, line) in enumerate(filled, 1):
        for count in page.counts(line):
            if at + count <= len(filled):
                yield Series(
                    "announced", _plain((0, start, start) for start, _ in filled[at : at + count])
                )


_LINES = 16  # of a block that may be a list


def _parted(page: Page) -> Iterator[Series]:
    """Parts between semicolons after a colon; what begins with "d'une part", "d'autre part",
    "ensuite", "enfin".
    """
    for led in re.finditer(r":[ \n]?(?=[^:\n]*;)", page.text):
        end = page.text.find("\n", led.end()) % (len(page.text) + 1)
        parts = (
            one.end()
            for one in re.finditer("; ?(?:et )?", page.text[:end])
            if led.end() < one.end() < end
        )
        starts = [led.end(), *parts]
        if not any(_LOT.match(page.text, start) for start in starts):  # "Maximum : lot 1 : …"
            yield Series("semicolons", _plain((0, start, start) for start in starts))
    for listed in _LISTED.finditer(page.text):
        between = [one.span(1) for one in _PRICED_PART.finditer(page.text, *listed.span(1))]
        starts_and_ends = [(listed.start(1), listed.start(1)), *between[:-1]]
        yield Series("semicolons", _plain((0, *one) for one in starts_and_ends))
    turns, begins = (
        any_of(page.headings.turns),
        re.compile(r"^ ?|(?<=[.;:]) (?=[^\W\d])|(?<= )(?=d['’](?:une|autre) part)", re.M),
    )
    begun = (one.end() for one in begins.finditer(page.text))
    told = [(at, normalise(page.text[at : at + _TURN])) for at in begun]
    for says in (turns.match, turns.search):  # "Enfin, …"; "Nous cherchons d'abord …"
        yield Series(
            "turns",
            _plain((0, at, at) for at in dict.fromkeys(at for at, words in told if says(words))),
        )


_TURN = 30  # characters of a sentence in which its turn is told
_PART = r"[^\n():]{4,160}\([^()\n]{,60}\d ?(?:k?€|k?euros?)[^()\n]{,120}\)"
_PRICED_PART = re.compile(rf"{_PART}(,? et |, |)")
_LISTED = re.compile(
    rf"(?:^|: ?)((?:{_PART}(?:,? et |, |)){{2,}})", re.MULTILINE
)  # "ménage (9 €), linge (2 €) et pain (4 €)"


def spans(series: Series, text: str) -> list[tuple[int, int]]:
    """Where what each item tells stands, in their order; the last goes as far as the others let
    guess.
    """
    marks = sorted(series.marks)
    found = [(mark.end, after.start) for mark, after in pairwise(marks)]
    start, end = marks[-1].end, len(text)
    for stop in ("\n\n", "\n"):
        if found and not any(stop in text[one:other].strip() for one, other in found):
            end = text.find(stop, start + 1, end) % (end + 1)
    return [*found, (start, max(start, end))]


def first_lines(parts: Iterable[tuple[int, int]], text: str) -> list[str]:
    firsts = (
        text[start : min(end, start + _FIRST)].strip().partition("\n")[0] for start, end in parts
    )
    return [first.strip(" :=–-|") for first in firsts]


_FIRST = 500  # characters, at most, of the first line of an item that are looked at


def asked(series: Series, page: Page) -> dict[str, float]:
    """The signs of what its items ask for: how many name a trade, how many trades they name."""
    trades = [page.trade(line) for line in first_lines(spans(series, page.text), page.text)]
    return {
        "trades": len({*trades} - {""}) / len(trades),
        "log of trade": math.log1p(len(trades) - trades.count("")),
        "log of not trade": math.log1p(trades.count("")),
    }


def shown(series: Series, page: Page) -> dict[str, float]:
    """What a series shows, sign by sign: a share of its items, 0 or 1 for yes and no, or a number
    near
    1.
    """
    headings, text, numbers = page.headings, page.text, series.numbers
    parts, first, count = spans(series, text), min(series.marks).start, len(series.numbers)
    firsts = first_lines(parts, text)
    lines = [page.line(one) for one in firsts]
    before = text[:first].rstrip()
    lead = before.rpartition("\n")[2]
    many, lengths = len(parts), [end - start for start, end in parts]
    mean = sum(lengths) / many
    inside = [
        bisect_left(page.prices, end) - bisect_left(page.prices, start) for start, end in parts
    ]
    shares = {
        "priced": sum(line.priced for line in lines),
        "priced at all": sum(map(bool, inside)),
        "wordy": sum(line.wordy for line in lines),
        "figured": sum(line.figured for line in lines),
        "worded": sum(one[:1].isalpha() for one in firsts),
        "within": sum(mark.start not in page.starts for mark in series.marks)
        * many
        / len(series.marks),
        "signs alike": max(Counter(len(_PARTING.findall(one)) for one in firsts).values()),
    }
    counts = {
        "procedure": sum(line.procedure for line in lines),
        "priced": shares["priced"],
        "long": sum(len(one) > 200 for one in firsts),
        "short": sum(len(one) < 10 for one in firsts),
    }
    yes = {
        series.form: True,
        "lot": series.word == "lot" and series.form != "first",
        "called": series.word in headings.lot | headings.divisions,
        "two": count == 2,
        "in turn": all(
            at in _value(number, headings.roman) for at, number in enumerate(numbers, 1)
        ),
        "repeated": count < len(series.marks),
        "announced": count in page.counted,
        "led": lead.endswith(":"),
        "led by lots": "lot" in lead.lower(),
        "led by seeking": any_of(headings.seeking).search(normalise(lead)) is not None,
        "led aside": headings.of(lead, ("chapters", "aside", "place", "date")) != "",
        "no lead": not lead,
        "first line": first < 3,
        "first is a body": lines[0].body,
        "any label": any(line.label for line in lines),
        "any chapter": any(line.chapter for line in lines),
        "any total": any(line.total for line in lines),
        "no price": not page.prices,
        "a price each": sum(inside) == count == len(page.prices),
        "lots beside": series.word != "lot" and page.in_lots,
        "within lots": series.word != "lot" and page.in_lots and first not in page.starts,
        "as many as named": page.named == count,
        "fewer than named": page.named > count,
        "more than named": 0 < page.named < count,
        "unallotted": page.unallotted,
    }
    signs = {name: float(is_so) for name, is_so in yes.items()} | {
        name: part / many for name, part in shares.items()
    }
    for name, part in counts.items():
        signs |= {f"log of {name}": math.log1p(part), f"log of not {name}": math.log1p(many - part)}
    return signs | {
        "log of count": math.log(count),
        "place": first / len(text),
        "share of prices": sum(inside) / max(len(page.prices), 1),
        "spread": min(
            2.0, math.sqrt(sum((one - mean) ** 2 for one in lengths) / many) / max(mean, 1)
        ),
    }


_LOT = re.compile(
    r"(?i)\blots? (?:n ?[°ºo]s? ?)?((?:(?:, | et | & | à |, et )?(?:\d{1,2}|(?-i:[A-Z]))(?![\w€]|[ .]\d{3}))+)"
)
_PARTING = re.compile(r"[:–|/;]")
