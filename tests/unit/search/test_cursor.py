from dataclasses import replace

import pytest

from discovery.engine.port import Alternative, Box, Filters, TextQuery, Word
from discovery.search.query import Cursor, Query, mark_of

ASKED = Query(q="nettoyage", kind=("ESAT",), sort="name", bbox=Box(1, 2, 3, 4))


def words(*tokens: str, required: int = 1) -> TextQuery:
    return TextQuery(
        tuple(Word(one, (Alternative(one),)) for one in tokens), required, (("name", 1.0),), 0.1
    )


@pytest.mark.parametrize(
    "change",
    [
        {"page": 3}, {"per_page": 50}, {"lang": "en"}, {"facets": ()}, {"cursor": Cursor((None, "a"), False, "m")},
        {"unknown": ("x",)},
    ],
)  # fmt: skip
def test_pages_of_one_search_have_one_mark(change: dict[str, object]) -> None:
    assert mark_of(replace(ASKED, **change), None) == mark_of(ASKED, None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"q": "menuiserie"}, {"kind": ()}, {"sort": "id"}, {"bbox": None}, {"near": "Lyon"}, {"national": "only"},
        {"scope": Filters(kind=("EA",))},
    ],
)  # fmt: skip
def test_another_search_has_another(change: dict[str, object]) -> None:
    assert mark_of(replace(ASKED, **change), None) != mark_of(ASKED, None)  # type: ignore[arg-type]


def test_the_words_as_searched_count() -> None:
    marks = [
        mark_of(ASKED, None),
        mark_of(ASKED, words("a")),
        mark_of(ASKED, words("b")),
        mark_of(ASKED, words("a", "b")),
    ]
    assert len({*marks, mark_of(ASKED, words("a", "b", required=2))}) == 5
    assert mark_of(ASKED, words("a")) == mark_of(ASKED, replace(words("a"), tie_breaker=0.9)), (
        "weights order nothing here"
    )
