"""Judged queries asked, and how well they were answered: per query, and per class of query."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from discovery.engine.port import Document
from tools.judge import conduct, measures
from tools.judge.answers import AS_OF, Ranked, Ranker
from tools.judge.conduct import NOTHING_NOTICED, Conduct
from tools.judge.judge import Judge, typed
from tools.judge.judgments import CLASSES, JudgedQuery, Judgments

MEASURES = ("ndcg@10", "mrr", "p@5", "recall@50", "judged@10")


@dataclass(frozen=True, slots=True)
class Result:
    """One query's answer, measured. `best`: how many suppliers are answers (grade 2 or 3) in the
    whole corpus.

    `measures` is empty for a query that nothing answers. `grades`: those of the first ten.
    `conduct`: the rest of what a buyer notices.
    """

    id: str
    q: str
    group: str
    split: str
    ids: tuple[str, ...]
    grades: tuple[int, ...]
    total: int
    best: int
    took_ms: float
    measures: Mapping[str, float]
    conduct: Conduct = NOTHING_NOTICED

    @property
    def ndcg(self) -> float:
        """nDCG of the first ten."""
        return self.measures["ndcg@10"]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The judged queries as one ranking answers them.

    `skipped`: ids of queries whose company this corpus lacks, or that no supplier of it answers.
    """

    name: str
    corpus: str
    engine: str
    results: tuple[Result, ...]
    skipped: tuple[str, ...] = ()

    def answerable(self, split: str | None = None) -> list[Result]:
        """Results of the queries that something answers; `split`: of one split alone."""
        return [one for one in self.results if one.measures and split in (None, one.split)]


def evaluate(
    rank: Ranker,
    judgments: Judgments,
    documents: Mapping[str, Document],
    judge: Judge,
    *,
    name: str,
    engine: str,
    queries: Iterable[JudgedQuery] | None = None,
    titles: Sequence[str] = (),
) -> Evaluation:
    """Every query (all of the judgments', unless given) asked once, after one that is not counted.
    `titles`: of tenders, where the list of them is at hand.
    """
    results, skipped = [], []
    asked = list(judgments.queries if queries is None else queries)
    for number, query in enumerate(asked):
        text = typed(query, documents, titles)
        grades = judge.grades(query, documents)
        if text is None or not (query.nothing or measures.relevant(grades)):
            skipped.append(query.id)
            continue
        if number == 0:
            rank(query, text)
        answer = rank(query, text)
        noticed = conduct.conduct_of(query, answer, grades, documents, judge)
        results.append(replace(measured(query, text, answer, grades, documents), conduct=noticed))
    return Evaluation(name, judgments.corpus, engine, tuple(results), tuple(skipped))


def measured(
    query: JudgedQuery, text: str, answer: Ranked, grades: measures.Grades, known: Collection[str]
) -> Result:
    """One answer measured. `known`: ids of all that was judged, grade 0 included."""
    found: dict[str, float] = {}
    if not query.nothing:
        values = (
            measures.ndcg(answer.ids, grades),
            measures.reciprocal_rank(answer.ids, grades),
            measures.precision(answer.ids, grades),
            measures.recall(answer.ids, grades),
            measures.judged(answer.ids, known),
        )
        found = dict(zip(MEASURES, values, strict=True))
    return Result(
        id=query.id,
        q=text,
        group=query.group,
        split=query.split,
        ids=answer.ids,
        grades=tuple(grades.get(id_, 0) for id_ in answer.ids[:10]),
        total=answer.total,
        best=len(measures.relevant(grades)),
        took_ms=answer.took_ms,
        measures=found,
    )


@dataclass(frozen=True, slots=True)
class Summary:
    """Means over some queries. `zero_rate`: the share answered by nothing at all; times in
    milliseconds.
    """

    name: str
    queries: int
    means: Mapping[str, float]
    zero_rate: float
    p50_ms: float
    p95_ms: float

    def as_dict(self) -> dict[str, Any]:
        """The summary for programs, rounded."""
        rounded = {name: round(value, 4) for name, value in self.means.items()}
        times = {"p50_ms": round(self.p50_ms, 2), "p95_ms": round(self.p95_ms, 2)}
        return {
            "name": self.name,
            "queries": self.queries,
            **rounded,
            "zero_rate": round(self.zero_rate, 4),
            **times,
        }


def summarise(name: str, results: Sequence[Result]) -> Summary:
    """Means of some results under a name. Of queries that nothing answers only the zero rate and
    the times are told.
    """
    scored = [one for one in results if one.measures]
    times = [one.took_ms for one in results]
    counted = scored or results
    return Summary(
        name=name,
        queries=len(results),
        means={key: measures.mean([one.measures[key] for one in scored]) for key in MEASURES}
        if scored
        else {},
        zero_rate=sum(one.total == 0 for one in counted) / len(counted) if counted else 0.0,
        p50_ms=measures.percentile(times, 0.5),
        p95_ms=measures.percentile(times, 0.95),
    )


def grouped(evaluation: Evaluation) -> list[tuple[str, list[Result]]]:
    """The results of each class that has some, then all of them, then those of each split."""
    found = evaluation.results
    groups = [(name, [one for one in found if one.group == name]) for name in CLASSES]
    splits = [(name, [one for one in found if one.split == name]) for name in ("tune", "held")]
    return [
        (name, results) for name, results in (*groups, ("all", list(found)), *splits) if results
    ]


def summaries(evaluation: Evaluation) -> list[Summary]:
    """A line a class that has queries, then all answerable ones, then those of each split."""
    groups = {name: [one for one in evaluation.results if one.group == name] for name in CLASSES}
    lines = [summarise(name, results) for name, results in groups.items() if results]
    for name, split in (("all", None), ("tune", "tune"), ("held", "held")):
        if results := evaluation.answerable(split):
            lines.append(summarise(name, results))
    return lines


def as_dict(evaluation: Evaluation) -> dict[str, Any]:
    """The whole evaluation for programs."""
    return {
        "name": evaluation.name,
        "corpus": evaluation.corpus,
        "engine": evaluation.engine,
        "as_of": AS_OF.isoformat(),
        "summaries": [one.as_dict() for one in summaries(evaluation)],
        "queries": [
            {
                "id": one.id,
                "q": one.q,
                "class": one.group,
                "split": one.split,
                **{key: round(value, 4) for key, value in one.measures.items()},
                "total": one.total,
                "answers": one.best,
                "took_ms": round(one.took_ms, 2),
                "conduct": asdict(one.conduct),
                "top": [
                    {"id": id_, "grade": grade}
                    for id_, grade in zip(one.ids, one.grades, strict=False)
                ],
            }
            for one in evaluation.results
        ],
        "skipped": list(evaluation.skipped),
    }
