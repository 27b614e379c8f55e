"""The state of a parse: which tokens are unclaimed, which belong to a piece, which were discarded."""

import re
from collections.abc import Callable, Iterable, Iterator, Set
from enum import IntEnum

from discovery.mappings.grammar import Connectives, Grammar
from discovery.mappings.phrases import Phrases
from discovery.model import dataclass, field
from discovery.phrase.lexer import Gap, Token
from discovery.phrase.lexicon import Lexicon, Match
from discovery.phrase.model import Need, Note, Option, PieceType, Role
from discovery.places import Commune, Department, Gazetteer, Grouping, Region


@dataclass(frozen=True, slots=True)
class Named:
    """What tokens `first`..`last` name. `communes`: namesakes, the most populous first; at most one
    of the others, besides. `groupings`: bodies of communes and areas of that name.
    """

    first: int
    last: int
    communes: tuple[Commune, ...] = ()
    department: Department | None = None
    region: Region | None = None
    groupings: tuple[Grouping, ...] = ()

    @property
    def area(self) -> str:
        """Code of the department that it may name, else of the region, else of the first grouping;
        "" for none.
        """
        if self.department is not None:
            return f"department:{self.department.code}"
        return (
            f"region:{self.region.code}"
            if self.region
            else next((str(one.place) for one in self.groupings), "")
        )


class State(IntEnum):
    """What became of a token."""

    FREE = 0
    WORD = 1  # quoted, an address, or left as words at the reader's request
    PIECE = 2
    DROPPED = 3


@dataclass(slots=True)
class Draft:
    """A piece in the making: token indices (inclusive) instead of offsets. `end` where it ends
    after its last token.
    """

    type: PieceType
    value: str
    label: str
    first: int
    last: int
    role: Role | None = None
    alternatives: tuple[Option, ...] = ()
    kept: bool = False
    corrected: bool = False
    end: int | None = None
    parameter: str = ""


_LONGEST_BEFORE = 3
"""Words of a name before the one that is asked about."""
_OUTSIDE = 32
"""Entries before the first and after the last token that may be looked at."""


@dataclass(slots=True)
class ParseState:
    """The mutable state that recognisers share. A step *claims* tokens: they become a piece, and no
    later step reads them.

    `frequent`: whether the index holds a folded word often. `names`: what tokens may name, looked
    up once. `looked_at`: by token, (pieces, unclaimed tokens) when its names were last weighed.
    `needs`: those that codes name. `misspelt`: tokens read as what they were meant to be.
    `negated`: tokens that a negation governs ("sans ESAT", "hors Paris"): they are not asked for.
    `signature`: the first token of who signs, beyond the last where nobody does: places are read
    there, and no trades. `buyer`: tokens of who buys or for whom, beside a trade: none is read
    there.

    By token, and safely some tokens before the first and after the last: `unclaimed`, whether no
    step has claimed or discarded it; `folds`, in lower case without accents, "" outside (`said`:
    all of them); `gaps`, what stands before it, STOP at both ends; `adjacent`, whether only a
    blank, a hyphen or an apostrophe parts it from the one before.
    """

    q: str
    tokens: tuple[Token, ...]
    grammar: Grammar
    lexicon: Lexicon
    gazetteer: Gazetteer
    frequent: Callable[[str], bool]
    lang: str
    connectives: Connectives = field(init=False)
    unclaimed: list[bool] = field(init=False)
    folds: list[str] = field(init=False)
    said: frozenset[str] = field(init=False)
    gaps: list[Gap] = field(init=False)
    adjacent: list[bool] = field(init=False)
    states: list[State] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)
    mixed_case: bool = True
    misspelt: frozenset[int] = frozenset()
    negated: set[int] = field(default_factory=set)
    signature: int = 0
    lone_distance: bool = False
    buyer: frozenset[int] = frozenset()
    names: dict[tuple[int, bool], list[Named]] = field(default_factory=dict)
    looked_at: dict[int, tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connectives = self.grammar.connectives
        self.signature = len(self.tokens)
        self.states = [State.WORD if token.opaque else State.FREE for token in self.tokens]
        self.mixed_case = any(token.text[:1].islower() for token in self.tokens)
        self.unclaimed = [not token.opaque for token in self.tokens] + [False] * _OUTSIDE
        self.folds = [token.fold for token in self.tokens] + [""] * _OUTSIDE
        self.said = frozenset(self.folds)
        self.gaps = [Gap.STOP] + [token.gap for token in self.tokens[1:]] + [Gap.STOP] * _OUTSIDE
        self.adjacent = [gap <= Gap.BLANK for gap in self.gaps]

    # States
    def become(self, index: int, state: State) -> None:
        """Set what became of a token."""
        self.states[index] = state
        self.unclaimed[index] = state is State.FREE

    def unclaimed_tokens(self) -> list[bool]:
        return self.unclaimed[: len(self.tokens)]

    def trade_tokens(self) -> list[bool]:
        """Whether each token is unclaimed and stands before a signature: where trades are looked
        for.
        """
        return self.unclaimed[: self.signature] + [False] * (len(self.tokens) - self.signature)

    def unclaimed_run(self, first: int, last: int) -> bool:
        return 0 <= first <= last and False not in self.unclaimed[first : last + 1]

    def matches(self, pattern: re.Pattern[str]) -> Iterator[tuple[re.Match[str], int, int]]:
        """What matches a pattern, with its first and last token, where these are whole and all
        unclaimed.
        """
        for match in pattern.finditer(self.q):
            first = next(
                (at for at, token in enumerate(self.tokens) if token.start == match.start()), -1
            )
            last = next(
                (at for at, token in enumerate(self.tokens) if token.end == match.end()), -1
            )
            if self.unclaimed_run(first, last):
                yield match, first, last

    def claim(self, draft: Draft) -> Draft:
        """Take the tokens of a draft: no later step reads them. Returns the draft."""
        for index in range(draft.first, draft.last + 1):
            self.become(index, State.PIECE)
            draft.corrected = draft.corrected or index in self.misspelt
        self.drafts.append(draft)
        return draft

    def ignore(
        self, type_: PieceType, value: str, first: int, last: int, end: int | None = None
    ) -> Draft:
        """Claim tokens `first` to `last` as a piece that is shown and never searched. `end`: the
        offset where it ends, if not with its last token.
        """
        text = self.q[self.tokens[first].start : self.tokens[last].end if end is None else end]
        return self.claim(Draft(type_, value, text, first, last, end=end))

    def claim_place(
        self,
        value: str,
        span: tuple[int, int],
        role: Role = "boundary",
        *,
        lead: int | None = None,
        options: tuple[Option, ...] = (),
        end: int | None = None,
        corrected: bool = False,
    ) -> None:
        """Claim first and last token as a place of that code, and drop what leads to it from token
        `lead` on.
        """
        first, last = span
        self.discard(range(first if lead is None else lead, first))
        label = self.gazetteer.label(value, self.lang)
        self.claim(
            Draft("place", value, label, first, last, role, options, corrected=corrected, end=end)
        )

    def discard(self, indices: Iterable[int]) -> None:
        """Mark the unclaimed ones of these tokens as connectives: neither searched nor part of a
        piece.
        """
        for index in indices:
            if self.unclaimed[index]:
                self.become(index, State.DROPPED)

    # Words
    def phrase_at(self, index: int, phrases: Phrases) -> int:
        """How many unclaimed tokens, from `index` on, spell the longest of some phrases; 0 for
        none.
        """
        if not self.unclaimed[index]:
            return 0
        for tail in phrases.after.get(self.folds[index], ()):
            after = index + 1
            for word in tail:
                if not (
                    self.folds[after] == word and self.unclaimed[after] and self.adjacent[after]
                ):
                    break
                after += 1
            else:
                return after - index
        return 0

    def tokens_of(self, words: Set[str]) -> list[int]:
        """The tokens that are one of some folded words."""
        if words.isdisjoint(self.said):
            return []
        return [index for index, fold in enumerate(self.folds) if fold in words]

    def phrases(self, phrases: Phrases) -> Iterator[tuple[int, int]]:
        """First token and number of tokens of each of some phrases in the unclaimed tokens, the
        longest first; none inside another.
        """
        after = -1
        for index in self.tokens_of(phrases.after.keys()):
            if index > after and (size := self.phrase_at(index, phrases)):
                after = index + size - 1
                yield index, size

    def named(self, find: Callable[..., Match | None], free: list[bool]) -> Iterator[Match]:
        """What `find` of the lexicon finds in free tokens, none inside another."""
        index = 0
        while index < len(free):
            match = find(self.tokens, index, free)
            if match is not None:
                yield match
            index = index + 1 if match is None else match.last + 1

    def known_word(self, index: int) -> bool:
        """Whether a token is a word of the vocabulary, or frequent in the index."""
        token = self.tokens[index]
        return self.lexicon.knows(token.stem) or self.frequent(token.fold)

    def is_quantity(self, number: int, *, of_things: bool = True) -> bool:
        """Whether a unit follows the number that ends at token `number` ("55 personnes", "20
        bureaux").
        """
        unit = self.folds[number + 1]
        if self.gaps[number + 1] > Gap.BLANK or unit not in self.grammar.units:
            return False
        return of_things or unit not in self.grammar.quantities.things

    def phrase_before(self, end: int, phrases: Phrases) -> int:
        """How many unclaimed tokens right before token `end` spell the longest of some phrases; 0
        for none.
        """
        if not (self.adjacent[end] or ":" in self.between(end)):
            return 0
        size = 0
        words: tuple[str, ...] = ()
        for taken in range(1, min(phrases.longest, end) + 1):
            index = end - taken
            if not self.unclaimed[index] or (taken > 1 and not self.adjacent[index + 1]):
                break
            words = (self.folds[index], *words)
            if words in phrases.all:
                size = taken
        return size

    def within_a_name(self, first: int, last: int) -> bool:
        """Whether tokens are part of a longer name of the vocabulary, of a trade or of a thing."""
        free = self.unclaimed_tokens()
        return any(
            match is not None and match.last >= last and (start < first or match.last > last)
            for start in range(max(0, first - _LONGEST_BEFORE), first + 1)
            for match in (
                self.lexicon.sector(self.tokens, start, free),
                self.lexicon.thing(self.tokens, start, free),
            )
        )

    def introduces(self, index: int) -> bool:
        """Whether a word leads to a place, by itself."""
        return (
            self.unclaimed[index]
            and self.grammar.introducers.get((self.folds[index],), "of") != "of"
        )

    def typed(self, first: int, last: int) -> str:
        return self.q[self.tokens[first].start : self.tokens[last].end]

    def between(self, index: int) -> str:
        """The characters between a token and the one before it."""
        return (
            self.q[self.tokens[index - 1].end : self.tokens[index].start]
            if 0 < index < len(self.tokens)
            else ""
        )

    # Positions
    def at_left(self, first: int) -> bool:
        """Whether nothing but pieces and connectives precedes a token in its part of the phrase."""
        index = first
        while self.gaps[index] < Gap.SLASH:
            index -= 1
            if self.states[index] in (State.PIECE, State.DROPPED):
                continue
            if (
                self.folds[index] in self.connectives.listing
                and index > 0
                and self.states[index - 1] is State.PIECE
            ):
                continue
            return False
        return True

    def at_right(self, last: int) -> bool:
        """Whether nothing but pieces and connectives follows a token in its part of the phrase."""
        index = last + 1
        while self.gaps[index] < Gap.SLASH:
            if self.states[index] not in (State.PIECE, State.DROPPED):
                follows = index + 1 < len(self.tokens) and self.states[index + 1] in (
                    State.PIECE,
                    State.DROPPED,
                )
                if self.states[index] is not State.FREE:
                    return False
                if not (self.folds[index] in self.connectives.listing and follows):
                    counted = self.tokens[index].number and self.is_quantity(index)
                    return counted or self.folds[index] in self.connectives.bounds
            index += 1
        return True

    def at_end(self, last: int) -> bool:
        """Whether nothing but pieces and connectives follows a token in the whole phrase."""
        return all(
            self.states[index] in (State.PIECE, State.DROPPED)
            or self.folds[index] in self.connectives.listing
            for index in range(last + 1, len(self.tokens))
        )

    def capitalised(self, index: int) -> bool:
        """Whether a token's capital says something: not the phrase's first, nor one of a phrase
        where every word has one.
        """
        return index > 0 and self.mixed_case and self.tokens[index].text[:1].isupper()
