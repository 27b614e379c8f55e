"""Plain SQL and the ledger, for the tests of the store."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, text

from indexer.record import (
    Activity,
    Contract,
    Job,
    LocationSource,
    Offer,
    Provenance,
    Scope,
    SiteTrade,
    Supplier,
    Zone,
)
from indexer.store import repository
from indexer.store.engine import reading
from tests.unit.indexer.processes import wait_for

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)

ADD = "INSERT INTO supplier (id, name, kind) VALUES (:id, 'Atelier', 'EI')"


def run(engine: Engine, *statements: str, **values: Any) -> None:
    """Plain SQL in one transaction."""
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement), values)


def rows(engine: Engine, query: str, **values: Any) -> list[Any]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query), values)]


def add(engine: Engine, *ids: str) -> None:
    for each in ids:
        run(engine, ADD, id=each)


def save(store: Engine, *suppliers: Supplier, now: datetime = NOW, batch: int = 1000) -> list[str]:
    with store.begin() as connection:
        return repository.save(connection, suppliers, now, batch)


def load(store: Engine, *ids: str) -> dict[str, Supplier]:
    with reading(store) as connection:
        return repository.load(connection, ids)


@dataclass(frozen=True)
class Entry:
    revision: int
    deleted: bool


def entries(engine: Engine) -> dict[str, Entry]:
    """The ledger: revision and deletion by supplier id."""
    found = rows(engine, "SELECT supplier_id, revision, deleted FROM change_ledger")
    return {key: Entry(revision, bool(deleted)) for key, revision, deleted in found}


@dataclass
class Queued:
    """What a block queued: ids with their deletion, filled in at its end."""

    deleted: dict[str, bool] = field(default_factory=dict)

    @property
    def ids(self) -> set[str]:
        return set(self.deleted)


@contextmanager
def queued(engine: Engine) -> Iterator[Queued]:
    """Which suppliers the block gives a new revision; checks that it is above every revision known
    before.
    """
    before = entries(engine)
    highest = max((entry.revision for entry in before.values()), default=0)
    found = Queued()
    yield found
    for key, entry in entries(engine).items():
        if key not in before or entry.revision != before[key].revision:
            assert entry.revision > highest, f"{key} went back to {entry.revision}"
            found.deleted[key] = entry.deleted
        else:
            assert entry == before[key]


FULL = Supplier(
    id="c1-1042",
    name="Ateliers du Bocage",
    kind="EI",
    source="canonical",
    siret="12345678901234",
    brand="Le Bocage",
    legal_form="SAS",
    naf="81.21Z",
    naf_nomenclature="NAFRev2",
    description="Nettoyage de locaux, « l'entretien » des vitres — 100 % local.\nEt plus.",
    website="https://example.org",
    phone="01 02 03 04 05",
    email="contact@example.org",
    contact_public=True,
    street="1 rue de l'Église",
    post_code="69003",
    city="Lyon",
    commune="69383",
    department="69",
    region="84",
    lat=45.76123,
    lon=4.84321,
    location_source=LocationSource.GIVEN,
    activities=(
        Activity("nettoyage-de-locaux", ("PREST", "DISP"), Zone(Scope.RADIUS, 30)),
        Activity(
            "menuiserie", ("BUILD",), Zone(Scope.PLACES, None, ("department:69", "commune:38185"))
        ),
        Activity("traiteur", (), Zone(Scope.COUNTRY)),
        Activity("traiteur"),
    ),
    offers=(Offer("Vitres", "Toutes hauteurs"), Offer("Sols")),
    certifications=("rge", "iso-9001"),
    networks=("coorace",),
    client_references=("Mairie de Lyon", "SNCF & Cie"),
    jobs=(Job("A1203", "Jardinier", "les-emplois", NOW.date()), Job("K2204")),
    contracts=(
        Contract("Nettoyage", "90911200", "Mairie de Lyon", "decp", NOW.date(), 42_000, True),
        Contract("Tonte", reserved=False),
    ),
    site_trades=(
        SiteTrade("blanchisserie", "blanchisserie", "https://a.example/", NOW.date()),
        SiteTrade("traiteur"),
    ),
    provenance=(Provenance("finess", NOW.date(), ("name", "address")), Provenance("own-list")),
    employees_insertion=12,
    employees_permanent=5,
    turnover=8_500_000_000,
    capacity=66,
    operator="Association du Bocage",
    closed=False,
    year_founded=1998,
    qpv=False,
    zrr=True,
    takes_orders=True,
    updated_at=NOW.date(),
)


def wait_for_a_lock(engine: Engine, or_else: Callable[[], bool] = bool) -> None:
    """Until a session of this PostgreSQL database waits for what another one changes."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    wait_for("a session waits", lambda: or_else() or rows(engine, query) == [(1,)])
