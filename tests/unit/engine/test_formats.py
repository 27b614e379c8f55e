"""What an index of the format before is given, and what its rows become."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.engine import formats
from discovery.engine.embedded import formats as layouts
from discovery.engine.embedded.layout import FORMAT, NEVER, Header
from discovery.engine.formats import DOCUMENT_FORMAT, ForeignFormatError

FIELDS = {
    "id": {"type": "keyword"},
    "activities": {"type": "nested", "properties": {"sector": {"type": "keyword"}}},
    "public": {"type": "object", "enabled": False},
}
DOCUMENT = {
    "id": "a",
    "new": 1,
    "activities": [{"sector": "x", "new": [1]}, {"sector": "y"}],
    "public": {"anything": {"new": 1}},
}


def body(number: int | None) -> Mapping[str, Any]:
    return {"mappings": {"properties": FIELDS} | ({} if number is None else {"_meta": {"format": number}})}


def test_an_index_of_the_format_before_gets_the_fields_that_it_knows() -> None:
    assert formats.narrowing(body(DOCUMENT_FORMAT - 1))(DOCUMENT) == {
        "id": "a",
        "activities": [{"sector": "x"}, {"sector": "y"}],
        "public": {"anything": {"new": 1}},
    }


def test_one_of_today_gets_all_so_that_a_fault_of_the_builder_is_refused() -> None:
    assert formats.narrowing(body(DOCUMENT_FORMAT))(DOCUMENT) is DOCUMENT


@pytest.mark.parametrize("number", [DOCUMENT_FORMAT + 1, DOCUMENT_FORMAT - 2, None])
def test_any_other_is_refused_with_the_remedy(number: int | None) -> None:
    with pytest.raises(ForeignFormatError, match=f"suppliers-1.*format {number}.*indexer rebuild"):
        formats.check(body(number), "suppliers-1")


@given(st.lists(st.integers(-(2**31), 2**31 - 1), min_size=Header.LENGTHS, max_size=60))
def test_a_row_of_the_layout_before_is_itself_again_when_it_is_written(slots: list[int]) -> None:
    row = b"".join(slot.to_bytes(4, "little", signed=True) for slot in slots)
    widen, narrow = layouts.widening(FORMAT - 1), layouts.narrowing(FORMAT - 1)
    assert widen is not None
    assert narrow is not None
    assert narrow(widen(row)) == row


def test_rows_of_today_are_left_alone() -> None:
    assert (layouts.widening(FORMAT), layouts.narrowing(FORMAT), NEVER) == (None, None, float("-inf"))


@pytest.mark.parametrize("number", [FORMAT + 1, FORMAT - 2])
def test_a_file_of_any_other_layout_is_refused_with_the_remedy(number: int) -> None:
    with pytest.raises(ForeignFormatError, match=f"suppliers.sqlite has format {number}.*indexer rebuild"):
        layouts.check(number, "suppliers.sqlite")
