"""Descriptions and offers of a sample supplier, out of the written material."""

import re
from collections.abc import Sequence
from typing import Any

from tools.sample.draws import Draws
from tools.sample.french import capital
from tools.sample.material import KindHabits, Material, Trade

MISSPELT = 0.1
"""Share of descriptions with faults of typing: real ones have them, and search must cope."""
_LONG_WORD = re.compile(r"[^\W\d_]{7,}")


class Writer:
    """Writes the texts of one supplier. `facts`: city, where, year, people."""

    def __init__(
        self, material: Material, habits: KindHabits, facts: dict[str, Any], draws: Draws
    ) -> None:
        self._phrases = material.phrases
        self._habits, self._facts, self._draws = habits, facts, draws
        self._used: set[str] = set()

    def description(self, trades: Sequence[Trade]) -> str:
        """One to a dozen sentences about these trades, in one or several paragraphs."""
        draws = self._draws
        if draws.chance(0.15):
            return self._misspell(
                self._fill(draws.pick(self._phrases["short"]), draws.pick(trades))
            )
        opening = self._fill(draws.pick(self._phrases["openings"][self._habits.code]), trades[0])
        body = [self._about(trade, 1 if draws.chance(0.5) else 2) for trade in trades]
        closings = draws.sample(self._phrases["closings"], draws.below(3))
        ending = [" ".join(self._fill(each, trades[0]) for each in closings)] if closings else []
        parts = [opening, *body, *ending] if draws.chance(0.75) else [*body, opening, *ending]
        return self._misspell(("\n" if draws.chance(0.3) else " ").join(parts))

    def _about(self, trade: Trade, sentences: int) -> str:
        draws = self._draws
        lending = self._habits.lends and draws.chance(0.7)
        templates = self._phrases["lending" if lending else "trades"]
        said = [self._fill(self._fresh(templates), trade) for _ in range(sentences)]
        if draws.chance(0.6):
            said.insert(draws.below(len(said) + 1), self._fresh(trade.says))
        return " ".join(dict.fromkeys(said))

    def offers(self, trades: Sequence[Trade]) -> list[dict[str, str]]:
        """One or two offers of each trade."""
        draws = self._draws
        made = []
        for trade in trades:
            for offer in draws.sample(trade.offers, draws.between(1, 2)):
                note = (
                    self._fill(draws.pick(self._phrases["offer_notes"]), trade)
                    if draws.chance(0.6)
                    else ""
                )
                made.append(
                    {"name": capital(offer), "description": note}
                    if note
                    else {"name": capital(offer)}
                )
        return made

    def clients(self) -> list[str]:
        """One to four invented clients."""
        return [
            capital(each)
            for each in self._draws.sample(self._phrases["clients"], self._draws.between(1, 4))
        ]

    def _fresh(self, sentences: Sequence[str]) -> str:
        """One that this supplier has not written yet, if there is one near the one drawn."""
        at = self._draws.below(len(sentences))
        for step in range(len(sentences)):
            sentence = sentences[(at + step) % len(sentences)]
            if sentence not in self._used:
                break
        self._used.add(sentence)
        return sentence

    def _fill(self, sentence: str, trade: Trade) -> str:
        if "{" not in sentence:
            return sentence
        draws = self._draws
        at = draws.below(len(trade.offers))
        offers = trade.offers[at:] + trade.offers[:at]
        act = draws.pick(trade.acts)
        if act.infinitive in self._used:
            act = trade.acts[(trade.acts.index(act) + 1) % len(trade.acts)]
        self._used.add(act.infinitive)
        for_whom = draws.pick(self._phrases["for_whom"])
        return sentence.format(
            **self._facts,
            inf=act.infinitive,
            Inf=capital(act.infinitive),
            nous=act.we,
            ant=act.gerund,
            offer=offers[0],
            Offer=capital(offers[0]),
            offer2=offers[1 % len(offers)],
            offer3=offers[2 % len(offers)],
            Say=trade.says[at % len(trade.says)],
            for_whom=for_whom.format(**self._facts) if "{" in for_whom else for_whom,
        )

    def _misspell(self, text: str) -> str:
        if not self._draws.chance(MISSPELT):
            return text
        words = list(_LONG_WORD.finditer(text))
        faults = sorted(
            self._draws.sample(words, self._draws.between(1, 2)), key=lambda word: -word.start()
        )
        for word in faults:
            text = text[: word.start()] + self._fault(word[0]) + text[word.end() :]
        return text

    def _fault(self, word: str) -> str:
        """A letter left out, doubled, or changed places with the next; never the first two."""
        at = 2 + self._draws.below(len(word) - 3)
        left, right = word[:at], word[at + 1 :]
        return self._draws.pick(
            (left + right, left + word[at] * 2 + right, left + right[0] + word[at] + right[1:])
        )
