"""Words: a sum over words of dis_max over (field, alternative), each a `term` on an analysed token."""

from __future__ import annotations

from discovery.engine.elasticsearch.query.clauses import Clause
from discovery.engine.port import TextQuery, Word


def text(query: TextQuery, *, required: int | None = None) -> Clause:
    """Scores as the port says, BM25 being the field's own similarity. Nothing is analysed by the engine. `required`: in
    place of the query's own."""
    return {
        "bool": {
            "should": [_word(word, query) for word in query.words],
            "minimum_should_match": query.required if required is None else required,
        }
    }


def _word(word: Word, query: TextQuery) -> Clause:
    return {
        "dis_max": {
            "tie_breaker": query.tie_breaker,
            "queries": [
                {"term": {field: {"value": alternative.token, "boost": boost * alternative.weight}}}
                for alternative in word.alternatives
                for field, boost in query.fields
            ],
        }
    }
