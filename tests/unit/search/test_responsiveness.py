"""Who answers buyers: the file, the rule of a profile, and that the file is followed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.config import SettingsError
from discovery.config.profiles import Responsiveness
from discovery.search.responsiveness import MAX_SILENT, Asked, Responses, _silent, load

RULE = Responsiveness(0.03, asked=5, share=0.2)
HEAD = "id,asked,answered\n"


def fed(folder: Path, text: str) -> Path:
    path = folder / "responses.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_who_was_asked_often_and_answered_seldom_is_silent(tmp_path: Path) -> None:
    path = fed(tmp_path, HEAD + "never,12,0\nseldom,10,1\nat the share,10,2\nasked too little,4,0\n\nalways,9,9\n")
    assert Responses(path).silent(RULE) == {"never", "seldom"}


def test_nobody_is_silent_without_a_file_or_a_weight(tmp_path: Path) -> None:
    assert Responses().silent(RULE) == frozenset()
    assert Responses(fed(tmp_path, HEAD + "never,12,0\n")).silent(Responsiveness()) == frozenset()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("id;asked;answered\n", 1),
        ("supplier,asked,answered\n", 1),
        (HEAD + "a,1\n", 2),
        (HEAD + "a,1,0\n,1,0\n", 3),
        (HEAD + "a,few,0\n", 2),
        (HEAD + "a,-1,0\n", 2),
        (HEAD + "a,1,2\n", 2),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    path = fed(tmp_path, text)
    with pytest.raises(SettingsError, match=rf"responses\.csv:{line}: write "):
        load(path)


def test_a_file_that_is_not_there_is_told_at_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="DISCOVERY_RESPONSES"):
        Responses(tmp_path / "none.csv")


rows = st.lists(
    st.tuples(st.integers(0, 50), st.integers(0, 50)).map(lambda pair: (max(pair), min(pair))), max_size=30
).map(lambda pairs: tuple(Asked(f"s{number}", *pair) for number, pair in enumerate(pairs)))


@given(rows, st.integers(1, 20), st.floats(0, 1), st.floats(0, 1))
def test_a_higher_share_or_fewer_requests_silences_no_fewer(
    fed: tuple[Asked, ...], asked: int, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    stricter = _silent(fed, Responsiveness(1.0, asked, low))
    assert stricter <= _silent(fed, Responsiveness(1.0, asked, high))
    assert _silent(fed, Responsiveness(1.0, asked + 1, low)) <= stricter
    assert not any(one.id in stricter for one in fed if one.answered == one.asked), "who always answers never is"


def test_those_asked_most_often_are_kept_when_there_are_too_many() -> None:
    many = tuple(Asked(f"s{number}", 5 + number, 0) for number in range(MAX_SILENT + 10))
    silent = _silent(many, RULE)
    assert len(silent) == MAX_SILENT
    assert {"s9", "s10"} & silent == {"s10"}
