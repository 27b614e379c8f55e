"""Both public lists, imported twice and indexed, once for all tests of this folder."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from discovery.app import application
from discovery.context import Services, make_services
from discovery.mappings import Settings
from discovery.places import Gazetteer
from indexer.context import Context
from indexer.intake.report import ImportReport
from indexer.intake.run import import_files
from indexer.store import ledger
from tests.memo import migrated
from tests.real.rows import ESAT, LISTS, SIAE, Row, read

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
PAGE = 100


@dataclass(frozen=True)
class Imported:
    """`first`, `again`: the reports of two imports of the same files. `log`: the first's report
    file, JSON lines.

    `queued`: how many waited in the ledger after each; between them `indexed` were indexed.
    """

    context: Context
    first: ImportReport
    again: ImportReport
    log: str
    queued: tuple[int, int]
    indexed: int


@pytest.fixture(scope="session")
def files() -> list[Path]:
    found = [LISTS / SIAE, LISTS / ESAT]
    absent = [file.name for file in found if not file.exists()]
    if absent:
        pytest.skip(
            f"the public lists are not here: put {' and '.join(absent)} in shared/data beside the checkout"
        )
    return found


@pytest.fixture(scope="session")
def rows(files: list[Path], places: Gazetteer) -> list[Row]:
    return read(places)


@pytest.fixture(scope="session")
def imported(files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Imported:
    context = Context(migrated(Settings(home=tmp_path_factory.mktemp("real"))))

    def run(log: io.StringIO | None) -> ImportReport:
        return import_files(
            context.store,
            files,
            mappings=context.mappings,
            gazetteer=context.gazetteer,
            now=NOW,
            report=log,
        )

    log = io.StringIO()
    first = run(log)
    before = ledger.pending_count(context.store)
    indexed = context.synchroniser().drain().indexed
    again = run(None)
    return Imported(
        context,
        first,
        again,
        log.getvalue(),
        (before, ledger.pending_count(context.store)),
        indexed,
    )


@pytest.fixture(scope="session")
def services(imported: Imported) -> Services:
    return make_services(imported.context.settings, mappings=imported.context.mappings)


@pytest.fixture(scope="session")
def client(services: Services) -> FlaskClient:
    return application(services).test_client()


@dataclass(frozen=True)
class Found:
    """All pages of an answer: `hits` as the API shows them, `body` of the first page."""

    total: int
    hits: list[dict[str, Any]]
    body: dict[str, Any]

    @property
    def ids(self) -> set[str]:
        return {hit["id"] for hit in self.hits}


Ask = Callable[..., Found]


@pytest.fixture(scope="session")
def ask(client: FlaskClient) -> Ask:
    """Ask the API and turn all its pages."""

    def pages(**parameters: Any) -> Iterator[dict[str, Any]]:
        number = 1
        while True:
            response = client.get(
                "/api/v1/search", query_string={**parameters, "per_page": PAGE, "page": number}
            )
            assert response.status_code == 200, response.text
            body = response.json
            assert body is not None
            yield body
            if number * PAGE >= body["total"]["value"]:
                return
            number += 1

    def asking(q: str = "", **parameters: Any) -> Found:
        bodies = list(pages(q=q, **parameters))
        hits = [hit for body in bodies for hit in body["results"]]
        assert len({hit["id"] for hit in hits}) == len(hits), "a supplier came twice"
        assert len(hits) == bodies[0]["total"]["value"]
        return Found(len(hits), hits, bodies[0])

    return asking
