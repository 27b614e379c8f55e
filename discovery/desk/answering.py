"""Each lot, with its notice, read by the grammar of the search box, then searched: who could answer
it.

One lot that can't be answered leaves the others alone.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import cache
from itertools import accumulate
from statistics import median
from typing import Literal

from discovery.desk.figures import Asked, Reckoned, Ruled, buyer_of, nature_of, reckoned, ruled
from discovery.desk.lot import (
    LABEL,
    Amount,
    Lot,
    amounts,
    any_of,
    cut,
    months,
    query,
    sentences,
    taken_over,
)
from discovery.engine.port import Coverage, Document, Filters, Target
from discovery.engine.predicate import trade_of
from discovery.mappings.grammar import Connectives
from discovery.mappings.mappings import Mappings
from discovery.mappings.phrases import fold, folded_words
from discovery.mappings.purchases import WHO, Buyer, Law, Step
from discovery.mappings.trades import Deciding
from discovery.mappings.vocabulary import Lang
from discovery.model import dataclass, field, replace
from discovery.phrase.ignored import hours
from discovery.phrase.model import OUTSIDE_LIKELY, OUTSIDE_TRADE, Intent, Need, Piece
from discovery.phrase.spelling.words import known_word
from discovery.places import Gazetteer
from discovery.places.lookup import place_of_nuts
from discovery.places.names import normalise, without_article
from discovery.search.answer import Answer
from discovery.search.query import MAX_Q, InvalidQuery, Problem, Query
from discovery.search.service import SearchService, large_enough_first
from discovery.search.where import TOWN, find_place

_JOINT = " – "  # between the texts of a lot and of its notice, read together
_SIGNS = re.compile(r"[,/+&]")
_POST_CODE = re.compile(r" *\d{5} *")
_LEAD = re.compile(r"[^\W\d_]+(?:['’]|\s+)")
_PART_HEAD = re.compile(r"\d+\.\d+[\d.]* ?[-–.)]? ?[^\W\d_]")  # "2.3 - Gestion des déchets"
_POINT = re.compile(r"^[IVX\d]+(?:\.\d+)+[.)]* ?")  # "VI.4.1) "
_BOUGHT = re.compile(
    r"[^:–—,()]+? (?:pour|et|relatifs?|relatives?|en vue) "
)  # "Maîtrise d'œuvre pour l'extension"
_PRICED = re.compile(r"\. \d[\d ]*(?:€|EUR).*$")  # after a place: "Jura et Doubs. 130 000 EUR"
_INFORMED = re.compile(
    r"(?i)^(?:les \w+ sont informés|il est (?:rappelé|précisé|noté)|à noter) (?:que |qu['’])"
)
_LED = re.compile(r" [:–—-] ")  # between who buys and what: "Ville de Pau – Tonte"
_LONGER = re.compile(
    r"-[A-ZÀ-Ý]| d(?:u|es) [A-ZÀ-Ý]| \((?=[A-ZÀ-Ý])"
)  # or told by what is in brackets
_DATED = re.compile(
    r" ?,? (?:le )?(?:\d\d?/\d\d/\d\d|(?:\d\d?(?:er)? )?[^\W\d_]{3,9} 20\d\d\b)"
)  # ", le 3 avril 2024"
_ARTICLE, _THE = re.compile(r"l['’]|l[ae]s? "), re.compile(r"(?i)\b(?:l[ae]s? |l['’])$")
_VERB, _ACRONYM = (
    5,
    4,
)  # letters of a region's name that is a verb, "aura lieu"; of a community's, "GPS": at most
_BEFORE, _KNOWN = (
    60,
    3_000,
)  # letters before a place that tell what it is; inhabitants that make a name known
_LEAST = 50  # euros of a lot: less is the price of one thing, "25 € par convive"
_STATED = re.compile(r"(?:^|[(\[:–-]) *$")
_TIED = re.compile(r"(?<![\w-])[A-ZÀ-Ý][\w'’]+(?:-[A-ZÀ-Ýa-zà-ÿ][\w'’]+)*-[A-ZÀ-Ý][\w'’]+")
_NAME = r"[A-ZÀ-Ý][\w'’-]*"  # with a capital; below several, and what ties them
_NAMES = re.compile(
    rf" ?(?i:d(?:e l['’a]|['’eu]|es) ?)?(?=[A-ZÀ-Ý])((?:(?:{_NAME}|et|de|,|sur|l[eè]s) ?){{,60}}{_NAME})"
)
_TIE = re.compile(
    r"(?: \([^()]*\))?(?: ?[,/–-] ?|,? (?i:et|ou|à|aux?|vers) )(?:d(?:e |u |es |['’]))?(?=[A-ZÀ-Ý])"
)
_TIE_BEFORE = re.compile(rf"{_TIE.pattern.removesuffix('(?=[A-ZÀ-Ý])')}(?:l[ae]s? |l['’])?$")
_OTHERS = re.compile(r"(?i)\bautres (?:\w+ ){,2}$")
_ALONE = re.compile(
    rf"(?:^|[–—:,(|] ?| - |\bd(?:e |['’])|desservant )(?=[A-ZÀ-Ý])((?:(?:{_NAME}|de|d[ue]s?|sur|l[eè]s|la|en|aux?) )*"
    rf"{_NAME})(?= ?(?:[–—:;,()|]|- |et |$))"
)  # "Gardiennage – Grand-Bourg", "sous-préfecture de Florac"
_NEAR = re.compile(
    r"[A-ZÀ-Ý][\w'’-]+,? \(?(?:tout )?(?:près|à côté|non loin|aux portes|proche|à \w+ (?:km|kilomètres|minutes))"
    r" d(?:[ue] |['’])$"
)  # "Saint-Jean-de-Braye, près d'Orléans"
_SHORTENED = 1_000  # inhabitants from which a town's name may be told cut short
_LONGEST = 5  # words of a town
_ZONES, _FAR = (
    ("none", "region", "department"),
    2,
)  # where a name must be to be a place, by how doubtful it is
_Levels = list[tuple[int, tuple[Piece, ...]]]
_BUYER, _BODY, _SAID, _TRADE, _DONE = range(1, 6)
"""How sure a place is: a buyer's seat, a body's town, a sentence's own, beside a trade, where the
work is done.
"""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing read. `text`: the words that told it. `whole`: of the notice, and held for a lot
    that says nothing.
    """

    what: Literal[
        "place", "kind", "exclusion", "amount", "total", "duration", "hours", "taken_over"
    ]
    value: str
    text: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A lot with what its sentences and its notice's tell. `unread`: sentences that told nothing
    that is used. `phrases`: what names a trade, in the order of the text; `needs`: of each
    sentence.
    """

    lot: Lot
    told: tuple[Told, ...] = ()
    unread: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    needs: tuple[Sequence[Need], ...] = ()

    @property
    def weighed(self) -> bool:
        """Whether a text too long to search whole is answered by its surest trades."""
        return len(self.lot.title) > MAX_Q and bool(self.needs)


@dataclass(slots=True)
class _Facts:
    """What sentences tell. `left_out`: some place of theirs is no place of work. `needs`: twice
    those of the first sentence that has any, and of those that say what is bought. `object`: the
    first that surely says what is bought, be it what nobody here does. `beside`: of who buys, and
    how. `open`: some sentence keeps it for nobody.
    """

    places: _Levels = field(default_factory=list)
    doubts: set[tuple[int, tuple[str, str]]] = field(default_factory=set)
    left_out: bool = False
    kinds: list[Piece] = field(default_factory=list)
    groups: list[Piece] = field(default_factory=list)
    exclusions: list[Piece] = field(default_factory=list)
    prices: list[Amount] = field(default_factory=list)
    months: tuple[int, str] | None = None
    hours: tuple[float, str] | None = None
    taken_over: tuple[float, str] | None = None
    trades: list[str] = field(default_factory=list)
    object: str = ""
    needs: list[Sequence[Need]] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    closed: bool = False
    open: bool = False
    unread: list[str] = field(default_factory=list)


class Reader:
    """Reads the lots of one request, each notice once. `understand`: of a phrase, the search box's
    own.
    """

    def __init__(
        self,
        understand: Callable[[Query], Intent],
        mappings: Mappings,
        gazetteer: Gazetteer,
        lang: Lang = "fr",
    ) -> None:
        self._understand, self._mappings, self._gazetteer, self._lang = (
            understand,
            mappings,
            gazetteer,
            lang,
        )
        self._numbered = any_of(frozenset(map(" ".join, mappings.grammar.places.numbered)))
        said, headings = mappings.grammar.places, mappings.headings
        leads = frozenset(map(" ".join, (*said.strong, *said.area, *said.numbered))) - {"au", "aux"}
        self._leads, self._sites = leads | headings.bodies, headings.sites - leads
        self._ordinary = said.ordinary_towns | said.ordinary_towns_en | said.homonyms
        self._streets = said.streets | said.numbered_streets - headings.sites
        self._several = _several(headings.sites, frozenset(headings.roman))
        self._wholes: dict[Lot, _Facts] = {}

    def read(self, lot: Lot) -> Reading:
        """The lot with its place, amount, duration, hours, kinds and exclusions, as far as it or
        its notice tell.
        """
        lot = replace(lot, title=self._parted(lot.title))
        own = self._facts(lot)
        common = _Facts()
        lot = _of_its_object(lot, own)
        if lot.whole is not None:
            common = self._wholes.get(lot.whole) or self._facts(lot.whole, common=True)
            self._wholes[lot.whole] = common
            notice = (
                replace(lot.whole, title=common.object)
                if common.object
                else _of_its_object(lot.whole, common)
            )
            lot = replace(
                lot, whole=replace(notice, months=common.months[0] if common.months else None)
            )
        told: list[Told] = []
        lot = self._priced(self._placed(lot, own, common, told), own, told)
        total = max(common.prices, key=lambda one: one.euros, default=None)
        if (
            lot.whole is not None
            and total is not None
            and total.euros > max(lot.whole.amount or 0, lot.amount or 0)
        ):
            told.append(Told("total", f"{total.euros:.15g}", total.text, whole=True))
            lot = replace(
                lot,
                whole=replace(lot.whole, amount=total.euros, per=total.months, taxed=total.taxed),
            )
        common = replace(common, kinds=[], groups=[]) if own.open else common
        lot = self._bound(self._bound(lot, own, told, whole=False), common, told, whole=True)
        return Reading(lot, tuple(told), tuple(own.unread), tuple(own.trades), tuple(own.needs))

    def read_all(self, lots: Sequence[Lot]) -> list[Reading]:
        """Each lot read; one at "les deux sites" has the places of the others, where they tell as
        many.
        """
        readings = [self.read(lot) for lot in lots]
        own = [self._own_places(lot, reading) for lot, reading in zip(lots, readings, strict=True)]
        every = tuple(dict.fromkeys(code for codes in own for code in codes))
        for at, (lot, reading) in enumerate(zip(lots, readings, strict=True)):
            said = (
                None
                if own[at]
                else self._several.search(normalise("\n".join((lot.title, lot.place, *lot.told))))
            )
            if (
                said
                and len(every) == self._mappings.headings.roman.get(said["many"], len(every)) > 1
            ):
                told = [one for one in reading.told if one.what != "place"]
                told += (Told("place", code, said[0], whole=True) for code in every)
                placed = replace(reading.lot, place="", near="", places=every)
                readings[at] = replace(reading, lot=placed, told=tuple(told))
        return readings

    def _own_places(self, lot: Lot, reading: Reading) -> list[str]:
        """The places that a lot's own words name."""
        told = [one for one in reading.told if one.what == "place"]
        if told:
            return [one.value for one in told if not one.whole]
        return [one.value for one in self._cell(lot.place)]

    def _facts(self, lot: Lot, *, common: bool = False) -> _Facts:
        facts = _Facts()
        told = dict.fromkeys((*sentences(lot.title), *lot.told))
        facts.unread += (one for one in told if not self._note(one, facts, lot, common=common))
        return facts

    def _note(self, sentence: str, facts: _Facts, lot: Lot, *, common: bool) -> bool:
        """Whether the sentence told something."""
        headings, grammar = self._mappings.headings, self._mappings.grammar
        sentence = _INFORMED.sub("", sentence)
        label, said = LABEL.match(sentence), normalise(sentence)
        who = headings.of(label["name"] if label else _POINT.sub("", sentence), ("aside", *WHO))
        bought = _BOUGHT.match(sentence) or lot.title.startswith(sentence)
        if who == "aside" or (
            who == "others" and not bought
        ):  # "Maîtrise d'œuvre – Ville de Pau" is what is bought
            facts.left_out |= sentence in lot.title
            facts.beside.append(sentence)
            return False
        facts.closed |= headings.named(sentence, "closing")
        column = (
            headings.of(label["name"], ("title", "place", "amount", "lasting", "buyer"))
            if label
            else ""
        )
        body = headings.named(sentence, "bodies")
        named_body = body and label is not None and " " in label["name"]
        column = "" if named_body and column == "place" else column  # "Commune de Sens : travaux"
        prices = [
            one
            for one in amounts(sentence, headings, grammar.numbers.numerals)
            if one.euros >= _LEAST
        ]
        facts.prices += prices
        length = months(sentence, headings, grammar.numbers.numerals)
        facts.months = facts.months or ((length, sentence) if length else None)
        asked = hours(sentence)
        facts.hours = facts.hours or asked
        facts.taken_over = facts.taken_over or taken_over(sentence)
        kept_said = any_of(headings.unreserved).sub("", said)
        kept = any_of(headings.reserving).search(kept_said)
        open_to_all = kept_said != said and (
            not kept or "2113" in kept[0]
        )  # "pas fait usage de l'article …"
        open_to_all |= bool(kept and said.endswith(" non"))  # "Marché réservé : non"
        facts.open |= open_to_all
        kept = None if open_to_all else kept
        column = (
            "" if column == "lasting" and not (length or prices) else column
        )  # "Pour le 1 : tonte à Pau"
        if column in ("amount", "lasting") and not kept:
            return bool(prices or length)
        phrase = " ".join(self._parted(label["value"] if label and column else sentence).split())
        search = query(
            replace(lot, title=""), self._lang
        )  # as it will be asked: the phrase is read once for both
        parts = [(at, self._understand(replace(search, q=part))) for at, part in _parts(phrase)]
        pieces = [
            replace(one, start=one.start + at, end=one.end + at)
            for at, read in parts
            for one in read.pieces
        ]
        named, places = self._places(pieces, phrase)
        places += (more := self._beside(places, phrase))
        named += more
        inside = [
            one
            for one in places
            for of in more
            if of.start <= one.start and one.end <= of.end and one is not of
        ]
        places = tuple(
            one for one in places if one not in inside
        )  # "Var" of "Saint-Laurent-du-Var"
        facts.left_out |= bool(more) or any(one.corrected for one in places)
        facts.doubts |= {(self._doubt(one, phrase), (one.value, one.text)) for one in places}
        needs = [
            replace(one, start=one.start + at, end=one.end + at)
            for at, read in parts
            for one in read.needs
        ]
        needs = [one for one in needs if normalise(one.text) not in headings.amount]
        dated = [one for one in places if _DATED.match(phrase, one.end)]
        places = tuple(one for one in places if not needs or one not in dated)
        trade, told_done = (
            any(need.named for need in needs),
            any_of(headings.done).search(normalise(phrase)),
        )
        done = told_done and not headings.named(sentence, "buyer")
        sure = tuple(one for one in places if self._at_work(one, phrase))
        held = {
            code
            for one in sure
            if one.value.startswith("epci:")
            for code in self._gazetteer.ancestors(one.value)
        }
        beside = [
            one for one in sure if one.value in held and phrase[: one.start].endswith("(")
        ]  # its department
        towns = tuple(
            one for one in sure if not (one.value.startswith(("epci:", "area:")) or one in beside)
        )
        sure = towns or (sure if done else ())  # of who buys its seat says more
        behind = self._behind(headings.sites, phrase, tied=bool(places))
        sure += tuple(
            one
            for one in behind
            if all(one.value != of.value and one.text not in of.text for of in named)
        )
        places = sure or places
        words = () if named else said.split()
        seated = () if places else self._behind(headings.bodies, phrase, words)
        seat = tuple(
            one for one in seated if one.value[0] in "cd" and not self._is_no_place(one, phrase)
        )
        facts.places += [(_DONE if done else _BUYER, seat)] if seat else []
        if not (places or seat):
            places = self._alone(phrase, needs)
            unsure = [
                re.search(r"[\w'’] ?$", phrase[: one.start]) or known_word(fold(one.text))
                for one in places
            ]
            told = zip(
                places, unsure, strict=True
            )  # "sous-préfecture de Florac"; "Murat", which is a word too
            facts.doubts |= {
                (_FAR if doubtful else 1, (one.value, one.text)) for one, doubtful in told
            }
        facts.left_out |= bool(seat) or len(places) != len(named)
        reserved = re.search("(?<!oit )reserv", kept_said) and not re.search(
            "(?i)heure|%", phrase
        )  # of the work
        clause = open_to_all or (any_of(headings.clauses).search(said) and not reserved)
        sought = kept or not common or any_of(headings.seeking).search(said)
        facts.kinds += (one for one in pieces if one.type == "kind" and sought and not clause)
        clause = clause or (common and not kept)
        headed = any_of(headings.section).match(said) or _PART_HEAD.match(sentence)
        grouping = () if asked or clause or (headed and not reserved) else pieces
        articles = [one for one in grouping if one.type == "legal" and one.alternatives]
        facts.groups += articles  # which tell more than the words of both together
        groups = (
            one
            for one in grouping
            if one.type == "kind_group" and not (articles and one.value == "reserved")
        )
        for one in groups:
            if reserved or " " in one.text:
                others = _OTHERS.search(phrase[: one.start])
                facts.groups.append(replace(one, text=f"{others[0]}{one.text}") if others else one)
        figure = (
            any(one.text[-1:].isdigit() for one in pieces if one.type == "exclusion") and prices
        )  # "pas 90 000 €"
        facts.exclusions += (one for one in pieces if one.type == "exclusion" and not figure)
        buyer = column == "buyer" or (column == "place" and headings.named(sentence, "seat"))
        if places and (trade or not (clause and lot.whole)):  # which names who accompanies
            seat_only = common and headings.named(sentence, "distant")
            trade_there = trade and not (body and common)
            of_body = seat_only or {one.role for one in places} == {"hint"}
            level = _DONE if done else _TRADE if trade_there else _BODY if of_body else _SAID
            posted = not sure or (
                not trade and all(one.text[:5].isdigit() for one in sure)
            )  # "85000 La Roche-sur-Yon"
            numbered = all(one.text.isdigit() and len(one.text) < 4 for one in places)
            buyer = (
                buyer
                or posted
                or bool(dated)
                or (body and any(one.text[:5].isdigit() for one in places))
            )
            town = any(
                self._after(headings.bodies, one, phrase) for one in places
            )  # "Acheteur : ville de Pau"
            facts.places.append((_BUYER if (buyer or numbered) and not town else level, places))
        led = _LED.search(sentence) or any_of(headings.seeking | headings.leading).search(said)
        outside = any(note.code == OUTSIDE_TRADE for _, read in parts for note in read.notes)
        bought = outside and not (needs or facts.trades) and (not label or column == "title")
        bought |= any(
            one.named and one.probability >= self._mappings.trades.deciding.probable
            for one in needs
        )
        if bought and not (buyer or (body and not led)):
            facts.object = facts.object or phrase
        if buyer or (body and not led):
            facts.beside.append(sentence)
        elif trade or any(not need.possible for need in needs):
            facts.trades.append(phrase)
            titled = headings.named(said.lstrip("0123456789 "), "title") or any_of(
                headings.leading
            ).search(said)
            if not facts.closed and (titled or not facts.needs or not _PART_HEAD.match(sentence)):
                facts.needs += [needs] * (1 + bool(titled or not facts.needs))
        of_pieces = any(one.type in ("kind", "kind_group", "exclusion", "trade") for one in pieces)
        return bool(prices or length or asked or trade or places or of_pieces)

    def _places(
        self, pieces: Iterable[Piece], phrase: str
    ) -> tuple[list[Piece], tuple[Piece, ...]]:
        """The places that a phrase names, and those that it means."""
        named = [
            self._posted(one, phrase)
            for one in pieces
            if one.type == "place" and one.value != "country"
        ]
        return named, tuple(one for one in named if not self._is_no_place(one, phrase))

    def _beside(self, places: Iterable[Piece], phrase: str) -> tuple[Piece, ...]:
        """Towns near those that they stand beside, and no places by the grammar: "de Brioude au
        Puy-en-Velay".
        """
        found: list[Piece] = []
        met = [one for one in places if one.value.startswith("commune:")]
        for place in met:
            after, before = _TIE.match(phrase, place.end), _TIE_BEFORE.search(phrase[: place.start])
            following = phrase[after.end() :].split()[:_LONGEST] if after else []
            coded = place.text[0].isdigit()  # no street before its address
            earlier = phrase[: before.start()].split()[-_LONGEST:] if before and not coded else []
            runs = [following[:many] for many in range(len(following), 0, -1)]
            runs += [earlier[at:] for at in range(len(earlier))]
            for text in (" ".join(run).strip(" ,;.:()") for run in runs):
                one_name = (
                    text[:1].isupper()
                    and "," not in text
                    and not self._gazetteer.department_by_name(text)
                )
                known = self._named(text) if one_name else None
                town = known and replace(
                    self._nearby(known, [place]),
                    start=(at := phrase.find(text)),
                    end=at + len(text),
                )
                if town is None or any(
                    town.value == one.value or town.text in one.text for one in met
                ):
                    continue
                kind = "region" if self._people(town.value) >= TOWN else "department"
                if self._zone(town.value, kind) == self._zone(
                    place.value, kind
                ) and not self._is_no_place(town, phrase):
                    found.append(town)
                    met.append(town)
        return tuple(found)

    def _alone(self, phrase: str, needs: Sequence[Need]) -> tuple[Piece, ...]:
        """Towns that stand by themselves between signs, where the grammar believes no name without
        a lead.
        """
        found = ((one, self._named(one[1])) for one in _ALONE.finditer(phrase))
        towns = [
            replace(of, start=one.start(1), end=one.end(1))
            for one, of in found
            if of and of.value.startswith("commune:")
        ]
        bought = [
            one for one in towns for of in needs if of.start <= one.start and one.end <= of.end
        ]
        free = (
            one for one in towns if one not in bought or self._people(one.value) >= _KNOWN
        )  # "Lot C : Poisson"
        called = (one for one in free if _is_called(one, whole=known_word(fold(one.text))))
        return tuple(
            one
            for one in called
            if self._at_work(one, phrase) and not self._is_no_place(one, phrase)
        )

    def _is_no_place(self, place: Piece, phrase: str) -> bool:
        """Whether a name is of a part, "Secteur Nord", or a street, or a number that is no
        department's.
        """
        headings, before = self._mappings.headings, phrase[: place.start]
        counted = re.match(
            r"\d{1,3} [a-zà-ÿ]{4,}s\b", phrase[place.start :]
        )  # "sur les 13 crèches"
        named_by = (
            headings.posted
            if place.text.isdigit()
            else headings.parts
            if place.value[0] == "d"
            else frozenset()
        )
        stated = (
            len(place.text) > 3
            or _STATED.search(before)
            or self._numbered.search(normalise(before))
        )
        part = (
            bool(re.search(r"(?:^|[^\W\d_]{4,}|[-:(]) *$", before))
            and normalise(place.text) in headings.directions
        )
        river = place.value.startswith("commune:") and _THE.search(
            before
        )  # "sur la Saône", and not "Le Mans"
        part = part or bool(river and not _ARTICLE.match(normalise(place.label)))
        led = self._streets | headings.beyond | named_by
        person = re.search(
            r"\b(?:[A-Z]\.|MM\.|M(?:me|lle|onsieur|adame)) ?$", before
        )  # "N. Guérin, secrétaire"
        numbered = place.text.isdigit() and not stated
        tied = re.match(
            rf" d(?:e |['’])({_NAME})", phrase[place.end :]
        )  # "ensemble scolaire Sainte-Anne d'Ancenis"
        apart = _NEAR.search(before) or (
            tied and self._people(place.value) and self._named(tied[1])
        )
        return bool(
            apart
            or numbered
            or counted
            or part
            or person
            or self._is_word(place, phrase)
            or self._after(led, place, phrase)
        )

    def _is_word(self, place: Piece, phrase: str) -> bool:
        """Whether a name is a word of its sentence: an ordinary one, "aura", an acronym, a
        village's in capitals or in lower case that nothing leads.
        """
        text, before = place.text, phrase[: place.start]
        verb = text.islower() and len(text) <= _VERB and place.value[0] == "r"
        if (text in self._ordinary or verb) and not phrase.islower():
            return True
        if place.value[0] == "e":
            return text.isupper() and len(text) <= _ACRONYM
        if not place.value.startswith("commune:") or self._people(place.value) >= _KNOWN:
            return False
        shouted = (
            text.isupper()
            and text.isalpha()
            and " " in before.strip()
            and not re.search(r"[:,–-] *$", before)
        )
        cased = shouted or (text.islower() and not phrase.islower())
        return cased and not self._after(self._leads, place, phrase)

    def _behind(
        self, names: frozenset[str], phrase: str, words: Sequence[str] = (), *, tied: bool = False
    ) -> tuple[Piece, ...]:
        """The places right behind names, or words: "gares de Narbonne et Béziers", "CCAS de Sens".
        `tied`: by "de".
        """
        met = any_of(names, *[r"\w+"] * bool(words)).finditer(fold(phrase))
        found = (
            _NAMES.match(phrase, one.end())
            for one in met
            if not words or one[0] in words or one[0] in names
        )
        tied |= phrase.isupper()  # where each word has capitals
        told = (
            one[1].strip(" ,")
            for one in found
            if one and (one[0].lstrip()[:1].lower() == "d" or not tied)
        )
        no_names = self._mappings.headings.directions
        return tuple(
            place
            for name in told
            if normalise(name) not in no_names
            for place in self._each_named(name)
        )

    def _at_work(self, place: Piece, phrase: str) -> bool:
        """Whether a place is not where somebody is seated, nor where mail goes."""
        headings = self._mappings.headings
        before = normalise(phrase[: place.start]).rpartition(" ")[2]
        posted = any_of(headings.posted).search(
            f"{before} {normalise(place.text)}"
        ) or _POST_CODE.fullmatch(before)
        after = phrase[
            place.end :
        ]  # "Salaisons du Forez, siège à …", but not "agence de Brest (siège : Quimper)"
        named = "(" not in after[:2] and any_of(headings.seated).match(normalise(after))
        return not (posted or named or self._after(headings.seated, place, phrase))

    def _after(
        self, names: Iterable[str], place: Piece, phrase: str, ties: Set[str] = frozenset()
    ) -> bool:
        """Whether a place stands right after a name: "siège à la Rochelle", "val d'Allier"."""
        before, words = (
            f" {normalise(phrase[: place.start][-_BEFORE:])}",
            self._mappings.grammar.connectives,
        )
        names, ties = tuple(f" {name}" for name in names), ties or words.articles | words.of
        while not before.endswith(names) and before.rpartition(" ")[2] in ties:
            before = before.rpartition(" ")[0]
        return before.endswith(names)

    def _parted(self, text: str) -> str:
        """The text with "Brest-Lorient", which is the name of no place, as two towns, and "64 000
        Pau" as its post.
        """

        def two(tied: re.Match[str]) -> str:
            names = tied[0].removesuffix("-Ville").split("-")  # of a station
            pairs = (("-".join(names[:at]), "-".join(names[at:])) for at in range(1, len(names)))
            pairs = (
                way
                for way in pairs
                if all(of and self._people(of.value) >= TOWN for of in map(self._named, way))
            )
            if find_place(tied[0], self._gazetteer):
                return tied[0]
            return ", ".join(
                next(pairs, ("-".join(names) if self._named("-".join(names)) else tied[0],))
            )

        def coded(digits: re.Match[str]) -> str:
            post, following = (
                digits[1] + digits[2],
                set(normalise(text[digits.end() :][:40]).split()),
            )
            towns = self._gazetteer.communes_of_postcode(post)
            return (
                post
                if any(following.intersection(normalise(one.name).split()) for one in towns)
                else digits[0]
            )

        return re.sub(r"(?<![\d.,])(?<!\d )(\d\d) (\d{3})\b(?= )", coded, _TIED.sub(two, text))

    def _placed(self, lot: Lot, own: _Facts, common: _Facts, told: list[Told]) -> Lot:
        cell, common_cell = self._cell(lot.place), lot.whole.place if lot.whole else ""
        whole_cell = self._cell(common_cell)
        own_told, common_told = self._around((*cell, *whole_cell), own, common)
        best, of_all = self._best(own_told), [whole_cell, self._best(common_told)]
        finer = bool(lot.told) and (
            self._within(best, cell) or {of.value for of in cell} < {of.value for of in best}
        )
        said = [of for sure, of in common_told if sure > _BUYER]
        if of_all[1] in said and self._within(of_all[1], of_all[0]):
            of_all.reverse()  # "Ville de Pau", "Code NUTS : FRI15"
        around = [*cell, *whole_cell, *(one for _, of in (*common_told, *own_told) for one in of)]
        by_name = all(
            one.value.startswith("commune:") and one == self._nearby(one, around) for one in cell
        )
        alone = (
            by_name and not re.search(r"\d", lot.place) and find_place(lot.place, self._gazetteer)
        )
        if lot.near or (lot.place and alone and not finer):
            return lot
        if not (cell or best) and (zone := self._wide(lot, of_all)):
            of_all = [(zone,)]
        coded = place_of_nuts(lot.place) and any(
            self._within(of, cell) for of in of_all if of in said
        )
        ways = [
            (False, () if finer or coded else cell),
            (False, best),
            *((True, of) for of in of_all),
        ]
        of_whole, read = next(((whole, found) for whole, found in ways if found), (False, ()))
        named = [self._nearby(one, around) for one in read]
        holding = {code for one in named for code in self._gazetteer.ancestors(one.value)}
        towns = (self._gazetteer.commune(one.value.removeprefix("commune:")) for one in named)
        holding.update(f"postcode:{code}" for town in towns if town for code in town.post_codes)
        places = tuple(one for one in named if one.value not in holding)
        if not places:
            return replace(lot, place=lot.place or common_cell)
        told += (
            Told("place", one.value, one.text, of_whole)
            for one in {one.value: one for one in places}.values()
        )
        codes = tuple(dict.fromkeys(one.value for one in places))
        roles = {one.role for one in places}
        beside = (one for _, of in own.places for one in of if one.text in lot.title)
        besides = any(self._nearby(one, around).value not in codes for one in beside)
        as_read = not (
            of_whole or own.left_out or "hint" in roles or len(lot.title) > MAX_Q or besides
        )
        if as_read and all(one.text in lot.title and one in read for one in places):
            return lot  # the search reads it there, with its distance
        if (
            roles <= {"hint", "focus"} and len(codes) == 1 and not besides
        ):  # a circle that opens until enough answer
            return replace(lot, place="", near=codes[0])
        kept = (
            places[0].text == common_cell
            and find_place(common_cell, self._gazetteer)
            and codes[0].startswith("commune:")
        )
        return replace(lot, place=common_cell if kept else "", places=codes)

    def _wide(self, lot: Lot, told: Iterable[Sequence[Piece]]) -> Piece | None:
        """The department, or region, of its notice's place that a lot is told to be all of."""
        headings, said = self._mappings.headings, normalise("\n".join((lot.title, *lot.told)))
        for kind, names in (("department", headings.departmental), ("region", headings.regional)):
            if words := any_of(names).search(said):
                codes = (self._zone(one.value, kind) for of in told for one in of)
                if code := next(filter(None, codes), ""):
                    return Piece(
                        "place",
                        code,
                        self._gazetteer.label(code, self._lang),
                        words[0],
                        0,
                        0,
                        "boundary",
                    )
        return None

    def _posted(self, place: Piece, phrase: str) -> Piece:
        """The place, or the city of which its post code tells an arrondissement, or its namesake
        where the code is.
        """
        if place.text[:5].isdigit() and (
            part := self._gazetteer.commune(place.value.removeprefix("commune:"))
        ):
            return replace(place, value=f"commune:{part.city}")
        if place.corrected and (
            named := self._named(place.text)
        ):  # "Florac", of Trois Rivières, and not Floirac
            return replace(place, value=named.value, label=named.label)
        code, known = phrase[: place.start][-6:], find_place(place.text, self._gazetteer)
        names = (
            (place.value, *map(str, known.others)) if known and _POST_CODE.fullmatch(code) else ()
        )
        return replace(
            place,
            value=next((one for one in names if self._zone(one)[11:13] == code[:2]), place.value),
        )

    def _doubt(self, place: Piece, phrase: str) -> int:
        """How near a sure place a name must be to be one: none for a town, "28160 Frazé", "commune
        de Frazé"; its region for a village's that is whole, well spelt and no larger one's; else
        its department.
        """
        words, said, known = (
            self._mappings.grammar,
            normalise(place.text),
            find_place(place.text, self._gazetteer),
        )
        small = place.value.startswith("commune:") and (people := self._people(place.value)) < TOWN
        site = self._after(
            self._sites, place, phrase, {"des", *words.connectives.articles}
        )  # "collège des Lilas"
        site = site and not phrase[: place.start].endswith(": ")  # "Campus : Tarbes"
        named = (
            known or without_article(normalise(_name(place))) in said
        )  # not "Rochebelle", "Basse"
        part = (
            site or not named or (small and _LONGER.match(phrase, place.end))
        )  # "Palais du Grand Large"
        led = (
            self._mappings.headings.bodies if _ARTICLE.match(place.text) else self._leads
        )  # "donnés à l'Escale"
        posted = _POST_CODE.fullmatch(phrase[: place.start][-6:]) or _POST_CODE.match(place.text)
        alone = re.search(r" [–—-] $", phrase[: place.start]) and re.match(
            r"$| [–—-] ", phrase[place.end :]
        )
        if (
            posted
            or alone
            or place.text.endswith(")")
            or (not part and self._after(led, place, phrase))
        ):
            return 0
        names = (str(one) for one in (known.place, *known.others)) if known else ()
        shared = any(
            one != place.value and self._people(one) > (people / 10 if small else TOWN)
            for one in names
        )
        bare = (
            small and (people < _KNOWN or place.text.islower())
        ) or said in words.places.homonyms  # "val d'Allier"
        return _FAR if part or shared or place.text.isdigit() else int(bare)

    def _people(self, place: str) -> int:
        return (
            of.population if (of := self._gazetteer.commune(place.removeprefix("commune:"))) else 0
        )

    def _around(self, cells: Iterable[Piece], own: _Facts, common: _Facts) -> Iterator[_Levels]:
        """What tells places, without those that are far from the least doubted: a notice has one
        territory.
        """
        told = [*cells, *(one for facts in (own, common) for _, of in facts.places for one in of)]
        doubt = {one: far for far, one in sorted(own.doubts | common.doubts, reverse=True)}
        far = {one: 0 if one in cells else doubt.get((one.value, one.text), _FAR) for one in told}
        least = min(far.values(), default=0)
        sure = {self._zone(one.value) or one.value: one for one in told if far[one] == least}
        held = {
            code
            for one in sure.values()
            for code in (one.value, *self._gazetteer.ancestors(one.value))
        }
        kinds = {code.partition(":")[0] for code in held}
        zone = {
            one: self._zone(self._nearby(one, sure.values()).value, _ZONES[far[one]])
            for one in told
        }
        kept = {one for one in told if _ZONES[far[one]] not in kinds or zone[one] in {"", *held}}
        for facts in (own, common):
            towns = any(
                one.value.startswith("commune:") for _, every in facts.places for one in every
            )
            here = {
                one for one in kept if not (towns and one.value.startswith("area:"))
            }  # "Dunois" tells less
            yield [
                (level, of)
                for level, every in facts.places
                if (of := tuple(one for one in every if one in here))
            ]

    def _within(self, places: Sequence[Piece], others: Sequence[Piece]) -> bool:
        """Whether each of the places is within one of the others."""
        held = [self._gazetteer.ancestors(one.value) for one in places]
        return bool(held) and all(any(of.value in codes for of in others) for codes in held)

    def _nearby(self, place: Piece, others: Iterable[Piece]) -> Piece:
        """The place, or its first namesake in a department of its notice's others: "Saint-Claude"
        of the Jura.
        """
        around = {self._zone(one.value) for one in others if one.value != place.value}
        known = find_place(place.text, self._gazetteer)
        namesakes = (
            str(one) for one in (known.others if known else ()) if self._zone(str(one)) in around
        )
        other = next(namesakes, None) if self._zone(place.value) not in around else None
        return (
            replace(place, value=other, label=self._gazetteer.label(other, self._lang))
            if other
            else place
        )

    def _zone(self, place: str, kind: str = "department") -> str:
        return next(
            (
                code
                for code in (place, *self._gazetteer.ancestors(place))
                if code.startswith(f"{kind}:")
            ),
            "",
        )

    def _cell(self, text: str) -> tuple[Piece, ...]:
        """The places that a labelled text names: by itself, or as a phrase."""
        text = _PRICED.sub("", text)
        if named := self._each_named(text):
            told = {one: normalise(_name(one)) == normalise(one.text) for one in named}
            sure = {
                self._zone(one.value) for one in named if told[one]
            }  # "école du Pouget, Sarlat": not Le Pouget
            return tuple(
                one for one in named if told[one] or not sure or self._zone(one.value) in sure
            )
        text = self._parted(text)
        pieces = self._understand(Query(q=cut(text, MAX_Q), lang=self._lang)).pieces if text else ()
        return self._places(pieces, text)[1]

    def _each_named(self, text: str) -> tuple[Piece, ...]:
        """The places of a list of names; none where one of them is no place's."""
        parts = [part for part in re.split(r"(?i)[,;/()\[\]]| et | and ", text) if part.strip()]
        for whole in ([text], parts):
            named = [self._named(part) for part in whole]
            if named and all(named):
                return tuple({piece.value: piece for piece in named if piece}.values())
        return ()

    def _named(self, text: str) -> Piece | None:
        """The place of a name, after words for what it is ("département de la Manche"), or of a
        NUTS code.
        """
        text, grammar = text.strip(), self._mappings.grammar
        while text and normalise(text) not in self._mappings.headings.bodies:
            place = place_of_nuts(text) or (
                (found := find_place(text, self._gazetteer)) and str(found.place)
            )
            towns = (
                () if place or not text[0].isupper() else self._gazetteer.fuller(text, _SHORTENED)
            )
            place = (
                f"commune:{towns[0].code}" if len(towns) == 1 else place
            )  # "Florac", of Trois Rivières
            if place:
                return Piece(
                    "place",
                    place,
                    self._gazetteer.label(place, self._lang),
                    text,
                    0,
                    len(text),
                    "boundary",
                )
            lead = _LEAD.match(text)
            word, after = (
                normalise(one[0]) if one else ""
                for one in (lead, lead and _LEAD.match(text, lead.end()))
            )
            of = after in grammar.connectives.of and word not in self._streets  # "UTT d'Aubusson"
            if lead is None or not (of or word in grammar.connectives.leading):
                break
            text = text[lead.end() :]
        return None

    @staticmethod
    def _priced(lot: Lot, own: _Facts, told: list[Told]) -> Lot:
        apart = lot.whole is not None or any(
            "du lot" in one for one in lot.told
        )  # "maximum du lot"
        prices = [one for one in own.prices if not (apart and one.whole)] or (
            [] if lot.whole else own.prices
        )
        best = max(prices, key=lambda one: one.euros, default=None)
        if best is not None and lot.amount is None:
            lot = replace(lot, amount=best.euros, per=best.months, taxed=best.taxed)
        if lot.amount is not None:
            told.append(
                Told("amount", f"{lot.amount:.15g}", best.text if best else f"{lot.amount:.15g}")
            )
        return lot

    def _bound(self, lot: Lot, facts: _Facts, told: list[Told], *, whole: bool) -> Lot:
        """The lot with what the facts tell of it and it doesn't say yet."""
        read = {
            "months": facts.months,
            "hours": None if whole else facts.hours,
            "taken_over": facts.taken_over,
        }
        for name, found in read.items():
            if found and getattr(lot, name) is None:
                what = "duration" if name == "months" else name
                told.append(Told(what, f"{found[0]:.15g}", found[1], whole))  # type: ignore[arg-type]  # one of its own
                lot = replace(lot, **{name: found[0]})  # type: ignore[arg-type]  # a field of its own
                per = self._mappings.headings.periods.get(normalise(found[1]).split()[-1], 0)
                lot = replace(lot, hours_per=per) if name == "hours" else lot
        if not lot.kinds and (kinds := self._kinds(facts)):
            told += (Told("kind", value, text, whole) for value, text in kinds.items())
            lot = replace(lot, kinds=tuple(kinds))
        left_out = [one for one in facts.exclusions if one.value not in lot.places]
        without = dict.fromkeys(
            (f"not_{one.parameter.removeprefix('not_')}", one.value) for one in left_out
        )
        told += (Told("exclusion", one.value, one.text, whole) for one in left_out)
        return replace(lot, without=tuple(dict.fromkeys((*lot.without, *without))))

    def _kinds(self, facts: _Facts) -> dict[str, str]:
        """Kinds that sentences name, and those of the families and groups of which none is named →
        the words.
        """
        vocabulary, kinds = self._mappings.vocabulary, {one.value: one.text for one in facts.kinds}
        of_law = {code for family in vocabulary.families.values() for code in family.kinds}
        told = dict(kinds)
        for one in facts.groups:
            family = vocabulary.families.get(one.value)
            codes: Iterable[str] = (
                family.kinds if family else [option.value for option in one.alternatives]
            )
            codes = codes or [
                code
                for code, kind in vocabulary.kinds.items()
                if kind.group == one.value and code in of_law
            ]
            more = kinds.keys().isdisjoint(codes) or one.text.lower().startswith(
                "autres "
            )  # "aux ACI et autres SIAE"
            told |= dict.fromkeys(codes, one.text) if more else {}
        return told

    def _best(self, told: Sequence[tuple[int, tuple[Piece, ...]]]) -> tuple[Piece, ...]:
        """The places of the first sentence that is surest, or of a later one within them, or with
        more towns beside theirs; of all that tell the buyer's seat, its towns before its
        departments.
        """
        surest = max((sure for sure, _ in told), default=0)
        best, *others = [places for sure, places in told if sure == surest] or [()]
        if surest == _BUYER:
            every = [one for of in (best, *others) for one in of]
            return tuple(
                one for one in every if one.value.startswith(("commune:", "postcode:"))
            ) or tuple(every)
        for sure, places in told:
            towns = {one.value for one in best if one.value.startswith("commune:")}
            within = sure == surest and not towns and self._within(places, best)
            wider = bool(towns) and towns < {one.value for one in places}
            best = (
                places if within or wider else best
            )  # "Pau, … nos maisons de Pau, Billère et Lons"
        return best


def _name(place: Piece) -> str:
    """Its name, without the department that its label adds."""
    return place.label.partition(" (")[0]


def _is_called(town: Piece, *, whole: bool) -> bool:
    """Whether a town is called by its name, but for an article, or what follows it unless `whole`:
    "Le Guilvinec".
    """
    name, text = _name(town).casefold(), town.text.casefold()
    return name in (text, re.sub("^l[ae]s? ", "", text)) or (
        not whole and name.startswith((f"{text} ", f"{text}-"))
    )


@cache
def _several(sites: frozenset[str], counts: frozenset[str]) -> re.Pattern[str]:
    """Sites that a lot counts: "les deux sites", "des trois communes"."""
    words = "|".join(sorted(word for word in counts if len(word) > 1))
    return re.compile(rf"\b(?:l|d)es (?P<many>{words}) {any_of(sites).pattern}")


def _of_its_object(lot: Lot, facts: _Facts) -> Lot:
    """The lot without what its title tells of who buys and how, where another sentence of it names
    a trade.
    """
    every = sentences(lot.title)
    kept = [one for one in every if one not in facts.beside]
    told = any(phrase in one for one in kept for phrase in facts.trades)
    return (
        replace(lot, title=". ".join(one.rstrip(".") for one in kept))
        if told and len(kept) < len(every)
        else lot
    )


def _parts(phrase: str) -> Iterator[tuple[int, str]]:
    """A long sentence in phrases that the grammar takes, cut between words, each with where it
    starts.
    """
    at = 0
    while part := cut(phrase[at:], MAX_Q):
        yield at, part
        at += len(part) + phrase[at + len(part) :].startswith(" ")


def _weighed(sentences: Sequence[Sequence[Need]], deciding: Deciding) -> str:
    """The words of the three surest trades of a long text: each weighs as much as all sentences
    make it likely, and where one names it `named`, half of it after another. Beside a probable one
    the doubtful are left out, and those of less than `share` of the surest.
    """
    found: dict[tuple[str, ...], list[tuple[bool, int, str, float]]] = {}
    for needs in sentences:
        for place, need in enumerate(needs):
            score = need.probability + (deciding.named / 2**place if need.named else 0)
            found.setdefault(need.sectors, []).append(
                (need.named, len(need.text), need.text, score)
            )
    told = sorted(
        ((sum(score for *_, score in of), max(of)[2]) for of in found.values()), reverse=True
    )
    return ", ".join(
        text for score, text in told[:MAX_CELLS] if score >= deciding.share * told[0][0]
    )


def ways(reading: Reading, lang: Lang, deciding: Deciding) -> Iterable[tuple[Query, str]]:
    """The searches that may answer a lot, the surest first, each with the notice's words that it
    reads besides: its own title, its other sentences, the notice's code, the notice's title and
    sentences.
    """
    lot, whole = reading.lot, reading.lot.whole
    own_places = tuple(one.value for one in reading.told if one.what == "place" and not one.whole)
    if reading.weighed:
        yield query(replace(lot, title=_weighed(reading.needs, deciding)), lang), ""
    if lot.title or lot.cpv:
        yield query(lot, lang), ""
    own = [
        phrase for phrase in reading.phrases if phrase not in lot.title or len(lot.title) > MAX_Q
    ]
    if own:
        yield (
            query(
                replace(
                    lot, title=_JOINT.join([lot.title, *own] if len(lot.title) < MAX_Q / 2 else own)
                ),
                lang,
            ),
            "",
        )
    if whole is not None and not lot.cpv:
        if whole.cpv:
            yield query(replace(lot, cpv=whole.cpv), lang), whole.title or ", ".join(whole.cpv)
        if whole.title and whole.title != lot.title:
            placed = lot if lot.place or lot.near else replace(lot, places=lot.places or own_places)
            yield (
                query(
                    replace(placed, title=_JOINT.join(filter(None, (lot.title, whole.title)))), lang
                ),
                whole.title,
            )


@dataclass(frozen=True, slots=True)
class Market:
    """Suppliers that do the trade there. `located`, `serving`, `presumed`: of `total`, who sits
    there, who comes there, and of whom that is not confirmed (all 0 without a place);
    `with_employees`: whose size is known. `turnovers`: known ones, euros a year, of the first
    suppliers.
    """

    total: int
    insertion: int = 0
    handicap: int = 0
    located: int = 0
    serving: int = 0
    presumed: int = 0
    national: int = 0
    with_employees: int = 0
    turnovers: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Potential:
    """What a buyer may consider for a lot, with the figures behind it. `dependency`: percent of the
    typical turnover (euros) that the amount is; None = amount or turnover not known.
    """

    market: Market
    step: Step
    typical_turnover: float | None
    dependency: float | None
    law: Sequence[Ruled] = ()


def potential(
    market: Market,
    amount: float | None,
    thresholds: Law,
    law: Sequence[Ruled] = (),
    buyer: Buyer | None = None,
) -> Potential:
    """The first step whose conditions hold: dependency not known is never taken for low. `amount`:
    euros of a year.
    """
    known = [one for one in market.turnovers if one > 0]
    typical = float(median(known)) if len(known) >= thresholds.turnovers else None
    dependency = 100 * amount / typical if amount is not None and typical else None
    independent = dependency is not None and dependency < thresholds.dependency_percent
    steps = (thresholds.private,) if buyer == "private" else thresholds.steps
    step = next(
        one
        for one in steps
        if market.total > one.more_than and (independent or not one.independent)
    )
    held = [
        one for one in law if market.total or one.rule.name == "obligation"
    ]  # it binds where nobody is known too
    return Potential(market, step, typical, dependency, held)


Cell = tuple[str, str]
"""A trade at a place."""
MOST = 4
"""Suppliers of a group: more of them do not answer as one."""


@dataclass(frozen=True, slots=True)
class Group:
    """Suppliers that answer together, who brings most first: they could lead. `brings`: id → cells
    that nobody before them brings. `uncovered`: cells that none of them does. `short`: people that
    would still be needed.
    """

    brings: Mapping[str, tuple[Cell, ...]]
    uncovered: tuple[Cell, ...] = ()
    short: float = 0.0


def covering(
    cells: Mapping[Cell, Sequence[str]], people: Mapping[str, float], needed: float = 0.0
) -> Group | None:
    """The group that covers most; None where somebody does it all alone, or nobody does any of it.
    `cells`: who does each, the best first; `people`: of a supplier, 0 = not known; `needed`: people
    in all.
    """
    holders = {cell: frozenset(ids) for cell, ids in cells.items()}
    ranked = list(dict.fromkeys(id_ for ids in cells.values() for id_ in ids))
    left = {cell for cell, ids in holders.items() if ids}
    if not left or any(
        people.get(id_, 0) >= needed and all(id_ in ids for ids in holders.values())
        for id_ in ranked
    ):
        return None
    brings: dict[str, tuple[Cell, ...]] = {}
    short, whole = needed, len(left)
    while (left or short > 0) and len(brings) < MOST:
        gains = {
            id_: sum(id_ in holders[cell] for cell in left) / whole
            + (min(people.get(id_, 0.0), short) / needed if short > 0 else 0.0)
            for id_ in ranked
            if id_ not in brings
        }
        best = max(gains, key=lambda id_: gains[id_], default="")
        if not best or gains[best] <= 0:
            break
        brings[best] = tuple(cell for cell in cells if cell in left and best in holders[cell])
        left -= set(brings[best])
        short = max(short - people.get(best, 0.0), 0.0)
    return Group(brings, tuple(cell for cell in cells if cell in left or not holders[cell]), short)


HELD = 60
"""Suppliers of each trade and place of a lot among which a group is looked for."""
MAX_CELLS = 3
"""Trades of a lot, and places, for which a group is looked for."""
LOOKED_AT = 30
"""Suppliers of a lot whose turnover is looked at."""
FACETS = ("kind", "kind_group", "department", "region", "employees", "coverage", "national")


@dataclass(frozen=True, slots=True)
class LotFound:
    """A lot with its answer. `answer` None: `problems` say why. `trade`: whether a trade is
    recognised; without one there is no potential. `problems` beside an answer: what was left out to
    give it, such as a place that nobody knows. `read_with`: the title of its notice, when that told
    the trade. `lot`: with what was read of it; `reading`: what told that. `group`: who covers it
    together, where nobody does alone; `members`: their documents by id.
    """

    lot: Lot
    answer: Answer | None = None
    trade: bool = False
    potential: Potential | None = None
    problems: tuple[Problem, ...] = ()
    read_with: str = ""
    reading: Reading | None = None
    reckoned: Reckoned | None = None
    contract: Asked | None = None
    group: Group | None = None
    members: Mapping[str, Document] = field(default_factory=dict)


def answered(
    service: SearchService,
    lots: Sequence[Lot],
    lang: Lang = "fr",
    scope: tuple[Filters, ...] = (),
    buyer: Buyer | None = None,
) -> list[LotFound]:
    """Each lot of a contract answered, in their order, among the suppliers that `scope` leaves; the
    law counts the value of all. `buyer`: who buys, None = as the notice tells. Raises
    EngineUnavailable.
    """
    with service.at_once() as search:
        reader, found = Reader(search.understand, search.mappings, search.gazetteer, lang), []
        readings = reader.read_all(lots)
    contract = replace(_contract([reading.lot for reading in readings]), buyer=buyer)
    for lot, reading in zip(lots, readings, strict=True):
        with service.at_once() as search:  # a turn each: others are answered in between
            found.append(_found(search, reading, lot, lang, scope, contract))
    return found


def _contract(lots: Sequence[Lot]) -> Asked:
    """What all lots come to before tax: as the notice tells, else the sum of those that tell
    theirs.
    """
    told = next(
        (lot.whole.in_all for lot in lots if lot.whole and lot.whole.amount is not None), None
    )
    known = [lot.in_all for lot in lots if lot.in_all is not None]
    total = told if told is not None or not known else sum(known)
    return Asked("services", total, at_least=told is None and len(known) < len(lots))


def _found(
    service: SearchService,
    reading: Reading,
    lot: Lot,
    lang: Lang,
    scope: tuple[Filters, ...],
    contract: Asked,
) -> LotFound:
    asked = list(ways(reading, lang, service.mappings.trades.deciding))
    if not asked:
        return LotFound(lot, problems=(Problem("title", "", "lot_empty"),))
    chosen = asked[0]
    if len(asked) > 1 and (lot.cpv or _silent(service, chosen[0])):
        read = ((way, service.understand(way[0]).needs) for way in asked)
        surest = [
            (max(one.probability for one in telling), way)
            for way, needs in read
            if (
                telling := [
                    one for one in needs if _tells(service, one) and (one.named or not way[1])
                ]
            )
        ]
        chosen = max(surest, key=lambda one: one[0], default=(0, chosen))[1]
    if not chosen[1] and asked[-1][1] and (text := _by_notice(service, chosen[0], *asked[-1])):
        chosen = (
            replace(asked[-1][0], q=text),
            asked[-1][1],
        )  # with the places that the lot's own words name
    meant = _meant(service, chosen[0])
    found = replace(
        _searched(service, reading.lot, meant, scope), reading=reading, read_with=chosen[1]
    )
    answer = found.answer
    if answer is None or not found.trade:
        return found
    sectors = {slug for one in answer.needs for slug in one.need.sectors}
    figures = reckoned(found.lot, sectors, service.mappings.figures, service.mappings.vocabulary)
    if figures and figures.asked and figures.posts:
        hits = tuple(large_enough_first(answer.page.hits, figures.posts))
        answer = replace(answer, page=replace(answer.page, hits=hits))
    contract = replace(contract, buyer=contract.buyer or buyer_of(lot, service.mappings.law))
    told = considered(service, found.lot, answer, contract)
    return _grouped(
        service, replace(found, answer=answer, potential=told, reckoned=figures, contract=contract)
    )


def _grouped(service: SearchService, found: LotFound) -> LotFound:
    """The lot with the group that covers its trades, places and people, where nobody does alone."""
    answer, figures = found.answer, found.reckoned
    assert answer is not None
    request, named = (
        replace(answer.plan.request, facets=(), size=HELD),
        answer.plan.reading.asked.places,
    )
    people = figures.posts if figures and figures.asked and figures.posts else 0.0
    apart = zip(named, request.targets, strict=True) if len(named) == len(request.targets) else ()
    places: dict[str, tuple[Target, ...]] = {str(one): (target,) for one, target in apart} or {
        "": request.targets
    }
    asked = {
        (of.need.text, place): replace(request, needs=(need,), targets=places[place])
        for of, need in [*zip(answer.needs, request.needs, strict=True)][:MAX_CELLS]
        for place in [*places][:MAX_CELLS]
    }
    there = (hit.document for hit in answer.page.hits if hit.coverage is not Coverage.SERVES)
    alone = len(asked) < 2 or any(
        all(trade_of(one, need) for need in request.needs) for one in there
    )
    if alone and len(places) < 2 and not people:
        return found
    pages = service.index.searches([*asked.values()])
    cells = {cell: [hit.id for hit in page.hits] for cell, page in zip(asked, pages, strict=True)}
    hits = {hit.id: hit for page in pages for hit in page.hits}
    known = (
        {id_: float(hit.document["public"].get("employees") or 0) for id_, hit in hits.items()}
        if people
        else {}
    )
    group = covering(cells, known, people)
    if group is None or len(group.brings) < 2:
        return found
    return replace(found, group=group, members={id_: hits[id_].document for id_ in group.brings})


def considered(service: SearchService, lot: Lot, answer: Answer, contract: Asked) -> Potential:
    """What may be considered for a lot by who answers it, and what the law says today of its
    contract.
    """
    law, sectors = service.mappings.law, {slug for one in answer.needs for slug in one.need.sectors}
    asked = replace(contract, nature=nature_of(sectors, law, service.mappings.vocabulary))
    return potential(
        market(answer), lot.a_year, law, ruled(asked, law, service.today()), asked.buyer
    )


def _silent(service: SearchService, asked: Query) -> bool:
    """Whether a phrase tells neither a trade, even misspelt, nor what nobody here does."""
    intent = service.understand(asked)
    outside = any(note.code in (OUTSIDE_TRADE, OUTSIDE_LIKELY) for note in intent.notes)
    if intent.needs or outside:
        return not (outside or any(_tells(service, one) for one in intent.needs))
    try:
        return not service.settled(replace(asked, place=(), near="", radius=None)).request.needs
    except InvalidQuery:
        return False


def _tells(service: SearchService, need: Need) -> bool:
    """Whether a trade is named, or likely, by more than the room where it is done, and not
    doubtful.
    """
    rooms, least = (
        service.mappings.grammar.connectives.rooms,
        service.mappings.trades.deciding.doubted,
    )
    return (
        (need.named or not need.possible)
        and need.probability >= least
        and folded_words(need.text) not in rooms
    )


def _by_notice(service: SearchService, alone: Query, joined: Query, notice: str) -> str:
    """The words by which its notice tells the trade of a lot, "" = its own words do (as more than
    `short` that are `sure` always do, and those that the notice lists): reading both together
    leaves less than `doubted` to these, and makes another trade `sure`, or `probable` and likelier
    than they are alone; or what the notice buys is none.
    """
    deciding, sectors = service.mappings.trades.deciding, service.mappings.vocabulary.sectors
    own = service.understand(alone).needs
    if not own or (
        len(alone.q.split()) > deciding.short
        and max(one.probability for one in own) >= deciding.sure
    ):
        return ""
    sure = (one.text.split() for one in own if one.named and one.probability >= deciding.probable)
    held = any(
        len(words) > 1 and normalise(words[0]) not in service.mappings.headings.sites
        for words in sure
    )
    if held or all(normalise(one.text) in normalise(notice) for one in own):
        return ""  # "location d'autocar" tells what is done, "centre d'appels" only where
    plain = any(
        one.named and one.probability >= deciding.sure and one.sectors[0] in sectors for one in own
    )
    bought = (
        ()
        if plain or sentences(notice)[1:]
        else service.understand(replace(joined, q=notice)).notes
    )
    if any(note.code == OUTSIDE_TRADE for note in bought):
        return notice  # "flotte automobile" of an insurance, but not "blanchisserie" of an insurer

    def groups(need: Need) -> set[str]:
        return {sectors[slug].group if slug in sectors else slug for slug in need.sectors}

    read, named = (
        service.understand(joined).needs,
        {group for need in own for group in groups(need)},
    )
    if any(of.probability >= deciding.doubted and not named.isdisjoint(groups(of)) for of in read):
        return ""
    told = {
        one.probability: one
        for one in reversed(read)
        if named.isdisjoint(groups(one)) and _tells(service, one)
    }
    best = max((chance for chance, one in told.items() if _JOINT not in one.text), default=0.0)
    least = min(deciding.sure, max(deciding.probable, *(need.probability for need in own)))
    return told[best].text if best >= least else ""


def _meant(service: SearchService, asked: Query) -> Query:
    """The search without the words of trades that are too unlikely for a lot: "déménagement de 40
    postes".
    """
    deciding, connectives = service.mappings.trades.deciding, service.mappings.grammar.connectives
    for _ in asked.q.split():  # without them others may be read
        needs = service.understand(asked).needs
        beside = [one for one in needs if _said_beside(one, needs, service.mappings, asked.q)]
        inside = [
            one
            for one in needs
            for of in needs
            if one is not of and of.start < one.end and one.start < of.end
        ]
        doubtful = [one for one in needs if one.probability < deciding.of_lot and one not in inside]
        heads = ((one, accumulate(zip(folded_words(one.text)))) for one in needs if one.named)
        works = [one for one, words in heads if any(head in connectives.works for head in words)]
        tied = [one for one in works if _listed(one, works, asked.q, connectives)]
        doubtful = beside or [one for one in doubtful if one not in tied]
        if not doubtful:
            return asked
        q = asked.q
        for need in sorted(doubtful, key=lambda need: need.start, reverse=True):
            before = q[: need.start].rstrip(" '’")
            while (
                normalise(before.rpartition(" ")[2]) in connectives.leading
            ):  # none hangs: "écoles (et des gymnases)"
                before = before.rpartition(" ")[0].rstrip(" '’")
            q = f"{before} {q[need.end :]}"
        asked = replace(asked, q=" ".join(q.split()))
    return asked


def _said_beside(need: Need, needs: Sequence[Need], mappings: Mappings, phrase: str) -> bool:
    """Whether a trade is told better by another: a family of trades by one of them, a room that is
    none of a list by what is done there, a code by words that are probable.
    """
    connectives, sectors = mappings.grammar.connectives, mappings.vocabulary.sectors
    uncoded = [one for one in needs if one.known_by != "code"]
    words = [one for one in uncoded if folded_words(one.text) not in connectives.rooms]
    others = [one for one in words if one is not need]
    families = {sectors[slug].group for one in others for slug in one.sectors if slug in sectors}
    if not families.isdisjoint(need.sectors):
        return True
    if need.known_by == "code":
        own = {sectors[slug].group if slug in sectors else slug for slug in need.sectors}
        return own.isdisjoint(families) and any(
            one.probability >= mappings.trades.deciding.probable for one in others
        )
    others += (one for one in needs if one.known_by == "code")
    room = folded_words(need.text) in connectives.rooms
    return bool(others) and room and not _listed(need, uncoded, phrase, connectives)


def _listed(need: Need, needs: Sequence[Need], phrase: str, connectives: Connectives) -> bool:
    """Whether a trade is one of a list with another of these: "nettoyage des salles et de la
    vitrerie".
    """
    gaps = (
        phrase[one.end : need.start] or phrase[need.end : one.start]
        for one in needs
        if one is not need
    )
    for *signs, gap in (_SIGNS.split(gap) for gap in gaps if gap.strip() and _JOINT not in gap):
        words = [*folded_words(gap)]
        while words and words[-1] in connectives.articles | connectives.of:
            words.pop()
        if words[-1] in connectives.listing if words else signs:
            return True  # an end such as "et de la", or a sign and nothing but articles
    return False


def _searched(
    service: SearchService, lot: Lot, asked: Query, scope: tuple[Filters, ...]
) -> LotFound:
    asked = replace(asked, per_page=LOOKED_AT, facets=FACETS, scope=scope)
    try:
        answer = service.search(asked, proposing=False, of_trades=True)
    except InvalidQuery as error:
        placed = asked.place or asked.near
        if not placed or any(
            one.parameter not in ("place", "near", "radius") for one in error.problems
        ):
            return LotFound(lot, problems=error.problems)
        found = _searched(service, lot, replace(asked, place=(), near="", radius=None), scope)
        return replace(found, problems=(*error.problems, *found.problems))
    return LotFound(lot, answer, trade=bool(answer.needs))


def market(answer: Answer) -> Market:
    """Who could answer, in figures, out of an answer with its facets."""
    counts = {
        name: {one["value"]: one["count"] for one in values}
        for name, values in answer.facets.items()
    }
    coverage = counts["coverage"] if answer.plan.request.targets else {}
    turnovers = [hit.document["public"].get("turnover") for hit in answer.page.hits]
    return Market(
        total=answer.page.total,
        insertion=counts["kind_group"].get("insertion", 0),
        handicap=counts["kind_group"].get("handicap", 0),
        located=coverage.get("located", 0),
        serving=coverage.get("serves", 0),
        presumed=coverage.get("presumed", 0),
        national=counts.get("national", {}).get("only", 0),
        with_employees=sum(counts["employees"].values()),
        turnovers=tuple(one for one in turnovers if one),
    )
