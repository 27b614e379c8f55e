"""What is typed has no end: analyzers of a service remember little of it, and say the same."""

import pytest

from discovery.engine.analysis import Analysis, interpreter
from discovery.engine.definition import define
from discovery.mappings import load_mappings


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    return define(load_mappings()).analysis


def test_unseen_phrases_leave_no_more_than_fits(
    analysis: Analysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interpreter, "QUERY_CAPACITY", 1_000)
    queries = analysis.of_queries()
    most = 0
    for number in range(5_000):
        queries.terms("folded", f"mot{number} lyon")
        most = max(most, queries._named("folded")._memory.size)
    assert most < 1_000 + 20, "what one phrase brings, at most, beyond"


def test_they_say_the_same(analysis: Analysis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreter, "QUERY_CAPACITY", 3)
    queries = analysis.of_queries()
    assert queries.analyzers == analysis.analyzers
    for text in (
        "Nettoyage de bureaux à Lyon",
        "l'entretien des espaces verts",
        "ISO-9001 & Cie",
        "",
    ) * 2:
        for name in analysis.analyzers:
            assert queries.terms(name, text) == analysis.terms(name, text)
            assert queries.tokens(name, text) == analysis.tokens(name, text)
