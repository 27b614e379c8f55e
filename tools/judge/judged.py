"""An index that holds a judged corpus."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from discovery.engine.port import Document
from discovery.mappings import DEFAULT_PROFILE
from discovery.search.service import SearchService
from tools.judge import corpus, grading, judgments
from tools.judge.answers import Ranker, service_ranker
from tools.judge.evaluation import Evaluation, evaluate
from tools.judge.judge import Judge
from tools.judge.judgments import CORPORA, Judgments


@dataclass(frozen=True, slots=True)
class Judged:
    """A corpus that an index was found to hold. `titles`: of tenders, by their rows; none where the
    list is absent. `by_rules`: nobody judged what the index holds, the rules alone grade it.
    """

    judgments: Judgments
    documents: Mapping[str, Document]
    judge: Judge
    titles: tuple[str, ...] = ()
    by_rules: bool = False

    def of(
        self, search: SearchService, profile: str | None, split: str, name: str | None = None
    ) -> Evaluation:
        """What the service answers, with that profile, to the queries of a split (`all`: every
        one).
        """
        chosen = profile or DEFAULT_PROFILE
        engine = search.engine.status().engine
        return self.by(service_ranker(search, chosen), split, name=name or chosen, engine=engine)

    def by(self, rank: Ranker, split: str, *, name: str, engine: str) -> Evaluation:
        """The judged queries of a split, answered by any ranker and measured."""
        asked = [one for one in self.judgments.queries if split in ("all", one.split)]
        return evaluate(
            rank,
            self.judgments,
            self.documents,
            self.judge,
            name=name,
            engine=engine,
            queries=asked,
            titles=self.titles,
        )


def read_titles(file: Path) -> tuple[str, ...]:
    """The column `title` of a CSV, row by row."""
    with file.open(encoding="utf-8", newline="") as lines:
        return tuple(row["title"] for row in csv.DictReader(lines))


def judged(
    search: SearchService, wanted: str | None = None, *, else_by_rules: bool = False
) -> Judged:
    """The judged corpus that the index holds; the one `wanted`, where it is named. WrongCorpusError
    otherwise, or with `else_by_rules` whatever the index holds, asked the queries of the first
    corpus that `_for_any_index` leaves.
    """
    documents = corpus.walk(search.engine)
    held, folder = corpus.fingerprint(documents), search.mappings.path
    known = [
        judgments.load(folder, name, search.mappings.vocabulary)
        for name in ([wanted] if wanted else CORPORA)
    ]
    found = next((one for one in known if one.fingerprint == held), known[0])
    judge = Judge(search.gazetteer, grading.load(folder))
    if else_by_rules and found.fingerprint != held:
        return Judged(_for_any_index(found), documents, judge, by_rules=True)
    corpus.require(found, documents, search.engine.status().index)
    return Judged(found, documents, judge)


def _for_any_index(known: Judgments) -> Judgments:
    """Without the queries that name a supplier or a title, and without grades: what a person graded
    is of other suppliers.
    """
    queries = (
        replace(one, grades={}) for one in known.queries if one.named is None and one.title is None
    )
    return replace(known, queries=tuple(queries))
