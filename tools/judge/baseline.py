"""The recorded quality that a change must not lose: `mappings/judgments/baseline.yaml`, changed on purpose only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from marshmallow import Schema, fields, post_load

from discovery.mappings import yamlfile
from tools.judge.evaluation import Evaluation
from tools.judge.measures import mean

FILE = "baseline.yaml"
MAX_FALL = 0.01
"""Of the held set's mean nDCG@10; also how far two engines may stand apart."""
MAX_QUERY_FALL = 0.2
"""Of one query's nDCG@10, unless a note says why."""

_HEAD = """\
# What the judged queries reach, written by `discovery evaluate --record` and compared by tests/relevance and
# `discovery evaluate --gate`. nDCG@10: `held` is the mean of the held set, `queries` each query's own.
# A query may fall by more than 0.2 when a note says why: `notes: {a-query: the reason}`; recording its corpus ends it.
"""


@dataclass(frozen=True, slots=True)
class Recorded:
    """The recorded nDCG@10 of one corpus: `held`, the mean of the held set, and of each query.

    Of one corpus.
    """

    held: float
    queries: Mapping[str, float]


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

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Recorded:
        return Recorded(**data)


class _BaselineSchema(Schema):
    corpora = fields.Dict(keys=fields.String(), values=fields.Nested(_RecordedSchema), required=True)
    notes = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Baseline:
        return Baseline(**data)


def read(mappings: Path) -> Baseline:
    """The recorded quality of a mappings folder; empty when nothing was recorded. Raises MappingsError when it can't
    be read."""
    file = mappings / "judgments" / FILE
    found: Baseline = yamlfile.load(file, _BaselineSchema()) if file.exists() else Baseline()
    return found


def record(mappings: Path, evaluation: Evaluation) -> Path:
    """Write what this evaluation reaches as what its corpus must keep; other corpora stay as they are, their notes
    too."""
    before = read(mappings)
    kept = {name: {"held": one.held, "queries": dict(one.queries)} for name, one in before.corpora.items()}
    elsewhere = {id_ for name, one in before.corpora.items() if name != evaluation.corpus for id_ in one.queries}
    notes = {id_: why for id_, why in before.notes.items() if id_ in elsewhere}
    scored = evaluation.answerable()
    kept[evaluation.corpus] = {
        "held": round(held(evaluation), 4),
        "queries": {one.id: round(one.ndcg, 4) for one in scored},
    }
    file = mappings / "judgments" / FILE
    content = {"notes": notes, "corpora": kept} if notes else {"corpora": kept}
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
    file.write_text(_HEAD + text, encoding="utf-8")
    return file


def held(evaluation: Evaluation) -> float:
    """Mean nDCG@10 of the held set."""
    return mean([one.ndcg for one in evaluation.answerable("held")])


def falls(evaluation: Evaluation, baseline: Baseline) -> Iterator[str]:
    """What the evaluation lost against the baseline, a sentence each; nothing when all of it holds."""
    recorded = baseline.corpora.get(evaluation.corpus)
    if recorded is None:
        yield f"nothing is recorded for the corpus '{evaluation.corpus}': run `discovery evaluate --record`"
        return
    now = {one.id: one.ndcg for one in evaluation.answerable()}
    for id_ in sorted(recorded.queries.keys() - now.keys()):
        yield f"{id_} is in the baseline and was not asked: queries are not dropped; `--record` if it was on purpose"
    for id_, before in recorded.queries.items():
        if id_ in now and before - now[id_] > MAX_QUERY_FALL and not baseline.notes.get(id_):
            yield f"{id_} fell from nDCG@10 {before:.3f} to {now[id_]:.3f}: over {MAX_QUERY_FALL}, and no note says why"
    reached = held(evaluation)
    if recorded.held - reached > MAX_FALL:
        yield f"the held set fell from nDCG@10 {recorded.held:.4f} to {reached:.4f}, by more than {MAX_FALL}"
