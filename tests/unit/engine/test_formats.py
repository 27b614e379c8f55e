"""What an index of the format before is given, and what its rows become."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.engine import formats
from discovery.engine.embedded import layout as layouts
from discovery.engine.embedded.arrays import Interner
from discovery.engine.embedded.layout import FIRST_COLUMNS, FORMAT, KEYWORDS, Analyser
from discovery.engine.embedded.pack import counted, pack
from discovery.engine.embedded.prepare import Preparer
from discovery.engine.formats import DOCUMENT_FORMAT, ForeignFormatError
from discovery.model import attributes

FIELDS = {
    "id": {"type": "keyword"},
    "activities": {"type": "nested", "properties": {"sector": {"type": "keyword"}}},
    "public": {"type": "object", "enabled": False},
    **{name: {"type": "keyword"} for name in attributes.FIELDS.values()},
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


def test_one_without_an_attribute_that_came_since_gets_the_rest() -> None:
    known = {name: one for name, one in FIELDS.items() if name != "networks"}
    old = {"mappings": {"properties": known, "_meta": {"format": DOCUMENT_FORMAT}}}
    assert formats.narrowing(old)({**DOCUMENT, "networks": ["unai"]}) == DOCUMENT
    assert not formats.current(old), "so that the check compares no content that it can't hold"
    assert formats.current(body(DOCUMENT_FORMAT))


# Rows of embedded files

WIDTH = 3
"""Text fields."""
COLUMNS = st.lists(st.booleans(), min_size=len(KEYWORDS), max_size=len(KEYWORDS)).map(
    lambda kept: tuple(name for name, one in zip(KEYWORDS, kept, strict=True) if one)
)


def packed(columns: Sequence[str], document: Mapping[str, Any], *, sharing: bool = True) -> list[bytes]:
    """The rows of a document in a file of these columns; `sharing`: of a layout that keeps shared texts once."""
    definition = {
        "settings": {},
        "mappings": {
            "properties": {name: {"type": "keyword"} for name in ("id", *KEYWORDS)}
            | {f"text{number}": {"type": "text"} for number in range(WIDTH)}
        },
    }
    prepare = Preparer(definition, cast(Analyser, None), columns, sharing=sharing)
    ids = Interner()
    batch = counted([prepare(str(document["id"]), document)], prepare.fields, sharing=sharing)
    return pack(batch, ids.__getitem__, lambda words: words, lambda texts: texts)


@given(COLUMNS, st.lists(st.sampled_from(KEYWORDS), unique=True), st.booleans())
def test_a_row_of_fewer_columns_reads_as_one_that_has_nothing_in_the_others(
    columns: tuple[str, ...], held: list[str], sharing: bool
) -> None:
    document = {"id": "a", **{name: [f"{name}-1", f"{name}-2"] for name in held}}
    known = {"id": "a", **{name: values for name, values in document.items() if name in columns}}
    widen = layouts.widening(columns, sharing=sharing) or (lambda row: row)
    assert [widen(row) for row in packed(columns, document, sharing=sharing)] == packed(KEYWORDS, known)


def test_rows_of_today_are_left_alone() -> None:
    assert layouts.widening(KEYWORDS, sharing=True) is None


@pytest.mark.parametrize(("number", "lacked"), [(FORMAT, set()), (3, set()), (2, {"evidence", "evidence_sectors"})])
def test_a_file_that_names_no_columns_has_those_of_its_layout(number: int, lacked: set[str]) -> None:
    assert set(FIRST_COLUMNS) - set(layouts.columns({"format": str(number)})) == lacked


@pytest.mark.parametrize("number", [FORMAT + 1, 1])
def test_a_file_of_any_other_layout_is_refused_with_the_remedy(number: int) -> None:
    with pytest.raises(ForeignFormatError, match=f"suppliers.sqlite has format {number}.*indexer rebuild"):
        layouts.columns({"format": str(number)}, "suppliers.sqlite")


@pytest.mark.parametrize("columns", [[*KEYWORDS, "colour"], [*reversed(KEYWORDS)]])
def test_a_file_of_other_columns_is_refused_with_the_remedy(columns: list[str]) -> None:
    with pytest.raises(ForeignFormatError, match=r"suppliers.sqlite has columns.*indexer rebuild"):
        layouts.columns({"format": str(FORMAT), "columns": json.dumps(columns)}, "suppliers.sqlite")
