"""docs/howto/alerts.md, followed: its settings are enough, its commands are there."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from discovery.commands.config import problems
from discovery.mappings import Settings
from indexer.alerts.run import Alerts
from indexer.cli import main
from indexer.context import Context

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "howto" / "alerts.md").read_text(encoding="utf-8")
BLOCK = re.search(r"```\n(DISCOVERY_.*?)```", PAGE, re.DOTALL)
"""What is to be set."""


def test_its_settings_are_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert BLOCK is not None
    given = dict(line.split("=", 1) for line in BLOCK[1].splitlines())
    assert set(given) >= {"DISCOVERY_ALERTS", "DISCOVERY_SMTP", "DISCOVERY_SMTP_PASSWORD_FILE"}
    for name in ("ALERTS", "SMTP_PASSWORD_FILE"):  # a folder and a file of the test's own
        given[f"DISCOVERY_{name}"] = str(tmp_path / name)
    (tmp_path / "SMTP_PASSWORD_FILE").write_text("secret\n", encoding="utf-8")
    for name, value in (given | {"DISCOVERY_HOME": str(tmp_path / "home")}).items():
        monkeypatch.setenv(name, value)
    settings = Settings.from_env()
    assert [one for one in problems(settings) if "law.yaml" not in one] == [], (
        "test_law.py tells a rule that is past"
    )
    assert settings.smtp_password == "secret"
    assert CliRunner().invoke(main, ["migrate"]).exit_code == 0
    assert Alerts(Context(settings).store, settings).run().line() == ""
    for name in given:
        if name not in {"DISCOVERY_SMTP_USER", "DISCOVERY_SMTP_PASSWORD_FILE"}:
            monkeypatch.delenv(name)
            assert (list(problems(Settings.from_env())) != []) == (name != "DISCOVERY_ALERTS"), name
            monkeypatch.setenv(name, given[name])


def test_its_commands_are_there() -> None:
    named = set(re.findall(r"`indexer ([a-z ]+?)(?: [A-Z]+)?`", PAGE))
    assert {
        "alerts run",
        "alerts list",
        "alerts bounced",
        "alerts erase",
        "migrate",
        "worker",
    } <= named
    for command in named:
        assert CliRunner().invoke(main, [*command.split(), "--help"]).exit_code == 0, command


def test_compose_offers_the_same() -> None:
    """Names in `.env.example` are settings; the service is not given the mail server's password."""
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    for name in re.findall(r"^# (DISCOVERY_(?:ALERTS|SMTP)\w*)=", example, re.MULTILINE):
        assert name.removeprefix("DISCOVERY_").lower() in Settings.__dataclass_fields__
    web = (
        (ROOT / "compose.yaml").read_text(encoding="utf-8").split("x-web:")[1].split("services:")[0]
    )
    assert 'DISCOVERY_SMTP_PASSWORD: ""' in web
