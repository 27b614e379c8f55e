"""What documents become before they are written: each row has its own words, whatever came before
it or beside it.
"""

from collections import Counter
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from discovery.engine.embedded.arrays import Interner, Renumbering
from discovery.engine.embedded.layout import TF_BITS, Header, text_fields
from discovery.engine.embedded.postings import stored
from discovery.engine.embedded.prepare import Preparer, counted, pack, shown
from tests.contract.worlds import DEFINITION, Split

FIELDS = text_fields(DEFINITION)
NAMES = [field.name for field in FIELDS]

TEXTS = st.lists(
    st.sampled_from(["tri", "tri tri papier", "papier | carton", "carton tri", "x " * 60, ""]),
    max_size=4,
)
DOCUMENTS = st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, TEXTS))


class Row:
    """The words of a packed row, those of its shared texts among them."""

    def __init__(self, packed: bytes, terms: list[str], texts: list[bytes]) -> None:
        slots = np.frombuffer(packed, dtype="<i4").tolist()
        postings, shared, names, words = slots[Header.POSTINGS : Header.WORDS + 1]
        self.lengths = slots[Header.LENGTHS : Header.LENGTHS + len(FIELDS)]
        at = len(slots) - 2 * postings - 2 * shared - names - words
        self.names = [
            terms[number] for number in slots[len(slots) - words - names : len(slots) - words]
        ]
        self.words = {terms[number] for number in slots[len(slots) - words :]}
        self.counted: dict[str, dict[str, int]] = {}
        self.texts = set()
        for term, field, frequency in _pairs(slots[at : at + 2 * postings]):
            counts = self.counted.setdefault(NAMES[field], {})
            assert terms[term] not in counts
            counts[terms[term]] = frequency
        for text, field, times in _pairs(slots[at + 2 * postings :][: 2 * shared]):
            assert (text, field) not in self.texts
            self.texts.add((text, field))
            count, *rest = np.frombuffer(texts[text], dtype="<i4").tolist()
            counts = self.counted.setdefault(NAMES[field], {})
            for term, frequency in zip(rest[: 2 * count : 2], rest[1 : 2 * count : 2], strict=True):
                counts[terms[term]] = counts.get(terms[term], 0) + times * frequency
            self.words |= {terms[word] for word in rest[2 * count :]}
        self.counted = {name: counts for name, counts in self.counted.items() if counts}


def _pairs(slots: list[int]) -> list[tuple[int, int, int]]:
    """Number, field and frequency."""
    return [
        (number, code >> TF_BITS, code & ((1 << TF_BITS) - 1))
        for number, code in zip(slots[::2], slots[1::2], strict=True)
    ]


class Writing:
    """One process's: what it prepares is packed with the numbers that the store has for its words."""

    def __init__(self, *known: str) -> None:
        self.prepare = Preparer(DEFINITION, Split())
        self.store: Interner[str] = Interner()
        for term in known:
            self.store[term]
        self.texts: Interner[bytes] = Interner()
        self.renumber = Renumbering(self.prepare.numbers, self.store, str)
        self.of_texts = Renumbering(
            self.prepare.shared, self.texts, lambda text: stored(text, self.renumber)
        )

    def rows(self, documents: list[dict[str, Any]]) -> list[Row]:
        prepared = [
            self.prepare(str(number), {"id": str(number), **one})
            for number, one in enumerate(documents)
        ]
        packed = pack(
            counted(prepared, FIELDS), self.store.__getitem__, self.renumber, self.of_texts
        )
        return [Row(one, self.store.texts, self.texts.texts) for one in packed]


@given(st.lists(st.lists(DOCUMENTS, max_size=3), max_size=3))
def test_each_document_counts_its_own_texts_whatever_came_before(
    batches: list[list[dict[str, Any]]],
) -> None:
    writing = Writing("papier", "something else")
    for documents in [*batches, *batches]:
        for document, row in zip(documents, writing.rows(documents), strict=True):
            terms = {name: Counter(" ".join(texts).split()) for name, texts in document.items()}
            assert row.counted == {name: dict(counts) for name, counts in terms.items() if counts}
            assert row.lengths == [terms.get(name, Counter()).total() for name in NAMES]
            words = {term for counts in terms.values() for term in counts}
            assert sorted(row.words) == sorted(words)
            assert sorted(row.names) == sorted(
                {term for name in ("name", "brand") for term in terms.get(name, ())}
            )


def test_a_frequency_that_has_no_room_is_the_highest_that_has() -> None:
    most = (1 << TF_BITS) - 1
    [row] = Writing().rows([{"name": "tri " * (most + 5)}])
    assert row.counted == {"name": {"tri": most}}
    assert row.lengths[NAMES.index("name")] == most + 5


def test_words_numbered_in_vain_are_numbered_again() -> None:
    writing = Writing("known")
    writing.rows([{"name": "tri papier"}])
    writing.store.forget(1)  # the transaction failed
    writing.renumber.forget(1)
    writing.store["another process"]
    [row] = writing.rows([{"name": "papier known"}])
    assert sorted(row.words) == ["known", "papier"]
    assert writing.store.texts == ["known", "another process", "papier"]
    assert list(writing.store.since(2)) == [(2, "papier")]


@given(st.text(max_size=20) | st.text(min_size=56, max_size=70))
def test_a_value_is_shown_in_a_line_its_beginning_where_it_is_long(text: str) -> None:
    whole = repr(text)
    assert shown(text) == (whole if len(whole) <= 60 else f"{whole[:57]}...")
