"""Real tender titles with their CPV codes, and how right what is read of them is.

The truth of a title is what the crosswalk makes of its code: the groups of its sectors, related
ones included; none where inclusive suppliers do not work. In scope means: not none.
"""

import csv
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from discovery.mappings import Mappings
from discovery.mappings.codes import cpv_code, meaning_of
from discovery.mappings.crosswalk import Meaning
from discovery.mappings.phrases import fold
from discovery.phrase import Intent, Lexicon, parse
from discovery.phrase.trades.reader import Likely, Model, Names, TradeReader
from discovery.places import gazetteer

NOTICE = "notice"
FOLDS = 5
_ALIKE = 24
"""Letters by which titles without a notice begin alike: lots of one buyer."""


@dataclass(frozen=True, slots=True)
class Title:
    """A tender's title with its CPV code.

    `row`: from 0, after the header. `whole`: with the title of its notice, for a lot.
    """

    row: int
    notice: str
    is_lot: bool
    text: str
    whole: str
    meaning: Meaning
    cpv: str

    @property
    def fold(self) -> int:
        """All titles of a notice are in one fold; without notices, all that begin alike: they share
        words.
        """
        alike = self.notice or re.sub(r"[^a-z]+", " ", fold(self.text)).strip()[:_ALIKE]
        return int(sha256(alike.encode()).hexdigest(), 16) % FOLDS

    def truth(self, group_of: Mapping[str, str]) -> frozenset[str]:
        """The groups of its code; none for what is out of scope."""
        return frozenset(group_of.get(slug, slug) for slug in self.meaning.all)


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a title: `groups` of trades with their probabilities, the first first;
    `claimed`: whether one is told as more than possible; `none`: the probability that it is told to
    be nobody's, 0 where it is not told.
    """

    title: Title
    truth: frozenset[str]
    groups: tuple[tuple[str, float], ...]
    claimed: bool
    none: float = 0.0

    @property
    def right(self) -> bool:
        """Whether the first group is one of its own."""
        return bool(self.groups) and self.groups[0][0] in self.truth


def read_tendered(file: Path, meaning: Callable[[str], Meaning | None]) -> list[Title]:
    """Read a CSV with the columns title and cpv, perhaps notice and level; rows without a code that
    anybody decided are left out.
    """
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    notices = {row["notice"]: row["title"] for row in rows if row.get("level") == NOTICE}
    found = []
    for place, row in enumerate(rows):
        code = cpv_code(row["cpv"], said=True)
        if code is None or (meant := meaning(code)) is None:
            continue
        notice, is_lot = row.get("notice", ""), row.get("level", NOTICE) != NOTICE
        whole = f"{row['title']} – {notices.get(notice, '')}" if is_lot else row["title"]
        found.append(Title(place, notice, is_lot, row["title"], whole, meant, code))
    return found


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares. `first`: right group first, claimed or only possible, of those in scope; `said`: of
    those in scope, with a trade claimed, and `sure`: how many of these are right; `claimed`: the
    same out of scope; `error`: how far probabilities told are from the share that is right
    (expected calibration error, ten bins).
    """

    scope: int
    beyond: int
    first: float
    said: float
    sure: float
    claimed: float
    error: float

    def __str__(self) -> str:
        return (
            f"{self.scope:5} in, {self.beyond:4} out of scope: first {self.first:.3f}, claimed {self.said:.3f}, right "
            f"of these {self.sure:.3f}, out of scope claimed {self.claimed:.3f}, calibration error {self.error:.3f}"
        )


def figures(told: Sequence[Told]) -> Figures:
    """How often what is said is right, of titles in scope and beyond it."""
    within, beyond = [one for one in told if one.truth], [one for one in told if not one.truth]
    said = [one for one in within if one.claimed]
    bins = reliability(told)
    return Figures(
        scope=len(within),
        beyond=len(beyond),
        first=_share(one.right for one in within),
        said=_share(one.claimed for one in within),
        sure=_share(one.right for one in said),
        claimed=_share(one.claimed for one in beyond),
        error=sum(abs(mean - right) * many for mean, right, many in bins)
        / max(sum(many for *_, many in bins), 1),
    )


def _share(kept: Iterable[bool]) -> float:
    each = list(kept)
    return sum(each) / len(each) if each else float("nan")


def reliability(told: Iterable[Told], bins: int = 10) -> list[tuple[float, float, int]]:
    """(mean probability, share that is right, how many) of what is told first, by equal bins of it."""
    found: dict[int, list[tuple[float, bool]]] = {}
    for one in told:
        if one.groups or one.none:
            chance, right = (
                (one.groups[0][1], one.right) if one.groups else (one.none, not one.truth)
            )
            found.setdefault(min(int(chance * bins), bins - 1), []).append((chance, right))
    return [
        (
            sum(chance for chance, _ in each) / len(each),
            sum(right for _, right in each) / len(each),
            len(each),
        )
        for _, each in sorted(found.items())
    ]


def confusion(told: Iterable[Told]) -> list[tuple[str, str, int]]:
    """(group of the code, group told, how often), of those in scope that are wrong, the most
    frequent first.
    """
    counts: dict[tuple[str, str], int] = {}
    for one in told:
        if one.truth and one.groups and not one.right:
            pair = (sorted(one.truth)[0], one.groups[0][0])
            counts[pair] = counts.get(pair, 0) + 1
    return sorted(
        ((own, other, many) for (own, other), many in counts.items()),
        key=lambda one: (-one[2], one[:2]),
    )


class Seen(NamedTuple):
    """What the reader is asked of a title: its words and its names."""

    text: str
    names: Names
    title: Title


class Trial:
    """The reading of some mappings, without an index: no word is frequent."""

    def __init__(self, mappings: Mappings) -> None:
        self._mappings = mappings
        self._lexicon = Lexicon.from_vocabulary(mappings.vocabulary)
        self.group_of = {one.value: one.group for one in mappings.vocabulary.sectors.values()}

    def told(self, titles: Sequence[Title], model: Model) -> list[Told]:
        """Titles as a search reads them: names, codes and the model together."""
        deciding = self._mappings.trades.deciding
        found = []
        for title in titles:
            none = 0.0

            def read(text: str, names: Names) -> Likely:
                nonlocal none
                likely = model.of(text, names, deciding.share)
                none = likely.none
                return likely

            intent = self._read(title.text, TradeReader(read, deciding))
            groups: dict[str, float] = {}
            for need in intent.needs:
                for slug in need.sectors:
                    groups.setdefault(self.group_of.get(slug, slug), need.probability)
            refused = any(note.code.startswith("outside_") for note in intent.notes)
            claimed = any(not need.possible for need in intent.needs)
            none = none if refused and not groups else 0.0
            found.append(
                Told(title, title.truth(self.group_of), tuple(groups.items()), claimed, none)
            )
        return found

    def seen(self, titles: Sequence[Title]) -> list[Seen]:
        """What the reader is asked of titles."""
        found: list[Seen] = []
        for title in titles:

            def note(text: str, names: Names, title: Title = title) -> Likely:
                found.append(Seen(text, names, title))
                return Likely()

            self._read(title.text, TradeReader(note, self._mappings.trades.deciding))
        return found

    def meaning(self, code: str) -> Meaning | None:
        """What the crosswalk makes of a CPV code; None where nobody decided."""
        return meaning_of("cpv", code, self._mappings.codes, self._mappings.vocabulary)

    def _read(self, text: str, trades: TradeReader) -> Intent:
        mappings = self._mappings
        return parse(
            text,
            grammar=mappings.grammar,
            lexicon=self._lexicon,
            gazetteer=gazetteer(),
            frequent=lambda _: False,
            meanings=lambda kind, code: meaning_of(kind, code, mappings.codes, mappings.vocabulary),
            trades=trades,
        )
