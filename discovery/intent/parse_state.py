"""A reading in progress: which tokens are still free, which belong to a piece, which were dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import IntEnum

from discovery.config.grammar import Connectives, Grammar
from discovery.config.phrases import Phrases
from discovery.gazetteer import Gazetteer
from discovery.intent.lexer import Gap, Token
from discovery.intent.lexicon import Lexicon
from discovery.intent.model import Need, Note, Option, PieceType, Role
from discovery.intent.named import Named


class State(IntEnum):
    """What became of a token."""

    FREE = 0
    WORD = 1  # quoted, an address, or left as words at the reader's request
    PIECE = 2
    DROPPED = 3


@dataclass(slots=True)
class Draft:
    """A piece in the making: token indices (inclusive) instead of offsets. `end` where it ends after its last token."""

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


@dataclass(slots=True)
class ParseState:
    """The mutable state that recognisers share. A step *claims* tokens: they become a piece, and no later step reads
    them.

    `frequent`: whether the index holds a folded word often. `names`: what tokens may name, looked up once.
    `looked_at`: by token, (pieces, free tokens) when its names were last weighed. `needs`: those that codes name.
    `misspelt`: tokens read as what they were meant to be. `denied`: tokens that a negation governs. `signature`: the
    first token of who signs, beyond the last where nobody does: places are read there, and no trades.
    """

    q: str
    tokens: tuple[Token, ...]
    grammar: Grammar
    lexicon: Lexicon
    gazetteer: Gazetteer
    frequent: Callable[[str], bool]
    lang: str
    ties: Connectives = field(init=False)
    states: list[State] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)
    mixed_case: bool = True
    misspelt: frozenset[int] = frozenset()
    denied: set[int] = field(default_factory=set)
    signature: int = 0
    names: dict[tuple[int, bool], list[Named]] = field(default_factory=dict)
    looked_at: dict[int, tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ties = self.grammar.connectives
        self.signature = len(self.tokens)
        self.states = [State.WORD if token.opaque else State.FREE for token in self.tokens]
        self.mixed_case = any(token.text[:1].islower() for token in self.tokens)

    # States
    def free(self, index: int) -> bool:
        """Whether a token exists and no step has claimed or dropped it."""
        return 0 <= index < len(self.tokens) and self.states[index] is State.FREE

    def free_tokens(self) -> list[bool]:
        """Whether each token is free."""
        return [state is State.FREE for state in self.states]

    def unclaimed(self) -> list[bool]:
        """Whether each token is free, those of a signature apart: where trades are looked for."""
        return [state is State.FREE and index < self.signature for index, state in enumerate(self.states)]

    def free_run(self, first: int, last: int) -> bool:
        """Whether all tokens from `first` to `last` are free."""
        return 0 <= first <= last < len(self.tokens) and all(
            self.states[index] is State.FREE for index in range(first, last + 1)
        )

    def claim(self, draft: Draft) -> Draft:
        """Take the tokens of a draft: no later step reads them. Returns the draft."""
        for index in range(draft.first, draft.last + 1):
            self.states[index] = State.PIECE
            draft.corrected = draft.corrected or index in self.misspelt
        self.drafts.append(draft)
        return draft

    def ignore(self, type_: PieceType, value: str, first: int, last: int, end: int | None = None) -> Draft:
        """Claim tokens `first` to `last` as a piece that is shown and never searched. `end`: the offset where it
        ends, if not with its last token."""
        text = self.q[self.tokens[first].start : self.tokens[last].end if end is None else end]
        return self.claim(Draft(type_, value, text, first, last, end=end))

    def drop(self, indices: Iterable[int]) -> None:
        """Mark the free ones of these tokens as connectives: neither searched nor part of a piece."""
        for index in indices:
            if self.free(index):
                self.states[index] = State.DROPPED

    # Words
    def fold(self, index: int) -> str:
        """A token in lower case without accents; "" outside the phrase."""
        return self.tokens[index].fold if 0 <= index < len(self.tokens) else ""

    def gap(self, index: int) -> Gap:
        """What stands before a token; STOP at both ends of the phrase."""
        return self.tokens[index].gap if 0 < index < len(self.tokens) else Gap.STOP

    def tied(self, index: int) -> bool:
        """Whether only a blank, a hyphen or an apostrophe parts a token from the one before it."""
        return self.gap(index) <= Gap.BLANK

    def phrase_at(self, index: int, phrases: Phrases) -> int:
        """How many free tokens, from `index` on, spell the longest of some phrases; 0 for none."""
        if not self.free(index):
            return 0
        for tail in phrases.after.get(self.tokens[index].fold, ()):
            size = 1 + len(tail)
            if all(
                self.free(index + step) and self.tied(index + step) and self.tokens[index + step].fold == word
                for step, word in enumerate(tail, 1)
            ):
                return size
        return 0

    def negated(self, index: int) -> bool:
        """Whether a negation governs the token ("sans ESAT", "hors Paris"): it is not asked for."""
        return index in self.denied

    def known_word(self, index: int) -> bool:
        """Whether a token is a word of the vocabulary, or frequent in the index."""
        token = self.tokens[index]
        return self.lexicon.knows(token.stem) or self.frequent(token.fold)

    def is_quantity(self, number: int, *, of_things: bool = True) -> bool:
        """Whether a unit follows the number that ends at token `number` ("55 personnes", "20 bureaux")."""
        unit = self.fold(number + 1)
        if self.gap(number + 1) > Gap.BLANK or unit not in self.grammar.units:
            return False
        return of_things or unit not in self.grammar.quantities.things

    def phrase_before(self, end: int, phrases: Phrases) -> int:
        """How many free tokens right before token `end` spell the longest of some phrases; 0 for none."""
        if not (self.tied(end) or ":" in self.between(end)):
            return 0
        size = 0
        words: tuple[str, ...] = ()
        for taken in range(1, min(phrases.longest, end) + 1):
            index = end - taken
            if not self.free(index) or (taken > 1 and not self.tied(index + 1)):
                break
            words = (self.tokens[index].fold, *words)
            if words in phrases.all:
                size = taken
        return size

    def introduces(self, index: int) -> bool:
        """Whether a word leads to a place, by itself."""
        return self.free(index) and self.grammar.introducers.get((self.fold(index),), "of") != "of"

    def between(self, index: int) -> str:
        """The characters between a token and the one before it."""
        return self.q[self.tokens[index - 1].end : self.tokens[index].start] if 0 < index < len(self.tokens) else ""

    # Positions
    def at_left(self, first: int) -> bool:
        """Whether nothing but pieces and connectives precedes a token in its part of the phrase."""
        index = first
        while self.gap(index) < Gap.SLASH:
            index -= 1
            if self.states[index] in (State.PIECE, State.DROPPED):
                continue
            if self.fold(index) in self.ties.listing and index > 0 and self.states[index - 1] is State.PIECE:
                continue
            return False
        return True

    def at_right(self, last: int) -> bool:
        """Whether nothing but pieces and connectives follows a token in its part of the phrase."""
        index = last + 1
        while self.gap(index) < Gap.SLASH:
            if self.states[index] not in (State.PIECE, State.DROPPED):
                follows = index + 1 < len(self.tokens) and self.states[index + 1] in (State.PIECE, State.DROPPED)
                if self.states[index] is not State.FREE:
                    return False
                if not (self.fold(index) in self.ties.listing and follows):
                    counted = self.tokens[index].number and self.is_quantity(index)
                    return counted or self.fold(index) in self.ties.bounds
            index += 1
        return True

    def at_end(self, last: int) -> bool:
        """Whether nothing but pieces and connectives follows a token in the whole phrase."""
        return all(
            self.states[index] in (State.PIECE, State.DROPPED) or self.fold(index) in self.ties.listing
            for index in range(last + 1, len(self.tokens))
        )

    def capitalised(self, index: int) -> bool:
        """Whether a token's capital says something: not the phrase's first, nor one of a phrase where every word has
        one."""
        return index > 0 and self.mixed_case and self.tokens[index].text[:1].isupper()
