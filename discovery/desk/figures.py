"""What the law asks and allows on a day; hours of insertion, posts, deductions (OETH): help, never
advice. Pure.
"""

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from statistics import mean
from typing import Any, Literal, NamedTuple

from discovery.desk.lot import Lot, any_of, euros
from discovery.desk.suppliers import Checked, Status
from discovery.mappings.purchases import BUYERS, Buyer, Figures, Law, Nature, Rule
from discovery.mappings.vocabulary import Vocabulary
from discovery.model import dataclass
from discovery.places.names import normalise

Outcome = Literal["applies", "below", "unknown"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a lot is for the law. `euros`: before tax, of the whole contract, all lots together;
    None = not known. `at_least`: some lots tell no amount.
    """

    nature: Nature
    euros: float | None = None
    buyer: Buyer | None = None
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class Ruled:
    """A rule for a lot. `euros`: its threshold; `past`: its last day is over."""

    rule: Rule
    outcome: Outcome
    euros: int | None = None
    past: bool = False

    def text(self, lang: str) -> str:
        """What is said of the rule, its euros filled in."""
        texts = {"applies": self.rule.says, "below": self.rule.below, "unknown": self.rule.unknown}[
            self.outcome
        ]
        said = (texts or self.rule.says)[lang]
        return said.replace(
            "{euros}", f"{self.euros or 0:,}".replace(",", "\u202f" if lang == "fr" else ",")
        )


def nature_of(sectors: Collection[str], law: Law, vocabulary: Vocabulary) -> Nature:
    """What a lot is by all of its trades; services or supplies unless every one says otherwise."""
    known = [{slug, getattr(vocabulary.sectors.get(slug), "group", "")} for slug in sectors]
    both: tuple[Nature, ...] = ("works", "social")
    of_all = (
        one
        for one in both
        if known and all(names & law.natures.get(one, frozenset()) for names in known)
    )
    return next(of_all, "services")


def buyer_of(lot: Lot, law: Law) -> Buyer | None:
    """Who buys, by the words of the notice and of the lot; None where they don't tell."""
    whole = lot.whole or Lot("")
    text = f" {normalise(' '.join((whole.title, *whole.told, lot.title, *lot.told)))} "
    return next(
        (one for one in BUYERS if (names := law.buyers.get(one)) and any_of(names).search(text)),
        None,
    )


def ruled(asked: Asked, law: Law, today: date) -> list[Ruled]:
    """The rules of that day for a lot that somebody can do, in the order of the file. A private
    buyer has none.
    """
    rules = () if asked.buyer == "private" else law.in_force(today)
    return [one for rule in rules if (one := _ruled(rule, asked, today))]


def _ruled(rule: Rule, asked: Asked, today: date) -> Ruled | None:
    past = rule.past(today)
    low, high = (
        asked.euros or 0.0,
        math.inf if asked.euros is None or asked.at_least else asked.euros,
    )
    if rule.name == "social":
        return Ruled(rule, "applies", past=past) if asked.nature == "social" else None
    if rule.name == "direct":
        most = rule.euros["works" if asked.nature == "works" else "services"]
        return Ruled(rule, "applies", most, past) if high < most else None
    one = "works" if asked.nature == "works" else asked.buyer
    known = (
        [rule.euros[one]] if one else [rule.euros[buyer] for buyer in BUYERS if buyer in rule.euros]
    )
    least, most = (
        min(known),
        max(known),
    )  # of a buyer not known: below the first no duty, from the second on one
    if low >= most:
        return Ruled(rule, "applies", most, past)
    return Ruled(rule, "below", least, past) if high < least else Ruled(rule, "unknown", None, past)


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What a lot comes to. `labour_percent`: of its price. `hours`: of insertion that a clause may
    ask for in all, or that is asked for; None below the least that makes sense. `posts`: full-time,
    a year. `deduction`: euros a year deducted where it is bought from ESAT, EA or TIH, before the
    ceiling.
    """

    labour_percent: float
    hours: float | None
    posts: float | None
    deduction: float | None
    asked: bool = False


def insertion_hours(
    euros: float, labour_percent: float, rate_percent: float, hour_euros: float
) -> float:
    """Hours of insertion: amount before tax x share of labour x rate ÷ cost of an hour."""
    return euros * labour_percent / 100 / hour_euros * rate_percent / 100


def pact_hours(
    euros: float, years: float, taken_over: float, rate_percent: float, figures: Figures
) -> float | None:
    """Hours of insertion of cleaning whose staff is taken over for `taken_over` hours a year
    (PACT): P = 1 - S·25 ÷ (A ÷ N) is the part left for others, and I = P·A ÷ 25 · T. None below the
    least: no clause.
    """
    left = (
        max(0.0, 1 - taken_over * figures.cleaning_hour_euros / (euros / years)) if euros else 0.0
    )
    hours = left * euros / figures.cleaning_hour_euros * rate_percent / 100
    return hours if hours >= figures.least_hours else None


def deducted(
    labour_euros: float, contribution: float, rate_percent: float, figures: Figures
) -> float:
    """Euros deducted from a gross OETH contribution by labour bought from ESAT, EA or TIH, under
    the ceiling of the employer's own rate of employment.
    """
    low = rate_percent < figures.oeth_low_rate
    ceiling = contribution * (figures.oeth_low_percent if low else figures.oeth_high_percent) / 100
    return min(labour_euros * figures.oeth_percent / 100, ceiling)


def labour_share(sectors: Collection[str], figures: Figures, vocabulary: Vocabulary) -> float:
    """Percent of a price that pays people, the mean of the groups of its trades."""
    groups = {
        vocabulary.sectors[slug].group if slug in vocabulary.sectors else slug for slug in sectors
    }
    shares = figures.labour_percent
    return (
        mean(shares.get(group, shares["other"]) for group in groups) if groups else shares["other"]
    )


def deductible_percent(
    public: Mapping[str, Any], figures: Figures, vocabulary: Vocabulary
) -> float:
    """Percent of a supplier's price before tax that OETH deducts, before the ceiling; 0 but for
    ESAT, EA and TIH.
    """
    share = figures.oeth_percent if public.get("kind") in figures.oeth_kinds else 0
    return share * labour_share(_sectors(public), figures, vocabulary) / 100


def _sectors(public: Mapping[str, Any]) -> set[str]:
    return {row["sector"] for row in public.get("activities") or ()}


def reckoned(
    lot: Lot, sectors: Collection[str], figures: Figures, vocabulary: Vocabulary
) -> Reckoned | None:
    """What a lot comes to; None where neither an amount nor hours are told."""
    share = labour_share(sectors, figures, vocabulary)
    years = max((lot.months or 12) / 12, 1)
    deduction = (
        None if lot.a_year is None else lot.a_year * share / 100 * figures.oeth_percent / 100
    )
    hours: float | None
    if lot.hours is not None:
        hours = lot.hours * (years * 12 / lot.hours_per if lot.hours_per else 1)
    elif lot.in_all is None:
        return None
    elif lot.taken_over is not None:
        hours = pact_hours(lot.in_all, years, lot.taken_over, figures.rate_percent, figures)
    else:
        hours = insertion_hours(lot.in_all, share, figures.rate_percent, figures.hour_euros)
        hours = hours if hours >= figures.least_hours else None
    posts = None if hours is None else hours / years / figures.post_hours
    return Reckoned(share, hours, posts, deduction, asked=lot.hours is not None)


@dataclass(frozen=True, slots=True)
class Spend:
    """What a list of suppliers was paid, in cents. `inclusive`: to those that surely are;
    `to_confirm`: to others that may be; `by`: of the inclusive, by facet and value. `hours`: of
    work that the inclusive euros pay for. `deduction`: OETH, before the ceiling unless `capped`.
    `untold`: lines without an amount.
    """

    total: int
    inclusive: int
    to_confirm: int
    untold: int
    by: Mapping[str, Mapping[str, int]]
    hours: float
    deduction: float
    capped: bool = False


class Employer(NamedTuple):
    """Who bought: gross OETH contribution in euros, and rate of employment of disabled workers in
    percent.
    """

    contribution: float
    rate_percent: float


def employer_of(contribution: Any, rate_percent: Any) -> Employer | None:
    """An employer by two numbers, or texts of numbers; None where one of them is none."""
    told = [euros(str(value)) for value in (contribution, rate_percent)]
    return None if told[0] is None or told[1] is None else Employer(told[0], told[1])


def spend(
    found: Sequence[Checked],
    figures: Figures,
    vocabulary: Vocabulary,
    employer: Employer | None = None,
) -> Spend | None:
    """What was spent, and with whom; None where no line tells an amount."""
    told = [one for one in found if one.asked.cents is not None]
    if not told:
        return None
    by: dict[str, Counter[str]] = {
        "kind": Counter(),
        "department": Counter(),
        "territory": Counter(),
    }
    hours = deductible = 0.0
    sums: Counter[Status] = Counter()
    for one in told:
        cents = one.asked.cents or 0
        sums[one.status] += cents
        if one.status is not Status.YES:
            continue
        document, public = one.suppliers[0], one.suppliers[0]["public"]
        by["kind"][public.get("kind", "")] += cents
        by["department"][(public.get("address") or {}).get("department") or ""] += cents
        by["territory"].update(dict.fromkeys(document.get("territories") or (), cents))
        labour = cents / 100 * labour_share(_sectors(public), figures, vocabulary) / 100
        hours += labour / figures.hour_euros
        deductible += labour if public.get("kind") in figures.oeth_kinds else 0
    return Spend(
        total=sum(sums.values()),
        inclusive=sums[Status.YES],
        to_confirm=sums[Status.COMPANY] + sums[Status.NAME],
        untold=len(found) - len(told),
        by=by,
        hours=hours,
        deduction=deducted(deductible, *employer, figures)
        if employer
        else deductible * figures.oeth_percent / 100,
        capped=employer is not None,
    )
