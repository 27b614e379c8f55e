"""docs/howto/tune-relevance.md is true: its commands run as they stand, on a copy of mappings/, and
print what it says. Ours run in this process, which has read already what a copy of a file says.

A line `…` in an output stands for any lines, `…` within a line for any text.
"""

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from discovery.cli import main
from discovery.mappings import packaged_mappings
from discovery.search.query import Query
from tests.relevance.conftest import Corpus

pytestmark = pytest.mark.xdist_group("judged")

WORD = "mâchon"
PAGE = Path(__file__).parents[2] / "docs" / "howto" / "tune-relevance.md"
_BLOCK = re.compile(r"^```(console|diff)\n(.*?)^```$", re.M | re.S)


def blocks() -> list[tuple[str, list[str]]]:
    return [
        (kind, body.splitlines()) for kind, body in _BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    ]


def commands(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Each command with the output shown under it."""
    starts = [number for number, line in enumerate(lines) if line.startswith("$ ")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield lines[start].removeprefix("$ "), lines[start + 1 : end]


def apply(edit: list[str], folder: Path) -> None:
    """A diff whose first line names the file."""
    file = folder / edit[0].removeprefix("+++ ")
    old = "\n".join(line[1:] for line in edit[1:] if line[0] in " -")
    new = "\n".join(line[1:] for line in edit[1:] if line[0] in " +")
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{file.name} does not hold once:\n{old}"
    file.write_text(text.replace(old, new), encoding="utf-8")


def shown(expected: list[str], got: list[str]) -> bool:
    """Whether the output is what the page shows, lines of any text where it says `…`."""
    if not expected:
        return not got
    if expected[0].strip() == "…":
        return any(shown(expected[1:], got[number:]) for number in range(len(got) + 1))
    said = ".*".join(map(re.escape, expected[0].rstrip().split("…")))
    return (
        bool(got)
        and re.fullmatch(said, got[0].rstrip()) is not None
        and shown(expected[1:], got[1:])
    )


def test_the_word_of_the_example_is_no_trades_yet(sample: Corpus) -> None:
    """Else nothing is left to mend: then write the page with another word that buyers say and no
    file of mappings/ knows (asked for in a department it finds nobody), and a wider and a narrower
    word that it could stand for.
    """
    service = sample.services.search
    assert WORD in PAGE.read_text(encoding="utf-8")
    assert not service.understand(Query(q=f"{WORD} dans le Rhône")).needs
    assert not any(WORD in rule.typed for rule in service.mappings.equivalences.rules)


def printed(command: str) -> list[str]:
    program, *words = shlex.split(command)
    if program == "discovery":
        return CliRunner().invoke(main, words, catch_exceptions=False).stdout.splitlines()
    return subprocess.run(
        [program, *words], stdout=subprocess.PIPE, text=True, check=True
    ).stdout.splitlines()


@pytest.mark.slow
def test_the_worked_example_is_true(
    sample: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(packaged_mappings(), tmp_path / "mappings")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DISCOVERY_HOME", str(sample.services.settings.home))
    monkeypatch.setenv("DISCOVERY_MAPPINGS", "mine")
    for kind, lines in blocks():
        if kind == "diff":
            apply(lines, tmp_path)
            continue
        for command, expected in commands(lines):
            told = printed(command)
            assert shown(expected, told), f"{command}\n{told}"


def test_it_needs_no_programming() -> None:
    """Commands of the shell and of the product, edits of text files; no Python."""
    asked = [
        command.split()[0]
        for kind, lines in blocks()
        if kind == "console"
        for command, _ in commands(lines)
    ]
    assert set(asked) <= {"cp", "sed", "discovery", "diff"}
    assert {
        line.removeprefix("+++ ")
        for kind, lines in blocks()
        if kind == "diff"
        for line in lines[:1]
    } == {
        "mine/judgments/sample.yaml",
        "mine/synonyms/words.txt",
    }
