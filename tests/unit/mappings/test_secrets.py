"""Secrets: whole for whoever comes first or last, private, from files, and never shown."""

import multiprocessing
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from discovery.cli import main
from discovery.mappings import Settings, SettingsError
from discovery.mappings.secrets import (
    HOLDING,
    OPAQUE,
    made_once,
    masked,
    masked_value,
    private_folder,
    shut,
)
from discovery.mappings.settings import variable_of
from discovery.search.query import Cursor, Cursors
from indexer.cli import main as indexer
from tests.tables import cases


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _first_use(file: str, start: object, found: object) -> None:
    start.wait()  # type: ignore[attr-defined]
    found.put(made_once(Path(file)))  # type: ignore[attr-defined]


@pytest.mark.slow
def test_many_first_uses_get_the_same_whole_secret(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    for attempt in range(25):
        file = tmp_path / str(attempt) / "secret"
        start, found = context.Barrier(8, timeout=30), context.Queue()
        made = [
            context.Process(target=_first_use, args=(str(file), start, found), daemon=True)
            for _ in range(8)
        ]
        for process in made:
            process.start()
        secrets = {found.get(timeout=30) for _ in made}
        for process in made:
            process.join(30)
        assert len(secrets) == 1
        assert len(secrets.pop()) >= 32
        assert [one.name for one in file.parent.iterdir()] == ["secret"]


@pytest.mark.parametrize("content", ["", "\n", "short", "\ud800"])
def test_a_file_without_a_secret_is_refused_with_the_remedy(tmp_path: Path, content: str) -> None:
    file = tmp_path / "secret"
    file.write_text(content, encoding="utf-8", errors="surrogatepass")
    with pytest.raises(SettingsError, match=r"secret: holds no secret.*remove it"):
        Settings(home=tmp_path).secret()
    # Searches are answered even so: lists just end with their page.
    cursors = Cursors(Settings(home=tmp_path).secret)
    assert cursors.write(Cursor(("a", "b"), False, "")) == ""
    assert cursors.read("x") is None
    said = CliRunner().invoke(main, ["config", "check"], env={"DISCOVERY_HOME": str(tmp_path)})
    assert said.exit_code == 2
    assert "holds no secret" in said.output


def test_home_and_store_are_their_owners(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "new" / "home"
    monkeypatch.setenv("DISCOVERY_HOME", str(home))
    assert CliRunner().invoke(indexer, ["migrate"]).exit_code == 0
    assert CliRunner().invoke(indexer, ["sync"]).exit_code == 0
    assert CliRunner().invoke(main, ["keys", "create", "site"]).exit_code in (0, 2)
    assert mode(home) == mode(home.parent) == 0o700
    assert mode(home / "store.sqlite") == 0o600
    assert mode(home / "index") == 0o700


def test_a_store_of_before_is_shut_by_a_migration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCOVERY_HOME", str(tmp_path))
    assert CliRunner().invoke(indexer, ["migrate"]).exit_code == 0
    (tmp_path / "store.sqlite").chmod(0o664)
    assert CliRunner().invoke(indexer, ["migrate"]).exit_code == 0
    assert mode(tmp_path / "store.sqlite") == 0o660


def test_what_is_there_keeps_its_rights(tmp_path: Path) -> None:
    tmp_path.chmod(0o750)
    private_folder(tmp_path)
    shut(tmp_path)
    assert mode(tmp_path) == 0o750


@pytest.mark.parametrize("name", sorted(OPAQUE | HOLDING))
def test_each_secret_may_come_from_a_file(tmp_path: Path, name: str) -> None:
    value = "http://user:hunter2@host/1" if name in HOLDING else "hunter2hunter2hunter2"
    file = tmp_path / "value"
    file.write_text(f"{value}\n", encoding="utf-8")
    settings = Settings.from_env({variable_of(name) + "_FILE": str(file)})
    assert getattr(settings, name) == value
    assert "hunter2" not in "\n".join(shown for _, shown, _ in settings.describe())


def test_faults_of_secret_files_are_told_at_once(tmp_path: Path) -> None:
    empty, binary = tmp_path / "empty", tmp_path / "binary"
    empty.touch()
    binary.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError) as raised:
        Settings.from_env(
            {
                "DISCOVERY_SECRET_KEY_FILE": str(tmp_path / "none"),
                "DISCOVERY_METRICS_TOKEN_FILE": str(empty),
                "DISCOVERY_RELEVANCE_TOKEN_FILE": str(binary),
                "DISCOVERY_ENGINE_PASSWORD": "hunter2",
                "DISCOVERY_ENGINE_PASSWORD_FILE": str(empty),
            }
        )
    said = str(raised.value)
    assert f"DISCOVERY_SECRET_KEY_FILE={tmp_path / 'none'}: No such file" in said
    assert "DISCOVERY_METRICS_TOKEN_FILE" in said
    assert "DISCOVERY_RELEVANCE_TOKEN_FILE" in said
    assert "DISCOVERY_ENGINE_PASSWORD, DISCOVERY_ENGINE_PASSWORD_FILE: both are set" in said
    assert "hunter2" not in said


@pytest.mark.parametrize(
    ("name", "value"), cases(__file__, "no_password_is_shown_wherever_it_stands")
)
def test_no_password_is_shown_wherever_it_stands(name: str, value: str) -> None:
    shown = masked_value(name, value)
    assert "hunter2" not in shown
    assert "er2" not in shown
    assert "***" in shown


def test_errors_show_no_password() -> None:
    said = masked(
        "can't connect: postgresql://u:hunter2@db/x?password=hunter3 API_KEY=hunter4; see http://b:9200/x"
    )
    assert (
        said
        == "can't connect: postgresql://u:***@db/x?password=*** API_KEY=***; see http://b:9200/x"
    )


@pytest.mark.parametrize(
    "url",
    [
        "mysql://user:hunter2@db/x",
        "user:hunter2@db/x",
        "host=db password=hunter2",
        "oracle:hunter2@x",
    ],
)
def test_a_store_that_can_t_be_used_is_told_without_its_password(url: str, tmp_path: Path) -> None:
    env = {"DISCOVERY_DATABASE_URL": url, "DISCOVERY_HOME": str(tmp_path)}
    for program, words in (
        (indexer, ["status"]),
        (indexer, ["migrate"]),
        (main, ["config", "check"]),
    ):
        said = CliRunner().invoke(program, words, env=env)
        assert "hunter2" not in said.output
        assert said.exit_code == (0 if program is main else 2)
