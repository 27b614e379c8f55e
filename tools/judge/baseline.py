"""The recorded quality that a change must not lose: `mappings/judgments/baseline.yaml`, changed on
purpose only.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from marshmallow import Schema, fields, post_load

from discovery.engine.port import Alternative, Searcher, SearchRequest, TextQuery, Word
from discovery.mappings import Mappings, yamlfile
from discovery.mappings.profiles import Profile
from discovery.search.words import FRENCH
from tools.judge.evaluation import Evaluation
from tools.judge.measures import mean

FILE = "baseline.yaml"
MAX_FALL = 0.01
"""Of the held set's mean nDCG@10; also how far two engines may stand apart."""
MAX_QUERY_FALL = 0.2
"""Of one query's nDCG@10, unless a note says why."""
MAX_LOSERS, TOLD = 5, 0.02
"""Queries that may lose more than `TOLD` beyond those that win as much: the same search gives the
same numbers.
"""
MAX_REACH = 0.02
"""Of all suppliers, those that a word may find besides by its equivalents, more than was recorded.
"""
WORST, COLUMNS = 5, 100

_HEAD = """\
# What the judged queries reach, written by `discovery evaluate --record` and compared by tests/relevance and
# `discovery evaluate --gate`. nDCG@10: `held` is the mean of the held set, `queries` each query's own.
# A query may fall by more than 0.2 when a note says why: `notes: {a-query: the reason}`; recording its corpus ends it.
"""


@dataclass(frozen=True, slots=True)
class Recorded:
    """The recorded nDCG@10 of one corpus: `held`, the mean of the held set, and of each query.
    `reach`: of its words with equivalents (`reach_of`); None where nobody recorded it.
    """

    held: float
    queries: Mapping[str, float]
    reach: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Baseline:
    """The recorded quality, by corpus.

    `notes`: query id → why it may fall.
    """

    corpora: Mapping[str, Recorded] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)


class _RecordedSchema(Schema):
    held = fields.Float(required=True)
    queries = fields.Dict(keys=fields.String(), values=fields.Float(), required=True)
    reach = fields.Dict(keys=fields.String(), values=fields.Float(), load_default=None)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Recorded:
        return Recorded(**data)


class _BaselineSchema(Schema):
    corpora = fields.Dict(
        keys=fields.String(), values=fields.Nested(_RecordedSchema), required=True
    )
    notes = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Baseline:
        return Baseline(**data)


def read(mappings: Path) -> Baseline:
    """The recorded quality of a mappings folder; empty when nothing was recorded. Raises
    MappingsError when it can't be read.
    """
    file = mappings / "judgments" / FILE
    found: Baseline = yamlfile.load(file, _BaselineSchema()) if file.exists() else Baseline()
    return found


def record(
    mappings: Path, evaluation: Evaluation, reach: Mapping[str, float] | None = None
) -> Path:
    """Write what this evaluation reaches as what its corpus must keep; other corpora stay as they
    are, their notes too.
    """
    before = read(mappings)
    kept: dict[str, dict[str, Any]] = {
        name: {
            "held": one.held,
            "queries": dict(one.queries),
            **({"reach": dict(one.reach)} if one.reach else {}),
        }
        for name, one in before.corpora.items()
    }
    elsewhere = {
        id_
        for name, one in before.corpora.items()
        if name != evaluation.corpus
        for id_ in one.queries
    }
    notes = {id_: why for id_, why in before.notes.items() if id_ in elsewhere}
    scored = evaluation.answerable()
    kept[evaluation.corpus] = {
        "held": round(held(evaluation), 4),
        "queries": {one.id: round(one.ndcg, 4) for one in scored},
        **({"reach": {word: round(share, 4) for word, share in reach.items()}} if reach else {}),
    }
    file = mappings / "judgments" / FILE
    content = {"notes": notes, "corpora": kept} if notes else {"corpora": kept}
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
    file.parent.mkdir(exist_ok=True)
    file.write_text(_HEAD + text, encoding="utf-8")
    return file


def held(evaluation: Evaluation) -> float:
    """Mean nDCG@10 of the held set."""
    return mean([one.ndcg for one in evaluation.answerable("held")])


def falls(
    evaluation: Evaluation, baseline: Baseline, reach: Mapping[str, float] | None = None
) -> Iterator[str]:
    """What the evaluation lost against the baseline, a sentence each; nothing when all of it holds.
    `reach`: what equivalences find now.
    """
    recorded = baseline.corpora.get(evaluation.corpus)
    if recorded is None:
        yield f"nothing is recorded for the corpus '{evaluation.corpus}': run `discovery evaluate --record`"
        return
    now = {one.id: one.ndcg for one in evaluation.answerable()}
    reached = held(evaluation)
    if recorded.held - reached > MAX_FALL:
        yield f"the held set fell from nDCG@10 {recorded.held:.4f} to {reached:.4f}, by more than {MAX_FALL}"
    changes = [now[id_] - before for id_, before in recorded.queries.items() if id_ in now]
    losers, winners = sum(one < -TOLD for one in changes), sum(one > TOLD for one in changes)
    if losers - winners > MAX_LOSERS:
        yield f"{losers} queries lost more than {TOLD} of their nDCG@10 and {winners} won: over {MAX_LOSERS} more"
    for id_ in sorted(recorded.queries.keys() - now.keys()):
        yield f"{id_} is in the baseline and was not asked: queries are not dropped; `--record` if it was on purpose"
    for id_, before in recorded.queries.items():
        if id_ in now and before - now[id_] > MAX_QUERY_FALL and not baseline.notes.get(id_):
            yield f"{id_} fell from nDCG@10 {before:.3f} to {now[id_]:.3f}: over {MAX_QUERY_FALL}, and no note says why"
    if recorded.reach is None or reach is None:
        return
    for word, share in reach.items():
        if share - recorded.reach.get(word, 0.0) > MAX_REACH:
            yield f"by its equivalents '{word}' finds {share:.1%} of all suppliers besides: over {MAX_REACH:.0%} more"


def flat_promises(profile: Profile) -> Iterator[str]:
    """Promises of a profile that are worth no less than a surer one, a sentence each. Order shows
    it too seldom for judged queries: without promises, 7 of 240 drawn first tens are others.
    """
    for surer, other in pairwise(("seat", "zone", "presumed", "outside")):
        if getattr(profile.promise, other) >= getattr(profile.promise, surer):
            yield f"promises are flat: profile '{profile.name}' makes '{other}' worth as much as '{surer}'"


def verdict(evaluation: Evaluation, baseline: Baseline, fallen: Sequence[str]) -> Iterator[str]:
    """What the gate says first: that it passed, or which promise fell and by how much; then the
    queries that lost most, a line each of 100 columns at most.
    """
    recorded = baseline.corpora.get(evaluation.corpus)
    if not fallen or recorded is None:
        reached = f"nDCG@10 {held(evaluation):.4f}" + (
            f", recorded {recorded.held:.4f}" if recorded else ""
        )
        yield f"passed: {reached}" if not fallen else f"FELL: {fallen[0]}"[:COLUMNS]
        return
    yield (f"FELL: {fallen[0]}" + (f"; and {len(fallen) - 1} more" if len(fallen) > 1 else ""))[
        :COLUMNS
    ]
    lost = [
        (one.ndcg - recorded.queries.get(one.id, one.ndcg), one) for one in evaluation.answerable()
    ]
    for change, one in sorted(lost, key=lambda pair: (pair[0], pair[1].id))[:WORST]:
        if change < 0:
            yield f"  {change:+.3f}  {one.id}: {one.q}"[:COLUMNS]


def reach_of(index: Searcher, mappings: Mappings) -> dict[str, float]:
    """Word of an equivalence, as the index has it → the share of all suppliers that its equivalents
    find besides it.
    """
    documents = index.status().documents
    found = mappings.equivalences.compile(partial(index.analysis().terms, FRENCH), [])
    profile = mappings.profile()

    def saying(*tokens: str) -> SearchRequest:
        word = Word(tokens[0], tuple(map(Alternative, tokens)))
        return SearchRequest(text=TextQuery((word,), 1, profile.fields, profile.tie_breaker))

    asked = [
        request
        for word, others in found.items()
        for request in (saying(word), saying(word, *others))
    ]
    counts = iter(index.counts(asked))
    return {word: (-next(counts) + next(counts)) / max(1, documents) for word in found}
