"""Arrays and columns say what plain lists say."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from discovery.engine.embedded.arrays import expand_ranges, offsets
from discovery.engine.embedded.segment import Column

STRINGS = tuple("abcdef")
rows_ = st.lists(st.lists(st.integers(0, 5), unique=True, max_size=4), max_size=80)
singles = st.lists(st.lists(st.integers(0, 5), max_size=1), max_size=80)


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 5))))
def test_ragged_lists_every_position(rows: list[tuple[int, int]]) -> None:
    starts = np.array([start for start, _ in rows], dtype=np.intp)
    counts = np.array([count for _, count in rows], dtype=np.intp)
    assert expand_ranges(starts, counts).tolist() == [
        start + i for start, count in rows for i in range(count)
    ]
    assert offsets(counts).tolist() == [sum(counts[:i]) for i in range(len(rows) + 1)]


def column(rows: list[list[int]]) -> Column:
    terms = np.array([term for row in rows for term in row], dtype=np.int32)
    return Column.build(terms, np.array([len(row) for row in rows], dtype=np.intp), STRINGS)


@given(
    rows=st.one_of(rows_, singles),
    asked=st.lists(st.sampled_from("abcdefg")),
    picked=st.sets(st.integers(0, 79)),
)
def test_a_column_says_what_lists_say(
    rows: list[list[int]], asked: list[str], picked: set[int]
) -> None:
    held = column(rows)
    chosen = np.array(sorted(number for number in picked if number < len(rows)), dtype=np.intp)
    expected = Counter(STRINGS[term] for number in chosen.tolist() for term in rows[number])
    counted = dict(zip(held.values, held.tally(chosen).tolist(), strict=True))
    assert {value: count for value, count in counted.items() if count} == expected
    wanted = [any(STRINGS[term] in asked for term in row) for row in rows]
    assert held.having(asked).tolist() == wanted
    for value in asked:
        having = [number for number, row in enumerate(rows) if value in [STRINGS[t] for t in row]]
        assert held.rows_of(value).tolist() == having
