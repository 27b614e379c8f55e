"""Canonical JSON: bounded, lazy, and never any error but BrokenFile."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.intake import limits
from indexer.intake.readers import json_lines
from indexer.intake.readers.json_lines import read_array, read_lines
from indexer.intake.readers.table import Reader
from indexer.intake.source import BrokenFile

WHOLE = st.integers(-(2**63), 2**64 - 1)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | WHOLE
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.lists(st.dictionaries(st.text(), VALUES, max_size=5), max_size=8)


def rows(read: Reader, text: str) -> list[Any]:
    return [row.raw for row in read(io.StringIO(text, newline=""))]


@given(OBJECTS, st.integers(0, 3), st.integers(1, 7))
def test_an_array_is_read_as_json_reads_it(
    objects: list[dict[str, Any]], indent: int, chunk: int
) -> None:
    text = json.dumps(objects, indent=indent or None, ensure_ascii=bool(indent % 2))
    before = json_lines.CHUNK
    json_lines.CHUNK = chunk  # elements cut in every way
    try:
        assert rows(read_array, f" \n{text} \n") == objects
    finally:
        json_lines.CHUNK = before


@given(OBJECTS)
def test_lines_are_read_as_json_reads_them(objects: list[dict[str, Any]]) -> None:
    assert rows(read_lines, "".join(f"{json.dumps(each)}\r\n\n" for each in objects)) == objects


@pytest.mark.parametrize(
    "text", [r'{"name": "half \ud83d of a pair"}', '{"name": "a", "name": "b"}']
)
def test_what_only_the_slower_reader_takes_is_read_too(text: str) -> None:
    assert rows(read_lines, text) == [json.loads(text)]


@given(st.lists(VALUES, max_size=6))
def test_every_element_is_a_row_objects_or_not(values: list[Any]) -> None:
    found = list(read_array(io.StringIO(json.dumps(values))))
    assert len(found) == len(values)
    assert [row.fault is None for row in found] == [isinstance(value, dict) for value in values]


@given(st.text() | st.text('[]{},:" \n0123e-.tfn"a\\', max_size=60))
def test_any_text_is_rows_or_broken(text: str) -> None:
    for read in (read_lines, read_array):
        try:
            rows(read, text)
        except BrokenFile as error:
            assert error.what  # noqa: PT017
            assert error.fix  # noqa: PT017


@given(OBJECTS.filter(bool), st.data())
def test_a_cut_array_is_never_taken_for_whole(
    objects: list[dict[str, Any]], data: st.DataObject
) -> None:
    text = json.dumps(objects)
    at = data.draw(st.integers(0, len(text) - 1))
    with pytest.raises(BrokenFile):
        rows(read_array, text[:at])


def test_numbers_cut_by_a_chunk_are_not_split(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_lines, "CHUNK", 3)
    assert [row.fault.value for row in read_array(io.StringIO("[123456, 7]")) if row.fault] == [
        "123456",
        "7",
    ]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('{"a": 1}\n{"a": \n', 2, "not valid JSON"),
        ('{"a": 1} {"a": 2}\n', 1, "something follows"),
        ('{"a": NaN}\n', 1, "NaN"),
        ("[" * 100_000, 1, "nested too deep"),
        ('{"a": ' + "1" * 5000 + "}", 1, "not valid JSON"),
        ('\n\n{"a"}', 3, "not valid JSON"),
    ],
)
def test_a_broken_line_is_named(text: str, line: int, said: str) -> None:
    with pytest.raises(BrokenFile) as caught:
        rows(read_lines, text)
    assert caught.value.line == line
    assert said in caught.value.what


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("{}", 1, "not a JSON array"), ("[{}\n{}]", 2, "comma"), ("[{}\n,\n]", 3, "not valid JSON"),
        ("[{}]\n[]", 2, "follows"), ("[{}", 1, "no end"), ("", 1, "not a JSON array"),
        ("[" * 100_000, 1, "nested too deep"),
    ],
)  # fmt: skip
def test_a_broken_array_is_named(text: str, line: int, said: str) -> None:
    with pytest.raises(BrokenFile) as caught:
        rows(read_array, text)
    assert caught.value.line == line
    assert said in caught.value.what


def test_lines_are_counted_where_elements_start() -> None:
    text = '[\n{"a":\n1},\n\n{"b": 2}]'
    assert [row.line for row in read_array(io.StringIO(text))] == [2, 5]
    assert [row.line for row in read_lines(io.StringIO('\n{"a": 1}\n\n{"b": 2}'))] == [2, 4]


@pytest.mark.parametrize("read", [read_lines, read_array])
def test_an_endless_record_does_not_fill_the_memory(read: Callable[..., Any]) -> None:
    endless = _Endless('[{"a": "' if read is read_array else '{"a": "')
    with pytest.raises(BrokenFile):
        list(read(endless))
    assert endless.given < 8 * limits.RECORD_CHARACTERS


class _Endless(io.StringIO):
    """A text without end."""

    def __init__(self, start: str) -> None:
        super().__init__()
        self._start, self.given = start, 0

    def read(self, size: int | None = -1) -> str:
        assert size is not None
        assert size > 0
        text, self._start = (self._start + "x" * size)[:size], ""
        self.given += size
        return text

    readline = read  # type: ignore[assignment]


def test_rows_come_before_the_end_is_read() -> None:
    stream = io.StringIO("[" + '{"a": 1},' * 200_000 + "broken")
    first = next(iter(read_array(stream)))
    assert first.raw == {"a": 1}
    assert stream.tell() < 2 * json_lines.CHUNK
