"""A lot: one thing to buy, as asked. Pure."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

from discovery.mappings.vocabulary import Lang
from discovery.search.query import MAX_Q, Query

MAX_LOTS = 50
MAX_TEXT = 20_000
"""Characters of a pasted need."""
MAX_CODES = 10
"""Codes of a lot that are searched: the first ones."""
MAX_TITLE = 500
"""Characters that are kept of a title."""
MAX_NAME = 100
"""Characters of a place."""
MAX_EUROS = 1e12

_EUROS = re.compile(
    r"(?P<number>\d+(?:[\s.\u00a0\u202f']\d{3})*(?:[.,]\d+)?)\s*(?P<unit>k|m|milliers?|millions?)?\s*(?:d'|de\s+)?(?:€|e\b|eur|$|ht|ttc|\s)",
    re.IGNORECASE,
)
_TIMES = {"k": 1e3, "millier": 1e3, "milliers": 1e3, "m": 1e6, "million": 1e6, "millions": 1e6}


@dataclass(frozen=True, slots=True)
class Lot:
    """One thing to buy.

    `number`: as its notice numbers it, "" = not. `cpv`: codes as digits. `place` bounds, `near` is a centre: names,
    or codes. `radius` in km, `amount` in euros. `kinds`: codes. `date`: as told. `notice`: the title of the whole,
    by which a lot is read that does not tell its trade.
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
    notice: str = ""


def query(lot: Lot, lang: Lang = "fr") -> Query:
    """The search that answers a lot, codes as part of its phrase."""
    codes = "".join(f" CPV {code}" for code in lot.cpv[:MAX_CODES])
    return Query(
        q=(cut(lot.title, MAX_Q - len(codes)) + codes).strip(),
        place=(lot.place,) if lot.place else (),
        near=lot.near,
        radius=lot.radius if lot.near else None,
        kind=lot.kinds,
        lang=lang,
    )


def cut(text: str, most: int) -> str:
    """The text on one line, up to `most` characters, cut between words."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    return text[: most + 1].rpartition(" ")[0] or text[:most]


def euros(text: str) -> float | None:
    """The first amount of a text: "50 000 € HT", "1,2 M€", "30k€"; None = none that can be read."""
    found = _EUROS.search(f"{text.strip()} ")
    if found is None:
        return None
    number = re.sub(r"[\s\u00a0\u202f']", "", found["number"])
    if "," in number:
        number = number.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"\d{1,3}(?:\.\d{3})+", number):
        number = number.replace(".", "")
    elif number.count(".") > 1:
        return None
    amount = float(number) * _TIMES.get((found["unit"] or "").lower(), 1)
    return amount if math.isfinite(amount) and amount <= MAX_EUROS else None


def merged(lot: Lot, common: Lot) -> Lot:
    """The lot with what only the whole notice tells: codes, place, its title."""
    place = lot.place or ("" if lot.near else common.place)
    return replace(lot, cpv=lot.cpv or common.cpv, place=place, notice=common.title)
