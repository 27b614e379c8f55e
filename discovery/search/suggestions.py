"""Filters offered, each need's own total, and ways out of a search that found little: counted
before they are shown.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from discovery.engine.port import Coverage, National, SearchPage, SearchRequest
from discovery.mappings.profiles import Near
from discovery.mappings.vocabulary import Vocabulary
from discovery.model import dataclass, field, replace
from discovery.model.attributes import EXCLUSIONS, FILTERS
from discovery.phrase.model import Intent, Need, Piece
from discovery.places import Gazetteer, Place
from discovery.search.answer import Change, NeedFound, Offer, Plan, WayOut, value_label
from discovery.search.interpret import is_offered
from discovery.search.plan import Planner, is_placed
from discovery.search.query import Args, InvalidQuery, Query
from discovery.search.where import in_place, resolve
from discovery.search.words import PROSE

MAX_WAYS_OUT = 4
"""Suggestions shown: more would be a second set of filters."""

_WHERE = ("targets", "coverage", "national", "box")
_MATCHING = ("text", "needs", "filters", "exclude", "exclude_targets", *_WHERE)
"""What decides who matches."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A change worth counting. `code` and `args` name it in the catalogue, the count still to come.

    `asked`: the strict request that the changed query has to make, but for the parts that are
    `free`: those are read in it, and it is read before it is counted. All others are read where
    their count is worth showing. `sure`: what the change does follows from the readings at hand;
    nothing is read again.
    """

    change: Change
    code: str
    args: Args = field(default_factory=dict)
    asked: SearchRequest = field(default_factory=SearchRequest)
    free: tuple[str, ...] = ()
    sure: bool = False

    def holds(self, after: SearchRequest) -> bool:
        """Whether the changed query does what the label says and nothing else. (A parameter taken
        away may bring back the piece of the phrase that it replaced.)
        """
        told = all(
            getattr(self.asked, one) == getattr(after, one)
            for one in _MATCHING
            if one not in self.free
        )
        return told and len(after.needs) == len(self.asked.needs)


def apply(query: Query, change: Change) -> Query:
    """The query with the change made, from its first page."""
    return replace(query, page=1, **change)


def candidates(
    made: Plan, vocabulary: Vocabulary, gazetteer: Gazetteer, near: Near
) -> Iterator[Candidate]:
    """Ways out of a settled plan, the least change first: a wider circle, what else reaches the
    place, one filter or exclusion less, no place at all. A circle that was chosen stays, unless the
    change is of it.
    """
    query, intent, reading, where, asked = (
        made.pinned,
        made.intent,
        made.reading,
        made.where,
        made.strict,
    )
    # Around a town alone, the coverage stays what it was.
    if reading.asked.minutes is None and any(target.zone_points for target in where.targets):
        radius = max(
            (target.circle.radius_km for target in where.targets if target.circle), default=0.0
        )
        for wider in [step for step in near.radii_km if step > radius][: near.offered]:
            change: Change = {"radius": float(wider), "coverage": str(where.coverage)}
            # Around a centre that is a parameter a circle replaces the phrase's places.
            sure = not (reading.asked.focus_only or query.near or query.lat is not None)
            yield Candidate(change, "suggest_radius", {"radius": wider}, asked, _WHERE, sure)
    if where.targets and not reading.presumed:
        yield Candidate(
            {"presumed": None}, "suggest_presumed", {}, replace(asked, presumed=True), sure=True
        )
    if where.targets and where.coverage is Coverage.LOCATED:
        wanted = replace(asked, coverage=Coverage.ANY)
        yield Candidate({"coverage": str(Coverage.ANY)}, "suggest_coverage", {}, wanted, sure=True)
    if where.national is National.ONLY or (where.national is National.EXCLUDE and where.targets):
        code = (
            "suggest_national" if where.national is National.ONLY else "suggest_national_included"
        )
        wanted = replace(asked, national=National.INCLUDE)
        yield Candidate({"national": str(National.INCLUDE)}, code, {}, wanted, sure=True)
    for name in FILTERS:
        values: tuple[str, ...] = getattr(reading.filters, name)
        if values:
            # Kinds come from pieces of either type when a phrase lists both ("ESAT ou insertion").
            types = {name, "kind_group"} if name == "kind" else {name}
            label = ", ".join(
                value_label(name, value, query.lang, vocabulary, gazetteer) for value in values
            )
            none: dict[str, Any] = {name: ()}
            applied = [
                piece for piece in reading.pieces if piece.type in types and not is_offered(piece)
            ]
            sure = not query.values(name) and _read_alike(intent, applied)
            change = none if query.values(name) else {"q": _cut(intent, reading.pieces, applied)}
            wanted = replace(asked, filters=replace(asked.filters, **none))
            yield Candidate(change, "suggest_without", {"label": label}, wanted, sure=sure)
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
        nowhere: dict[str, Any] = {
            "place": (),
            "near": "",
            "lat": None,
            "lon": None,
            "radius": None,
            "minutes": None,
        }
        if query.sort == "distance":  # there would be nothing to be near to
            nowhere["sort"] = "relevance"
        applied = [
            one
            for one in intent.pieces
            if one.type in ("place", "radius", "minutes") and not is_offered(one)
        ]
        if any(
            piece.type == "place" for piece in intent.pieces
        ):  # also one that `near` replaced: it would come back
            nowhere["q"] = _cut(intent, intent.pieces, applied)
        sure = _read_alike(intent, applied)
        # At a place words of a trade mean less.
        yield Candidate(
            nowhere, "suggest_everywhere", {}, replace(asked, targets=()), ("needs",), sure
        )


def _readmitted(
    made: Plan, asked: SearchRequest, vocabulary: Vocabulary, gazetteer: Gazetteer
) -> Iterator[Candidate]:
    """Each exclusion taken back."""
    query, left_out = made.query, made.reading.exclusions
    for name in (*EXCLUSIONS, "not_place"):
        bare = name.removeprefix("not_")
        if name == "not_place":
            labels = [gazetteer.label(place, query.lang) for place in left_out.places]
            none: dict[str, Any] = {"exclude_targets": ()}
        else:
            values: tuple[str, ...] = getattr(left_out.filters, bare)
            labels = [
                value_label(bare, value, query.lang, vocabulary, gazetteer) for value in values
            ]
            gone: dict[str, Any] = {bare: ()}
            none = {"exclude": replace(asked.exclude, **gone)} if values else {}
        if labels:
            said = [
                one
                for one in made.reading.pieces
                if one.type == "exclusion" and one.parameter == name
            ]
            change: Change = (
                {name: ()}
                if query.values(name)
                else {"q": _cut(made.intent, made.reading.pieces, said)}
            )
            yield Candidate(
                change, "suggest_with", {"label": ", ".join(labels)}, replace(asked, **none)
            )


def _family(made: Plan, asked: SearchRequest, vocabulary: Vocabulary) -> Iterator[Candidate]:
    """From the one trade asked for to its whole group: who does a trade beside it is told apart,
    never mixed in.
    """
    if len(made.meant.needs) != 1 or len(made.reading.needs) != 1:
        return
    (need,) = made.meant.needs
    groups = {
        vocabulary.sectors[one].group if one in vocabulary.sectors else "" for one in need.sectors
    }
    group = vocabulary.sector_groups.get(groups.pop()) if len(groups) == 1 else None
    if group:
        label = group.label(made.query.lang)
        q = f"{made.meant.q[: need.start]}{label}{made.meant.q[need.end :]}"
        alone = made.meant.text == need.text and len(need.text.split()) < PROSE
        yield Candidate(
            {"q": q}, "suggest_family", {"label": label}, asked, ("text", "needs"), alone
        )


def _read_alike(intent: Intent, cut: Iterable[Piece]) -> bool:
    """Whether a phrase less some pieces is read as before, but for these: of a few words, all in
    front of them. (Of 2,009 such phrases and titles all were, misspelt trades apart; of 338 others
    17 were not.)
    """
    start = min((piece.start for piece in cut), default=len(intent.q))
    return len(intent.text.split()) < PROSE and all(
        end <= start for _, end, what in intent.spans if what == "text"
    )


def _cut(intent: Intent, pieces: Iterable[Piece], cut: Iterable[Piece]) -> str:
    """The phrase without some of its pieces, nor the connectives that touch them."""
    gone = [(piece.start, piece.end) for piece in cut]
    starts, ends = {start for start, _ in gone}, {end for _, end in gone}
    kept = {piece.start for piece in pieces} - starts
    # A connective goes with what follows it ("à" of "ESAT à Lyon" is Lyon's), else with what it
    # follows.
    gone += [
        (start, end)
        for start, end, what in intent.spans
        if what == "dropped" and (end in starts or (start in ends and end not in kept))
    ]
    return intent.without(gone)


def shown(
    found: Iterable[tuple[Candidate, int]],
    total: int,
    holds: Callable[[Candidate], bool] = lambda _: True,
) -> tuple[WayOut, ...]:
    """The candidates that find more than `total`, least change first; of two circles with the same
    count, the smaller. `found`: each candidate with its total; `holds`: asked of those alone that
    would be shown.
    """
    kept: dict[tuple[str, object, int], WayOut] = {}
    for candidate, count in found:
        key = (candidate.code, candidate.args.get("label"), count)
        if len(kept) < MAX_WAYS_OUT and count > total and key not in kept and holds(candidate):
            kept[key] = WayOut(
                candidate.change, candidate.code, {**candidate.args, "count": count}, count
            )
    return tuple(kept.values())


_WORDS = r"(?:et|ou|and|or|ainsi\s+que|puis)"
_LEADS = re.compile(rf"(?:(?:(?:^|(?<=\W)){_WORDS}|[,;/+&])\s*)+$", re.IGNORECASE)
_FOLLOWS = re.compile(rf"\s*(?:{_WORDS}(?=\W|$)|[,;/+&])", re.IGNORECASE)
_OPENS = re.compile(rf"(?:(?:{_WORDS}(?=\W)|[,;/+&])\s*)+", re.IGNORECASE)


def phrase_of_need(intent: Intent, need: Need) -> str:
    """The phrase that asks for one of its needs only: "traiteur et nettoyage à Lyon" for the second
    is "nettoyage à Lyon".
    """
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
        """Filters offered, needs and ways out, each with its total: one count at most, none when
        the facets tell and hits abound. Not `proposing`: needs alone, none of them read again.
        Raises EngineUnavailable.
        """
        offered = _offered(made) if proposing else []
        known = [self._facet_count(parameter, values, page) for parameter, values, _ in offered]
        unknown = [one for one, count in zip(offered, known, strict=True) if count is None]
        several = made.reading.needs if len(made.reading.needs) > 1 else ()
        alone = [
            (of, *self._alone(made, at, MAX_READ_AGAIN if proposing else 0))
            for at, of in enumerate(several)
        ]
        candidates = (
            list(self._candidates(made))
            if proposing and page.total < made.profile.relax_below
            else []
        )
        filters: Any = made.request.filters
        asked = [
            *(
                replace(made.request, filters=replace(filters, **{name: values}))
                for name, values, _ in unknown
            ),
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
        out = shown(
            ways,
            page.total,
            lambda one: one.sure or bool(one.free) or self._after(made, one) is not None,
        )
        return Suggestions(offers, out, found)

    def _alone(self, made: Plan, number: int, again: int) -> tuple[Query, SearchRequest]:
        """The search for one need of several, in the same circle: of the first `again` the phrase
        is read again without its other needs; behind them it is what was read of the whole. `again`
        0: the query is its own words there.
        """
        need, where = made.reading.needs[number], made.reading.asked
        query = replace(made.pinned, q=phrase_of_need(made.meant, need), page=1)
        if number >= again and len(made.request.needs) == len(made.reading.needs):
            if not again:
                near = query.near or (str(where.centre) if isinstance(where.centre, Place) else "")
                query = replace(
                    query,
                    q=need.text,
                    near=near,
                    place=query.place or tuple(map(str, where.places)),
                )
            return query, replace(made.request, needs=(made.request.needs[number],))
        plan = self.planner.plan(query, beside=made)
        return plan.query, plan.request

    def _facet_count(self, parameter: str, values: tuple[str, ...], page: SearchPage) -> int | None:
        """A facet already counted what an offer would give: that is its definition."""
        if len(values) != 1:
            return None
        grouped = (
            parameter == "sector" and values[0] in self.planner.mappings.vocabulary.sector_groups
        )
        counts = page.facets.get("sector_group" if grouped else parameter)
        return None if counts is None else counts.get(values[0], 0)

    def _candidates(self, made: Plan) -> Iterator[tuple[Candidate, SearchRequest]]:
        """Changes that may do what they say, each with the request that counts it."""
        kept = {} if made.circle is None else {"radius": made.pinned.radius}
        mappings = self.planner.mappings
        for candidate in candidates(
            made, mappings.vocabulary, self.planner.gazetteer, mappings.near
        ):
            candidate = replace(candidate, change={**kept, **candidate.change})
            if not candidate.free:
                after: SearchRequest | None = candidate.asked
            else:
                after = (
                    self._known(made, candidate) if candidate.sure else self._after(made, candidate)
                )
            if after is not None:
                if made.relaxed and "text" not in candidate.free:  # a typo read through stays so
                    needs = (
                        after.needs
                        if candidate.sure and "needs" in candidate.free
                        else made.request.needs
                    )
                    after = replace(after, text=made.request.text, needs=needs)
                yield candidate, after

    def _known(self, made: Plan, candidate: Candidate) -> SearchRequest | None:
        """What a sure change comes to: another circle, other needs, or the same needs where places
        don't count.
        """
        planner, asked = self.planner, candidate.asked
        if candidate.code == "suggest_radius":
            wider = replace(
                made.reading.asked,
                radius_km=candidate.change["radius"],
                automatic=False,
                typed=True,
            )
            where = resolve(
                replace(wider, coverage=made.where.coverage), planner.gazetteer, made.query.lang
            )
            return (
                None
                if where.problems
                else replace(asked, targets=where.targets, coverage=where.coverage)
            )
        if candidate.code == "suggest_everywhere":
            return replace(
                asked, needs=planner.needs(made.reading.needs, made.profile, placed=False)
            )
        named = planner.understand(replace(made.query, q=str(candidate.args["label"]))).needs
        needs = planner.needs(named, made.profile, placed=is_placed(made.reading, asked.targets))
        return replace(asked, needs=needs) if len(needs) == len(asked.needs) else None

    def _after(self, made: Plan, candidate: Candidate) -> SearchRequest | None:
        """The request that following a change would make; None where it leads nowhere, or elsewhere
        than it says.
        """
        changed = apply(made.query, candidate.change)
        try:
            intent = made.intent if changed.q == made.query.q else None
            after = self.planner.plan(changed, intent, beside=made).request
        except InvalidQuery:  # a sort by distance without its place, say
            return None
        return after if candidate.holds(after) else None


def _offered(made: Plan) -> list[Offered]:
    """Sectors and words that may be filters, trades that are only possible, and the kinds that
    legal wording names, as one choice; but for those that are chosen already.
    """
    found: list[Offered] = [
        (piece.type, (piece.value,), piece.label) for piece in made.reading.offered
    ]
    for piece in (*made.reading.ignored, *(() if made.recognised else made.reading.pieces)):
        values = tuple(option.value for option in piece.alternatives)
        if piece.type == "legal" and values:
            found.append(("kind", values, ", ".join(values)))
        if piece.type == "trade":
            found.append(("sector", values, piece.label))
    filters = made.request.filters
    return [
        one
        for one in found
        if one[0] not in FILTERS or not set(one[1]) <= set(getattr(filters, one[0]))
    ]
