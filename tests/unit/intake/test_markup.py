"""HTML made plain, and that it costs no more than its length: counted in steps, not in seconds."""

import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.intake import text
from indexer.intake.text import without_html
from tests.tables import cases

PIECES = (
    "<!--",
    "-->",
    "<script>",
    "</script>",
    "</script",
    "<style>",
    "</style >",
    "<b>",
    "</p>",
    "<br/>",
    "<",
    ">",
)


@pytest.mark.parametrize(("raw", "plain"), cases(__file__, "html"))
def test_html(raw: str, plain: str) -> None:
    assert without_html(raw) == plain


@given(st.lists(st.sampled_from(PIECES) | st.text("ab -", max_size=3), max_size=30).map("".join))
def test_what_is_outside_of_tags_is_kept_in_order(raw: str) -> None:
    left = iter(raw)
    assert all(letter in left for letter in without_html(raw).replace("\n", "")), (
        "nothing is added or moved"
    )
    if "<" not in raw:
        assert without_html(raw) == raw


@pytest.mark.parametrize(
    "piece", [*PIECES, "<script></scriptx", "<a ", "<!--<script>", "&", "</script \n", "<b", "< "]
)
def test_no_mark_is_looked_at_more_than_a_few_times(piece: str) -> None:
    raw, steps = piece * (20_000 // len(piece)), 0

    def count(_frame: Any, _event: str, _arg: Any) -> Any:
        nonlocal steps
        steps += 1
        return count

    sys.settrace(count)
    try:
        without_html(raw)
    finally:
        sys.settrace(None)
    assert steps <= 20 * len(raw)


def test_combining_marks_are_bounded_before_they_are_put_in_order() -> None:
    """Fifty thousand on one letter took half a minute."""
    raw = "e" + "\u0301\u0316" * 50_000 + "t"
    plain = text.plain_line(raw)
    assert len(plain) <= text.MAX_MARKS + 2
    assert plain[-1] == "t"
    assert text.plain_line("مؤسسة " * 20) == ("مؤسسة " * 20).strip()
