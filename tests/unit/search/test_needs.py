"""One trade of several: the phrase that asks for it alone."""

import pytest

from discovery.phrase.model import Intent, Need
from discovery.search.suggestions import phrase_of_need
from tests.tables import cases


def intent(q: str, *texts: str) -> Intent:
    starts = [q.index(text) for text in texts]
    needs = [
        Need(start, start + len(text), text, (text,), "label")
        for start, text in zip(starts, texts, strict=True)
    ]
    return Intent(q, q, needs=tuple(needs))


@pytest.mark.parametrize(
    ("q", "texts", "expected"), cases(__file__, "the_others_leave_with_what_joined_them")
)
def test_the_others_leave_with_what_joined_them(
    q: str, texts: list[str], expected: list[str]
) -> None:
    asked = intent(q, *texts)
    assert [phrase_of_need(asked, need) for need in asked.needs] == expected
