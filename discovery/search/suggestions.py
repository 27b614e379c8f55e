"""Ways out when filters left little: each a change of parameters, counted before it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from discovery.config.default_radius import Near
from discovery.config.vocabulary import Vocabulary
from discovery.engine.port import Coverage, National, SearchRequest
from discovery.gazetteer import Gazetteer
from discovery.intent.model import Intent, Piece
from discovery.schema.attributes import EXCLUSIONS, FILTERS
from discovery.search.answer import Change, Plan, WayOut
from discovery.search.interpretation import Interpretation, is_offered
from discovery.search.parameters import Query
from discovery.search.problems import Args
from discovery.search.where import GeoFilter

MAX_WAYS_OUT = 4
"""Suggestions shown: more would be a second set of filters."""

_MATCHING = ("filters", "exclude", "exclude_targets", "targets", "coverage", "national", "box")
"""What decides who matches, words and trades apart."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A change worth counting. `code` and `args` name it in the catalogue, the count still to come.

    `removes`: the filter, the exclusion, or `targets`, that must be gone once the change is made: taking a parameter
    away may bring back the piece of the phrase that it replaced. `needs`: another trade is asked for, and nothing else
    differs.
    """

    change: Change
    code: str
    args: Args = field(default_factory=dict)
    removes: str = ""

    def holds(self, before: SearchRequest, after: SearchRequest) -> bool:
        """Whether the changed query does what the label says and nothing else. (A parameter taken away may bring
        back the piece of the phrase that it replaced.)"""
        if self.removes == "needs":
            return len(after.needs) == 1 and all(getattr(before, one) == getattr(after, one) for one in _MATCHING)
        taken: dict[str, Any] = {self.removes: ()} if self.removes in FILTERS else {}
        counted = self.removes.removeprefix("not_")
        readmitted: dict[str, Any] = {counted: ()} if self.removes in EXCLUSIONS else {}
        same = (before.text, before.needs, replace(before.filters, **taken), replace(before.exclude, **readmitted))
        if same != (after.text, after.needs, after.filters, after.exclude):
            return False
        if self.removes != "not_place" and before.exclude_targets != after.exclude_targets:
            return False
        if self.removes == "targets":
            return not after.targets and after.national == before.national
        return not self.removes or (after.targets, after.coverage, after.national, after.box) == (
            before.targets, before.coverage, before.national, before.box
        )  # fmt: skip


def apply(query: Query, change: Change) -> Query:
    """The query with the change made, from its first page."""
    return replace(query, page=1, **change)


def candidates(made: Plan, vocabulary: Vocabulary, gazetteer: Gazetteer, near: Near) -> Iterator[Candidate]:
    """Ways out of a settled plan, the least change first: a wider circle, what else reaches the place, one filter or
    exclusion less, no place at all. A circle that was chosen stays, unless the change is of it."""
    query, intent, reading, where = made.pinned, made.intent, made.reading, made.where
    yield from _wider(where, near)
    if where.targets and not reading.presumed:
        yield Candidate({"presumed": None}, "suggest_presumed")
    if where.targets and where.coverage is Coverage.LOCATED:
        yield Candidate({"coverage": str(Coverage.ANY)}, "suggest_coverage")
    if where.national is National.ONLY:
        yield Candidate({"national": str(National.INCLUDE)}, "suggest_national")
    elif where.national is National.EXCLUDE and where.targets:
        yield Candidate({"national": str(National.INCLUDE)}, "suggest_national_included")
    for name in FILTERS:
        values: tuple[str, ...] = getattr(reading.filters, name)
        if values:
            yield Candidate(
                {name: ()} if query.values(name) else {"q": _without(intent, reading.pieces, _types(name, reading))},
                "suggest_without",
                {"label": ", ".join(_label(name, value, query.lang, vocabulary, gazetteer) for value in values)},
                removes=name,
            )
    yield from _readmitted(made, vocabulary, gazetteer)
    if where.box:
        yield Candidate({"bbox": None}, "suggest_without_box")
    yield from _regions(where, query.lang, gazetteer)
    yield from _family(made, vocabulary)
    if where.targets:
        nowhere: dict[str, Any] = {"place": (), "near": "", "lat": None, "lon": None, "radius": None}
        if any(piece.type == "place" for piece in intent.pieces):  # also one that `near` replaced: it would come back
            nowhere["q"] = _without(intent, intent.pieces, {"place", "radius"})
        yield Candidate(nowhere, "suggest_everywhere", removes="targets")


def _readmitted(made: Plan, vocabulary: Vocabulary, gazetteer: Gazetteer) -> Iterator[Candidate]:
    """Each exclusion taken back."""
    query, left_out = made.query, made.reading.exclusions
    for name in (*EXCLUSIONS, "not_place"):
        bare = name.removeprefix("not_")
        if name == "not_place":
            labels = [gazetteer.label(place, query.lang) for place in left_out.places]
        else:
            values: tuple[str, ...] = getattr(left_out.filters, bare)
            labels = [_label(bare, value, query.lang, vocabulary, gazetteer) for value in values]
        if labels:
            gone = [one for one in made.reading.pieces if one.type == "exclusion" and one.parameter == name]
            change: Change = {name: ()} if query.values(name) else {"q": _cut(made.intent, made.reading.pieces, gone)}
            yield Candidate(change, "suggest_with", {"label": ", ".join(labels)}, removes=name)


def _wider(where: GeoFilter, near: Near) -> Iterator[Candidate]:
    """The next two circles around the towns asked for; around a town alone, the coverage stays what it was."""
    if not any(target.zone_points for target in where.targets):
        return
    radius = max((target.circle.radius_km for target in where.targets if target.circle), default=0.0)
    for wider in [step for step in near.radii_km if step > radius][: near.offered]:
        yield Candidate({"radius": float(wider), "coverage": str(where.coverage)}, "suggest_radius", {"radius": wider})


def _regions(where: GeoFilter, lang: str, gazetteer: Gazetteer) -> Iterator[Candidate]:
    """From one department to its region."""
    if len(where.targets) == 1 and len(where.targets[0].departments) == 1:
        department = gazetteer.department(next(iter(where.targets[0].departments)))
        if department:
            code = f"region:{department.region}"
            yield Candidate({"place": (code,)}, "suggest_wider_place", {"label": gazetteer.label(code, lang)})


def _family(made: Plan, vocabulary: Vocabulary) -> Iterator[Candidate]:
    """From the one trade asked for to its whole group: who does a trade beside it is told apart, never mixed in."""
    if len(made.meant.needs) != 1 or len(made.reading.needs) != 1:
        return
    (need,) = made.meant.needs
    groups = {vocabulary.sectors[one].group if one in vocabulary.sectors else "" for one in need.sectors}
    group = vocabulary.sector_groups.get(groups.pop()) if len(groups) == 1 else None
    if group:
        label = group.label(made.query.lang)
        q = f"{made.meant.q[: need.start]}{label}{made.meant.q[need.end :]}"
        yield Candidate({"q": q}, "suggest_family", {"label": label}, removes="needs")


def _types(name: str, reading: Interpretation) -> set[str]:
    """Kinds come from pieces of either type when a phrase lists both ("ESAT ou insertion")."""
    spoken = {piece.type for piece in reading.pieces}
    return {name, "kind_group"} if name == "kind" and "kind_group" in spoken else {name}


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


def shown(found: list[tuple[Candidate, int]], total: int) -> tuple[WayOut, ...]:
    """The candidates that find more than `total`, least change first; of two circles with the same count, the
    smaller. `found`: each candidate with its total."""
    kept: dict[tuple[str, object, int], WayOut] = {}
    for candidate, count in found:
        if count > total:
            suggestion = WayOut(candidate.change, candidate.code, {**candidate.args, "count": count}, count)
            kept.setdefault((candidate.code, candidate.args.get("label"), count), suggestion)
    return tuple(kept.values())[:MAX_WAYS_OUT]
