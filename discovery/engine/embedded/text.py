"""Words, on all segments of a snapshot: which documents match, and Lucene's BM25 scores of those asked for."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from discovery.engine.embedded.arrays import Bools, Floats, Int64s, Ints, nonzero
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
    """BM25's inverse document frequency, as Lucene's BM25Similarity.idf: ln(1 + (N - n + 0.5) / (n + 0.5)), n of N
    documents."""
    return math.log(1 + (documents - holding + 0.5) / (holding + 0.5))


_TERM = (1 << 32) - 1

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
        self._query = query
        self._parts = parts
        self._clauses = _bind(query, parts, fields, stats, terms)

        self._matched: dict[int, Bools] = {}
        self._scored: dict[int, Floats | None] = {}
        clauses = (clause for words in self._clauses for word in words for clause in word)
        self.nbytes = sum(clause.documents.nbytes + clause.weights.nbytes for clause in clauses)
        """Bytes of what it holds, for the cache that keeps it."""
        self.nbytes += BYTES_PER_WORD * sum(len(word.alternatives) for word in query.words)

    def matches(self, part: int) -> Bools:
        """By document of segment `part`, whether it holds at least `required` of the words; not to be written to."""
        found = self._matched.get(part)
        if found is None:
            found = self._matched[part] = self._match(part)
            self.nbytes += found.nbytes
        return found

    def scores(self, part: int, chosen: Ints) -> Floats:
        """Text scores (BM25 as Lucene's) of the chosen matches; same shape. `chosen`: document numbers, ascending.

        Words asked again are asked of other places: from the second time on all their matches are scored, once.
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
        out: Floats = scored[chosen]
        return out

    def _match(self, part: int) -> Bools:
        size = self._parts[part].segment.size
        words = self._clauses[part]
        required = self._query.required
        if required >= len(words):
            found: Bools | None = None
            for word in words:
                mask = _holding(word, size)
                found = mask if found is None else np.logical_and(found, mask, out=found)
            assert found is not None
            return found
        if required == 1:
            return _holding([clause for word in words for clause in word], size)
        counts = np.zeros(size, dtype=np.uint16)
        for word in words:
            counts += _holding(word, size)
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
            best, every = None, None
            for clause in word:
                there = places[clause.documents]
                kept = there >= 0
                there = there[kept]
                weights = clause.weights[clause.codes[kept]]
                if best is None or every is None:
                    best = np.zeros(len(chosen), dtype=np.float64)
                    every = np.zeros(len(chosen), dtype=np.float64)
                    best[there] = weights
                    every[there] = weights
                else:
                    best[there] = np.maximum(best[there], weights)
                    every[there] += weights
            assert best is not None
            assert every is not None
            # best + tie x (sum of the others)
            every -= best
            every *= tie
            total += best
            total += every
        return total


def _holding(clauses: Sequence[_Clause], size: int) -> Bools:
    mask = np.zeros(size, dtype=np.bool_)
    for clause in clauses:
        mask[clause.documents] = True
    return mask


def _bind(
    query: TextQuery,
    parts: Sequence[Part],
    fields: Sequence[TextField],
    stats: Sequence[FieldStats],
    terms: Mapping[str, int],
) -> list[list[list[_Clause]]]:
    """Clauses by segment, then by word."""
    numbers = {field.name: number for number, field in enumerate(fields)}
    asked: list[tuple[int, int, float]] = []  # word, field, boost x weight
    keys: list[int] = []
    for index, word in enumerate(query.words):
        for alternative in word.alternatives:
            term = terms.get(alternative.token)
            if term is None:
                continue
            for name, boost in query.fields:
                number = numbers.get(name)
                if number is not None:
                    asked.append((index, number, boost * alternative.weight))
                    keys.append(number << 32 | term)
    array: Int64s = np.array(keys, dtype=np.int64)
    found = [part.segment.postings.find(array) for part in parts]
    out: list[list[list[_Clause]]] = [[[] for _ in query.words] for _ in parts]
    for position, (index, number, boost) in enumerate(asked):
        lists: list[tuple[int, Ints, Codes | Holding]] = []
        holding = 0
        for place, part in enumerate(parts):
            documents, by = _held(part.segment, *found[place][position], number, keys[position] & _TERM)
            if len(documents):
                lists.append((place, documents, by))
                holding += len(documents) if part.present is None else int(part.present[documents].sum())
        if not holding:
            # Only superseded copies hold the term; they never match, whatever their score.
            continue
        field, stat = fields[number], stats[number]
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


def _held(segment: Segment, start: int, end: int, field: int, term: int) -> tuple[Ints, Codes | Holding]:
    """The documents that hold a term in a field, in postings from `start` to `end` or by shared texts: a file has all
    of a field in one of them. With what their weights depend on."""
    if start < end or field not in segment.shared.fields:
        return segment.postings.documents[start:end].astype(np.intp), segment.postings.codes[start:end]
    held = segment.holding(field, term)
    return held.documents, held


def saturation(of: Postings | Holding, field: TextField, stat: FieldStats) -> Floats:
    """BM25's saturation, tf / (tf + k1 x (1 - b + b x L / avg)) as in Lucene, of every posting code."""
    average = stat.tokens / stat.documents
    tf = of.frequencies
    out: Floats = tf / (tf + field.k1 * (1 - field.b + field.b * of.lengths / average))
    return out
