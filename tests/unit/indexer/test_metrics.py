"""The gauges: what they say of a ledger in every state, of the last check, and of a store that is
away.
"""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from sqlalchemy import text

from discovery.engine.port import WriteStatus
from indexer.run.metrics import StoreCollector
from indexer.store import ledger, observations
from indexer.store.engine import migrate, open_store
from indexer.store.observations import Figures, figures
from tests.unit.indexer.conftest import NOW


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql"))]
)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgresql_url"))
    return f"sqlite:///{tmp_path / 'store.sqlite'}"


def told(url: str) -> str:
    registry = CollectorRegistry()
    registry.register(StoreCollector(lambda: open_store(url), lambda: NOW))
    return generate_latest(registry).decode()


def test_a_ledger_in_every_state(url: str) -> None:
    store = open_store(url)
    migrate(store)
    with store.begin() as connection:
        for id_ in "abcdef":
            connection.execute(
                text("INSERT INTO supplier (id, name, kind) VALUES (:id, 'x', 'EI')"), {"id": id_}
            )
        connection.execute(
            text("UPDATE change_ledger SET queued_at = :at"),
            {"at": (NOW - timedelta(seconds=90)).replace(tzinfo=None)},
        )
    claims = ledger.claim(store, 5, 60, NOW)
    results = [WriteStatus.INDEXED, WriteStatus.DEAD, WriteStatus.RETRY, WriteStatus.RETRY]
    outcomes = [
        ledger.ChangeOutcome(claim, result, "busy", NOW + timedelta(hours=1))
        for claim, result in zip(claims, results, strict=False)
    ]
    ledger.record_outcomes(store, outcomes)
    assert figures(store, NOW) == Figures(1, 2, 1, 1, 0, NOW - timedelta(seconds=90))
    said = told(url)
    for line in (
        "discovery_store_up 1.0",
        'discovery_changes{state="due"} 1.0',
        'discovery_changes{state="delayed"} 2.0',
        'discovery_changes{state="leased"} 1.0',
        'discovery_changes{state="dead"} 1.0',
        "discovery_oldest_change_seconds 90.0",
        "discovery_late_changes 0.0",
    ):
        assert line in said.splitlines()
    assert "discovery_drift" not in said, "nothing was checked yet"
    observations.note_check(store, observations.Check(NOW, 6, {"missing": 2, "ghost": 0}))
    said = told(url)
    assert 'discovery_drift{kind="missing"} 2.0' in said
    assert 'discovery_drift{kind="ghost"} 0.0' in said
    assert f"discovery_drift_checked_timestamp_seconds {NOW.timestamp():.10g}".split()[0] in said
    store.dispose()


def test_a_store_that_is_away_is_told_and_no_old_figure(tmp_path: Path) -> None:
    said = told("postgresql://nobody@127.0.0.1:9/none")
    assert "discovery_store_up 0.0" in said
    assert "discovery_changes" not in said


@pytest.mark.parametrize("queued", [NOW - timedelta(minutes=16), NOW + timedelta(days=365)])
def test_what_waits_too_long_is_counted_whatever_holds_it(url: str, queued: datetime) -> None:
    """A lease and a delay that a clock gave which was a year ahead: both are due."""
    store = open_store(url)
    migrate(store)
    with store.begin() as connection:
        for id_ in "abc":
            connection.execute(
                text("INSERT INTO supplier (id, name, kind) VALUES (:id, 'x', 'EI')"), {"id": id_}
            )
        connection.execute(
            text("UPDATE change_ledger SET queued_at = :at"), {"at": queued.replace(tzinfo=None)}
        )
    wrong = NOW + timedelta(days=365)
    leased, delayed = ledger.claim(store, 2, 60, wrong)
    ledger.record_outcomes(
        store,
        [ledger.ChangeOutcome(delayed, WriteStatus.RETRY, "busy", wrong + timedelta(minutes=2))],
    )
    assert figures(store, NOW) == Figures(3, 0, 0, 0, 3, queued)
    assert "discovery_late_changes 3.0" in told(url).splitlines()
    assert {claim.supplier_id for claim in ledger.claim(store, 9, 60, NOW)} == set("abc")
    assert leased.supplier_id in "abc"
    store.dispose()
