"""The documents that lead through the house are true of it."""

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
import yaml

from discovery.cli import main as discovery
from indexer.cli import main as indexer
from tests.servers import free_port
from tests.tools import tool

HOME = Path(__file__).resolve().parents[3]
DOCS = [str(path.relative_to(HOME)) for path in sorted(HOME.glob("docs/**/*.md"))]
LED = (
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "ROADMAP.md",
    "AUTHORS.md",
    "tests/README.md",
    *DOCS,
)
REFERENCES = {"docs/api.md", "docs/architecture.md", "docs/reference/commands.md"}
"""Looked up, not read through: they may be long."""
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)")
DECISIONS = sorted(HOME.glob("docs/decisions/0*.md"))
UNITS = [str(path.relative_to(HOME)) for path in sorted(HOME.glob("deploy/systemd/*.service"))]
PROGRAMS: dict[str, click.Group] = {"discovery": discovery, "indexer": indexer}
PLACES = (HOME, HOME / "discovery", HOME / "indexer", HOME / "discovery/engine", HOME / "tests")


def rooms(program: str) -> set[str]:
    found = {path.parent.name for path in (HOME / program).glob("*/__init__.py")}
    return found | {path.stem for path in (HOME / program).glob("*.py") if path.stem != "__init__"}


@pytest.mark.parametrize("name", LED)
def test_links_lead_somewhere(name: str) -> None:
    """To a file that is there and, where they name one, to a heading of it."""
    page = HOME / name
    broken = []
    for link, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        target = page.parent / link if link else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(f"{link}#{anchor}")
    assert broken == []


def anchors(page: Path) -> set[str]:
    """Of a page's headings, as GitHub and MkDocs write them."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", head.lower()).strip()) for head in heads}


@pytest.mark.parametrize("name", sorted(set(DOCS) - REFERENCES))
def test_a_page_can_be_read_at_once(name: str) -> None:
    assert len((HOME / name).read_text(encoding="utf-8").split()) <= 1_500


@pytest.mark.parametrize("program", ["discovery", "indexer"])
def test_every_room_is_told(program: str) -> None:
    text = (HOME / "docs/architecture.md").read_text(encoding="utf-8")
    told = {
        name
        for row in re.findall(r"^\| (`[^|]*`) \|", text, re.M)
        for name in re.findall(r"`(\w+)`", row)
    }
    assert rooms(program) - told == set()


@pytest.mark.parametrize(
    "name", ["docs/architecture.md", "docs/glossary.md", "docs/howto/add-a-filter.md"]
)
def test_files_that_are_named_exist(name: str) -> None:
    text = (HOME / name).read_text(encoding="utf-8")
    named = {one for one in re.findall(r"`([\w./-]+/[\w./-]*)`", text) if not one.startswith("/")}
    assert len(named) > 10
    assert [one for one in named if not any((place / one).exists() for place in PLACES)] == []


@pytest.mark.parametrize("name", ["README.md", *DOCS, *UNITS])
def test_commands_that_are_printed_exist(name: str) -> None:
    """Each of ours that a page or a unit of systemd writes as code, with its options."""
    text = (HOME / name).read_text(encoding="utf-8")
    if name.endswith(".md"):
        spans = [" ".join(span.split()) for span in re.findall(r"(?<!`)`([^`]+)`(?!`)", text)]
        text = "\n".join([*re.findall(r"^```\w*\n(.*?)^```", text, re.M | re.S), *spans])
    for line in re.sub(r"\\\n|\s#.*|^Usage: .*", "", text, flags=re.M).splitlines():
        for program, said in re.findall(
            r"(?:^|bin/|[$|(&'\"=] ?|-T \w+ )(discovery|indexer) ([a-z][^|&;>)'\"\n]*)", line
        ):
            words = said.split()
            command: click.Command = PROGRAMS[program]
            while isinstance(command, click.Group) and words:
                below = command.get_command(click.Context(command), words.pop(0))
                assert below is not None, line
                command = below
            options = {
                option for one in command.params for option in (*one.opts, *one.secondary_opts)
            }
            assert {word.partition("=")[0] for word in words if word.startswith("--")} <= {
                "--help",
                *options,
            }, line


def test_every_decision_is_listed_once() -> None:
    text = (HOME / "docs/decisions/README.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| \[\d+\]\((0\d+-[\w-]+\.md)\)", text, re.M) == [
        path.name for path in DECISIONS
    ]


def test_what_is_amended_says_by_what() -> None:
    """Where a decision's status says that it amends or replaces another, that one's status leads
    back.
    """
    status = {path.name: path.read_text(encoding="utf-8").splitlines()[2] for path in DECISIONS}
    amended = [
        (name, other)
        for name, line in status.items()
        for clause in re.findall(r"(?:Amends|Replaces)[^.]*?(?:\(0[^)]*\)[^.(]*)+", line)
        for other in re.findall(r"\((0[^)]*\.md)\)", clause)
    ]
    assert len(amended) >= 4
    assert [(name, other) for name, other in amended if name not in status[other]] == []


def test_the_workflow_calls_what_ci_runs() -> None:
    steps = yaml.safe_load((HOME / ".github/workflows/ci.yml").read_text(encoding="utf-8"))["jobs"][
        "run"
    ]["steps"]
    assert any("./.ci/run" in step.get("run", "") for step in steps)


def test_the_commands_are_the_programs_own() -> None:
    """In a process of its own: a command keeps the help option of who asked it first."""
    told = HOME / "docs/reference/commands.md"
    made = subprocess.run(
        [sys.executable, "-m", "tools.commandline"],
        cwd=HOME,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.read_text(encoding="utf-8") == made.stdout, (
        "python -m tools.commandline >docs/reference/commands.md"
    )


@pytest.mark.slow
def test_the_documents_build_as_a_site(tmp_path: Path) -> None:
    """By the command that its settings name, without a warning."""
    settings = HOME / "docs/mkdocs.yml"
    package = re.findall(r"--from (mkdocs-material==\S+)", settings.read_text(encoding="utf-8"))[0]
    words = (
        "build",
        "--strict",
        "--config-file",
        str(settings),
        "--site-dir",
        str(tmp_path / "site"),
    )
    done = tool(package, "mkdocs", *words)
    assert done.returncode == 0, done.stderr
    for part in ("docs/tutorial", "docs/operate/upgrade", "docs/reference/commands", "CHANGELOG"):
        assert (tmp_path / "site" / part / "index.html").is_file()
    assert "https://fonts" not in (tmp_path / "site/index.html").read_text(encoding="utf-8")


def test_the_readme_is_short() -> None:
    assert len((HOME / "README.md").read_text(encoding="utf-8").split()) <= 700


def test_a_release_tries_the_commands_of_a_wheel() -> None:
    """Both stand in a block alone, where `scripts/release --try` finds them."""
    part = (
        (HOME / "README.md")
        .read_text(encoding="utf-8")
        .partition("**From a wheel**")[2]
        .partition("\n**")[0]
    )
    (pattern,) = re.findall(
        r"grep -E '(.*)' README.md", (HOME / "scripts/release").read_text(encoding="utf-8")
    )
    blocks = re.findall(r"```\n(.*)\n```", part)
    assert [block.split()[0] for block in blocks] == ["pip", "uvx"]
    assert all(re.search(pattern, block) for block in blocks)


@pytest.mark.slow
def test_commands_over_real_records_can_be_pasted(tmp_path: Path) -> None:
    """In a clean shell of somebody who did what stands above them: `./scripts/run`, whose
    environment is there.
    """
    text = (HOME / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(
        r"```\n(.*?)```",
        text.partition("## Use it with real records")[2].partition("\n## ")[0],
        re.S,
    )
    assert "Nous avons compris" in pasted(block, tmp_path)
    assert (tmp_path / "discovery").is_dir()


@pytest.mark.slow
def test_the_tutorial_can_be_pasted(tmp_path: Path) -> None:
    """After `./scripts/run --check`, which tests/e2e follows."""
    text = (HOME / "docs/tutorial.md").read_text(encoding="utf-8")
    first, *steps = re.findall(r"```sh\n(.*?)```", text, re.S)
    run, _, path = first.partition("\n")
    assert run == "./scripts/run --check"
    port = str(free_port())
    told = pasted("".join((path, *steps)).replace("8765", port), tmp_path)
    assert "à 200 km (automatique)" not in told.rpartition("Nous avons compris")[2]
    assert "à 10 km (automatique)" in told
    assert '"query"' in told


def pasted(block: str, home: Path) -> str:
    """What a block prints in a clean shell, in this checkout, whose environment is there."""
    clean = {"HOME": str(home), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        ["bash", "-euc", block], cwd=HOME, env=clean, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
