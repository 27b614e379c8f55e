"""`discovery keys`: a token is shown once, values are checked, a revoked key stays in the list."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from discovery.cli import main
from discovery.http.keys import KeyRing, load
from tests.tables import cases


@pytest.fixture(autouse=True)
def path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.delenv("DISCOVERY_KEYS", raising=False)
    monkeypatch.setenv("DISCOVERY_HOME", str(tmp_path))
    return tmp_path / "keys.json"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["keys", *arguments], catch_exceptions=False)


def create(name: str = "Site", *more: str) -> str:
    result = run("create", name, "--origin", "https://site.example", *more)
    assert result.exit_code == 0, result.output
    return result.stdout.strip()


def test_a_key_is_made_listed_and_revoked(path: Path) -> None:
    token = create(
        "Site",
        "--preset",
        "kind=esat,EI",
        "--preset",
        "network=unapei",
        "--per-minute",
        "50",
        "--column",
        "city",
        "--column",
        "id",
    )
    assert token not in path.read_text(encoding="utf-8")
    key = KeyRing(path).find(token)
    assert key is not None
    assert (key.name, key.origins, key.per_minute) == ("Site", ("https://site.example",), 50)
    assert key.presets == {"kind": ("ESAT", "EI"), "network": ("unapei",)}
    assert key.columns == ("city", "id")
    assert key.created.endswith("Z")
    listed = run("list").stdout
    for shown in ("Site", "https://site.example", "kind=ESAT,EI", "50/minute", "columns city,id"):
        assert shown in listed
    assert token not in listed
    assert run("revoke", "Site").exit_code == 0
    assert KeyRing(path).find(token) is None
    assert "revoked" in run("list").stdout


@pytest.mark.parametrize(
    ("arguments", "said"), cases(__file__, "faults_are_told_and_nothing_is_kept")
)
def test_faults_are_told_and_nothing_is_kept(path: Path, arguments: list[str], said: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert load(path) == ()
