"""Words, on all segments of a snapshot: which documents match, and Lucene's BM25 scores of those
asked for.
"""

import math
from collections.abc import Mapping, Sequence
from functools import cached_property, reduce

import numpy as np

from discovery.engine.embedded.arrays import NONE, Bools, Floats, Int64s, Ints, nonzero
from discovery.engine.embedded.layout import TextField
from discovery.engine.embedded.postings import Codes, Holding, Postings
from discovery.engine.embedded.segment import Segment
from discovery.engine.port import TextQuery
from discovery.model import dataclass


@dataclass(frozen=True, slots=True)
class FieldStats:
    """Of one text field over the present documents that have it, as Lucene counts them."""

    documents: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Part:
    """What a text query needs of a segment. `present` is None when no copy in it is superseded."""

    segment: Segment
    present: Bools | None
    saturations: dict[int, Floats]
    """By text field, BM25's saturation of every posting code, once asked for."""


@dataclass(frozen=True, slots=True)
class _Clause:
    """One (field, alternative) of a word on one segment."""

    documents: Ints
    codes: Codes
    weights: Floats
    """By code."""


def idf(documents: int, holding: int) -> float:
    """BM25's inverse document frequency, as Lucene's BM25Similarity.idf: ln(1 + (N - n + 0.5) / (n
    +
    0.5)), n of N documents.
    """
    return math.log(1 + (documents - holding + 0.5) / (holding + 0.5))


BYTES_PER_WORD = 400
"""Bytes of a word of a query, as measured."""


class TextPlan:
    """A text query bound to the segments of one snapshot; statistics are over all of them."""

    def __init__(
        self,
        query: TextQuery,
        parts: Sequence[Part],
        fields: Sequence[TextField],
        stats: Sequence[FieldStats],
        terms: Mapping[str, int],
    ) -> None:
        numbers = {field.name: number for number, field in enumerate(fields)}
        self._query, self._parts, self._stats = query, parts, [*zip(fields, stats, strict=True)]
        self._fields = {numbers[name]: boost for name, boost in query.fields if name in numbers}
        known = (
            [(terms.get(one.token), one.weight) for one in word.alternatives]
            for word in query.words
        )
        self._words = [
            [(term, weight) for term, weight in word if term is not None] for word in known
        ]
        self._matched: dict[int, Bools] = {}
        self._scored: dict[int, Floats | None] = {}
        self.nbytes = BYTES_PER_WORD * sum(len(word.alternatives) for word in query.words)
        """Bytes of what it holds, for the cache that keeps it."""

    @cached_property
    def _clauses(self) -> list[list[list[_Clause]]]:
        """For scores alone: most queries, those of needs, only tell who matches."""
        found = _bind(self._words, self._fields, self._parts, self._stats)
        clauses = (clause for words in found for word in words for clause in word)
        self.nbytes += sum(clause.documents.nbytes + clause.weights.nbytes for clause in clauses)
        return found

    def matches(self, part: int) -> Bools:
        """By document of segment `part`, whether it holds at least `required` of the words; not to
        be written to.
        """
        found = self._matched.get(part)
        if found is None:
            found = self._matched[part] = self._match(part)
            self.nbytes += found.nbytes
        return found

    def scores(self, part: int, chosen: Ints) -> Floats:
        """Text scores (BM25 as Lucene's) of the chosen matches; same shape. `chosen`: document
        numbers, ascending.

        Words asked again are asked of other places: from the second time on all their matches are
        scored, once.
        """
        if part not in self._scored:
            self._scored[part] = None
            return self._score(part, chosen)
        scored = self._scored[part]
        if scored is None:
            matching = nonzero(self.matches(part))
            scored = np.zeros(self._parts[part].segment.size, dtype=np.float64)
            scored[matching] = self._score(part, matching)
            self._scored[part] = scored
            self.nbytes += scored.nbytes
        return scored[chosen]

    def _match(self, part: int) -> Bools:
        segment, required = self._parts[part].segment, self._query.required
        asked = [[term for term, _ in word] for word in self._words]
        if required == 1:
            return segment.holders(self._fields, [term for terms in asked for term in terms])
        if required >= len(asked):  # of a phrase that is no name, nobody holds two words already
            all_ = np.ones(segment.size, dtype=np.bool_)
            return reduce(
                lambda got, of: got & segment.holders(self._fields, of) if got.any() else got,
                asked,
                all_,
            )
        counts = np.zeros(segment.size, dtype=np.uint16)
        for terms in asked:
            counts += segment.holders(self._fields, terms)
        return counts >= required

    def _score(self, part: int, chosen: Ints) -> Floats:
        total = np.zeros(len(chosen), dtype=np.float64)
        if not len(chosen):
            return total
        size, tie = self._parts[part].segment.size, self._query.tie_breaker
        places = np.full(size, -1, dtype=np.intp)
        places[chosen] = np.arange(len(chosen))
        for word in self._clauses[part]:
            if not word:
                continue
            best, every = (
                np.zeros(len(chosen), dtype=np.float64),
                np.zeros(len(chosen), dtype=np.float64),
            )
            for clause in word:
                there = places[clause.documents]
                kept = there >= 0
                there = there[kept]
                weights = clause.weights[clause.codes[kept]]
                best[there] = np.maximum(best[there], weights)
                every[there] += weights
            total += best
            total += (every - best) * tie  # the sum of the others
        return total


def _bind(
    words: Sequence[Sequence[tuple[int, float]]],
    fields: Mapping[int, float],
    parts: Sequence[Part],
    stats: Sequence[tuple[TextField, FieldStats]],
) -> list[list[list[_Clause]]]:
    """Clauses by segment, then by word. `words`: (term, weight) of each alternative; `fields`:
    their boosts.
    """
    asked = [
        (index, number, term, boost * weight)
        for index, word in enumerate(words)
        for term, weight in word
        for number, boost in fields.items()
    ]
    keys: Int64s = np.array([number << 32 | term for _, number, term, _ in asked], dtype=np.int64)
    found = [part.segment.postings.find(keys) for part in parts]
    out: list[list[list[_Clause]]] = [[[] for _ in words] for _ in parts]
    for position, (index, number, term, boost) in enumerate(asked):
        lists: list[tuple[int, Ints, Codes | Holding]] = []
        holding = 0
        for place, part in enumerate(parts):
            documents, by = _held(part.segment, *found[place][position], number, term)
            if len(documents):
                lists.append((place, documents, by))
                holding += (
                    len(documents) if part.present is None else int(part.present[documents].sum())
                )
        if not holding:
            # Only superseded copies hold the term; they never match, whatever their score.
            continue
        field, stat = stats[number]
        factor = boost * (field.k1 + 1) * idf(stat.documents, holding)
        for place, documents, by in lists:
            if isinstance(by, Holding):
                clause = _Clause(documents, by.codes, factor * saturation(by, field, stat))
            else:
                kept = parts[place].saturations
                if number not in kept:
                    kept[number] = saturation(parts[place].segment.postings, field, stat)
                clause = _Clause(documents, by, factor * kept[number])
            out[place][index].append(clause)
    return out


def _held(
    segment: Segment, start: int, end: int, field: int, term: int
) -> tuple[Ints, Codes | Holding]:
    """The documents that hold a term in a field, in postings from `start` to `end` or by shared
    texts: a file has all of a field in one of them. With what their weights depend on.
    """
    if start < end or field not in segment.shared.fields:
        return segment.postings.documents[start:end].astype(np.intp), segment.postings.codes[
            start:end
        ]
    held = segment.holding(term).get(field)
    return (NONE, segment.postings.codes[:0]) if held is None else (held.documents, held)


def saturation(of: Postings | Holding, field: TextField, stat: FieldStats) -> Floats:
    """BM25's saturation, tf / (tf + k1 x (1 - b + b x L / avg)) as in Lucene, of every posting
    code.
    """
    average = stat.tokens / stat.documents
    tf = of.frequencies
    return tf / (tf + field.k1 * (1 - field.b + field.b * of.lengths / average))
