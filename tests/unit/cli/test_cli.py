"""The command line without an index: quick help, faults told in lines, exit codes."""

import errno
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from discovery.cli import COMMANDS, main
from discovery.commands.serve import shared_metrics, taken
from discovery.mappings import packaged_mappings
from discovery.mappings.settings import variable_of
from tests.tables import cases

HEAVY = (
    "flask",
    "numpy",
    "marshmallow",
    "yaml",
    "gunicorn",
    "rapidfuzz",
    "discovery.places",
    "discovery.engine",
)


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Only a home folder, an empty one."""
    for name in ("engine", "mappings", "keys", "tiles_url", "secret_key", "public_url"):
        monkeypatch.delenv(variable_of(name), raising=False)
    monkeypatch.setenv("DISCOVERY_HOME", str(tmp_path / "home"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


@pytest.fixture
def mappings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the packaged mappings, to break."""
    folder = tmp_path / "mappings"
    shutil.copytree(packaged_mappings(), folder)
    monkeypatch.setenv("DISCOVERY_MAPPINGS", str(folder))
    return folder


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom discovery.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert all(name in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_exists_and_explains_itself(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert isinstance(command, click.Command)
    assert command.name == name
    result = run(name, "--help")
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 3


def test_help_names_the_values_there_are() -> None:
    said = " ".join(run("search", "--help").output.split())
    assert "One of: relevance, distance, name," in said
    assert "Networks to take out, such as `unai`." in said


@pytest.mark.parametrize("arguments", [("search", "nettoyage"), ("explain", "nettoyage", "x")])
def test_without_an_index_the_command_to_run_is_named(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "indexer rebuild" in result.stderr
    assert "Traceback" not in result.output


def test_faults_of_parameters_are_told_all_at_once_in_either_language() -> None:
    result = run("search", "x", "--kind", "ESATT", "--radius", "a")
    assert result.exit_code == 2
    assert [line.partition(":")[0] for line in result.stderr.splitlines()] == ["radius", "kind"]
    assert "ESAT" in result.stderr
    assert "is not a number" in run("search", "x", "--radius", "a", "--lang", "en").stderr


@pytest.mark.parametrize(
    "arguments", [("search", "x"), ("config", "check"), ("mappings", "check"), ("serve",)]
)
def test_a_setting_that_can_t_be_read_is_named(
    monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setenv("DISCOVERY_ENGINE", "ftp://node")
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith("DISCOVERY_ENGINE=ftp://node: ")


def test_tokens_are_shown_with_their_places_without_an_index() -> None:
    result = run("tokens", "L'entretien des vitres, mise sous pli")
    assert result.exit_code == 0
    assert "mappings/ (no index serves yet)" in result.output
    lines = result.output.splitlines()[1:]
    assert [line.split()[0] for line in lines] == ["0", "2", "3"]
    assert "vitres → vitre" in lines[1]
    assert "mise sous pli → mise_sous_pli" in lines[2]


def test_the_packaged_mappings_have_no_fault_and_need_an_index() -> None:
    result = run("mappings", "check")
    assert result.exit_code == 0, result.output
    assert "No fault." in result.output
    assert "indexer rebuild" in result.output


def test_faults_of_the_mappings_are_told_by_file_and_line(mappings: Path) -> None:
    words = mappings / "synonyms" / "words.txt"
    words.write_text("deux mots ensemble, seul\n", encoding="utf-8")
    result = run("mappings", "check")
    assert result.exit_code == 2
    assert f"{words}:1: " in result.stderr
    assert " → " in result.stderr
    assert "Traceback" not in result.output


def test_broken_mappings_stop_the_service_before_it_starts(mappings: Path) -> None:
    (mappings / "profiles" / "balanced.yaml").write_text(
        "name: balanced\nfields: {nom: 1}\n", encoding="utf-8"
    )
    result = run("serve")
    assert result.exit_code == 2
    assert "balanced.yaml" in result.stderr


def test_faults_of_the_settings_are_told_before_those_of_the_port(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DISCOVERY_SCOPE", "region=Bretagne")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        assert run("serve", "--port", port).stderr.startswith("DISCOVERY_SCOPE: ")
        monkeypatch.delenv("DISCOVERY_SCOPE")
        result = run("serve", "--port", port)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Port {port} is taken")


def test_stopped_while_it_starts_it_leaves_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(SystemExit), shared_metrics():
        signal.raise_signal(signal.SIGTERM)
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("arguments", [("serve",), ("config", "check")])
def test_a_misspelt_setting_is_told(
    monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setenv("DISCOVERY_TRUSTED_PROXY", "10.0.0.0/8")
    with socket.create_server(("127.0.0.1", 0)) as other:
        result = run(
            *arguments,
            *(("--port", str(other.getsockname()[1])) if arguments == ("serve",) else ()),
        )
    assert (
        "DISCOVERY_TRUSTED_PROXY is not a setting, and is ignored: did you mean DISCOVERY_TRUSTED_PROXIES?"
        in result.stderr
    )


def test_a_port_of_root_s_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("discovery.commands.serve.socket.socket.bind", refused)
    assert "ports below 1024 are root's" in taken("127.0.0.1", 80)
    assert "Permission denied" in taken("127.0.0.1", 8080)


def test_config_check_shows_every_setting() -> None:
    result = run("config", "check")
    assert result.exit_code == 0, result.output
    assert "DISCOVERY_HOME" in result.output
    assert "No fault." in result.output


@pytest.mark.parametrize("command", [("serve",), ("search", "x")])
def test_nothing_starts_on_a_scope_that_can_not_be_meant(
    monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("DISCOVERY_SCOPE", "region=84 department=69")
    result = run(*command)
    assert result.exit_code == 2
    assert result.stderr.startswith("DISCOVERY_SCOPE: department=69 (Rhône) lies in region=84")


@pytest.mark.parametrize(
    ("variable", "value", "said"), cases(__file__, "config_check_says_what_is_wrong_and_what_to")
)
def test_config_check_says_what_is_wrong_and_what_to_do(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, said: str
) -> None:
    monkeypatch.setenv(variable, value)
    result = run("config", "check")
    assert result.exit_code == 2
    assert said in result.stderr
    assert "short" not in result.output.replace("shorter", "")


def test_config_check_refuses_a_home_that_is_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("DISCOVERY_HOME", str(tmp_path / "file"))
    result = run("config", "check")
    assert result.exit_code == 2
    assert "not a folder" in result.stderr
