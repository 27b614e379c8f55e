"""Whether the judged queries hold on a new index as on the one that serves, whatever suppliers the
two hold.

A living index holds no judged corpus, but the rules grade any supplier. Both indices are asked
every query; the hits of both are graded together, and each side's order is measured against the
best order of that pool.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from discovery.engine.port import Document, SearchEngine
from discovery.search.query import Query
from discovery.search.service import SearchService
from tools.judge.answers import AS_OF, DEPTH, Ranked
from tools.judge.evaluation import Evaluation, Result, measured
from tools.judge.judge import Judge, typed
from tools.judge.judgments import JudgedQuery

POOLED = "pooled"


def both(
    new: SearchService, serving: SearchService, queries: Iterable[JudgedQuery], judge: Judge
) -> tuple[Evaluation, Evaluation]:
    """(new, serving), over the queries that have an answer in the pool."""
    found: tuple[list[Result], list[Result]] = ([], [])
    for query in queries:
        named = _named(query, serving.engine)
        text = typed(query, named)
        if text is None or query.nothing:
            continue
        answers = [_ask(service.everywhere(), query, text) for service in (new, serving)]
        pool = named | {
            id_: document for _, documents in answers for id_, document in documents.items()
        }
        grades = judge.grades(query, pool)
        if not grades:
            continue
        for results, (ranked, _) in zip(found, answers, strict=True):
            results.append(replace(measured(query, text, ranked, grades, pool), split="held"))
    names = (new.engine.status(), serving.engine.status())
    first, second = (
        Evaluation(status.index, POOLED, status.engine, tuple(results))
        for status, results in zip(names, found, strict=True)
    )
    return first, second


def _named(query: JudgedQuery, engine: SearchEngine) -> dict[str, Document]:
    """The company that a query names, where the index holds it."""
    document = engine.get(query.named.id) if query.named else None
    return {document["id"]: document} if document and document["live"] else {}


def _ask(
    service: SearchService, query: JudgedQuery, text: str
) -> tuple[Ranked, Mapping[str, Document]]:
    asked = Query(q=text, lang=query.lang, per_page=DEPTH, facets=(), as_of=AS_OF)
    answer = service.search(asked)
    hits = {hit.id: hit.document for hit in answer.page.hits}
    return Ranked(tuple(hits), answer.page.total, answer.took_ms), hits
