"""How much a name in a phrase counts beside all of its words: a few numbers, learnt from titles with their codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from scipy.optimize import minimize

from discovery.phrase.trades.reader import NONE, Floats, Model, softmax
from tools.judge.tendered import Seen
from tools.learn.lessons import of_code

_PENALTY = 0.01
_START = (1.0, 1.0, 0.0, 0.0, 0.0, 1.0)


def joined(model: Model, seen: Sequence[Seen], group_of: Mapping[str, str]) -> Model:
    """The model with the numbers by which names join it and shares become probabilities: those under which titles that
    it has not seen are likeliest."""
    chances, wanted = [], np.zeros((len(seen), len(model.groups)))
    for row, one in enumerate(seen):
        likely = model.of(one.text, {}, 1.0)
        known = {**dict(likely.groups), NONE: likely.none}
        chances.append([known.get(group, 1 / len(model.groups)) for group in model.groups])
        for slug in of_code(one.title.meaning) or [NONE]:
            wanted[row, model.groups.index(group_of.get(slug, slug))] = 1
    logs = np.log(np.maximum(np.asarray(chances), 1e-6))
    names = np.zeros((len(_START) - 1, *logs.shape))
    for row, one in enumerate(seen):
        for group, told in one.names.items():
            column = model.groups.index(group)
            names[slice(-1) if group != NONE else slice(4, 5), row, column] = told or 1.0

    def loss(numbers: Floats) -> float:
        scores = numbers[0] * logs + np.tensordot(numbers[1:], names, 1)
        entropy = -np.log((softmax(scores) * wanted).sum(1)).mean()
        return float(entropy + _PENALTY * ((numbers - _START) ** 2).sum() / len(seen))

    numbers = minimize(loss, _START, method="Powell").x
    shares = softmax(numbers[0] * logs + np.tensordot(numbers[1:], names, 1))
    best = shares.argmax(1)
    odds, right = (log_odds(shares.max(1)), wanted[np.arange(len(seen)), best])

    def surprise(line: Floats) -> float:
        return float(np.log1p(np.exp(np.where(right > 0, -1, 1) * (line[0] * odds + line[1]))).mean())

    sureness = minimize(surprise, (1.0, 0.0), method="Powell").x
    return replace(model, joining=numbers.astype(np.float32), sureness=sureness.astype(np.float32))


def log_odds(chances: Floats) -> Floats:
    """The log odds of probabilities."""
    odds: Floats = np.log(np.maximum(chances, 1e-6) / np.maximum(1 - chances, 1e-6))
    return odds
