"""A lot and its notice read by the grammar of the search box, sentence by sentence. Pure but for `understand`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from discovery.desk.amounts import Amount, amounts, hours, months, taken_over
from discovery.desk.lot import Lot, cut, query, sentences
from discovery.mappings.mappings import Mappings
from discovery.mappings.vocabulary import Lang
from discovery.phrase.model import Intent, Piece
from discovery.places import Gazetteer
from discovery.search.places import find_place
from discovery.search.query import MAX_Q, Query

_LABEL = re.compile(r"^(?P<name>[^:\n]{2,60}?) ?: ?(?P<value>.*)$")
_BUYER, _SAID = 1, 2
"""How sure a place is: the buyer's seat, a sentence's own."""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing read. `text`: the words that told it. `whole`: of the notice, and held for a lot that says nothing."""

    what: Literal["place", "kind", "exclusion", "amount", "total", "duration", "hours", "taken_over"]
    value: str
    text: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A lot with what its sentences and its notice's tell. `unread`: sentences that told nothing that is used.
    `phrases`: what names the trade besides its title, the surest first."""

    lot: Lot
    told: tuple[Told, ...] = ()
    unread: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()


@dataclass(slots=True)
class _Facts:
    places: list[tuple[int, tuple[Piece, ...]]] = field(default_factory=list)
    kinds: list[Piece] = field(default_factory=list)
    groups: list[Piece] = field(default_factory=list)
    exclusions: list[Piece] = field(default_factory=list)
    prices: list[Amount] = field(default_factory=list)
    months: tuple[int, str] | None = None
    hours: tuple[float, str] | None = None
    taken_over: float | None = None
    trades: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


class Reader:
    """Reads the lots of one request, each notice once. `understand`: of a phrase, the search box's own."""

    def __init__(
        self, understand: Callable[[Query], Intent], mappings: Mappings, gazetteer: Gazetteer, lang: Lang = "fr"
    ) -> None:
        self._understand, self._mappings, self._gazetteer, self._lang = understand, mappings, gazetteer, lang
        self._wholes: dict[Lot, _Facts] = {}
        self._read: dict[Lot, Reading] = {}

    def read(self, lot: Lot) -> Reading:
        """The lot with its place, amount, duration, hours, kinds and exclusions, as far as it or its notice tell."""
        if lot not in self._read:
            self._read[lot] = self._lot(lot)
        return self._read[lot]

    def _lot(self, lot: Lot) -> Reading:
        own = self._facts(lot)
        common = _Facts()
        if lot.whole is not None:
            common = self._wholes.get(lot.whole) or self._facts(lot.whole)
            self._wholes[lot.whole] = common
        told: list[Told] = []
        lot = self._priced(self._placed(lot, own, common, told), own, told)
        if lot.whole is not None and (total := max(common.prices, key=lambda one: one.euros, default=None)):
            told.append(Told("total", f"{total.euros:g}", total.text, whole=True))
            lot = replace(lot, whole=replace(lot.whole, amount=total.euros, per=total.months, taxed=total.taxed))
        for facts, whole in ((own, False), (common, True)):
            lot = self._bound(lot, facts, told, whole=whole)
        return Reading(lot, tuple(told), tuple(own.unread), tuple(own.trades))

    def _facts(self, lot: Lot) -> _Facts:
        facts = _Facts()
        for sentence in dict.fromkeys((*sentences(lot.title), *lot.told)):
            if not self._note(sentence, facts):
                facts.unread.append(sentence)
        return facts

    def _note(self, sentence: str, facts: _Facts) -> bool:
        """Whether the sentence told something."""
        headings, numerals = self._mappings.headings, self._mappings.grammar.numbers.numerals
        if headings.named(sentence, "aside"):
            return False
        label = _LABEL.match(sentence)
        column = headings.of(label["name"], ("title", "place", "amount", "lasting", "buyer")) if label else ""
        prices = amounts(sentence, headings, numerals)
        facts.prices += prices
        length = months(sentence, headings, numerals)
        if length is not None:
            facts.months = facts.months or (length, sentence)
        asked = hours(sentence)
        if asked is not None:
            facts.hours = facts.hours or (asked, sentence)
        facts.taken_over = facts.taken_over or taken_over(sentence)
        if column in ("amount", "lasting"):
            return bool(prices or length)
        phrase = label["value"] if label and column else sentence
        intents = [self._understand(Query(q=part, lang=self._lang)) for part in _parts(phrase)]
        pieces = [piece for intent in intents for piece in intent.pieces]
        places = tuple(one for one in pieces if one.type == "place" and one.value != "country")
        sure = tuple(one for one in places if one.role != "hint")
        if places:
            facts.places.append((_BUYER if column == "buyer" or not sure else _SAID, sure or places))
        facts.kinds += (one for one in pieces if one.type == "kind")
        facts.groups += (one for one in pieces if one.type == "kind_group")
        facts.exclusions += (one for one in pieces if one.type == "exclusion")
        named = any(need.known_by != "classifier" for intent in intents for need in intent.needs)
        if named and column != "buyer":
            facts.trades.append(phrase)
        return bool(prices or length or asked or named or places) or any(
            one.type in ("kind", "kind_group", "exclusion", "trade") for one in pieces
        )

    def _placed(self, lot: Lot, own: _Facts, common: _Facts, told: list[Told]) -> Lot:
        if lot.near or (lot.place and find_place(lot.place, self._gazetteer)):
            return lot
        common_cell = lot.whole.place if lot.whole else ""
        ways = [
            (False, self._cell(lot.place)), (False, _best(own.places)),
            (True, self._cell(common_cell)), (True, _best(common.places)),
        ]  # fmt: skip
        of_whole, places = next(((whole, found) for whole, found in ways if found), (False, ()))
        if not places:
            return replace(lot, place=lot.place or common_cell)
        told += (Told("place", one.value, one.text, of_whole) for one in places)
        codes = tuple(dict.fromkeys(one.value for one in places))
        roles = {one.role for one in places}
        if "hint" not in roles and all(one.text in lot.title for one in places) and len(lot.title) <= MAX_Q:
            return lot  # the search reads it there, with its distance
        if roles <= {"hint", "focus"} and len(codes) == 1:  # a circle that opens until enough answer
            return replace(lot, place="", near=codes[0])
        return replace(lot, place=places[0].text if places[0].text == common_cell else "", places=codes)

    def _cell(self, text: str) -> tuple[Piece, ...]:
        """The places that a labelled text names: by itself, or as a phrase."""
        found = find_place(text, self._gazetteer) if text else None
        if found is not None:
            label = self._gazetteer.label(found.place, self._lang)
            return (Piece("place", str(found.place), label, text, 0, len(text), "boundary"),)
        pieces = self._understand(Query(q=cut(text, MAX_Q), lang=self._lang)).pieces if text else ()
        return tuple(one for one in pieces if one.type == "place" and one.value != "country")

    @staticmethod
    def _priced(lot: Lot, own: _Facts, told: list[Told]) -> Lot:
        alone = lot.whole is None
        prices = [one for one in own.prices if alone or not one.whole]
        best = max(prices, key=lambda one: one.euros, default=None)
        if best is None or lot.amount is not None:
            return lot
        told.append(Told("amount", f"{best.euros:g}", best.text))
        return replace(lot, amount=best.euros, per=best.months, taxed=best.taxed)

    def _bound(self, lot: Lot, facts: _Facts, told: list[Told], *, whole: bool) -> Lot:
        """The lot with what the facts tell of it and it doesn't say yet."""
        if lot.months is None and facts.months:
            told.append(Told("duration", str(facts.months[0]), facts.months[1], whole))
            lot = replace(lot, months=facts.months[0])
        if lot.hours is None and facts.hours and not whole:
            told.append(Told("hours", f"{facts.hours[0]:g}", facts.hours[1], whole))
            lot = replace(lot, hours=facts.hours[0])
        if lot.taken_over is None and facts.taken_over:
            told.append(Told("taken_over", f"{facts.taken_over:g}", f"{facts.taken_over:g}", whole))
            lot = replace(lot, taken_over=facts.taken_over)
        if not lot.kinds and (kinds := self._kinds(facts)):
            told += (Told("kind", value, text, whole) for value, text in kinds.items())
            lot = replace(lot, kinds=tuple(kinds))
        without = dict.fromkeys((f"not_{one.parameter.removeprefix('not_')}", one.value) for one in facts.exclusions)
        told += (Told("exclusion", one.value, one.text, whole) for one in facts.exclusions)
        return replace(lot, without=tuple(dict.fromkeys((*lot.without, *without))))

    def _kinds(self, facts: _Facts) -> dict[str, str]:
        """Kinds that sentences name, else those of the families and groups that they name → the words."""
        if facts.kinds:
            return {one.value: one.text for one in facts.kinds}
        vocabulary = self._mappings.vocabulary
        return {
            code: one.text
            for one in facts.groups
            for code in (
                vocabulary.families[one.value].kinds
                if one.value in vocabulary.families
                else [kind.value for kind in vocabulary.kinds.values() if kind.group == one.value]
            )
        }


def _best(places: Sequence[tuple[int, tuple[Piece, ...]]]) -> tuple[Piece, ...]:
    """The places of the first sentence that is surest."""
    return max(places, key=lambda one: one[0], default=(0, ()))[1]


def _parts(phrase: str) -> Iterator[str]:
    """A long sentence in phrases that the grammar takes, cut between words."""
    while phrase:
        part = cut(phrase, MAX_Q)
        yield part
        phrase = " ".join(phrase.split())[len(part) :].strip()


def ways(reading: Reading, lang: Lang) -> Iterable[tuple[Query, str]]:
    """The searches that may answer a lot, the surest first, each with the notice's words that it reads besides: its own
    title, its other sentences, the notice's code, the notice's title and sentences."""
    lot, whole = reading.lot, reading.lot.whole
    if lot.title or lot.cpv:
        yield query(lot, lang), ""
    own = [phrase for phrase in reading.phrases if phrase not in lot.title or len(lot.title) > MAX_Q]
    if own:
        yield query(replace(lot, title=" – ".join([lot.title, *own] if len(lot.title) < MAX_Q / 2 else own)), lang), ""
    if whole is not None and not lot.cpv:
        if whole.cpv:
            yield query(replace(lot, cpv=whole.cpv), lang), whole.title or ", ".join(whole.cpv)
        if whole.title and whole.title != lot.title:
            yield query(replace(lot, title=" – ".join(filter(None, (lot.title, whole.title)))), lang), whole.title
