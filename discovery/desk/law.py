"""What the law asks of a buyer for a lot and allows, on a day: help, never legal advice. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from discovery.desk.lot import Lot
from discovery.mappings.purchases import BUYERS, Buyer, Law, Nature, Rule
from discovery.mappings.vocabulary import Vocabulary
from discovery.places.names import normalise

Outcome = Literal["applies", "below", "unknown"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a lot is for the law. `euros`: before tax, of the whole contract, all lots together; None = not known."""

    nature: Nature
    euros: float | None = None
    buyer: Buyer | None = None


@dataclass(frozen=True, slots=True)
class Ruled:
    """A rule for a lot. `euros`: its threshold; `past`: its last day is over."""

    rule: Rule
    outcome: Outcome
    euros: int | None = None
    past: bool = False

    def text(self, lang: str) -> str:
        """What is said of it."""
        texts = {"applies": self.rule.says, "below": self.rule.below, "unknown": self.rule.unknown}[self.outcome]
        said = (texts or self.rule.says)[lang]
        return said.replace("{euros}", f"{self.euros or 0:,}".replace(",", "\u202f" if lang == "fr" else ","))


def nature_of(sectors: Collection[str], law: Law, vocabulary: Vocabulary) -> Nature:
    """What a lot is by all of its trades; services or supplies unless every one says otherwise."""
    for nature in ("works", "social"):
        named = law.natures.get(nature, frozenset())
        of = [slug in named or getattr(vocabulary.sectors.get(slug), "group", "") in named for slug in sectors]
        if of and all(of):
            return "works" if nature == "works" else "social"
    return "services"


def buyer_of(lot: Lot, law: Law) -> Buyer | None:
    """Who buys, by the words of the notice and of the lot; None where they don't tell."""
    whole = lot.whole or Lot("")
    text = f" {normalise(' '.join((whole.title, *whole.told, lot.title, *lot.told)))} "
    return next(
        (buyer for buyer in BUYERS if any(re.search(rf"\b{word}\b", text) for word in law.buyers.get(buyer, ()))), None
    )


def ruled(asked: Asked, law: Law, today: date) -> list[Ruled]:
    """The rules of that day for a lot that somebody can do, in the order of the file. A private buyer has none."""
    if asked.buyer == "private":
        return []
    found = (_ruled(rule, asked, today) for rule in law.in_force(today))
    return [one for one in found if one is not None]


def _ruled(rule: Rule, asked: Asked, today: date) -> Ruled | None:
    past = rule.past(today)
    if rule.name == "social":
        return Ruled(rule, "applies", past=past) if asked.nature == "social" else None
    if rule.name == "direct":
        most = rule.euros["works" if asked.nature == "works" else "services"]
        return Ruled(rule, "applies", most, past) if asked.euros is not None and asked.euros < most else None
    least, most = _bounds(rule.euros, asked)
    if asked.euros is None or least <= asked.euros < most:
        return Ruled(rule, "unknown", None, past)
    return Ruled(rule, "applies" if asked.euros >= most else "below", least if asked.euros < least else most, past)


def _bounds(euros: Mapping[str, int], asked: Asked) -> tuple[int, int]:
    """Below the first no duty, from the second on one: the same where the buyer is known, or for works."""
    if asked.nature == "works":
        return euros["works"], euros["works"]
    if asked.buyer is not None:
        return euros[asked.buyer], euros[asked.buyer]
    known = [euros[buyer] for buyer in BUYERS if buyer in euros]
    return min(known), max(known)
