"""`indexer alerts`, and the task that Celery runs: on a real store, folder and mail server."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from prometheus_client import CollectorRegistry, generate_latest

from discovery.desk.alerts import Do, Signer, Spool
from discovery.mappings import Settings
from indexer.alerts.run import ALERTS_SECONDS
from indexer.cli import main
from indexer.run import celery as module
from indexer.run import tasks
from indexer.run.metrics import StoreCollector
from indexer.store.engine import open_store
from tests.mailserver import Mailboxes, mailboxes
from tests.memo import migrated
from tests.unit.alerts.conftest import then, wish


@pytest.fixture
def mail() -> Iterator[Mailboxes]:
    with mailboxes() as found:
        yield found


@pytest.fixture
def settings(
    tmp_path: Path, mail: Mailboxes, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    """Those of the environment, of a store that is ready; nobody answers where the service would
    be.
    """
    variables = {
        "HOME": str(tmp_path / "home"),
        "ALERTS": str(tmp_path / "handed"),
        "ALERTS_FROM": "alerts@search.example",
        "SMTP": f"smtp://127.0.0.1:{mail.port}",
        "PUBLIC_URL": "http://127.0.0.1:9",
    }
    for name, value in variables.items():
        monkeypatch.setenv(f"DISCOVERY_{name}", value)
    tasks.process.cache_clear()
    yield migrated(Settings.from_env())
    tasks.process.cache_clear()


def handed(settings: Settings, address: str) -> str:
    """Somebody asks, now; the subscription."""
    asked = wish(address, at=int(datetime.now(UTC).timestamp()))
    hand(settings, Do.SUBSCRIBE, asked.id, address)
    return asked.id


def hand(settings: Settings, do: Do, id_: str, address: str = "") -> None:
    now = datetime.now(UTC)
    asked = (
        wish(address, id=id_, at=int(now.timestamp())) if do is Do.SUBSCRIBE else then(id_, do, now)
    )
    assert settings.alerts is not None
    Spool(settings.alerts).put(Signer(settings.secret).request(asked), asked.at)


def run(*arguments: str) -> str:
    result = CliRunner().invoke(main, ["alerts", *arguments], catch_exceptions=False)
    return f"{result.exit_code} {result.output}".strip()


def test_a_pass_a_list_a_bounce_and_an_end(settings: Settings, mail: Mailboxes) -> None:
    handed(settings, "ann@mail.example")
    handed(settings, "bob@mail.example")
    assert run("run") == "0 2 requests, 2 sent"
    assert {one.to for one in mail.taken} == {"ann@mail.example", "bob@mail.example"}
    assert run("run") == "0 nothing to do"
    listed = run("list")
    assert "pending  every week" in listed
    assert "q=nettoyage&department=69" in listed
    assert "ann@mail.example" not in listed, "masked unless asked for"
    assert "ann@mail.example" in run("list", "--addresses")
    assert listed.endswith("2 pending, 0 held, 0 active, 0 stopped, 0 bounced, 0 mails")
    assert run("bounced", "ann@mail.example") == "0 1 subscriptions ended"
    assert run("bounced", "ann@mail.example") == "0 0 subscriptions ended"
    assert run("erase", "BOB@mail.example") == "0 1 subscriptions erased"
    assert run("list").endswith("0 pending, 0 held, 0 active, 0 stopped, 1 bounced, 0 mails")
    assert run("erase", "bob") == "2 indexer: bob is no e-mail address"


def test_what_is_away_loses_nothing(
    settings: Settings, mail: Mailboxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = handed(settings, "ann@mail.example")
    monkeypatch.setenv("DISCOVERY_SMTP", "smtp://127.0.0.1:9")
    assert run("run").startswith("2 indexer: the mail server (smtp://127.0.0.1:9) can't be reached")
    assert run("list").endswith("1 pending, 0 held, 0 active, 0 stopped, 0 bounced, 1 mails")
    hand(settings, Do.CONFIRM, id_)
    monkeypatch.setenv("DISCOVERY_SMTP", f"smtp://127.0.0.1:{mail.port}")
    assert run("run").startswith("2 indexer: "), "the service is away"
    assert "0 pending, 0 held, 1 active" in run("list")


def test_the_task_does_a_pass_and_trouble_is_a_line(
    settings: Settings, mail: Mailboxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed(settings, "ann@mail.example")
    assert tasks.alerts() == "1 requests, 1 sent"
    assert tasks.alerts() == ""
    monkeypatch.delenv("DISCOVERY_PUBLIC_URL")
    tasks.process.cache_clear()
    assert tasks.alerts() == "e-mail alerts need DISCOVERY_PUBLIC_URL: see docs/howto/alerts.md"


def test_beat_has_passes_where_alerts_are_offered(settings: Settings) -> None:
    offered = replace(settings, broker_url="memory://")
    entry = module.make(offered).conf.beat_schedule["alerts"]
    assert (entry["task"], entry["schedule"]) == (tasks.alerts.name, ALERTS_SECONDS)
    assert not entry["args"]
    assert "alerts" not in module.make(replace(offered, alerts=None)).conf.beat_schedule


def test_gauges_tell_what_waits_and_what_came_back(settings: Settings, mail: Mailboxes) -> None:
    mail.data = "451 4.3.0 later"
    mail.refused["cid@mail.example"] = "550 no such user"
    ids = [handed(settings, f"{name}@mail.example") for name in ("ann", "bob", "cid")]
    assert run("run") == "0 3 requests, 1 bounced, 2 retry"
    hand(settings, Do.STOP, ids[1])
    now = datetime.now(UTC) + timedelta(minutes=5)
    assert run("run") == "0 1 requests"
    registry = CollectorRegistry()
    registry.register(StoreCollector(lambda: open_store(settings.store_url), lambda: now))
    said = generate_latest(registry).decode()
    for state, number in {"pending": 1, "held": 0, "active": 0, "stopped": 1, "bounced": 1}.items():
        assert f'discovery_alerts{{state="{state}"}} {number}.0' in said
    assert "discovery_alert_mails 1.0" in said
    [age] = [
        line.split()[1]
        for line in said.splitlines()
        if line.startswith("discovery_oldest_alert_mail_seconds ")
    ]
    assert 300 <= float(age) < 900
