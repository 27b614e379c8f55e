"""A real store and a real index in a folder of the test's own."""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from discovery.engine.embedded.folder import IndexFolder
from discovery.mappings import Settings
from indexer.context import Context
from indexer.indices.drift import checked
from indexer.record import Activity, LocationSource, Scope, Supplier, Zone
from indexer.store import repository
from tests.memo import migrated

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
Put = Callable[..., None]
IN_SHORT = ("test_random_damage", "test_an_older_revision")
"""Of `test_check.py`, what is tried on the server in the short run too; `--all` tries all of it on
both engines.
"""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        on_server = (
            item.path == Path(__file__).with_name("test_check.py") and "[elasticsearch" in item.name
        )
        if on_server and not item.name.startswith(IN_SHORT):
            item.add_marker(pytest.mark.slow)


def supplier(id_: str, **changes: object) -> Supplier:
    """A supplier of Lyon that cleans, but for what is changed."""
    known: dict[str, object] = {
        "name": f"Atelier {id_}",
        "kind": "EI",
        "siret": "12345678900011",
        "post_code": "69003",
        "city": "Lyon",
        "commune": "69383",
        "department": "69",
        "region": "84",
        "lat": 45.76,
        "lon": 4.85,
        "location_source": LocationSource.GIVEN,
        "activities": (Activity("nettoyage-de-locaux", ("PREST",), Zone(Scope.RADIUS, 30)),),
        "updated_at": date(2026, 3, 1),
    }
    return Supplier(id=id_, **(known | changes))  # type: ignore[arg-type]


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return Context(migrated(Settings(home=tmp_path)))


@pytest.fixture
def put(context: Context) -> Put:
    def save(*suppliers: Supplier) -> None:
        with context.store.begin() as connection:
            repository.save(connection, suppliers, NOW)

    return save


def indexed(context: Context) -> dict[str, int]:
    """Version by id of what the index holds that serves, or is being filled; live or stub."""
    name = next(iter(context.catalog.targets().names()), None)
    assert name is not None
    with closing(context.catalog.writer_of(name)) as writer:
        return writer.versions()


def in_step(context: Context) -> bool:
    """Whether the index that serves holds all of the store, and nothing else."""
    return checked(context).differences == ()


def folder_of(context: Context) -> IndexFolder:
    """The files themselves, to be looked at or damaged."""
    assert isinstance(context.catalog, IndexFolder)
    return context.catalog


def file_of(context: Context) -> Path:
    """The index file that serves."""
    file = folder_of(context).current()
    assert file is not None
    return file
