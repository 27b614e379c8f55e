"""`sources.yaml`, its secrets, `indexer sources list | check`, and what beat and the gauges make of
it.
"""

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from celery.schedules import crontab
from prometheus_client import CollectorRegistry, generate_latest

from discovery.mappings import MappingsError, Settings, SettingsError
from indexer.context import Context
from indexer.run import celery, tasks
from indexer.run.metrics import StoreCollector
from indexer.sources import enabled
from indexer.sources.enabled import CONNECTORS
from indexer.store import observations
from indexer.store.engine import open_store
from tests.tables import cases
from tests.unit.sources.conftest import Run, live, stored
from tests.unit.sources.double import Finess, establishment, serving, status


def write(home: Path, text: str) -> None:
    (home / enabled.FILE).write_text(text, encoding="utf-8")


def test_what_is_listed_is_enabled_as_it_says(tmp_path: Path) -> None:
    write(
        tmp_path,
        'sources:\n  finess: {at: "04:00", weekday: monday, url: "http://mirror:8080/finess.csv", per_minute: 2}\n'
        "  decp: {enabled: false}\n",
    )
    found = enabled.read(tmp_path, {})
    one = found["finess"]
    assert (one.enabled, one.at, one.weekday, one.url, one.per_minute) == (
        True, "04:00", "monday", "http://mirror:8080/finess.csv", 2,
    )  # fmt: skip
    assert not found["decp"].enabled
    assert found["decp"].url == CONNECTORS["decp"].url


@pytest.mark.parametrize(("text", "said"), cases(__file__, "a_fault_is_told_with_its_line"))
def test_a_fault_is_told_with_its_line(text: str, said: str, indexer: Run, tmp_path: Path) -> None:
    write(tmp_path, text)
    with pytest.raises(MappingsError, match=r"sources\.yaml") as fault:
        enabled.read(tmp_path, {})
    assert said in str(fault.value)
    checked = indexer("sources", "check")
    assert checked.exit_code == 2
    assert said in checked.stderr


def test_a_secret_comes_from_a_variable_or_a_file_and_is_never_shown(tmp_path: Path) -> None:
    variable = enabled.token_variable("les-emplois")
    assert variable == "DISCOVERY_TOKEN_LES_EMPLOIS"
    (tmp_path / "token").write_text("s3cret\n", encoding="utf-8")
    for env in ({variable: "s3cret"}, {f"{variable}_FILE": str(tmp_path / "token")}):
        one = enabled.read(tmp_path, env)["les-emplois"]
        assert one.headers == {"Authorization": "Token s3cret"}
        assert one.per_minute == 120
        assert "s3cret" not in repr(one)
    assert enabled.read(tmp_path, {})["les-emplois"].headers == {}
    with pytest.raises(SettingsError, match=f"{variable}_FILE"):
        enabled.read(tmp_path, {f"{variable}_FILE": str(tmp_path / "nowhere")})


def test_list_and_check_say_what_is(indexer: Run, tmp_path: Path) -> None:
    assert "not there; no source is enabled" in indexer("sources", "check").stdout
    write(tmp_path, 'sources:\n  finess: {at: "04:00"}\n  decp: {}\n')
    assert "finess (every day at 04:00 UTC), decp (by hand)" in indexer("sources", "check").stdout
    said = indexer("sources", "list").stdout
    assert (
        "finess: ESAT and adapted companies\n  every day at 04:00 UTC; at most 10 requests a minute"
        in said
    )
    assert "token (DISCOVERY_TOKEN_LES_EMPLOIS or …_FILE): optional, for a higher rate" in said
    assert said.count("never pulled") == len(CONNECTORS)
    assert not (tmp_path / "store.sqlite").exists(), "looking makes nothing"


def test_pull_without_a_name_takes_what_is_enabled_and_one_failure_stops_no_other(
    indexer: Run, tmp_path: Path
) -> None:
    assert "enable some in sources.yaml" in indexer("pull").stderr
    with serving(Finess(rows=[establishment(1), establishment(2)])) as double:
        gone = "http://127.0.0.1:9/"
        write(
            tmp_path,
            f"sources:\n  finess: {{url: '{double.url}', per_minute: 1000000}}\n"
            f"  les-emplois: {{url: '{gone}', per_minute: 1000000}}\n",
        )
        done = indexer("pull")
    assert done.exit_code == 2
    assert "les-emplois" in done.stderr
    assert live() == 2
    said = indexer("sources", "list").stdout
    assert "last pulled 0 days ago: 2 records\n" in said
    assert "last pulled never: 0 records; since then: " in said


def test_beat_pulls_by_the_file(tmp_path: Path) -> None:
    write(
        tmp_path,
        'sources:\n  finess: {at: "04:05", weekday: monday}\n  les-emplois: {at: "03:20"}\n  decp: {}\n',
    )
    schedule = celery.make(Settings(home=tmp_path, broker_url="memory://")).conf.beat_schedule
    assert set(schedule) == {"sync", "check", "pull finess", "pull les-emplois"}
    entry = schedule["pull finess"]
    assert (entry["task"], entry["args"]) == (tasks.pull.name, ("finess",))
    assert entry["schedule"] == crontab(hour="4", minute="5", day_of_week="monday")
    assert schedule["pull les-emplois"]["schedule"] == crontab(hour="3", minute="20")


def test_the_scheduled_task_pulls_imports_and_notes(indexer: Run, tmp_path: Path) -> None:
    indexer("migrate")
    tasks.process.cache_clear()
    with serving(Finess(rows=[establishment(number) for number in range(10)])) as double:
        write(tmp_path, f"sources:\n  finess: {{url: '{double.url}', per_minute: 1000000}}\n")
        assert (
            tasks.pull("finess")
            == "finess: 10 rows: created 10, updated 0, unchanged 0, rejected 0."
        )
        del double.rows[5:]
        assert "nobody is delisted" in tasks.pull("finess")
        double.faults = [status(404)]
        assert "answers 404" in tasks.pull("finess")
        noted = observations.last_pulls(Context().store)["finess"]
        assert (noted.records, "answers 404" in noted.alarm) == (10, True)
        write(tmp_path, "sources:\n  finess: {enabled: false}\n")
        assert tasks.pull("finess") == "finess is not enabled any more"
    assert len(stored()) == 10
    tasks.process.cache_clear()


def test_the_gauges_tell_records_success_age_and_alarm(indexer: Run, tmp_path: Path) -> None:
    indexer("migrate")
    store = Context().store
    now = datetime(2026, 11, 26, 12, tzinfo=UTC)
    observations.note_pull(store, observations.Pull("finess", 1500, now - timedelta(hours=5)))
    observations.note_pull(store, observations.Pull("decp", 0, None, "it answers 500"))
    observations.note_pull(store, observations.Pull("finess", 1600, now - timedelta(hours=2)))
    registry = CollectorRegistry()
    registry.register(
        StoreCollector(partial(open_store, f"sqlite:///{tmp_path / 'store.sqlite'}"), lambda: now)
    )
    said = generate_latest(registry).decode()
    for line in (
        'discovery_source_records{source="finess"} 1600.0',
        'discovery_source_age_seconds{source="finess"} 7200.0',
        'discovery_source_alarm{source="finess"} 0.0',
        'discovery_source_alarm{source="decp"} 1.0',
    ):
        assert line in said
    assert 'discovery_source_age_seconds{source="decp"}' not in said
