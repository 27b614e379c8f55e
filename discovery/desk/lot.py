"""A lot: one thing to buy, as asked. Pure."""

from __future__ import annotations

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
TAX = 1.2
"""An amount with tax included, by one without: the usual rate of 20 %."""


@dataclass(frozen=True, slots=True)
class Lot:
    """One thing to buy.

    `number`: as its notice numbers it, "" = not. `cpv`: codes as digits. `place` bounds, `near` is a centre: names,
    or codes. `radius` in km. `amount` in euros: of `per` months, 0 = of all that is bought; `taxed`: tax included.
    `months`: how long. `hours`: of insertion that are asked for; `taken_over`: a year, of staff taken over. `kinds`:
    codes. `without`: (parameter, value) of what is taken out. `places`: codes read. `date`: as told. `told`: its other
    sentences. `whole`: the notice that it is part of, whose `amount` is of all lots together.
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
    taken_over: float | None = None
    without: tuple[tuple[str, str], ...] = ()
    places: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    whole: Lot | None = None

    @property
    def in_all(self) -> float | None:
        """Euros before tax of the whole contract, as the law counts them; of a year where its length is not known."""
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
    without = {name: tuple(value for of, value in lot.without if of == name) for name, _ in lot.without}
    return replace(asked, **without) if without else asked  # type: ignore[arg-type]  # names of exclusions alone


def cut(text: str, most: int) -> str:
    """The text on one line, up to `most` characters, cut between words."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    return text[: most + 1].rpartition(" ")[0] or text[:most]


def sentences(text: str) -> list[str]:
    """A text by lines and sentences, bullets left out."""
    parts = (part.strip(" \t;:–—-•*") for line in text.splitlines() for part in _STOP.split(line))
    return [part for part in parts if any(map(str.isalnum, part))]


_STOP = re.compile(r"(?:(?<=[^\W\d_]{3}[.!?])|(?<=[)%€\d][.;])|(?<=;))\s+(?=[^\W\d_])")
