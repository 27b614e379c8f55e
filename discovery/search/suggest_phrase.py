"""What is suggested for a phrase in the making; the ends of it that may be a name.

Of "nettoyage à la roch" these are "nettoyage à la roch", "la roch", "roch": what is completed is
the last piece, and how many words it has is not known before a name is met.
"""

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Literal

from discovery.mappings.grammar import Grammar
from discovery.model import dataclass
from discovery.phrase.lexer import Gap, Token, lex, stem
from discovery.phrase.lexicon import LINKS

Type = Literal["sector", "place", "kind", "code", "supplier"]
TYPES: tuple[Type, ...] = ("sector", "place", "kind", "code", "supplier")


class Fit(float, Enum):
    """How a name meets what was typed; its part of the score."""

    WHOLE = 1.0
    """Typed in full."""
    START = 0.8
    INSIDE = 0.55
    """A later word of the name starts so."""
    NEAR = 0.3
    """Through a typo."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that a buyer may mean.

    `parameter` and `value`: the filter it stands for; without parameter, `value` is a supplier's
    id.

    `name`: what replaces the phrase from `start` on. `matched`: the other name that was met, when
    `label` is not what was typed ("ménage"). `score` orders suggestions of one phrase, and means
    nothing else.
    """

    type: Type
    value: str
    label: str
    detail: str
    name: str
    start: int
    score: float
    parameter: str | None = None
    matched: str | None = None
    slug: str | None = None


def best(found: Iterable[Suggestion], limit: int) -> list[Suggestion]:
    """The `limit` best suggestions, those of one type side by side, the type of the best one first.

    Each once, though several of its names or several ends of the phrase may have led to it. While
    several types are met, one fills half of the list at most: what was meant is seldom certain
    after three letters.
    """
    ranked = sorted(found, key=lambda one: (-one.score, one.type, one.value))
    once: dict[tuple[str, str], Suggestion] = {}
    for one in ranked:
        once.setdefault((one.type, one.value), one)
    share = (limit + 1) // 2
    first: list[Suggestion] = []
    spare: list[Suggestion] = []
    for one in once.values():
        (first if sum(other.type == one.type for other in first) < share else spare).append(one)
    chosen = sorted(
        [*first[:limit], *spare[: max(0, limit - len(first))]], key=lambda one: -one.score
    )
    order = list(dict.fromkeys(one.type for one in chosen))
    return sorted(chosen, key=lambda one: order.index(one.type))


LONGEST = 6
"""Words of a name in the making; longer names are recognised by then."""


@dataclass(frozen=True, slots=True)
class Tail:
    """The phrase from `start` on. `words`: its tokens, folded. `ended`: a blank was typed after the
    last.

    `led`: True when what stands before leads to a place ("à"), False when it leads to none
    ("nettoyage de"), None when it tells nothing. `focus`: it leads to a place to be near to ("près
    de").
    """

    start: int
    text: str
    words: tuple[str, ...]
    ended: bool
    led: bool | None
    focus: bool
    articled: bool = False
    """An article stands before it: "dans la" bret."""

    @property
    def weight(self) -> int:
        """Words of its own, which tell how much of the phrase a name accounts for."""
        return max(1, sum(word not in LINKS for word in self.words))

    def starts(self) -> set[str]:
        """What the key of a name in the making starts with, in the spellings that `key` makes of
        names.
        """
        own = [word for word in self.words if word not in LINKS]
        ended = self.ended or self.words[-1] in LINKS
        found = {_joined(own, ended)} if own else set()
        if own and ended and not self.ended:  # "nettoyage d" may go on as "décapage"
            found.add(_joined([*own, self.words[-1]], False))
        if (
            len(own) > 1 and not ended and any(link.startswith(own[-1]) for link in ("et", "and"))
        ):  # "hygiène e(t propreté)"
            found.add(_joined(own[:-1], True))
        # Plurals away too, but for the last word, which may not be whole.
        return found.union(
            " ".join([*map(stem, whole), last])
            for *whole, last in (key.split(" ") for key in found)
        )


def _joined(words: list[str], ended: bool) -> str:
    return " ".join(words) + " " * ended


def own_words(name: str) -> list[str]:
    """The folded words of a name, links apart where there are others."""
    words = [token.fold for token in lex(name)]
    return [word for word in words if word not in LINKS] or words


def keys_of(name: str) -> set[tuple[str, bool]]:
    """Keys of a name, and of each of its later words on (then True): folded words, with and without
    plurals.
    """
    own = own_words(name)
    found: set[tuple[str, bool]] = set()
    for spelling in (own, [stem(word) for word in own]):
        found |= {(" ".join(spelling[first:]), first > 0) for first in range(len(spelling))}
    return found


def tails(q: str, grammar: Grammar) -> Iterator[Tail]:
    """The ends of a phrase that may be a name in the making, the longest first; none when no word
    stands at the end.
    """
    tokens = lex(q)
    if not tokens or len(q) - tokens[-1].end > 2:
        return
    ended = tokens[-1].end < len(q)
    for first in range(max(0, len(tokens) - LONGEST), len(tokens)):
        if first and tokens[first].gap is Gap.GLUE and not tokens[first - 1].elided:
            continue  # "Denis" of "Saint-Denis" is no name in the making
        if 0 < first == len(tokens) - 1 and tokens[first].fold in LINKS:
            continue  # the "d" of "chantier d" opens "d'insertion" rather than Dijon
        start = tokens[first].start
        led, focus = _lead(tokens, first, grammar)
        articled = first > 0 and tokens[first - 1].fold in grammar.connectives.articles
        yield Tail(
            start,
            q[start:],
            tuple(token.fold for token in tokens[first:]),
            ended,
            led,
            focus,
            articled,
        )


def _lead(tokens: tuple[Token, ...], first: int, grammar: Grammar) -> tuple[bool | None, bool]:
    """(whether what stands before leads to a place, whether to be near to it)."""
    if first and (tokens[first - 1].fold,) in grammar.distances.units:
        return True, False
    ends = (
        [first, first - 1]
        if first and tokens[first - 1].fold in grammar.connectives.articles
        else [first]
    )
    for end in ends:
        for size in range(min(grammar.longest_introducer, end), 0, -1):
            spelt = tuple(token.fold for token in tokens[end - size : end])
            match grammar.introducers.get(spelt):
                case "strong" | "area":
                    return True, grammar.is_focus(spelt)
                case "of":
                    before = end - size - 1
                    return before >= 0 and (tokens[before].fold,) in grammar.distances.units, False
    return None, False
