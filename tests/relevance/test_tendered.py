"""The trade classifier measured on titles with their codes, and the part of a document that tells it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from discovery.cli import main
from discovery.mappings.crosswalk import Meaning
from tools.judge.tendered import Title, Told, confusion, figures, read_tendered, reliability
from tools.judge.tendered_report import BEGIN, END, document, measured, replaced, worst

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


def told(truth: str, chances: Sequence[tuple[str, float]], none: float = 0.0, *, row: int = 0, **of: bool) -> Told:
    meaning = Meaning("9", (truth,)) if truth else Meaning("9", none=True)
    title = Title(row, "n", False, "secret words", "secret words", meaning, "90910000")
    groups = tuple(sorted(chances, key=lambda one: -one[1]))
    return Told(title, frozenset({truth} - {""}), groups, none, of.get("said", False), of.get("refused", False))


ANY = st.builds(
    lambda truth, chances, none, row, said: told(truth, tuple(chances.items()), none, row=row, said=said),
    truth=st.sampled_from(("", *GROUPS)),
    chances=st.dictionaries(st.sampled_from(GROUPS), st.floats(0, 1)),
    none=st.floats(0, 1),
    row=st.integers(0, 99),
    said=st.booleans(),
)


@pytest.fixture
def titles(tmp_path: Path) -> Path:
    file = tmp_path / "titles.csv"
    file.write_text(TITLES, encoding="utf-8")
    return file


def test_lots_are_read_with_their_notice_and_rows_without_a_decided_code_left_out(titles: Path) -> None:
    read = read_tendered(titles, lambda code: Meaning(code[:2], ("x",)) if code.startswith("90") else None)
    assert [(one.row, one.is_lot) for one in read] == [(0, False), (1, True), (2, True)]
    assert read[2].whole == "Secteur nord – Nettoyage des bureaux de la mairie"
    assert len({one.fold for one in read}) == 1


def test_shares_are_of_what_they_are_said_to_be() -> None:
    found = figures([
        told("food", [("food", 0.9)], said=True),
        told("food", [("works", 0.5), ("food", 0.4)], said=True),
        told("works", [], 0.6, refused=True),
        told("", [("food", 0.3)], 0.7, refused=True),
        told("", [("food", 0.3)], 0.2),
    ])  # fmt: skip
    assert (found.scope, found.beyond) == (3, 2)
    assert (found.first, found.third, found.said, found.sure) == pytest.approx((1 / 3, 2 / 3, 2 / 3, 1 / 2))
    assert (found.lost, found.kept, found.silent) == pytest.approx((1 / 3, 1 / 2, 1 / 2))


@given(st.lists(ANY, min_size=1))
def test_first_is_within_three_and_every_title_is_in_one_bin(each: list[Told]) -> None:
    found = figures(each)
    assert not found.first > found.third
    assert found.scope + found.beyond == len(each)
    assert sum(many for _, _, many in reliability(each)) == sum(bool(one.groups) for one in each)
    for mean, right, _ in reliability(each):
        assert 0 <= mean <= 1
        assert 0 <= right <= 1
    wrong = sum(bool(one.truth and one.groups) and not one.right() for one in each)
    assert sum(many for _, _, many in confusion(each)) == wrong
    shown = worst(each, 3)
    left = [one for one in each if one.truth and one not in shown]
    assert all(one.chance <= other.chance for one in shown for other in left)


@given(st.lists(ANY, min_size=1))
def test_a_document_holds_no_title(each: list[Told]) -> None:
    lines = list(document(measured("odd rows", {"title alone": each}), each, 20, lambda code: f"label of {code}"))
    assert "secret" not in "\n".join(lines)
    for line in lines:
        assert line == "" or (line.startswith("| ") and line.endswith(" |"))


@given(st.text(), st.text(), st.lists(st.text(alphabet="abc |")))
def test_only_the_part_between_the_marks_is_made_anew(before: str, after: str, lines: list[str]) -> None:
    text = f"{before}{BEGIN}\nold\n{END}{after}"
    if BEGIN in before or END in before:
        return
    once = replaced(text, lines)
    assert once.startswith(f"{before}{BEGIN}\n")
    assert once.endswith(f"{END}{after}")
    assert replaced(once, lines) == once


@pytest.mark.parametrize("text", ["", BEGIN, f"{END} {BEGIN}"])
def test_a_document_without_the_marks_is_left_alone(text: str) -> None:
    with pytest.raises(ValueError, match="no lines"):
        replaced(text, [])


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["classifier", "report", *map(str, arguments)])


@pytest.mark.slow
def test_the_command_tells_figures_and_writes_them_into_a_document(titles: Path, tmp_path: Path) -> None:
    file = tmp_path / "relevance.md"
    file.write_text(f"# Before\n{BEGIN}\n{END}\nafter\n", encoding="utf-8")
    result = run("--titles", titles, "--into", file, "--worst", 2)
    assert result.exit_code == 0, result.output
    assert "odd rows" in result.output
    assert "lots with their notice" in result.output
    text = file.read_text(encoding="utf-8")
    assert text.startswith(f"# Before\n{BEGIN}\n| rows |")
    assert text.endswith(f"{END}\nafter\n")
    assert "| odd rows | as searched, with CPV | 3, 1 | 1.00 |" in text
    assert "gymnase" not in text
    assert "vitrerie" not in text


def test_a_document_that_has_no_place_for_them_is_told(titles: Path, tmp_path: Path) -> None:
    file = tmp_path / "other.md"
    file.write_text("# Other\n", encoding="utf-8")
    result = run("--titles", titles, "--into", file)
    assert result.exit_code == 2
    assert BEGIN in result.output
    assert file.read_text(encoding="utf-8") == "# Other\n"
