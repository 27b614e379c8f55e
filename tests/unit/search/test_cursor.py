from __future__ import annotations

from dataclasses import replace

import pytest

from discovery.engine.port import Alternative, Box, Filters, TextQuery, Word
from discovery.search.cursor import Cursor
from discovery.search.parameters import Query
from discovery.search.search_mark import mark

ASKED = Query(q="nettoyage", kind=("ESAT",), sort="name", bbox=Box(1, 2, 3, 4))


def words(*tokens: str, required: int = 1) -> TextQuery:
    return TextQuery(tuple(Word(one, (Alternative(one),)) for one in tokens), required, (("name", 1.0),), 0.1)


@pytest.mark.parametrize(
    "change",
    [
        {"page": 3},
        {"per_page": 50},
        {"lang": "en"},
        {"facets": ()},
        {"cursor": Cursor((None, "a"), False, "m")},
        {"unknown": ("x",)},
    ],
)
def test_pages_of_one_search_have_one_mark(change: dict[str, object]) -> None:
    assert mark(replace(ASKED, **change), None) == mark(ASKED, None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"q": "menuiserie"},
        {"kind": ()},
        {"sort": "id"},
        {"bbox": None},
        {"near": "Lyon"},
        {"national": "only"},
        {"scope": Filters(kind=("EA",))},
    ],
)
def test_another_search_has_another(change: dict[str, object]) -> None:
    assert mark(replace(ASKED, **change), None) != mark(ASKED, None)  # type: ignore[arg-type]


def test_the_words_as_searched_count() -> None:
    marks = [mark(ASKED, None), mark(ASKED, words("a")), mark(ASKED, words("b")), mark(ASKED, words("a", "b"))]
    assert len({*marks, mark(ASKED, words("a", "b", required=2))}) == 5
    assert mark(ASKED, words("a")) == mark(ASKED, replace(words("a"), tie_breaker=0.9)), "weights order nothing here"
