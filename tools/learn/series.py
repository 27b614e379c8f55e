"""Learn which series of a text are its lots: a log-linear model of the signs that
`discovery.desk.series` shows.

python -m tools.learn.series            # learn from all notices, and write the weights python -m
tools.learn.series --left-out # how many lots are split right, each tenth of the notices left out in
turn
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import yaml
from numpy.typing import NDArray

from discovery.desk.layout import laid_out
from discovery.desk.series import NONE, WEIGHTS, Page, Series, asked, family, shown, spans
from discovery.mappings import load_mappings
from discovery.mappings.mappings import Mappings
from discovery.phrase.trades.reader import reader_of
from tools.learn.notices import JUDGED, OURS, invented, judged

PENALTY, STEPS, RATE, TENTHS = 0.001, 400, 0.3, 10
"""Of the squared weights; steps of Adam and their length; parts of which one is left out in turn.
"""
_UNTOLD = 0.3  # how much it counts that a text whose lots no series tells is left whole
Floats = NDArray[np.float64]


class Told(NamedTuple):
    """A text, what each of its lots must hold (its amount, or its title), and how much it counts."""

    text: str
    lots: Sequence[str]
    weight: float


class Lesson(NamedTuple):
    """The signs of each series of a text, a row each, the last of none; which rows are right; its
    lots; its weight.
    """

    signs: Floats
    right: NDArray[np.bool_]
    counts: Sequence[int]
    lots: int
    weight: float


def texts() -> Iterator[Told]:
    """The invented notices, and the judged texts of the tests."""
    for notice in chain(invented(), judged()):
        amounts = (one.get("amount") for one in notice.lots)
        yield Told(
            notice.text, [f"{amount:.0f}" if amount else "" for amount in amounts], notice.weight
        )
    cases = yaml.safe_load((JUDGED / "cases.yaml").read_text(encoding="utf-8"))
    for text, titles in cases["lots_are_split_by_their_headings"]:
        yield Told(text, [title.split(".")[0].split(":")[0].strip() for title in titles], OURS)
    for text in cases["an_amount_told_with_a_lot_is_of_that_lot"]:
        yield Told(text, re.findall("(?i)tonte|fauchage", text)[:2], OURS)


def right(found: Sequence[Series], text: str, told: Told) -> list[bool]:
    """Which series are of the lots: as many items, the most of them with what their lot must hold;
    one called lots.
    """
    held = []
    for one in found:
        parts: dict[str, str] = {}
        for mark, (start, end) in zip(sorted(one.marks), spans(one, text), strict=True):
            parts[mark.number] = parts.get(mark.number, "") + text[start:end]
        same = len(parts) == len(told.lots) and (len(parts) > 1 or one.word == "lot")
        held.append(sum(map(_holds, parts.values(), told.lots)) if same else -1)
    best = [0 <= many == max(held) for many in held]
    called = [
        is_best and one.word == "lot" and one.form != "first"
        for is_best, one in zip(best, found, strict=True)
    ]
    return called if any(called) and len(told.lots) > 1 else best


def _holds(part: str, lot: str) -> bool:
    digits = "".join(filter(str.isdigit, part))
    return bool(lot) and (
        lot in part or (lot.isdigit() and (lot in digits or lot.removesuffix("000") in digits))
    )


def lessons(mappings: Mappings) -> tuple[list[str], list[Lesson]]:
    """The names of all signs, and what each text teaches."""
    trades = reader_of(mappings.trades)
    read: list[tuple[list[Mapping[str, float]], list[bool], list[int], Told]] = []
    for told in texts():
        page = Page(laid_out(told.text, mappings.headings), mappings.headings, trades)
        signs = [
            _by_family(shown(one, page) | asked(one, page), family(one)) for one in page.series
        ]
        of = right(page.series, page.text, told)
        read.append((signs, of, [len(one.numbers) for one in page.series], told))
    names = sorted({name for signs, *_ in read for one in signs for name in one} | {NONE})
    found = []
    for shows, of, counts, told in read:
        rows = np.asarray([[one.get(name, 0.0) for name in names] for one in [*shows, {NONE: 1.0}]])
        lots = len(told.lots)
        weight = told.weight * min(lots, 5) ** 0.5
        whole = lots == 1 or not any(of)
        weight *= _UNTOLD if whole and lots > 1 else 1
        found.append(Lesson(rows, np.asarray([*of, whole]), [*counts, 1], lots, weight))
    return names, found


def _by_family(signs: Mapping[str, float], family: str) -> Mapping[str, float]:
    """The signs, and each again for the family of its series' form."""
    return {**signs, **{f"{family}: {name}": value for name, value in signs.items()}}


def fit(taught: Sequence[Lesson]) -> Floats:
    """The weights by which a right row of each text is likeliest (Adam on the penalised
    log-likelihood).
    """
    taught = [one for one in taught if one.right.any()]
    signs, of = (
        np.vstack([one.signs for one in taught]),
        np.concatenate([one.right for one in taught]),
    )
    sizes = [len(one.right) for one in taught]
    starts, owner = np.cumsum([0, *sizes[:-1]]), np.repeat(np.arange(len(taught)), sizes)
    weight = np.asarray([one.weight for one in taught])[owner]
    weights, mean, square = (np.zeros(signs.shape[1]) for _ in range(3))
    for step in range(1, STEPS + 1):
        scores = signs @ weights
        powers = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
        among = np.where(of, powers, 0)
        off = (
            powers / np.add.reduceat(powers, starts)[owner]
            - among / np.add.reduceat(among, starts)[owner]
        )
        slope = signs.T @ (off * weight) / len(taught) + PENALTY * weights
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        rate = RATE * (1.0 if step < STEPS * 0.6 else 0.3)
        weights -= rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-6)
    return weights


def left_out(taught: Sequence[Lesson]) -> float:
    """The share of lots in texts that are split in as many as they have, by weights that saw none
    of them.
    """
    good = 0
    for tenth in range(TENTHS):
        weights = fit([one for at, one in enumerate(taught) if at % TENTHS != tenth])
        split = (
            one
            for one in taught[tenth::TENTHS]
            if one.counts[int(np.argmax(one.signs @ weights))] == one.lots
        )
        good += sum(one.lots for one in split)
    return good / sum(one.lots for one in taught)


def main() -> None:
    names, taught = lessons(load_mappings())
    if "--left-out" in sys.argv:
        sys.stdout.write(f"{left_out(taught):.3f} of lots split right, left out\n")
        return
    learnt: dict[str, Any] = {
        name: round(float(one), 3) for name, one in zip(names, fit(taught), strict=True)
    }
    WEIGHTS.write_text(
        f"{json.dumps(learnt, indent=0, sort_keys=True, ensure_ascii=False)}\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
