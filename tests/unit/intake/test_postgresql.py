"""The import on PostgreSQL: the same counts, the same suppliers, the same silence the second time."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from discovery.mappings import Mappings
from discovery.places import Gazetteer
from indexer.record import Status
from indexer.store.engine import migrate, open_store
from tests.unit.intake.support import Intake, counts
from tests.unit.intake.test_registers import SIAE_HEADER, SIAE_ROW
from tools.sample import generate

pytestmark = [pytest.mark.postgresql, pytest.mark.xdist_group("postgresql")]


@pytest.fixture
def postgresql(
    postgresql_url: str, tmp_path: Path, mappings: Mappings, places: Gazetteer
) -> Iterator[Intake]:
    engine = open_store(postgresql_url)
    migrate(engine)
    yield Intake(engine, tmp_path, mappings, places)
    engine.dispose()


@pytest.mark.slow
def test_the_same_suppliers_as_on_sqlite(postgresql: Intake, intake: Intake) -> None:
    rows = list(generate(700))
    for each in (postgresql, intake):
        assert counts(each(rows, dry_run=True)) == (700, 0, 0, 0)
        assert counts(each(rows)) == (700, 0, 0, 0)
        ledger = each.ledger()
        assert counts(each(rows)) == (0, 0, 700, 0)
        assert each.ledger() == ledger
    assert postgresql.stored() == intake.stored()


def test_matching_and_delisting(postgresql: Intake) -> None:
    engine: Engine = postgresql.engine
    assert engine.dialect.name == "postgresql"
    own = {
        "id": "c1-1",
        "name": "Bocage",
        "kind": "ACI",
        "siret": "00200000800017",
        "address": {"commune": "22070"},
    }
    postgresql([own, *({**own, "id": f"c1-{at}", "siret": ""} for at in range(2, 12))])
    assert counts(postgresql(SIAE_HEADER + SIAE_ROW)) == (0, 1, 0, 0)
    kept = [{**own, "id": f"c1-{at}", "siret": ""} for at in range(2, 11)]
    assert postgresql(kept, complete="canonical", dry_run=True).delisted == 1
    assert postgresql(kept, complete="canonical").delisted == 1
    stored = postgresql.stored()
    assert (stored["c1-1"].status, stored["c1-1"].source) == (Status.LIVE, "siae"), (
        "which lists it still"
    )
    assert stored["c1-11"].status is Status.DELISTED
