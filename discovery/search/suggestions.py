"""Filters offered, each need's own total, and ways out of a search that found little: counted before they are shown."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from discovery.engine.port import Coverage, National, SearchPage, SearchRequest
from discovery.mappings.profiles import Near
from discovery.mappings.vocabulary import Vocabulary
from discovery.model.attributes import EXCLUSIONS, FILTERS
from discovery.phrase.model import Intent, Need, Piece
from discovery.places import Gazetteer, Place
from discovery.search.answer import Change, NeedFound, Offer, Plan, WayOut
from discovery.search.interpret import is_offered
from discovery.search.plan import Planner
from discovery.search.query import Args, InvalidQuery, Query
from discovery.search.where import in_place

MAX_WAYS_OUT = 4
"""Suggestions shown: more would be a second set of filters."""

_WHERE = ("targets", "coverage", "national", "box")
_MATCHING = ("text", "needs", "filters", "exclude", "exclude_targets", *_WHERE)
"""What decides who matches."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A change worth counting. `code` and `args` name it in the catalogue, the count still to come.

    `asked`: the strict request that the changed query has to make, but for the parts that are `free`: those are read
    in it, and it is read before it is counted. All others are read where their count is worth showing.
    """

    change: Change
    code: str
    args: Args = field(default_factory=dict)
    asked: SearchRequest = field(default_factory=SearchRequest)
    free: tuple[str, ...] = ()

    def holds(self, after: SearchRequest) -> bool:
        """Whether the changed query does what the label says and nothing else. (A parameter taken away may bring
        back the piece of the phrase that it replaced.)"""
        told = all(getattr(self.asked, one) == getattr(after, one) for one in _MATCHING if one not in self.free)
        return told and len(after.needs) == len(self.asked.needs)


def apply(query: Query, change: Change) -> Query:
    """The query with the change made, from its first page."""
    return replace(query, page=1, **change)


def candidates(made: Plan, vocabulary: Vocabulary, gazetteer: Gazetteer, near: Near) -> Iterator[Candidate]:
    """Ways out of a settled plan, the least change first: a wider circle, what else reaches the place, one filter or
    exclusion less, no place at all. A circle that was chosen stays, unless the change is of it."""
    query, intent, reading, where, asked = made.pinned, made.intent, made.reading, made.where, made.strict
    # Around a town alone, the coverage stays what it was.
    if reading.asked.minutes is None and any(target.zone_points for target in where.targets):
        radius = max((target.circle.radius_km for target in where.targets if target.circle), default=0.0)
        for wider in [step for step in near.radii_km if step > radius][: near.offered]:
            change: Change = {"radius": float(wider), "coverage": str(where.coverage)}
            yield Candidate(change, "suggest_radius", {"radius": wider}, asked, _WHERE)
    if where.targets and not reading.presumed:
        yield Candidate({"presumed": None}, "suggest_presumed", asked=replace(asked, presumed=True))
    if where.targets and where.coverage is Coverage.LOCATED:
        wanted = replace(asked, coverage=Coverage.ANY)
        yield Candidate({"coverage": str(Coverage.ANY)}, "suggest_coverage", asked=wanted)
    if where.national is National.ONLY or (where.national is National.EXCLUDE and where.targets):
        code = "suggest_national" if where.national is National.ONLY else "suggest_national_included"
        wanted = replace(asked, national=National.INCLUDE)
        yield Candidate({"national": str(National.INCLUDE)}, code, asked=wanted)
    for name in FILTERS:
        values: tuple[str, ...] = getattr(reading.filters, name)
        if values:
            # Kinds come from pieces of either type when a phrase lists both ("ESAT ou insertion").
            types = {name, "kind_group"} if name == "kind" else {name}
            label = ", ".join(_label(name, value, query.lang, vocabulary, gazetteer) for value in values)
            none: dict[str, Any] = {name: ()}
            change = none if query.values(name) else {"q": _without(intent, reading.pieces, types)}
            wanted = replace(asked, filters=replace(asked.filters, **none))
            yield Candidate(change, "suggest_without", {"label": label}, wanted)
    yield from _readmitted(made, asked, vocabulary, gazetteer)
    if where.box:
        yield Candidate({"bbox": None}, "suggest_without_box", {}, asked, _WHERE)
    if len(where.targets) == 1 and len(where.targets[0].departments) == 1:
        department = gazetteer.department(next(iter(where.targets[0].departments)))
        if department:
            region = Place("region", department.region)
            told = in_place(region, gazetteer.label(region, query.lang), query.lang)
            args = {"where": told[:1].upper() + told[1:]}
            yield Candidate({"place": (str(region),)}, "suggest_wider_place", args, asked, _WHERE)
    yield from _family(made, asked, vocabulary)
    if where.targets:
        nowhere: dict[str, Any] = {"place": (), "near": "", "lat": None, "lon": None, "radius": None, "minutes": None}
        if any(piece.type == "place" for piece in intent.pieces):  # also one that `near` replaced: it would come back
            nowhere["q"] = _without(intent, intent.pieces, {"place", "radius", "minutes"})
        coverage = where.coverage if query.coverage or where.box else Coverage.ANY
        wanted = replace(asked, targets=(), coverage=coverage)
        yield Candidate(nowhere, "suggest_everywhere", {}, wanted, ("needs",))  # at a place words of a trade mean less


def _readmitted(made: Plan, asked: SearchRequest, vocabulary: Vocabulary, gazetteer: Gazetteer) -> Iterator[Candidate]:
    """Each exclusion taken back."""
    query, left_out = made.query, made.reading.exclusions
    for name in (*EXCLUSIONS, "not_place"):
        bare = name.removeprefix("not_")
        if name == "not_place":
            labels = [gazetteer.label(place, query.lang) for place in left_out.places]
            wanted = replace(asked, exclude_targets=())
        else:
            values: tuple[str, ...] = getattr(left_out.filters, bare)
            labels = [_label(bare, value, query.lang, vocabulary, gazetteer) for value in values]
            none: dict[str, Any] = {bare: ()}
            wanted = replace(asked, exclude=replace(asked.exclude, **none))
        if labels:
            gone = [one for one in made.reading.pieces if one.type == "exclusion" and one.parameter == name]
            change: Change = {name: ()} if query.values(name) else {"q": _cut(made.intent, made.reading.pieces, gone)}
            yield Candidate(change, "suggest_with", {"label": ", ".join(labels)}, wanted)


def _family(made: Plan, asked: SearchRequest, vocabulary: Vocabulary) -> Iterator[Candidate]:
    """From the one trade asked for to its whole group: who does a trade beside it is told apart, never mixed in."""
    if len(made.meant.needs) != 1 or len(made.reading.needs) != 1:
        return
    (need,) = made.meant.needs
    groups = {vocabulary.sectors[one].group if one in vocabulary.sectors else "" for one in need.sectors}
    group = vocabulary.sector_groups.get(groups.pop()) if len(groups) == 1 else None
    if group:
        label = group.label(made.query.lang)
        q = f"{made.meant.q[: need.start]}{label}{made.meant.q[need.end :]}"
        yield Candidate({"q": q}, "suggest_family", {"label": label}, asked, ("text", "needs"))


def _without(intent: Intent, pieces: Iterable[Piece], types: set[str]) -> str:
    """The phrase without its applied pieces of some types, nor the connectives that touch them."""
    pieces = tuple(pieces)
    return _cut(intent, pieces, [piece for piece in pieces if piece.type in types and not is_offered(piece)])


def _cut(intent: Intent, pieces: Iterable[Piece], cut: Iterable[Piece]) -> str:
    gone = [(piece.start, piece.end) for piece in cut]
    starts, ends = {start for start, _ in gone}, {end for _, end in gone}
    kept = {piece.start for piece in pieces} - starts
    # A connective goes with what follows it ("à" of "ESAT à Lyon" is Lyon's), else with what it follows.
    gone += [
        (start, end)
        for start, end, what in intent.spans
        if what == "dropped" and (end in starts or (start in ends and end not in kept))
    ]
    return intent.without(gone)


def _label(name: str, value: str, lang: str, vocabulary: Vocabulary, gazetteer: Gazetteer) -> str:
    if name in {"department", "region"}:
        return gazetteer.label(f"{name}:{value}", lang)
    term = vocabulary.terms(name).get(value)
    if name == "kind":
        return value
    return term.label(lang) if term else value


def shown(
    found: Iterable[tuple[Candidate, int]], total: int, holds: Callable[[Candidate], bool] = lambda _: True
) -> tuple[WayOut, ...]:
    """The candidates that find more than `total`, least change first; of two circles with the same count, the
    smaller. `found`: each candidate with its total; `holds`: asked of those alone that would be shown."""
    kept: dict[tuple[str, object, int], WayOut] = {}
    for candidate, count in found:
        key = (candidate.code, candidate.args.get("label"), count)
        if len(kept) < MAX_WAYS_OUT and count > total and key not in kept and holds(candidate):
            kept[key] = WayOut(candidate.change, candidate.code, {**candidate.args, "count": count}, count)
    return tuple(kept.values())


_WORDS = r"(?:et|ou|and|or|ainsi\s+que|puis)"
_LEADS = re.compile(rf"(?:(?:(?:^|(?<=\W)){_WORDS}|[,;/+&])\s*)+$", re.IGNORECASE)
_FOLLOWS = re.compile(rf"\s*(?:{_WORDS}(?=\W|$)|[,;/+&])", re.IGNORECASE)
_OPENS = re.compile(rf"(?:(?:{_WORDS}(?=\W)|[,;/+&])\s*)+", re.IGNORECASE)


def phrase_of_need(intent: Intent, need: Need) -> str:
    """The phrase that asks for one of its needs only: "traiteur et nettoyage à Lyon" for the second is "nettoyage à
    Lyon"."""
    left = intent.without(_joined(intent.q, other) for other in intent.needs if other != need)
    left = re.sub(r"\s+(?=[,;])", "", left)
    opening = _OPENS.match(left)
    return left[opening.end() :] if opening else left


def _joined(q: str, need: Need) -> tuple[int, int]:
    """The need's characters with the conjunction before it, else with the one behind it."""
    before = _LEADS.search(q[: need.start])
    if before:
        return before.start(), need.end
    behind = _FOLLOWS.match(q, need.end)
    return need.start, behind.end() if behind else need.end


MAX_READ_AGAIN = 8
"""Needs of one phrase that are each read again, alone, to be counted: reading is what costs."""


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What may be proposed beside an answer, counted."""

    offers: tuple[Offer, ...] = ()
    suggestions: tuple[WayOut, ...] = ()
    needs: tuple[NeedFound, ...] = ()


Offered = tuple[str, tuple[str, ...], str]
"""A filter that the phrase may have meant: (parameter, values chosen together, label)."""


@dataclass(frozen=True, slots=True)
class SuggestionCounter:
    """Counts what may be proposed beside an answer. `count`: totals, in one call to the engine."""

    planner: Planner
    count: Callable[[Sequence[SearchRequest]], list[int]]

    def counted(self, made: Plan, page: SearchPage, *, proposing: bool = True) -> Suggestions:
        """Filters offered, needs and ways out, each with its total: one count at most, none when the facets tell and
        hits abound. Not `proposing`: needs alone. Raises EngineUnavailable."""
        offered = _offered(made) if proposing else []
        known = [self._facet_count(parameter, values, page) for parameter, values, _ in offered]
        unknown = [one for one, count in zip(offered, known, strict=True) if count is None]
        several = made.reading.needs if len(made.reading.needs) > 1 else ()
        alone = [(need, *self._alone(made, number, need)) for number, need in enumerate(several)]
        candidates = list(self._candidates(made)) if proposing and page.total < made.profile.relax_below else []
        filters: Any = made.request.filters
        asked = [
            *(replace(made.request, filters=replace(filters, **{name: values})) for name, values, _ in unknown),
            *(request for _, _, request in alone),
            *(changed for _, changed in candidates),
        ]
        late = iter(self.count(asked) if asked else [])
        totals = [next(late) if count is None else count for count in known]
        offers = tuple(
            Offer(parameter, ",".join(values), label, count)
            for (parameter, values, label), count in zip(offered, totals, strict=True)
            if count
        )
        found = tuple(NeedFound(need, next(late), query) for need, query, _ in alone) or tuple(
            NeedFound(need, page.total, made.pinned) for need in made.reading.needs
        )
        ways = [(candidate, count) for (candidate, _), count in zip(candidates, late, strict=True)]
        out = shown(ways, page.total, lambda one: bool(one.free) or self._after(made, one) is not None)
        return Suggestions(offers, out, found)

    def _alone(self, made: Plan, number: int, need: Need) -> tuple[Query, SearchRequest]:
        """The search for one need of several, in the same circle. Of more than anybody lists, it is what the phrase
        asks for less its other needs, without reading it again."""
        query = replace(made.pinned, q=phrase_of_need(made.meant, need), page=1)
        if number >= MAX_READ_AGAIN and len(made.request.needs) == len(made.reading.needs):
            return query, replace(made.request, needs=(made.request.needs[number],))
        plan = self.planner.plan(query, beside=made)
        return plan.query, plan.request

    def _facet_count(self, parameter: str, values: tuple[str, ...], page: SearchPage) -> int | None:
        """A facet already counted what an offer would give: that is its definition."""
        if len(values) != 1:
            return None
        grouped = parameter == "sector" and values[0] in self.planner.mappings.vocabulary.sector_groups
        counts = page.facets.get("sector_group" if grouped else parameter)
        return None if counts is None else counts.get(values[0], 0)

    def _candidates(self, made: Plan) -> Iterator[tuple[Candidate, SearchRequest]]:
        """Changes that may do what they say, each with the request that counts it."""
        kept = {} if made.circle is None else {"radius": made.pinned.radius}
        mappings = self.planner.mappings
        for candidate in candidates(made, mappings.vocabulary, self.planner.gazetteer, mappings.near):
            candidate = replace(candidate, change={**kept, **candidate.change})
            after = self._after(made, candidate) if candidate.free else candidate.asked
            if after is not None:
                if made.relaxed and "text" not in candidate.free:  # a typo read through stays so
                    after = replace(after, text=made.request.text, needs=made.request.needs)
                yield candidate, after

    def _after(self, made: Plan, candidate: Candidate) -> SearchRequest | None:
        """The request that following a change would make; None where it leads nowhere, or elsewhere than it says."""
        changed = apply(made.query, candidate.change)
        try:
            intent = made.intent if changed.q == made.query.q else None
            after = self.planner.plan(changed, intent, beside=made).request
        except InvalidQuery:  # a sort by distance without its place, say
            return None
        return after if candidate.holds(after) else None


def _offered(made: Plan) -> list[Offered]:
    """Sectors and words that may be filters, and the kinds that legal wording names, as one choice; but for those that
    are chosen already."""
    found: list[Offered] = [(piece.type, (piece.value,), piece.label) for piece in made.reading.offered]
    for piece in made.reading.ignored:
        if piece.type == "legal" and piece.alternatives:
            values = tuple(option.value for option in piece.alternatives)
            found.append(("kind", values, ", ".join(values)))
    filters = made.request.filters
    return [one for one in found if one[0] not in FILTERS or not set(one[1]) <= set(getattr(filters, one[0]))]
