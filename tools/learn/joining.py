"""How much a name in a phrase counts beside all of its words: a few numbers, learnt from titles
with their codes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax

from discovery.phrase.trades.reader import NONE, Model
from tools.judge.tendered import Seen
from tools.learn.lessons import of_code

_START = np.asarray((1.0, 1.0, 0.0, 0.0, 0.0, 1.0))
_PENALTY = 0.01
Numbers = NDArray[np.float64]


class Read(NamedTuple):
    """Titles that a model has not seen, as it reads them. `logs`: log chances (titles, groups);
    `names`: what names are worth (worths, titles, groups); `wanted`: 1 for the groups of a title's
    code (titles, groups).
    """

    logs: Numbers
    names: Numbers
    wanted: Numbers


def read_by(model: Model, seen: Sequence[Seen], group_of: Mapping[str, str]) -> Read:
    """Titles as a model reads them."""
    shape = (len(seen), len(model.groups))
    chances, names, wanted = np.zeros(shape), np.zeros((len(_START) - 1, *shape)), np.zeros(shape)
    for row, one in enumerate(seen):
        likely = model.of(one.text, {}, 1.0)
        known = {**dict(likely.groups), NONE: likely.none}
        chances[row] = [known.get(group, 1 / len(model.groups)) for group in model.groups]
        for slug in of_code(one.title.meaning) or [NONE]:
            wanted[row, model.groups.index(group_of.get(slug, slug))] = 1
        for group, told in one.names.items():
            column = model.groups.index(group)
            names[slice(-1) if group != NONE else slice(4, 5), row, column] = told or 1.0
    return Read(np.log(np.maximum(chances, 1e-6)), names, wanted)


def joined(read: Sequence[Read], model: Model) -> Model:
    """A model with the numbers by which names join it and shares become probabilities: those under
    which what was read is likeliest.
    """
    wanted = np.concatenate([one.wanted for one in read])
    parts = np.concatenate([np.concatenate([one.logs[None], one.names]) for one in read], 1)
    count = len(wanted)

    def shares_by(numbers: Numbers) -> Numbers:
        shares: Numbers = np.exp(log_softmax(np.tensordot(numbers, parts, 1), 1))
        return shares

    def loss(numbers: Numbers) -> float:
        surprises = -np.log((shares_by(numbers) * wanted).sum(1)).sum()
        return float((surprises + _PENALTY * ((numbers - _START) ** 2).sum()) / count)

    numbers = minimize(loss, _START, method="L-BFGS-B").x
    shares = shares_by(numbers)
    odds, right = log_odds(shares.max(1)), wanted[np.arange(count), shares.argmax(1)]

    def surprise(line: Numbers) -> float:
        return float(
            np.log1p(np.exp(np.where(right > 0, -1, 1) * (line[0] * odds + line[1]))).mean()
        )

    sureness = minimize(surprise, (1.0, 0.0), method="Powell").x.astype(np.float32)
    return replace(model, joining=numbers.astype(np.float32), sureness=sureness)


def log_odds(chances: Numbers) -> Numbers:
    """The log odds of probabilities."""
    odds: Numbers = np.log(np.maximum(chances, 1e-6) / np.maximum(1 - chances, 1e-6))
    return odds
