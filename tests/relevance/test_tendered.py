"""What is read of titles with their codes, measured."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from discovery.cli import main
from discovery.mappings.crosswalk import Meaning
from tools.judge.tendered import Title, Told, confusion, figures, read_tendered, reliability

GROUPS = ("food", "works", "linen")
TITLES = """notice,level,title,cpv
1,notice,Nettoyage des bureaux de la mairie,90919200
1,lot,Lot 2 : vitrerie du gymnase,90911300
1,lot,Secteur nord,90919200
2,notice,Fourniture de gaz naturel,09123000
2,lot,Lot 1,09123000
3,notice,Tonte et taille des espaces verts,77310000
4,notice,Acquisition de vaccins,33651600
5,notice,Restauration scolaire,55524000
6,notice,Sans code,
"""


def told(
    truth: str, chances: Sequence[tuple[str, float]], none: float = 0.0, *, possible: bool = False
) -> Told:
    meaning = Meaning("9", (truth,)) if truth else Meaning("9", none=True)
    title = Title(0, "n", False, "words", "words", meaning, "90910000")
    return Told(
        title, frozenset({truth} - {""}), tuple(chances), bool(chances) and not possible, none
    )


ANY = st.builds(
    lambda truth, chances, none: told(truth, tuple(chances.items()), none),
    truth=st.sampled_from(("", *GROUPS)),
    chances=st.dictionaries(st.sampled_from(GROUPS), st.floats(0, 1)),
    none=st.floats(0, 1),
)


@pytest.fixture
def titles(tmp_path: Path) -> Path:
    file = tmp_path / "titles.csv"
    file.write_text(TITLES, encoding="utf-8")
    return file


def test_lots_are_read_with_their_notice_and_rows_without_a_decided_code_left_out(
    titles: Path,
) -> None:
    read = read_tendered(
        titles, lambda code: Meaning(code[:2], ("x",)) if code.startswith("90") else None
    )
    assert [(one.row, one.is_lot) for one in read] == [(0, False), (1, True), (2, True)]
    assert read[2].whole == "Secteur nord – Nettoyage des bureaux de la mairie"
    assert len({one.fold for one in read}) == 1


def test_titles_without_notices_that_begin_alike_are_in_one_fold(tmp_path: Path) -> None:
    file = tmp_path / "plain.csv"
    file.write_text(
        "title,cpv\n"
        + "".join(f"Travaux de rénovation du lycée n° {n},45000000\n" for n in range(9))
    )
    read = read_tendered(file, lambda code: Meaning(code[:2], ("x",)))
    assert len(read) == 9
    assert len({one.fold for one in read}) == 1


def test_shares_are_of_what_they_are_said_to_be() -> None:
    found = figures([
        told("food", [("food", 0.9)]),
        told("food", [("works", 0.5), ("food", 0.4)]),
        told("works", []),
        told("", [("food", 0.3)]),
        told("", [], 0.8),
    ])  # fmt: skip
    assert (found.scope, found.beyond) == (3, 2)
    assert (found.first, found.said, found.sure, found.claimed) == pytest.approx(
        (1 / 3, 2 / 3, 1 / 2, 1 / 2)
    )
    assert found.error == pytest.approx((0.1 + 0.5 + 0.3 + 0.2) / 4)


def test_a_trade_that_is_only_possible_is_not_claimed() -> None:
    found = figures([
        told("food", [("food", 0.9)]),
        told("works", [("works", 0.5)], possible=True),
        told("food", [("works", 0.5)], possible=True),
        told("", [("food", 0.5)], possible=True),
    ])  # fmt: skip
    assert (found.first, found.said, found.sure, found.claimed) == pytest.approx(
        (2 / 3, 1 / 3, 1, 0)
    )


@given(st.lists(ANY, min_size=1))
def test_every_title_of_which_something_is_told_is_in_one_bin(each: list[Told]) -> None:
    found = figures(each)
    assert found.scope + found.beyond == len(each)
    assert 0 <= found.error <= 1
    assert sum(many for _, _, many in reliability(each)) == sum(
        bool(one.groups or one.none) for one in each
    )
    wrong = sum(bool(one.truth and one.groups) and not one.right for one in each)
    assert sum(many for _, _, many in confusion(each)) == wrong


def test_the_command_tells_how_right_the_packaged_model_is(titles: Path) -> None:
    result = CliRunner().invoke(main, ["classifier", "report", "--titles", str(titles)])
    assert result.exit_code == 0, result.output
    assert "all rows:     5 in,    3 out of scope: first " in result.output


def test_the_command_says_which_words_tell_a_trade() -> None:
    result = CliRunner().invoke(
        main, ["classifier", "explain", "Tonte et taille des espaces verts"]
    )
    assert result.exit_code == 0, result.output
    assert "espaces-verts-exterieurs" in result.output.splitlines()[0]
