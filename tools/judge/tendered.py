"""Real tender titles with their CPV codes, and what the trade classifier says of them.

The truth of a title is what the crosswalk makes of its code: the groups of its sectors, related ones included; none
where inclusive suppliers do not work. In scope means: not none.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from discovery.mappings.codes import cpv_code
from discovery.mappings.crosswalk import Meaning
from discovery.mappings.trades import Example
from discovery.phrase.model import Intent
from discovery.phrase.trades.verdict import Verdict

NOTICE = "notice"
FOLDS = 5


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
        """All titles of a notice are in one fold: its lots often share their words."""
        return int(sha256(self.notice.encode()).hexdigest(), 16) % FOLDS


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a title: `groups` of trades with their probabilities, the likeliest first; `none`, that nobody
    does it; `said`, whether a trade is proposed or named; `refused`, whether none is said to be recognised."""

    title: Title
    truth: frozenset[str]
    groups: tuple[tuple[str, float], ...]
    none: float
    said: bool
    refused: bool

    def right(self, first: int = 1) -> bool:
        """Whether one of its own groups is among the first that are told."""
        return any(group in self.truth for group, _ in self.groups[:first])

    @property
    def chance(self) -> float:
        """The probability given to what is true, 0 to 1."""
        return sum(chance for group, chance in self.groups if group in self.truth) if self.truth else self.none


def read_tendered(file: Path, meaning: Callable[[str], Meaning | None]) -> list[Title]:
    """Read a CSV with the columns notice, level, title, cpv; rows without a code that anybody decided are left out."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    notices = {row["notice"]: row["title"] for row in rows if row["level"] == NOTICE}
    found = []
    for place, row in enumerate(rows):
        code = cpv_code(row["cpv"], said=True)
        if code is None or (meant := meaning(code)) is None:
            continue
        is_lot = row["level"] != NOTICE
        whole = f"{row['title']} – {notices.get(row['notice'], '')}" if is_lot else row["title"]
        found.append(Title(place, row["notice"], is_lot, row["title"], whole, meant, code))
    return found


def truth(title: Title, group_of: Mapping[str, str]) -> frozenset[str]:
    """The groups of its code; none for what is out of scope."""
    return frozenset(group_of.get(slug, slug) for slug in title.meaning.all)


def classified(
    title: Title, verdict: Verdict, group_of: Mapping[str, str], *, outside: bool = False, prior: float = 0.0
) -> Told:
    """A title judged by the classifier alone; `outside` where the grammar names what nobody does. `prior`: the
    probability of "no inclusive trade" for a text without a known word."""
    none = max(verdict.none if verdict.groups else prior, 1.0 if outside else 0.0)
    said = bool(verdict.trades) and not outside
    return Told(title, truth(title, group_of), verdict.groups, none, said, verdict.outside or outside)


def understood(title: Title, intent: Intent, group_of: Mapping[str, str]) -> Told:
    """A title judged as a search reads it: names and codes first, the classifier where there are none."""
    groups = dict.fromkeys(group_of.get(slug, slug) for need in intent.needs for slug in need.sectors)
    refused = any(note.code.startswith("outside_") for note in intent.notes) and not groups
    chances = tuple((group, 1 / len(groups)) for group in groups)
    return Told(title, truth(title, group_of), chances, 0.0, bool(groups), refused)


def examples(titles: Iterable[Title], text: Callable[[Title], str]) -> tuple[Example, ...]:
    """Titles as analysts would add them to trades/examples.yaml: by what their codes mean."""
    known: dict[tuple[str, ...], list[str]] = {}
    for title in titles:
        key = title.meaning.sectors or title.meaning.related or (title.cpv[:3],)
        known.setdefault(("none", *key) if title.meaning.none else key, []).append(text(title))
    return tuple(Example(() if key[0] == "none" else key, tuple(texts)) for key, texts in known.items())


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares. `first`, `third`: right group first, in three, of those in scope; `said`: of those in scope, with a trade
    told, and `sure` how many of these are right; `lost`: in scope and refused; `kept`: out of scope and refused;
    `silent`: out of scope, neither refused nor told a trade; `at`: out of scope refused where `lost` may be 0.08."""

    scope: int
    beyond: int
    first: float
    third: float
    said: float
    sure: float
    lost: float
    kept: float
    silent: float
    at: float


def figures(told: Sequence[Told], most_lost: float = 0.08) -> Figures:
    """How often what is said is right, of titles in scope and beyond it."""
    within, beyond = [one for one in told if one.truth], [one for one in told if not one.truth]
    said = [one for one in within if one.said]
    return Figures(
        scope=len(within),
        beyond=len(beyond),
        first=_share(one.right() for one in within),
        third=_share(one.right(3) for one in within),
        said=_share(one.said for one in within),
        sure=_share(one.right() for one in said),
        lost=_share(one.refused for one in within),
        kept=_share(one.refused for one in beyond),
        silent=_share(not one.refused and not one.said for one in beyond),
        at=_kept_at(within, beyond, most_lost),
    )


def _share(kept: Iterable[bool]) -> float:
    each = list(kept)
    return sum(each) / len(each) if each else float("nan")


def _kept_at(within: Sequence[Told], beyond: Sequence[Told], most_lost: float) -> float:
    """The share of what is out of scope above the probability of none that no more than some share in scope exceeds."""
    chances = sorted((one.none for one in within), reverse=True)
    if not chances:
        return float("nan")
    limit = chances[int(most_lost * len(chances))]
    return _share(one.none > limit for one in beyond)


def reliability(told: Iterable[Told], bins: int = 5) -> list[tuple[float, float, int]]:
    """(mean probability, share that is right, how many) of the likeliest, none included, by equal bins of it."""
    found: dict[int, list[tuple[float, bool]]] = {}
    for one in told:
        if not one.groups:
            continue
        group, chance = one.groups[0]
        right = group in one.truth
        if one.none >= chance:
            chance, right = one.none, not one.truth
        found.setdefault(min(int(chance * bins), bins - 1), []).append((chance, right))
    return [
        (sum(chance for chance, _ in each) / len(each), sum(right for _, right in each) / len(each), len(each))
        for _, each in sorted(found.items())
    ]


def confusion(told: Iterable[Told]) -> list[tuple[str, str, int]]:
    """(group of the code, group told, how often), of those in scope that are wrong, the most frequent first."""
    counts: dict[tuple[str, str], int] = {}
    for one in told:
        if one.truth and one.groups and not one.right():
            key = (sorted(one.truth)[0], one.groups[0][0])
            counts[key] = counts.get(key, 0) + 1
    return sorted(((own, other, many) for (own, other), many in counts.items()), key=lambda one: (-one[2], one[:2]))
