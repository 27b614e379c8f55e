"""A learnt model with what it takes to ask it: the analysis, and the numbers by which it decides. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from discovery.engine.analysis import Analysis
from discovery.mappings.mappings import Mappings
from discovery.mappings.trades import Deciding
from discovery.phrase.trades.features import Feature, features
from discovery.phrase.trades.lessons import NONE, lessons
from discovery.phrase.trades.model import Floats, Model, fit
from discovery.phrase.trades.verdict import Trade, Verdict

FRENCH = "french"
_MAX_SECTORS = 3
_MAX_WORDS = 4
_NO_GROUP = ""
_NEVER = 1e-9


@dataclass(frozen=True, eq=False)
class Classifier:
    """Immutable; shared by threads. `group_of`: sector → its group. `shares`: group → how often it is asked for."""

    model: Model
    analysis: Analysis
    deciding: Deciding
    silent: frozenset[str]
    group_of: Mapping[str, str]
    shares: Mapping[str, float]

    @cached_property
    def _groups(self) -> tuple[str, ...]:
        """Of each class, its group; none of those that are no trade."""
        return tuple(_NO_GROUP if one.startswith(NONE) else self.group_of.get(one, one) for one in self.model.names)

    @cached_property
    def _none(self) -> NDArray[np.bool_]:
        return np.asarray([group == _NO_GROUP for group in self._groups], dtype=np.bool_)

    @cached_property
    def _priors(self) -> Floats:
        """Logs: what is no trade shares its part alike, each group has its own, which its sectors share alike."""
        many, prior = Counter(self._groups), self.deciding.prior
        others = [group for group in many if group and group not in self.shares]
        rest = (1 - sum(self.shares.values())) / max(len(others), 1)
        each = {group: (1 - prior) * self.shares.get(group, rest) / count for group, count in many.items()}
        each[_NO_GROUP] = prior / max(many[_NO_GROUP], 1)
        logs: Floats = np.log(np.maximum([each[group] for group in self._groups], _NEVER)).astype(np.float32)
        return logs

    def of(self, text: str) -> Verdict:
        """What a text asks for. Nothing is said of one without a word that was ever learnt."""
        found = list(features(self.analysis.tokens(FRENCH, text), self.silent))
        scores, known = self.model.scores({one.name for one in found})
        if not known:
            return Verdict()
        sharpness = self.deciding.sharpness * known**-self.deciding.repeats
        likely = _probabilities(scores * sharpness + self._priors)
        none = float(likely[self._none].sum())
        groups = self._ranked(likely)
        if none >= self.deciding.none:
            why = _words(text, self._telling(found, self._none))
            return Verdict(none=none, outside=True, why=why, groups=groups)
        (best, first), (_, second) = (*groups, (_NO_GROUP, 0.0), (_NO_GROUP, 0.0))[:2]
        if first < self.deciding.sure or first - second < self.deciding.margin:
            return Verdict(none=none, groups=groups, doubts=self.deciding.believes)
        telling = self._telling(found, np.asarray([group == best for group in self._groups], dtype=np.bool_))
        words = _words(text, telling)
        trades = tuple(Trade(slug, chance, words) for slug, chance in self._sectors(likely, best, first))
        start, end = min(one.start for one in telling), max(one.end for one in telling)
        deciding = self.deciding
        return Verdict(
            trades,
            none,
            start=start,
            end=end,
            groups=groups,
            corrects=first >= deciding.corrects,
            certain=first >= deciding.certain,
            doubts=deciding.believes,
        )

    def _ranked(self, likely: Floats) -> tuple[tuple[str, float], ...]:
        sums: dict[str, float] = {}
        for group, chance in zip(self._groups, likely.tolist(), strict=True):
            sums[group] = sums.get(group, 0) + chance
        sums.pop(_NO_GROUP, None)
        return tuple(sorted(sums.items(), key=lambda one: (-one[1], one[0])))

    def _sectors(self, likely: Floats, group: str, whole: float) -> Iterable[tuple[str, float]]:
        """The group's sectors that stand out, else the group."""
        names = self.model.names
        own = sorted(((float(likely[i]), names[i]) for i, one in enumerate(self._groups) if one == group), reverse=True)
        told = [(slug, chance) for chance, slug in own if slug != group and chance >= self.deciding.share * own[0][0]]
        if own[0][1] == group or len(told) > _MAX_SECTORS:
            return ((group, whole),)
        return told

    def _telling(self, found: Sequence[Feature], chosen: NDArray[np.bool_]) -> list[Feature]:
        """The features that speak for some classes, the most telling first; never none."""
        gains = {one: self.model.gain(one.name, chosen) for one in found}
        best = max(gains.values())
        return sorted((one for one in gains if gains[one] >= best / 2), key=lambda one: (-gains[one], one.start))


def learn(mappings: Mappings, analysis: Analysis) -> Model:
    """Learn the model of these mappings. Takes a second: keep it. `analysis`: of an index of these mappings."""
    trades = mappings.trades
    taught = lessons(mappings, trades, lambda text: analysis.terms(FRENCH, text))
    return fit(taught, trades.learning.smoothing)


def assemble(model: Model, mappings: Mappings, analysis: Analysis) -> Classifier:
    """A model that was learnt from these mappings, ready to be asked."""
    trades = mappings.trades
    return Classifier(
        model=model,
        analysis=analysis,
        deciding=trades.deciding,
        silent=frozenset(term for word in trades.silent for term in analysis.terms(FRENCH, word)),
        shares=trades.shares,
        group_of={sector.value: sector.group for sector in mappings.vocabulary.sectors.values()},
    )


def _probabilities(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max())
    chances: Floats = powers / powers.sum()
    return chances


def _words(text: str, found: Iterable[Feature]) -> tuple[str, ...]:
    """As typed, each once; a word that stands in a pair before it is not said again."""
    told: list[str] = []
    for one in found:
        words = text[one.start : one.end]
        if not any(words in other for other in told):
            told.append(words)
    return tuple(told[:_MAX_WORDS])
