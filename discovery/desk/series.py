"""Series of things that a text tells alike, numbered, pointed, priced or a line each, and which of them are its lots.

A log-linear model over what a series shows (`_shown`), with none of them as one more choice. Its weights are learnt from
notices written for it (`tools/learn/series.py`). Pure.
"""

import json
import math
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from heapq import nlargest
from itertools import pairwise, takewhile
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
    likely = nlargest(_LIKELIEST, shows, key=lambda told: score(told[0]))
    found = max(likely, key=lambda told: score(told[0] | asked(told[1], page)), default=None)
    if found is None or score(found[0] | asked(found[1], page)) <= weights()[NONE]:
        return None
    return found[1]


def score(signs: Mapping[str, float]) -> float:
    learnt = weights()
    return sum(learnt.get(sign, 0.0) * value for sign, value in signs.items())


@cache
def weights() -> Mapping[str, float]:
    found: Mapping[str, float] = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return found


_BULLET = r"(?:[-–=]{1,2}>|[^\w\s()\[\]«»\"“'’&@€%.,:;?!/|#])"
_START = r"(?:^ ?|(?<=[;.:,(/|]) ?|(?<=\be[ut]) |(?<= [–—-]) )"
_SIGNS = ":|–—_./)=>]-"
_ITEM = re.compile(
    rf"{_START}(?:{_BULLET} )?[(\[]?(?:[Nn] ?[°º] ?)?(?P<number>(?:\d{{1,2}}\.)?\d{{1,2}}|[IVX]{{1,4}}|[ivx]{{1,4}}|[A-Za-z]\d?)(?!\w)"
    r"(?P<sign> ?(?:°?[)\]]+(?: ?[:–-])?|[.:/°|>=;–-]+(?=\s*\D)))?(?= ?\S)(?<! [–-] )",
    re.MULTILINE,
)
_PRICE = re.compile(
    r"\d ?(?:k?€|k?euros?\b|k?eur\b)|(?:maxi?|pr[ée]vus?|budget|estim\w*|plafond\w*)\.? ?:? ?\d[\d ]{3}", re.I
)
_ENDS_PRICED = re.compile(r"[^\W\d_]{3}.*[:–,(|/-] ?\d[\d ]*(?:[.,]\d+)? ?(?:k?€|k?euros?)?[^:;\d]{0,25}$", re.I)


@cache
def _patterns(ordinals: str, numerals: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What is counted by a word, "Lot n° 3 :", "[Poste B]", "2.1 Tranche 1"; and by its place, "2e lot", "le second"."""
    counted = (
        rf"{_START}(?:{_BULLET} ?)?(?:\d{{1,2}}(?:\.\d{{1,2}}){{0,3}}[.)]?(?: [-–])? (?=[^\W\d]{{3}}))?[\[(]?"
        r"(?:(?:le|la|un|au|pour le|du) |sous-)?(?P<word>[^\W\d_]{1,14})(?:\(s\))?(?: ?: ?|[ #_.-]?)(?:(?:[^\W\d_]{4,} )?n ?[°ºo.]+ ?:? ?)?"
        rf"(?P<number>\d{{1,4}}(?:[.-]\d{{1,2}}|(?-i:[A-Z]))?|(?<![^\W\d_])(?:(?-i:[A-Z]\d{{0,2}})|{numerals}))"
        r"(?![^\W_]|[%€]|[.,]\d|/\d| ?(?:%|€|\d{3}\b))(?P<sign> ?[:|–—_./)=>\]-]+|,(?= [^\W\d]))?(?=\s|$|(?<=[:=–/|\])_]))"
    )
    placed = (
        rf"(?:^ ?|(?<=[;.:,(]) ?|(?<=\be[ut]) |(?<=\bpour) )(?:{_BULLET} ?)?(?:(?:le|la|un|une|pour le|du|au) |l['’])?"
        rf"(?:(?P<digit>\d{{1,2}}) ?(?:er|e|[eè]me|nde?|re)|(?P<ordinal>{ordinals}))\b(?: (?P<word>[^\W\d_]{{3,14}}))?(?P<sign> ?[:–—,-])?"
    )
    return re.compile(counted, re.IGNORECASE | re.MULTILINE), re.compile(placed, re.IGNORECASE | re.MULTILINE)


class Page:
    """A text with what is told of it once: its lines with where they start, its series, where prices stand."""

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
        """All series of the text, each once."""
        found: dict[tuple[tuple[int, str], ...], Series] = {}
        for of in (_counted, _items, _like, _blocked, _parted):
            for one in of(self):
                if len(one.marks) > 1 or (one.marks and one.word in self.headings.lot):
                    found.setdefault(tuple((mark.start, mark.number) for mark in one.marks), one)
        return [*found.values()]

    @cached_property
    def unallotted(self) -> bool:
        return any_of(self.headings.unallotted).search(normalise(self.text)) is not None

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
        announced = _announced("|".join(one for one in numbers if len(one) > 2), any_of(self.headings.counted).pattern)
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


_ARTICLE, _LONG_WORD = re.compile(r"(?i)^(?:l[ae]s? |l['’])"), re.compile(r"[^\W\d_]{4,}")
_LIKELIEST = 3  # series by what they show: of these alone the trades are read, which costs most
_READ, _ASKED = 160, 0.5  # characters of a line that are read for a trade; how sure it must be


def _stem(word: str) -> str:
    folded = normalise(word)
    return folded[:-1] if len(folded) > 4 and folded.endswith("s") else folded


def _value(number: str, headings: Headings) -> set[int]:
    """The places in a series that a number may tell: "V" is the fifth, or the twenty-second."""
    last = re.split(r"[.-]", number.lower().lstrip("0"))[-1]
    values = {headings.roman[last]} if last in headings.roman else set()
    digits = last.lstrip("abcdefghijklmnopqrstuvwxyz")
    return values | (
        {int(digits)} if digits.isdigit() else {ord(last) - 96} if len(last) == 1 and last.isalpha() else set()
    )


def _runs(marks: Sequence[Mark], headings: Headings) -> Iterator[tuple[Mark, ...]]:
    """Those that count from 1, from A, or by tens."""
    for at, first in enumerate(marks):
        step = int(first.number) if first.number in ("10", "100") else 1
        if step not in _value(first.number, headings):
            continue
        run = [first]
        for mark in marks[at + 1 :]:
            if step * (len(run) + 1) in _value(mark.number, headings):
                run.append(mark)
        if len(run) > 1:
            yield tuple(run)


def _plain(starts: Iterable[int], ends: Mapping[int, int] = {}) -> tuple[Mark, ...]:
    return tuple(Mark(at, ends.get(at, at), str(number)) for number, at in enumerate(starts, 1))


def _counted(page: Page) -> Iterator[Series]:
    """What a word counts, "Lot 1", "Poste B", "deuxième lot": on lines of their own, before a sign, or anywhere."""
    numerals = "|".join(one for one in page.headings.roman if len(one) > 1)
    counted, placed = _patterns("|".join(page.headings.ordinals), numerals)
    found: defaultdict[tuple[str, str], list[tuple[Mark, bool]]] = defaultdict(list)
    for one in counted.finditer(page.text):
        if normalise(one["word"]) in page.headings.section:
            continue
        word, number = _stem(one["word"]), one["number"].upper().lstrip("0") or "0"
        signed = one.start() in page.starts or bool(one["sign"])
        found["word", word].append((Mark(one.start(), one.end(), number), signed))
        if page.text[one.end() : one.end() + 1] in ("\n", "") and re.search(
            r"[–—(|/-] ?$", page.text[: one.start() + 1]
        ):
            start = page.text.rfind("\n", 0, one.start()) + 1  # "Intitulé : … — Lot n° : 1"
            found["tail", word].append((Mark(start, start, number), True))
    for one in placed.finditer(page.text):
        number, word = one["digit"] or str(page.headings.ordinals[one["ordinal"].lower()]), _stem(one["word"] or "")
        end = one.start("word") if word and word not in page.headings.lot | page.headings.divisions else one.end()
        for key in {"", word}:
            found["ordinal", key].append(
                (Mark(one.start(), end, number), one.start() in page.starts or bool(one["sign"]))
            )
    for (form, word), marks in found.items():
        lot, seen = word in page.headings.lot, set[str]()
        opening: list[tuple[Mark, bool]] = []  # but "le lot 2 est réservé", once it is opened
        for mark, signed in marks:
            if mark.number not in seen or (mark.start in page.starts and page.text[mark.end - 1] in _SIGNS):
                opening.append((mark, signed))
                seen |= {mark.number} if signed else set()
        on_lines = [mark for mark, _ in opening if mark.start in page.starts]
        signed_ones = [mark for mark, signed in opening if signed]
        for where, chosen in (("", on_lines), (" signed", signed_ones), (" within", [mark for mark, _ in opening])):
            if form == "ordinal" or (where and not lot):
                yield from (Series(form + where, run, word) for run in _runs(chosen, page.headings))
            elif len({mark.number for mark in chosen}) > 1 or (lot and not where):
                first = {mark.number: mark for mark in reversed(chosen)}
                kept = chosen if where != " within" else sorted(first.values())
                yield Series(form + where, tuple(kept), word)


def _items(page: Page) -> Iterator[Series]:
    """What counts without a word: "1)", "b.", "IV -", "2.1 ", on lines of their own or on one."""
    found: defaultdict[str, list[tuple[Mark, str]]] = defaultdict(list)
    for one in _ITEM.finditer(page.text):
        number = one["number"]
        of = (
            "section"
            if "." in number
            else "digit"
            if number[0].isdigit()
            else "capital"
            if number.isupper()
            else "letter"
        )
        found[of].append((Mark(one.start(), one.end(), number), (one["sign"] or "").strip()))
    for of, marks in found.items():
        lines = [(mark, sign) for mark, sign in marks if mark.start in page.starts]
        for form, chosen in (
            (of, lines),
            (of, [one for one in lines if one[1]]),
            (f"{of} within", [one for one in marks if one[1]]),
            (f"{of} bare", marks),
        ):
            signs = {sign for _, sign in chosen}
            for only in (None, *sorted(signs)) if len(signs) > 1 else (None,):
                run = [mark for mark, sign in chosen if only in (None, sign)]
                yield from (Series(form, one) for one in _runs(run, page.headings))


def _like(page: Page) -> Iterator[Series]:
    """Lines of one form, next to each other but for lines that go on: a bullet, a first word, a price, cells, capitals."""
    forms: defaultdict[tuple[str, str], list[tuple[int, int, int]]] = defaultdict(list)
    for at, (start, line) in enumerate(page.lines):
        if not line.strip():
            continue
        if bullet := re.match(rf" ?({_BULLET}) ?(?=[^\W_]|\()", line):
            forms["bullet", bullet[1]].append((at, start, start + bullet.end()))
            forms["bullet", ""].append((at, start, start + bullet.end()))
        if first := re.match(rf" ?(?:{_BULLET} ?)?([^\W\d_]{{3,}})(?=\W)", line):
            lot = _stem(first[1]) in page.headings.lot
            forms["first", _stem(first[1])].append((at, start, start + (first.end() if lot else 0)))
        if _ENDS_PRICED.search(line):
            forms["priced", ""].append((at, start, start))
        if line.isupper() and len(line) < 90:
            forms["capitals", ""].append((at, start, start))
        if all(reversed(cut_cpv_codes(line))):
            forms["coded", ""].append((at, start, start))
        for sign in ("|", " / ", ";", "\t", " – ", " — ", " - ", " : "):
            count = line.count(sign)
            if count > 1 or (count and sign in (" – ", " — ", " - ", " : ")):
                forms["cells" if count > 1 else "halves", f"{sign}{count}"].append((at, start, start))
    for (form, key), found in forms.items():
        word = key if form == "first" else ""
        groups = [found[:1]]
        for before, one in pairwise(found):
            between = [line for _, line in page.lines[before[0] + 1 : one[0]] if line.strip()]
            apart = any(
                line.rstrip().endswith(":")
                or not (form in ("first", "capitals") or line[0] == " " or line[0].islower())
                for line in between
            )
            groups = [*groups, [one]] if apart else [*groups[:-1], [*groups[-1], one]]
        for group in groups:
            if len(group) > 1:
                yield Series(form, _plain(*_split(group)), word)
        if len(groups) > 1 and form in ("bullet", "first"):
            yield Series(f"{form} apart", _plain(*_split(found)), word)


def _split(found: Iterable[tuple[int, int, int]]) -> tuple[list[int], dict[int, int]]:
    ends = {start: end for _, start, end in found}
    return [*ends], ends


def _blocked(page: Page) -> Iterator[Series]:
    """Lines of a block, blocks that are priced, what stands below a line that ends with a colon or counts it."""
    blocks = page.blocks
    priced = [at for at, block in enumerate(blocks) if _PRICE.search("\n".join(line for _, line in block))]
    if len(priced) > 1:
        yield Series("blocks", _plain(blocks[at][0][0] for at in priced))
        if all(after - at < 3 for at, after in pairwise(priced)):
            yield Series("blocks between", _plain(block[0][0] for block in blocks[priced[0] : priced[-1] + 1]))
    for block in blocks:
        if 1 < len(block) < 16:
            yield Series("block", _plain(start for start, _ in block))
            yield Series("block below", _plain(start for start, _ in block[1:]))
    for at, (start, line) in enumerate(page.lines):
        counts = page.counts(line) if line.strip() else set()
        if not (counts or line.rstrip().endswith(":")):
            continue
        below = [other for other in page.lines[at + 1 :] if other[1].strip()]
        later = [block for block in blocks if block[0][0] > start]
        if line.rstrip().endswith(":"):
            own = [one for block in blocks if block[0][0] <= start <= block[-1][0] for one in block if one[0] > start]
            own = own or (later[0] if later else [])
            listed = [*takewhile(lambda one: one[1].rstrip().endswith((",", ";")), own)]
            yield Series("below", _plain(one for one, _ in own))
            if 0 < len(listed) < len(own) - 1:
                yield Series("below", _plain(one for one, _ in own[: len(listed) + 1]))
        for count in counts:
            if 1 < count <= len(below):
                yield Series("below counted", _plain(one for one, _ in below[:count]))
            if 1 < count <= len(later):
                yield Series("blocks counted", _plain(block[0][0] for block in later[:count]))


def _parted(page: Page) -> Iterator[Series]:
    """Parts of a sentence: between semicolons or slashes after a colon; "d'une part …, d'autre part …"; "d'abord … enfin"."""
    for sign, form in (("; ?(?:et )?", "semicolons"), (" / ", "slashes")):
        for led in re.finditer(r":[ \n]?(?=[^:\n]*(?:;| / ))", page.text):
            end = page.text.find("\n", led.end()) % (len(page.text) + 1)
            parts = [
                led.end(),
                *(
                    one.end()
                    for one in re.finditer(sign, page.text[:end])
                    if led.end() < one.start() and one.end() < end
                ),
            ]
            yield Series(form, _plain(parts))
    both = re.search(r"(?i)d['’]une part,? (.{3,999}?)[\s,;.]+(?:et )?d['’]autre part,? ", page.text, re.DOTALL)
    if both:
        yield Series("parts", (Mark(both.start(), both.start(1), "1"), Mark(both.end(1), both.end(), "2")))
    turns = any_of(page.headings.turns)
    begun = (one.end() for one in re.finditer(r"^ ?|[.;:] (?=[^\W\d])", page.text, re.MULTILINE))
    yield Series("turns", _plain(at for at in begun if turns.match(normalise(page.text[at : at + 30]))))


def spans(series: Series, text: str) -> list[tuple[int, int]]:
    """Where what each item tells stands, in their order; the last goes as far as the others let guess."""
    marks = sorted(series.marks)
    found = [(mark.end, after.start) for mark, after in pairwise(marks)]
    start, end = marks[-1].end, len(text)
    for stop in ("\n\n", "\n"):
        if found and not any(stop in text[one:other].strip() for one, other in found):
            end = text.find(stop, start + 1, end) % (end + 1)
    return [*found, (start, max(start, end))]


def first_lines(parts: Iterable[tuple[int, int]], text: str) -> list[str]:
    return [text[start:end].strip().partition("\n")[0].strip(" :=–-|") for start, end in parts]


def asked(series: Series, page: Page) -> dict[str, float]:
    """The signs of what its items ask for: how many name a trade, how many trades they name."""
    trades = [page.trade(line) for line in first_lines(spans(series, page.text), page.text)]
    return {
        "trades": len({*trades} - {""}) / len(trades),
        "log of trade": math.log1p(len(trades) - trades.count("")),
        "log of not trade": math.log1p(trades.count("")),
    }


def shown(series: Series, page: Page) -> dict[str, float]:
    """What a series shows, sign by sign: a share of its items, 0 or 1 for yes and no, or a number near 1."""
    headings, text, numbers = page.headings, page.text, series.numbers
    parts, first, count = spans(series, text), min(series.marks).start, len(series.numbers)
    firsts = first_lines(parts, text)
    lines = [page.line(one) for one in firsts]
    before = text[:first].rstrip()
    lead = before.rpartition("\n")[2]
    many, lengths = len(parts), [end - start for start, end in parts]
    mean = sum(lengths) / many
    inside = [bisect_left(page.prices, end) - bisect_left(page.prices, start) for start, end in parts]
    shares = {
        "priced": sum(line.priced for line in lines),
        "priced at all": sum(map(bool, inside)),
        "wordy": sum(line.wordy for line in lines),
        "figured": sum(line.figured for line in lines),
        "worded": sum(one[:1].isalpha() for one in firsts),
        "within": sum(mark.start not in page.starts for mark in series.marks) * many / len(series.marks),
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
        "in turn": all(at in _value(number, headings) for at, number in enumerate(numbers, 1)),
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
        "unallotted": page.unallotted,
    }
    signs = {name: float(is_so) for name, is_so in yes.items()} | {name: part / many for name, part in shares.items()}
    for name, part in counts.items():
        signs |= {f"log of {name}": math.log1p(part), f"log of not {name}": math.log1p(many - part)}
    return signs | {
        "log of count": math.log(count),
        "place": first / len(text),
        "share of prices": sum(inside) / max(len(page.prices), 1),
        "spread": min(2.0, math.sqrt(sum((one - mean) ** 2 for one in lengths) / many) / max(mean, 1)),
    }


_PARTING = re.compile(r"[:–|/;]")
