"""A lot: one thing to buy, as asked; and what a sentence tells in figures: amounts, how long. Pure."""

import math
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice

from discovery.mappings.purchases import COLUMNS, Headings
from discovery.mappings.vocabulary import Lang
from discovery.model import dataclass, replace
from discovery.phrase.distances import counted
from discovery.phrase.ignored import hours
from discovery.places.names import normalise
from discovery.search.query import MAX_Q, Query

MAX_EUROS = 1e12
_BLANK = r"[ \u00a0\u202f\u2009]"
_THREES = rf"\d{{1,3}}(?:(?:{_BLANK}|[.,'’]|\.{_BLANK})\d{{3}})+(?!\d)(?:[.,]{_BLANK}?\d{{1,2}}(?!{_BLANK}?\d))?"
_DIGITS = rf"(?<![\d.,])(?:{_THREES}|\d+(?:[.,]\d+)?)"
_UNIT = r"(?:k|m|md|mille|milliers?|millions?|milliards?|thousand)(?![^\W\d_])"
_TIMES = {"k": 1e3, "mille": 1e3, "thousand": 1e3, "m": 1e6, "md": 1e9}
_LONG_UNITS = (("milliard", 1e9), ("million", 1e6), ("millier", 1e3))
_CURRENCY = r"(?:€|euros?\b|eur\b)"
_NO_NAME = r"(?!Prestations? d(?:e |['’]))"
_NAME = r"(?:[^:\n(]|\([^:\n()]*\)){2,60}?"
LABEL = re.compile(
    rf"^ ?[-*•–]? ?(?:[IVX\d]+(?:\.\d+)*[.)]+ ?)?{_NO_NAME}(?P<name>{_NAME}) ?: ?(?P<value>.*)$"
)
"""A line that says what it tells: "II.2.1) Intitulé : …", and not "Prestations de nettoyage : …".
"""


def labelled(line: str, headings: Headings, among: tuple[str, ...] = COLUMNS) -> tuple[str, str]:
    """Which of `among` a line tells, and what it tells of it: "Lieu : Brest"; "" = none."""
    label = LABEL.match(line)
    return (headings.of(label["name"], among), label["value"]) if label else ("", "")


_TAIL = (
    60  # characters after an amount that may tell what it is of: "HT par an", "TTC par personne"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount. `months`: of how many it is the price, 0 = of all. `taxed`: with tax. `whole`: of
    all lots.
    """

    euros: float
    months: int = 0
    taxed: bool = False
    whole: bool = False
    text: str = ""


@lru_cache(maxsize=64)
def any_of(names: frozenset[str], *others: str) -> re.Pattern[str]:
    spelt = "|".join((*(re.escape(name) for name in sorted(names, key=len, reverse=True)), *others))
    return re.compile(rf"(?<!\w)(?:{spelt})(?!\w)")


def amounts(
    text: str, headings: Headings, numerals: Mapping[tuple[str, ...], float] | None = None
) -> list[Amount]:
    """The amounts in euros of a sentence, in its order; of a range the greatest. A price of one
    (hour, person) is none, nor is what is no price (a turnover, a penalty). `numerals`: of words,
    where amounts in letters are read too.
    """
    told = normalise(text)
    if not text or any_of(headings.apart).search(told):
        return []
    whole = _summed(told, headings)
    priced = [*_AMOUNT.finditer(text)] or [*_BEFORE.finditer(text)]
    matches = [(m.start(), m.end(), euros(m["number"] + (m["unit"] or ""))) for m in priced]
    if not matches and numerals and "euro" in told:
        matches = list(_lettered(text, numerals))
    if not matches and headings.named(text, "amount"):
        unit = IN_EUROS.search(text)
        lengths = any_of(frozenset(headings.periods))  # "un million d'euros pour 4 ans"
        told_apart = _BARE.finditer(text, text.find(":") + 1)
        bare = (one for one in told_apart if not lengths.match(normalise(text[one.end() :])))
        bare = (
            one for one in bare if unit or not re.fullmatch(r"\d\d?|20\d\d", one[0])
        )  # "tranche optionnelle 1"
        matches = [
            (m.start(), m.end(), euros(m[0] + (unit["unit"] or "" if unit else "")))
            for m in islice(bare, 1)
        ]
    yearly = 12 if any_of(headings.yearly).search(told) else 0  # "annuel" anywhere in the sentence
    found: list[Amount] = []
    for at, (start, end, value) in enumerate(matches):
        following = matches[at + 1][0] if at + 1 < len(matches) else len(text)
        tail = normalise(text[end : min(end + _TAIL, following)].replace("/", " par "))
        if (
            not value
            or (value < 100 and value % 1)
            or any_of(headings.each).match(tail.removeprefix("ht "))
        ):
            continue
        taxed = bool(any_of(headings.taxed).search(tail)) and not tail.startswith("ht")
        found.append(
            Amount(value, _period(tail, yearly, headings), taxed, whole, text[start:end].strip())
        )
    return found


def of_all(line: str, headings: Headings) -> bool:
    """Whether a line tells an amount of all lots together, or begins as what holds for all of them."""
    priced = re.search(_CURRENCY, line, re.IGNORECASE) and _summed(normalise(line), headings)
    return bool(priced) or headings.named(line, "shared")


def _summed(told: str, headings: Headings) -> bool:
    return any_of(headings.whole).search(any_of(headings.lengths).sub("", told)) is not None


_AMOUNT = re.compile(
    rf"(?<![<≤] )(?P<number>{_DIGITS}){_BLANK}?(?P<unit>{_UNIT})?{_BLANK}?(?:d['’]|de )?{_CURRENCY}",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"(?:€|\beur){_BLANK}?(?P<number>{_DIGITS}){_BLANK}?(?P<unit>{_UNIT})?", re.IGNORECASE
)
IN_EUROS = re.compile(
    rf"(?:\(|\ben ){_BLANK}?(?P<unit>[km])?{_BLANK}?(?:€|euros?\b)", re.IGNORECASE
)  # of a heading
_BARE = re.compile(rf"{_DIGITS}(?:{_BLANK}?{_UNIT})?(?![\d.,]* ?%)", re.IGNORECASE)


def _lettered(
    text: str, numerals: Mapping[tuple[str, ...], float]
) -> Iterator[tuple[int, int, float | None]]:
    """Amounts in letters: "cent vingt mille euros"."""
    start, total, current = -1, 0.0, 0.0
    for one in re.finditer(r"[^\W\d_]+", text):
        word = normalise(one[0])
        value = numerals.get((word,)) or next(
            (v for name, v in _LONG_UNITS if word.startswith(name)), None
        )
        if value is not None:
            start = one.start() if start < 0 else start
            total, current = counted(total, current, float(value))
            continue
        if word in ("euro", "euros") and start >= 0:
            yield start, one.end(), total + current
        if word not in ("et", "d", "de", "and"):
            start, total, current = -1, 0.0, 0.0


def _period(tail: str, otherwise: int, headings: Headings) -> int:
    """Months that an amount is the price of, by what follows."""
    lengths = any_of(frozenset(headings.periods))
    if span := re.search(
        rf"{any_of(headings.spans).pattern} (?P<count>\d+) (?P<unit>{lengths.pattern})", tail
    ):
        return int(span["count"]) * headings.periods[span["unit"]]
    after = lengths.search(tail)
    if after is not None and not re.search(r"\d\s*$", tail[: after.start()]):
        return headings.periods[after[0]]
    return otherwise


def euros(text: str) -> float | None:
    """The number of euros that a text of digits begins with: "50 000", "1,2 M", "30k"; None = none
    that can be read.
    """
    match = re.match(rf"\s*(?P<number>{_DIGITS}){_BLANK}?(?P<unit>{_UNIT})?", text, re.IGNORECASE)
    if match is None:
        return None
    number, unit = re.sub(rf"{_BLANK}|['’]", "", match["number"]), (match["unit"] or "").lower()
    part = re.search(r"[.,](\d+)$", number)
    thousands = (
        part is not None
        and len(part[1]) == 3
        and not unit
        and number[: part.start()].strip("0") != ""
    )
    cents = "" if part is None or thousands else part[1]
    number = f"{re.sub(r'[.,]', '', number.removesuffix(cents))}.{cents}"
    times = _TIMES.get(unit) or next(
        (value for name, value in _LONG_UNITS if unit.startswith(name)), 1
    )
    amount = float(number) * times
    return amount if math.isfinite(amount) and amount <= MAX_EUROS else None


def months(text: str, headings: Headings, numerals: Mapping[tuple[str, ...], float]) -> int | None:
    """How many months a sentence lasts, renewals included: "1 an reconductible 3 fois"; None where
    it doesn't say.
    """
    told = any_of(headings.spans).sub("", normalise(text))
    lead = any_of(headings.lasting).search(told)
    units = "|".join(sorted(headings.periods, key=len, reverse=True))
    renewed = re.search(
        rf"(?:{any_of(headings.renewed).pattern})\D{{0,20}}?(\w+) (?:fois|times?)", told
    )
    times = 1 + (_number(renewed[1], numerals) or 0) if renewed else 1
    if lead is not None:
        after = told[lead.end() :][:_TAIL]
        length = re.search(
            rf"\b(?:en|in) (?P<unit>{units}) (?P<count>\d+)\b", after
        )  # "Durée (en mois) : 36"
        length = length or re.search(rf"\b(?P<count>\w+) (?P<unit>{units})\b", after)
        count = _number(length["count"], numerals) if length else None
        if length and count:
            return min(int(count * headings.periods[length["unit"]]), 1200) * times
    return (
        12 * times
        if renewed and any_of(headings.yearly | frozenset(headings.periods)).search(told)
        else None
    )


def figured(text: str) -> bool:
    """Whether a text begins with an amount, or with hours of insertion."""
    told = hours(text)
    return bool(_AMOUNT.match(text) or (told and text.startswith(told[1])))


def taken_over(text: str) -> tuple[float, str] | None:
    """Hours a year of the staff that a contract takes over: "personnel à reprendre : 1 200 heures
    par an".
    """
    told = re.search(r"\brepri|reprendre|taken over", text, re.IGNORECASE)
    match = (
        re.search(rf"({_DIGITS}){_BLANK}?(?:heures?|h|hours?)\b", text, re.IGNORECASE)
        if told
        else None
    )
    count = euros(match[1]) if match else None
    return (count, match[0]) if match and count else None


def _number(word: str, numerals: Mapping[tuple[str, ...], float]) -> int | None:
    return (
        int(word)
        if word.isascii() and word.isdigit() and len(word) < 5
        else int(numerals.get((word,), 0)) or None
    )


MAX_LOTS = 50
MAX_TEXT = 20_000  # characters of a pasted need
MAX_CODES = 10  # codes of a lot that are searched: the first ones
MAX_TITLE = 500  # characters that are kept of a title
MAX_NAME = 100  # characters of a place
TAX = 1.2  # an amount with tax included, by one without: the usual rate of 20 %


@dataclass(frozen=True, slots=True)
class Lot:
    """One thing to buy.

    `number`: as its notice numbers it, "" = not. `cpv`: codes as digits. `place` bounds, `near` is
    a centre: names, or codes. `radius` in km. `amount` in euros: of `per` months, 0 = of all that
    is bought; `taxed`: tax included. `months`: how long. `hours`: of insertion that are asked for,
    of `hours_per` months as `amount` is; `taken_over`: a year, of staff taken over. `kinds`: codes.
    `without`: (parameter, value) of what is taken out. `places`: codes read. `date`: as told.
    `told`: its other sentences. `whole`: the notice that it is part of, whose `amount` is of all
    lots together.
    """

    title: str
    number: str = ""
    cpv: tuple[str, ...] = ()
    place: str = ""
    near: str = ""
    radius: float | None = None
    amount: float | None = None
    kinds: tuple[str, ...] = ()
    date: str = ""
    per: int = 0
    taxed: bool = False
    months: int | None = None
    hours: float | None = None
    hours_per: int = 0
    taken_over: float | None = None
    without: tuple[tuple[str, str], ...] = ()
    places: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    whole: "Lot | None" = None

    @property
    def in_all(self) -> float | None:
        """Euros before tax of the whole contract, as the law counts them; of a year where its
        length is not known.
        """
        if self.amount is None:
            return None
        times = max((self.months or self.per) / self.per, 1) if self.per else 1
        return self.amount * times / (TAX if self.taxed else 1)

    @property
    def a_year(self) -> float | None:
        """Euros before tax of a year."""
        total = self.in_all
        return None if total is None else total * 12 / max(self.months or 12, 12)


def query(lot: Lot, lang: Lang = "fr") -> Query:
    """The search that answers a lot, codes as part of its phrase."""
    codes = "".join(f" CPV {code}" for code in lot.cpv[:MAX_CODES])
    asked = Query(
        q=(cut(lot.title, MAX_Q - len(codes)) + codes).strip(),
        place=(lot.place,) if lot.place else lot.places,
        near=lot.near,
        radius=lot.radius if lot.near else None,
        kind=lot.kinds,
        lang=lang,
    )
    without = {
        name: tuple(value for of, value in lot.without if of == name) for name, _ in lot.without
    }
    return replace(asked, **without) if without else asked  # type: ignore[arg-type]  # names of exclusions alone


def cut(text: str, most: int = MAX_NAME) -> str:
    """The text on one line, up to `most` characters, cut between words."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    return text[: most + 1].rpartition(" ")[0] or text[:most]


def sentences(text: str) -> list[str]:
    """A text by lines and sentences, bullets left out."""
    parts = (part.strip(" \t;:–—-•*") for line in text.splitlines() for part in _STOP.split(line))
    return [part for part in parts if any(map(str.isalnum, part))]


_STOP = re.compile(
    r"(?:(?<=[^\W\d_]{3}[.!?])(?<!\b[Aa]rt\.)(?<!\bART\.)|(?<=\b[A-Z]{2}\.)|(?<=\ban\.)|(?<=[)%€\d][.;])|(?<=;))\s+(?=[^\W\d_])"
)
