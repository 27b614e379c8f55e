"""Series of things that a text tells alike, numbered, pointed, priced or a line each, and which of them are its lots.

A log-linear model over what a series shows (`_shown`), with none of them as one more choice. Its weights are learnt from
notices written for it (`tools/learn/series.py`). Pure.
"""

import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
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
    scored = [(score(shown(one, page)), at) for at, one in enumerate(page.series)]
    best, at = max(scored, default=(0.0, 0))
    return page.series[at] if scored and best > weights()[NONE] else None


def score(signs: Mapping[str, float]) -> float:
    learnt = weights()
    return sum(learnt.get(sign, 0.0) * value for sign, value in signs.items())


@cache
def weights() -> Mapping[str, float]:
    found: Mapping[str, float] = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return found


_BULLET = r"(?:[-–=]{1,2}>|[^\w\s()\[\]«»\"“'’&@€%.,:;?!/|#])"
_START = r"(?:^ ?|(?<=[;.:,(/|]) ?|(?<=\be[ut]) |(?<= [–—-]) )"
_ITEM = re.compile(
    rf"{_START}(?:{_BULLET} )?[(\[]?(?:[Nn] ?[°º] ?)?(?P<number>(?:\d{{1,2}}\.)?\d{{1,2}}|[IVX]{{1,4}}|[ivx]{{1,4}}|[A-Za-z]\d?)(?!\w)"
    r"(?P<sign> ?(?:°?[)\]]+(?: ?[:–-])?|[.:/°|>=;–-]+(?=\s*\D)))?(?= ?\S)(?<! [–-] )",
    re.MULTILINE,
)
_PRICE = re.compile(r"\d ?(?:k?€|k?euros?\b|k?eur\b)|(?:maxi?|pr[ée]vus?|budget|estim\w*|plafond\w*)\.? ?:? ?\d[\d ]{3}", re.I)
_ENDS_PRICED = re.compile(r"[^\W\d_]{3}.*[:–,(|/-] ?\d[\d ]*(?:[.,]\d+)? ?(?:k?€|k?euros?)?[^:;\d]{0,25}$", re.I)


@cache
def _patterns(ordinals: str, numerals: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What is counted by a word, "Lot n° 3 :", "[Poste B]", "2.1 Tranche 1"; and by its place, "2e lot", "le second"."""
    counted = (
        rf"{_START}(?:{_BULLET} ?)?(?:\d{{1,2}}(?:\.\d{{1,2}}){{0,3}}[.)]?(?: [-–])? (?=[^\W\d]{{3}}))?[\[(]?"
        r"(?:(?:le|la|un|au|pour le|du) |sous-)?(?P<word>[^\W\d_]{1,14})(?:\(s\))?(?: ?: ?|[ #_.-]?)(?:(?:[^\W\d_]{4,} )?n ?[°ºo.]+ ?:? ?)?"
        rf"(?P<number>\d{{1,4}}(?:[.-]\d{{1,2}}|(?-i:[A-Z]))?|(?<![^\W\d_])(?:(?-i:[A-Z]\d{{0,2}})|{numerals}))"
        r"(?![\w%€]|[.,]\d| ?(?:%|€|\d{3}\b))(?P<sign> ?[:|–—_./)=>\]-]+)?(?=\s|$|(?<=[:=–/|\])]))"
    )
    placed = (
        rf"(?:^ ?|(?<=[;.:,(]) ?|(?<=\be[ut]) |(?<=\bpour) )(?:{_BULLET} ?)?(?:(?:le|la|un|une|pour le|du|au) |l['’])?"
        rf"(?:(?P<digit>\d{{1,2}}) ?(?:er|e|[eè]me|nde?|re)|(?P<ordinal>{ordinals}))\b(?: (?P<word>[^\W\d_]{{3,14}}))?(?P<sign> ?[:–—,-])?"
    )
    return re.compile(counted, re.IGNORECASE | re.MULTILINE), re.compile(placed, re.IGNORECASE | re.MULTILINE)


class Page:
    """A text with what is told of it once: its lines with where they start, its series, counts, prices."""

    def __init__(self, text: str, headings: Headings, trades: TradeReader) -> None:
        self.text, self.headings = text, headings
        starts = [0, *(at + 1 for at, sign in enumerate(text) if sign == "\n")]
        self.lines = [*zip(starts, text.split("\n"), strict=True)]
        self.starts = {*starts}
        self.folded = normalise(text)
        self.prices = len(_PRICE.findall(text))
        self._trades = trades
        self._facts: dict[str, dict[str, bool]] = {}

    def at_line(self, at: int) -> bool:
        return at in self.starts

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

    def counts(self, folded: str) -> set[int]:
        """How many things a folded text announces: "les quatre besoins suivants"."""
        numbers = self.headings.roman
        counts = any_of(self.headings.counted).pattern
        told = _announced("|".join(one for one in numbers if len(one) > 2), counts).findall(folded)
        return {numbers.get(count) or int(count) for count in told}

    @cache
    def trade(self, line: str) -> str:
        """The group of trades that a line most likely asks for; "" = none."""
        groups = self._trades.of(line[:160], {}).groups
        return groups[0][0] if groups and groups[0][1] > 0.5 else ""

    def facts(self, line: str) -> dict[str, bool]:
        """What the first line of an item shows."""
        found = self._facts.get(line)
        if found is None:
            folded, names = normalise(line), self.headings
            likely = self._trades.of(line[:160], {})
            name = re.sub(r"(?i)^(?:l[ae]s? |l['’])", "", line).partition(" :")[0]
            found = self._facts[line] = {
                "label": names.is_label(name),
                "chapter": names.of(name, ("chapters",)) != "",
                "aside": names.of(name, ("aside", "lasting", "buyer", "others")) != "",
                "body": any_of(names.bodies).match(folded) is not None,
                "procedure": any_of(names.procedure).search(folded) is not None,
                "whole": any_of(names.whole).search(folded) is not None,
                "weighed": _WEIGHED.search(line) is not None,
                "percent": "%" in line,
                "priced": _PRICE.search(line) is not None,
                "figured": figured(line) or "reserv" in folded[:40],
                "short": len(line) < 10,
                "long": len(line) > 200,
                "dated": _DATED.search(folded) is not None,
                "small": line[:1].islower(),
                "worded": line[:1].isalpha(),
                "wordy": len(re.findall(r"[^\W\d_]{4,}", line)) > 1,
                "trade": self.trade(line) != "",
                "outside": likely.none > 0.5,
            }
        return found


@cache
def _announced(numerals: str, things: str) -> re.Pattern[str]:
    return re.compile(rf"\b(\d\d?|{numerals}) (?:\w+ )?{things}")


_WEIGHED = re.compile(r"(?i)\d ?(?:%|points?|pts)\W*$|\(\d\d?\)\W*$")
_DATED = re.compile(
    r"\b\d{1,2} ?(?:h\b|janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)|\b\d\d/\d\d/\d{2,4}"
)


def _stem(word: str) -> str:
    folded = normalise(word)
    return folded[:-1] if len(folded) > 4 and folded.endswith("s") else folded


def _value(number: str, headings: Headings) -> set[int]:
    """The places in a series that a number may tell: "V" is the fifth, or the twenty-second."""
    last = re.split(r"[.-]", number.lower().lstrip("0"))[-1]
    values = {headings.roman[last]} if last in headings.roman else set()
    digits = last.lstrip("abcdefghijklmnopqrstuvwxyz")
    return values | ({int(digits)} if digits.isdigit() else {ord(last) - 96} if len(last) == 1 and last.isalpha() else set())


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
        word, number = _stem(one["word"]), one["number"].upper().lstrip("0") or "0"
        signed = page.at_line(one.start()) or bool(one["sign"])
        found["word", word].append((Mark(one.start(), one.end(), number), signed))
        if page.text[one.end() : one.end() + 1] in ("\n", "") and re.search(r"[–—(|/-] ?$", page.text[: one.start() + 1]):
            start = page.text.rfind("\n", 0, one.start()) + 1  # "Intitulé : … — Lot n° : 1"
            found["tail", word].append((Mark(start, start, number), True))
    for one in placed.finditer(page.text):
        number, word = one["digit"] or str(page.headings.ordinals[one["ordinal"].lower()]), _stem(one["word"] or "")
        end = one.start("word") if word and word not in page.headings.lot | page.headings.divisions else one.end()
        for key in {"", word}:
            found["ordinal", key].append((Mark(one.start(), end, number), page.at_line(one.start()) or bool(one["sign"])))
    for (form, word), marks in found.items():
        lot = word in page.headings.lot
        on_lines = [mark for mark, _ in marks if page.at_line(mark.start)]
        for where, chosen in (("", on_lines), (" signed", [mark for mark, sign in marks if sign]), (" within", [mark for mark, _ in marks])):
            if form == "ordinal" or (where and not lot):
                yield from (Series(form + where, run, word) for run in _runs(chosen, page.headings))
            elif len({mark.number for mark in chosen}) > 1 or (lot and not where):
                yield Series(form + where, tuple(chosen), word)
                if where == " within":
                    first = {mark.number: mark for mark in reversed(chosen)}
                    yield Series(form + where, tuple(sorted(first.values())), word)


def _items(page: Page) -> Iterator[Series]:
    """What counts without a word: "1)", "b.", "IV -", "2.1 ", on lines of their own or on one."""
    found: defaultdict[str, list[tuple[Mark, str]]] = defaultdict(list)
    for one in _ITEM.finditer(page.text):
        number = one["number"]
        of = "section" if "." in number else "digit" if number[0].isdigit() else "capital" if number.isupper() else "letter"
        found[of].append((Mark(one.start(), one.end(), number), (one["sign"] or "").strip()))
    for of, marks in found.items():
        lines = [(mark, sign) for mark, sign in marks if page.at_line(mark.start)]
        for form, chosen in ((of, lines), (of, [one for one in lines if one[1]]), (f"{of} within", [one for one in marks if one[1]]), (f"{of} bare", marks)):
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
            apart = any(line.rstrip().endswith(":") or not (form in ("first", "capitals") or line[0] == " " or line[0].islower()) for line in between)
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
        counts = page.counts(normalise(line)) if line.strip() else set()
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
            parts = [led.end(), *(one.end() for one in re.finditer(sign, page.text[:end]) if led.end() < one.start() and one.end() < end)]
            yield Series(form, _plain(parts))
    both = re.search(r"(?i)d['’]une part,? (.{3,999}?)[\s,;.]+(?:et )?d['’]autre part,? ", page.text, re.DOTALL)
    if both:
        yield Series("parts", (Mark(both.start(), both.start(1), "1"), Mark(both.end(1), both.end(), "2")))
    turns = any_of(page.headings.turns)
    begun = (one.end() for one in re.finditer(r"^ ?|[.;:] (?=[^\W\d])", page.text, re.MULTILINE))
    yield Series("turns", _plain(at for at in begun if turns.match(normalise(page.text[at : at + 30]))))


def texts_of(series: Series, text: str) -> list[str]:
    """What each item of a series tells, in their order; the last goes as far as the others let guess."""
    marks = sorted(series.marks)
    found = [text[mark.end : after.start] for mark, after in pairwise(marks)]
    last = text[marks[-1].end :].lstrip()
    if found and not any("\n\n" in one.strip() for one in found):
        last = last.split("\n\n")[0]
    if found and not any("\n" in one.strip() for one in found):
        last = last.split("\n")[0]
    return [*found, last]


def shown(series: Series, page: Page) -> dict[str, float]:
    """What a series shows, sign by sign: a share of its items, 0 or 1 for yes and no, or a number near 1."""
    headings, text = page.headings, page.text
    marks, told, count = sorted(series.marks), texts_of(series, page.text), len(series.numbers)
    firsts = [one.strip().split("\n")[0].strip(" :=–-|") for one in told]
    facts = [page.facts(line) for line in firsts]
    before = text[: marks[0].start]
    here = before.rpartition("\n")[2].strip()
    lead = here or next((line for line in reversed(before.split("\n")) if line.strip()), "")
    led = normalise(lead)
    lengths = [len(one) for one in told]
    mean = sum(lengths) / len(told)
    signs: dict[str, float] = {name: sum(fact[name] for fact in facts) / len(facts) for name in facts[0]}
    signs |= {f"any {name}": float(signs[name] > 0) for name in ("label", "chapter", "aside")}
    inside = sum(len(_PRICE.findall(one)) for one in told)
    called = series.word in headings.lot
    yes: dict[str, bool] = {
        series.form: True,
        "lot": series.word == "lot" and series.form != "first",
        "called": called and series.word != "lot",
        "first lot": series.word == "lot" and series.form == "first",
        "division": series.word in headings.divisions,
        "first label": facts[0]["label"],
        "first body": facts[0]["body"],
        "one": count == 1,
        "two": count == 2,
        "many": count > 12,
        "counted": count in page.counts(page.folded),
        "counted in lead": count in page.counts(led),
        "led": lead.rstrip().endswith(":"),
        "lead of lots": "lot" in led,
        "lead seeks": any_of(headings.seeking).search(led) is not None,
        "lead aside": headings.of(lead, ("chapters", "aside", "place", "date")) != "",
        "lead procedure": any_of(headings.procedure).search(led) is not None,
        "no lead": not lead,
        "all priced": all(map(_PRICE.search, told)),
        "no price": not page.prices,
        "a price each": inside == count == page.prices,
        "first line": marks[0].start < 3,
        "lots elsewhere": series.word != "lot" and re.search(r"\blots?\b", page.folded) is not None,
        "lots in series": series.word != "lot" and any(one.word == "lot" and len(one.numbers) > 1 for one in page.series),
        "repeated": count < len(series.marks),
        "in turn": all(at in _value(number, headings) for at, number in enumerate(series.numbers, 1)),
        "spaced": any("\n\n" in one.strip() for one in told[:-1]),
        "uneven": max(lengths) > 8 * max(1, min(lengths)),
        "unallotted": any_of(headings.unallotted).search(page.folded) is not None,
        "closing": any(any_of(headings.closing).search(normalise(one)) for one in told),
    }
    signs |= {name: 1.0 for name, is_so in yes.items() if is_so}
    asked = {page.trade(line) for line in [*map(str.strip, before.split("\n"))][:-1] if len(line) > 3} - {""}
    trades = [page.trade(line) for line in firsts]
    signs["trades"] = len({*trades} - {""}) / len(trades)
    for name in ("trade", "procedure", "short", "long", "priced"):
        signs[f"log of {name}"] = math.log1p(sum(fact[name] for fact in facts))
        signs[f"log of not {name}"] = math.log1p(sum(not fact[name] for fact in facts))
    signs["prices elsewhere"] = float(not inside and page.prices > 0)
    signs["asked before"] = float(bool(asked))
    signs["as before"] = sum(one in asked for one in trades) / len(trades)
    signs["other than before"] = sum(one not in asked and one != "" for one in trades) / len(trades) if asked else 0.0
    return signs | {
        "log of count": math.log(count),
        "priced at all": sum(map(bool, map(_PRICE.search, told))) / len(told),
        "share of prices": inside / page.prices if page.prices else 0.0,
        "place": marks[0].start / len(text),
        "cover": sum(lengths) / len(text),
        "within": sum(not page.at_line(mark.start) for mark in marks) / len(marks),
        "spread": min(2.0, math.sqrt(sum((one - mean) ** 2 for one in lengths) / len(told)) / max(mean, 1)),
        "ends alike": _alike(re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "0", one[-1:])) for one in firsts),
        "signs alike": _alike(str(len(re.findall(r"[:–|/;]", one))) for one in firsts),
    }


def _alike(told: Iterable[str]) -> float:
    counts = Counter(told)
    return max(counts.values()) / counts.total()
