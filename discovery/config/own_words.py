"""Words by which a structure that declares no activity tells its trade: `mappings/vocabulary/own_words.yaml`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from discovery.config.folding import folded_words

_GOES_ON = "*"


@dataclass(frozen=True, slots=True)
class Told:
    """Some words, and the sectors that each of them tells; none where they only look as if they told one. `names_only`:
    not in other texts, which say them in passing."""

    words: tuple[str, ...]
    sectors: tuple[str, ...]
    names_only: bool = False


@dataclass(frozen=True)
class OwnWords:
    """What words tell, in the order of the file."""

    told: tuple[Told, ...] = ()

    def of(self, text: str, *, name: bool) -> Iterator[tuple[str, tuple[str, ...]]]:
        """What is told by a text, in its order: the words, folded, and their sectors. The longest that begin at a word
        win, and no word is read twice. `name`: the text is a name."""
        if not self.told:
            return
        pattern, told = self._compiled
        for match in pattern.finditer(" ".join(folded_words(text))):
            one = told[(match.lastindex or 1) - 1]
            if one.sectors and (name or not one.names_only):
                yield match[0], one.sectors

    @cached_property
    def _compiled(self) -> tuple[re.Pattern[str], Sequence[Told]]:
        """All words as one pattern, a group each, the longest first; and what each group tells."""
        each = [(written(word), one) for one in self.told for word in one.words]
        each.sort(key=lambda one: (-len(one[0]), one[0]))
        groups = "|".join(f"({word.replace(_GOES_ON, '[a-z]*')})" for word, _ in each)
        return re.compile(rf"\b(?:{groups})\b"), [one for _, one in each]


def written(word: str) -> str:
    """A word of the file as texts are compared: folded, whatever parts its words as one blank, its star kept."""
    folded = " ".join(folded_words(word))
    return folded + _GOES_ON if word.rstrip().endswith(_GOES_ON) else folded
