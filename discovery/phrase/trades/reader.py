"""Which trades a text speaks of: multinomial logistic regression over its words, pairs of them and
runs of letters.

Features are hashed to rows of weights, so that a model is a few arrays; `discovery classifier
learn` makes it.
"""

import hashlib
import re
import zlib
from collections.abc import Callable, Collection, Mapping
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from discovery.mappings.phrases import fold
from discovery.mappings.trades import Deciding, Trades
from discovery.model import dataclass, field, replace

MODEL = Path(__file__).with_name("trades.npz")
BITS = 14
"""2 ** BITS rows of weights of groups."""
FINER = 2
"""Bits fewer for those of sectors."""
_RUNS = range(2, 6)
"""Letters of a run; the blanks around words count."""
_PRIME, _MIX = np.uint32(0x01000193), np.uint32(2654435761)
_WORD = re.compile(r"[^\W\d_]{2,}")
_MOST = 3
_TOLD = 4

Floats = NDArray[np.float32]
Rows = NDArray[np.int32]


class Word(NamedTuple):
    """A folded word of a text and its characters, end excluded."""

    folded: str
    start: int
    end: int


class Features(NamedTuple):
    """The features of a text: each one's row of weights, and the word (by its place) where it
    begins.
    """

    rows: Rows
    words: Rows
    lexical: int
    """How many of them, from the first, are words and pairs."""


def words_of(text: str, silent: Collection[str]) -> list[Word]:
    """The words that may tell a trade: of two letters at least, none of the `silent` ones."""
    found = ((fold(match[0]), match) for match in _WORD.finditer(text))
    return [Word(folded, *match.span()) for folded, match in found if folded not in silent]


def features(words: list[Word]) -> Features:
    """Words, pairs of words in a row, and runs of letters across them."""
    names = [word.folded for word in words]
    names += [f"{one} {other}" for one, other in pairwise(names)]
    hashed = np.fromiter((zlib.crc32(name.encode()) for name in names), np.uint32, len(names))
    encoded = [f"{word.folded} ".encode() for word in words]
    letters = np.frombuffer(b" " + b"".join(encoded), np.uint8).astype(np.uint32)
    owner = np.repeat(np.arange(len(words)), [len(one) for one in encoded])
    owner = np.append(owner[:1], owner)
    every, owners = [hashed], [np.arange(len(words)), np.arange(max(len(words) - 1, 0))]
    run = letters
    for length in _RUNS:
        run = run[:-1] * _PRIME + letters[length - 1 :]
        every.append(run * _MIX)
        owners.append(owner[: len(run)])
    rows = np.concatenate(every) >> np.uint32(32 - BITS)
    return Features(rows.astype(np.int32), np.concatenate(owners).astype(np.int32), len(names))


def values(found: Features, rarity: Floats) -> Floats:
    """How much each feature counts: words with pairs, and runs of letters, have length 1 together
    each.
    """
    told: Floats = rarity[found.rows]
    for part in (told[: found.lexical], told[found.lexical :]):
        part /= max(float(np.sqrt(part @ part)), 1e-9)
    return told


NONE = ""
"""The group of what no inclusive supplier does."""

Names = Mapping[str, tuple[float, ...]]
"""Group → what its names in a text are worth: 1, their part of its words, whether one has several
words, whether the first name is its own; NONE for the names of what nobody here does.
"""


class Why(NamedTuple):
    """What tells the likeliest group: its `sectors` that stand out, with their share of it;
    `words`, `against`: the characters of the words that speak most for it, and for none.
    """

    sectors: tuple[tuple[str, float], ...] = ()
    words: tuple[tuple[int, int], ...] = ()
    against: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Likely:
    """What a text speaks of.

    `groups`: groups of sectors, each with the probability that the text asks for it, the likeliest
    first; `none`: that it asks for what no inclusive supplier does. A text may ask for several:
    they need not sum to 1. `why` is worked out when asked for.
    """

    groups: tuple[tuple[str, float], ...] = ()
    none: float = 0.0
    why: Callable[[], Why] = field(default=Why, compare=False)


@dataclass(frozen=True, eq=False)
class Model:
    """What was learnt: weights are int8, times the `scale` of their column.

    `groups`: columns of `weights`, none (no inclusive trade) the last; `sectors`: (sector, its
    group), columns of `finer`. `rarity`: of each row. `joining`: how much the text counts, each
    part of `Names`, and a name of what nobody here does. `sureness`: slope and rise, in log odds,
    from a group's share to how often it is right.
    """

    groups: tuple[str, ...]
    sectors: tuple[tuple[str, str], ...]
    silent: frozenset[str]
    rarity: Floats
    weights: NDArray[np.int8]
    scale: Floats
    bias: Floats
    finer: NDArray[np.int8]
    finer_scale: Floats
    finer_bias: Floats
    joining: Floats
    sureness: Floats

    def of(self, text: str, names: Names, share: float) -> Likely:
        """What a text speaks of, given what is named in it; of one without words, nothing is said.
        `share`: part of the likeliest sector's probability by which another of its group is told
        too.
        """
        words = words_of(text, self.silent)
        if not words:
            return Likely()
        found = features(words)
        told = values(found, self.rarity)
        weights = self.weights[found.rows]
        chances = self.joined(softmax(told @ weights * self.scale + self.bias), names)
        order = np.argsort(-chances[:-1], kind="stable").tolist()
        sure = self.sure(chances).tolist()

        def why() -> Why:
            mean = weights @ self.scale / len(self.groups)
            speaks = (
                told * (weights[:, place] * self.scale[place] - mean) for place in (order[0], -1)
            )
            spans = (
                _spans(words, np.bincount(found.words, spoken, len(words))) for spoken in speaks
            )
            return Why(self._sectors(self.groups[order[0]], found, told, share), *spans)

        return Likely(tuple((self.groups[place], sure[place]) for place in order), sure[-1], why)

    def joined(self, chances: Floats, names: Names) -> Floats:
        """The probabilities of groups by the text, joined with those that it names."""
        if not self.joining.size:
            return chances
        scores = self.joining[0] * np.log(np.maximum(chances, 1e-6))
        for group, told in names.items():
            if group not in self.groups:
                continue  # analysts added it since
            scores[self.groups.index(group)] += (
                self.joining[-1] if group == NONE else float(self.joining[1:-1] @ told)
            )
        return softmax(scores)

    def sure(self, chances: Floats) -> NDArray[np.float64]:
        """How often groups of these shares are right: shares are drawn together by codes that say
        two things.
        """
        shares = chances.astype(np.float64)
        if not self.sureness.size:
            return shares
        odds = np.log(np.maximum(shares, 1e-6) / np.maximum(1 - shares, 1e-6))
        return np.asarray(1 / (1 + np.exp(-(self.sureness[0] * odds + self.sureness[1]))))

    def _sectors(
        self, group: str, found: Features, told: Floats, share: float
    ) -> tuple[tuple[str, float], ...]:
        """The sectors of a group that stand out; none where none has that share of it."""
        own = np.flatnonzero([its == group for _, its in self.sectors])
        weights = self.finer[np.ix_(found.rows >> FINER, own)] * self.finer_scale[own]
        chances = softmax(told @ weights + self.finer_bias[own])
        ranked = sorted(zip(chances.tolist(), own.tolist(), strict=True), reverse=True)
        likely = [
            (self.sectors[place][0], chance)
            for chance, place in ranked
            if chance >= share * ranked[0][0]
        ]
        return tuple(likely) if len(likely) <= _MOST and ranked[0][0] >= share else ()


def softmax(scores: Floats) -> Floats:
    """Probabilities of scores, along the last axis."""
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    return np.asarray(powers / powers.sum(-1, keepdims=True), np.float32)


def _spans(words: list[Word], speaks: NDArray[Any]) -> tuple[tuple[int, int], ...]:
    """The words that speak at least half as much as the first, in the order of the text."""
    best = np.argsort(-speaks, kind="stable")[:_TOLD]
    least = min(speaks[best[0]] / 2, speaks[best[0]])
    telling = sorted(place for place in best if speaks[place] >= least)
    return tuple((words[place].start, words[place].end) for place in telling)


@dataclass(frozen=True, slots=True, eq=False)
class TradeReader:
    """How likely trades are in a text, given those that it names, and the thresholds by which that
    decides.
    """

    of: Callable[[str, Names], Likely]
    deciding: Deciding


@lru_cache(4)
def reader_of(trades: Trades) -> TradeReader:
    """The packaged model with the thresholds of some mappings, and their silent words beside those
    it was taught.
    """

    @cache
    def model() -> Model:
        return replace(read(), silent=read().silent | trades.silent)

    return TradeReader(
        lambda text, names: model().of(text, names, trades.deciding.share), trades.deciding
    )


_TEXTS = ("groups", "sectors", "silent")


def write(file: Path, model: Model) -> None:
    """Write a model; the same one gives the same bytes."""
    texts = {
        "groups": model.groups,
        "sectors": [" ".join(pair) for pair in model.sectors],
        "silent": sorted(model.silent),
    }
    arrays: dict[str, Any] = {
        name: np.frombuffer("\n".join(texts[name]).encode(), np.uint8) for name in _TEXTS
    }
    arrays |= {name: getattr(model, name) for name in Model.__annotations__ if name not in _TEXTS}
    arrays["rarity"] = model.rarity.astype(np.float16)
    np.savez_compressed(file, **arrays)


@cache
def read(file: Path = MODEL) -> Model:
    with np.load(file, allow_pickle=False) as held:
        texts = {name: bytes(held[name]).decode().split("\n") for name in _TEXTS}
        rest = {name: held[name] for name in Model.__annotations__ if name not in _TEXTS}
    rest["rarity"] = rest["rarity"].astype(np.float32)
    pairs = (one.split(" ") for one in texts["sectors"])
    return Model(
        tuple(texts["groups"]),
        tuple((one, group) for one, group in pairs),
        frozenset(texts["silent"]),
        **rest,
    )


def digest(model: Model) -> str:
    """A digest of what was learnt, by which a model is named."""
    arrays = (
        getattr(model, name).tobytes() for name in Model.__annotations__ if name not in _TEXTS
    )
    return hashlib.sha256(b"".join(arrays)).hexdigest()[:16]
