"""The grammar's files: what they may hold, what is said of what they may not, and that edits are
taken in.
"""

import shutil
from pathlib import Path

import pytest
import yaml

from discovery.errors import Problem
from discovery.mappings import load_mappings, packaged_mappings
from discovery.mappings.files import read_files
from discovery.mappings.watched import EVERY_S, watch_mappings
from tests.tables import cases


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(packaged_mappings(), tmp_path / "mappings"))


def problems_of(folder: Path) -> list[Problem]:
    problems: list[Problem] = []
    read_files(folder, problems, lambda row: row.path.startswith("grammar/"))
    return problems


@pytest.mark.parametrize(
    ("file", "section", "value", "said"), cases(__file__, "what_a_section_may_not_hold")
)
def test_what_a_section_may_not_hold(
    file: str, section: str, value: object, said: str, folder: Path
) -> None:
    path = folder / "grammar" / f"{file}.yaml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content[section] = value
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    (problem,) = problems_of(folder)
    assert said in problem.message
    assert section in problem.message
    assert problem.line > 0


def test_a_section_forgotten_and_one_unknown_are_both_said(folder: Path) -> None:
    path = folder / "grammar" / "courtesy.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("closing:", "closings:"), encoding="utf-8"
    )
    assert sorted(problem.message.split(":")[0] for problem in problems_of(folder)) == [
        "closing",
        "closings",
    ]


def test_de_stands_for_all_its_forms(folder: Path) -> None:
    path = folder / "grammar" / "courtesy.yaml"
    path.write_text("opening: ['À l’Attention {de}']\nclosing: []\nsigning: []\n", encoding="utf-8")
    grammar = load_mappings(folder).grammar
    assert {words[3:] for words in grammar.courtesy.opening} == {("de",), ("d",), ("du",), ("des",)}
    assert {words[:3] for words in grammar.courtesy.opening} == {("a", "l", "attention")}


def test_an_edit_is_taken_in_without_a_restart(folder: Path) -> None:
    now = [0.0]
    watch = watch_mappings(load_mappings(folder), clock=lambda: now[0])
    assert ("wesh",) not in watch.current().grammar.courtesy.opening
    path = folder / "grammar" / "courtesy.yaml"
    path.write_text("opening: [wesh]\nclosing: [merci]\nsigning: []\n", encoding="utf-8")
    now[0] += EVERY_S
    assert ("wesh",) in watch.current().grammar.courtesy.opening
    path.write_text("opening: wesh\n", encoding="utf-8")
    now[0] += EVERY_S
    assert ("wesh",) in watch.current().grammar.courtesy.opening, "the last good version serves"
    assert watch.state().status == "stale"
