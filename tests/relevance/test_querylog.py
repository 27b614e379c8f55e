"""From a search to the analyst's list: the service's own log lines, read by `discovery queries`."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from discovery.app import application
from discovery.cli import main
from tests.relevance.conftest import Corpus
from tools.judge.querylog import Line, Unread, grouped, read, slow, zero

SEARCHES = ["traiteur", "TRAITEUR", "Trâiteur", "xqzwk", "apiculture 732 829 320 00074"]


def run(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(
        main, ["queries", *arguments, "--lang", "en"], input=given, catch_exceptions=False
    )


@pytest.fixture
def logged(
    sample: Corpus, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> Callable[[bool], Path]:
    """Searches by the API and the page, and the file of what the service logged of them."""

    def log(words: bool) -> Path:
        services = replace(
            sample.services, settings=replace(sample.services.settings, query_log=words)
        )
        client = application(services).test_client()
        capfd.readouterr()
        for phrase in SEARCHES:
            assert client.get("/api/v1/search", query_string={"q": phrase}).status_code == 200
        client.get("/", query_string={"q": "traiteur"})
        client.get("/api/v1/search?kind=ESAT")
        client.get("/healthz")
        file = tmp_path / "service.log"
        file.write_text(capfd.readouterr().err, encoding="utf-8")
        return file

    return log


@pytest.mark.xdist_group("judged")
def test_what_is_asked_most_and_what_finds_nothing(logged: Callable[[bool], Path]) -> None:
    file = logged(True)
    assert "732 829" not in file.read_text(encoding="utf-8")
    most = json.loads(run("top", "--json", str(file)).stdout)
    assert (most[0]["q"], most[0]["times"]) == ("traiteur", 4)
    assert {one["q"] for one in most} == {"traiteur", "xqzwk", "apiculture [number]"}
    nothing = run("zero", str(file)).stdout.splitlines()
    assert nothing[0].split()[0] == "phrase"
    assert any(line.startswith("xqzwk") for line in nothing)
    assert not any(line.startswith("traiteur") for line in nothing)


@pytest.mark.xdist_group("judged")
def test_words_are_not_kept_unless_asked_for(logged: Callable[[bool], Path]) -> None:
    file = logged(False)
    text = file.read_text(encoding="utf-8")
    assert '"event": "request"' in text
    assert "traiteur" not in text.lower()
    result = run("top", str(file))
    assert result.stdout == "No such search.\n"
    assert "DISCOVERY_QUERY_LOG" in result.stderr


def line(q: str, total: int = 1, took_ms: float = 1.0, path: str = "/api/v1/search") -> str:
    return json.dumps(
        {"event": "request", "path": path, "q": q, "total": total, "took_ms": took_ms}
    )


def test_other_lines_are_left_out_and_counted() -> None:
    unread = Unread()
    lines = [
        "[gunicorn] booting",
        "",
        line("a"),
        line("b", path="/api/v1/suggest"),
        line(" "),
        "[1]",
        '{"path": "/"}',
    ]
    assert list(read(lines, unread)) == [Line("a", 1, 1.0)]
    assert unread == Unread(foreign=1, wordless=1)


def test_phrases_are_counted_however_typed_and_told_as_last() -> None:
    asked = grouped([Line("Été", 0, 1), Line("b", 2, 5), Line("ETE", 3, 9)])
    assert [(one.q, one.times, one.total, one.worst_ms) for one in asked] == [
        ("ETE", 2, 3, 9),
        ("b", 1, 2, 5),
    ]
    assert zero(asked) == []
    assert [one.q for one in slow(asked)] == ["b", "ETE"]


def test_standard_input_and_a_limit() -> None:
    result = run(
        "slow", "-", "--limit", "1", given="\n".join([line("a", took_ms=3), line("b", took_ms=8)])
    )
    assert [one.split()[0] for one in result.stdout.splitlines()] == ["phrase", "b"]


def test_a_file_that_is_not_there() -> None:
    assert run("top", "nowhere.log").exit_code == 2
