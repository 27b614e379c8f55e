"""What a document becomes before it is packed: remembered texts count as texts met for the first time."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from discovery.engine.embedded.layout import TF_BITS, text_fields
from discovery.engine.embedded.prepare import Prepared, Preparer
from tests.contract.worlds import DEFINITION, Split

FIELDS = text_fields(DEFINITION)
NAMES = [field.name for field in FIELDS]

TEXTS = st.lists(st.sampled_from(["tri", "tri tri papier", "papier | carton", "carton tri", "x " * 60, ""]), max_size=4)
DOCUMENTS = st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, TEXTS))


def counted(prepared: Prepared) -> dict[str, dict[str, int]]:
    """Frequencies by field."""
    found: dict[str, dict[str, int]] = {}
    for term, code in zip(prepared.terms, prepared.codes, strict=True):
        assert term not in found.setdefault(NAMES[code >> TF_BITS], {})
        found[NAMES[code >> TF_BITS]][term] = code & ((1 << TF_BITS) - 1)
    return found


@given(st.lists(DOCUMENTS, max_size=5))
def test_each_document_counts_its_own_texts_whatever_came_before(documents: list[dict[str, Any]]) -> None:
    prepare = Preparer(DEFINITION, Split())
    for number, document in enumerate([*documents, *documents]):
        prepared = prepare(str(number), {"id": str(number), **document})
        terms = {name: Counter(" ".join(texts).split()) for name, texts in document.items()}
        assert counted(prepared) == {name: dict(counts) for name, counts in terms.items() if counts}
        assert prepared.lengths == tuple(terms.get(name, Counter()).total() for name in NAMES)
        assert prepared.words == {term for counts in terms.values() for term in counts}
        assert prepared.name_words == {term for name in ("name", "brand") for term in terms.get(name, ())}


def test_a_frequency_that_has_no_room_is_the_highest_that_has() -> None:
    most = (1 << TF_BITS) - 1
    prepared = Preparer(DEFINITION, Split())("a", {"id": "a", "name": "tri " * (most + 5)})
    assert counted(prepared) == {"name": {"tri": most}}
    assert prepared.lengths[NAMES.index("name")] == most + 5
