"""The judged corpora, indexed once: the invented suppliers always, the public lists where they are."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from discovery.context import Services, make_services
from discovery.engine.port import Document
from discovery.mappings import Settings
from indexer.context import Context
from indexer.intake.run import import_files
from indexer.store import repository
from indexer.store.engine import reading
from tests.memo import migrated
from tests.real.rows import ESAT, LISTS, SIAE
from tools.judge import corpus, grading, judgments
from tools.judge.answers import Ranker, service_ranker
from tools.judge.evaluation import Evaluation, evaluate
from tools.judge.judge import Judge
from tools.judge.judged import read_titles
from tools.judge.judgments import Judgments
from tools.sample import generate

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SUPPLIERS, SEED = 2000, 7
BATCH = 1000
TENDERS = LISTS / "tender_titles.csv"
TITLES = read_titles(TENDERS) if TENDERS.exists() else ()


@dataclass(frozen=True)
class Corpus:
    """An indexed corpus, its documents and its judgments. `_ours`: what its own engine answered to
    each file of queries, asked once.
    """

    services: Services
    documents: dict[str, Document]
    judgments: Judgments
    _ours: dict[str, Evaluation] = field(default_factory=dict)

    @property
    def judge(self) -> Judge:
        return Judge(self.services.gazetteer, grading.load(self.services.mappings.path))

    def judged_by(self, name: str) -> Corpus:
        """The same index with another file of queries over the same suppliers."""
        mappings = self.services.mappings
        found = judgments.load(mappings.path, name, mappings.vocabulary)
        assert found.fingerprint == self.judgments.fingerprint
        return replace(self, judgments=found)

    def evaluated(self, services: Services | None = None) -> Evaluation:
        """All of its queries asked of its own engine, or of another that holds the same suppliers."""
        if services is not None:
            return self.evaluated_by(service_ranker(services.search), services.status().engine)
        name = self.judgments.corpus
        if name not in self._ours:
            self._ours[name] = self.evaluated(self.services)
        return self._ours[name]

    def evaluated_by(self, rank: Ranker, engine: str) -> Evaluation:
        return evaluate(
            rank,
            self.judgments,
            self.documents,
            self.judge,
            name="balanced",
            engine=engine,
            titles=TITLES,
        )


def written(corpus: Corpus) -> list[Document]:
    """What another engine is to index: whole documents, of which an engine gives back only what is
    shown.
    """
    context = Context(corpus.services.settings)
    ids = sorted(corpus.documents)
    with reading(context.store) as connection:
        suppliers = [
            repository.load(connection, ids[at : at + BATCH]) for at in range(0, len(ids), BATCH)
        ]
    built = [context.builder.build(one) for batch in suppliers for one in batch.values()]
    context.close()
    return [document for document in built if document is not None]


def indexed(home: Path, files: list[Path], name: str) -> Corpus:
    """The files in a store and an embedded index of their own."""
    context = Context(migrated(Settings(home=home)))
    done = import_files(
        context.store,
        files,
        mappings=context.mappings,
        gazetteer=context.gazetteer,
        now=NOW,
        report=io.StringIO(),
    )
    assert done.rejected == 0
    assert context.synchroniser().drain().indexed == done.created
    context.close()
    services = make_services(context.settings, mappings=context.mappings)
    judged = judgments.load(services.mappings.path, name, services.mappings.vocabulary)
    return Corpus(services, corpus.walk(services.engine), judged)


@pytest.fixture(scope="session")
def records() -> dict[str, dict[str, Any]]:
    """What the generator made, by id: the truth that its texts only hint at."""
    return {record["id"]: record for record in generate(SUPPLIERS, SEED)}


@pytest.fixture(scope="session")
def sample(records: dict[str, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    home = tmp_path_factory.mktemp("judged-sample")
    file = home / "sample.jsonl"
    file.write_text("\n".join(map(json.dumps, records.values())), encoding="utf-8")
    return indexed(home, [file], "sample")


@pytest.fixture(scope="session")
def evaluated(sample: Corpus) -> Evaluation:
    return sample.evaluated()


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    found = [LISTS / SIAE, LISTS / ESAT]
    absent = [file.name for file in found if not file.exists()]
    if absent:
        pytest.skip(
            f"the public lists are not here: put {' and '.join(absent)} in shared/data beside the checkout"
        )
    return indexed(tmp_path_factory.mktemp("judged-real"), found, "real")
