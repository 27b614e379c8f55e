"""The whole way of an alert: a real service, a real mail server, a store of each kind, a clock of
the test's own.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from discovery.mappings import Settings
from indexer.alerts.run import Alerts, Report
from indexer.context import Context
from indexer.store import repository
from indexer.store.engine import migrate
from tests.forked import exit_code
from tests.mailserver import Mailboxes, mailboxes
from tests.reliability.alerts import passes
from tests.served import Served
from tests.servers import free_port, postgresql
from tests.unit.indexer.conftest import supplier


class World:
    """Everything that stands between somebody who asks and her mailbox."""

    def __init__(self, settings: Settings, mail: Mailboxes) -> None:
        self.context, self.mail = Context(settings), mail
        self.now = datetime.now(UTC)
        self.number = 0
        migrate(self.context.store)
        self.add()

    @property
    def settings(self) -> Settings:
        return self.context.settings

    def add(self, **changes: object) -> str:
        """One more cleaner is listed, and indexed; its name."""
        self.number += 1
        one = supplier(f"s{self.number}", **({"name": f"Atelier numéro {self.number}"} | changes))
        with self.context.store.begin() as connection:
            repository.save(connection, [one], datetime.now(UTC))
        self.context.synchroniser().drain()
        return one.name

    def monday(self) -> None:
        """It is the next Monday, at noon."""
        days = 7 - self.now.weekday()
        self.now = (self.now + timedelta(days=days)).replace(hour=12)

    def run(self) -> Report:
        return Alerts(self.context.store, self.settings, lambda: self.now).run()

    def in_a_process(self, kill_at: str = "") -> int:
        """A pass in a process of its own, killed where it is said; its exit code."""
        code = exit_code(passes.once, self.settings, self.now, kill_at)
        assert code in (0, -9)
        return code

    def post(self, address: str, **form: str) -> httpx.Response:
        return httpx.post(
            address if "://" in address else self.settings.public_url + address, data=form
        )

    def follow(
        self, address: str, every: str = "week", search: str = "q=nettoyage&department=69"
    ) -> httpx.Response:
        return self.post(f"/suivre?{search}", courriel=address, rythme=every)

    def link(self, address: str, path: str) -> str:
        """The address of that kind in the last mail to a mailbox."""
        return re.findall(rf"http\S+{path}\S+", self.mail.to(address)[-1].text)[0]


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp("alerts")
    home, port = folder / "home", free_port()
    address = f"http://127.0.0.1:{port}"
    shared: dict[str, Any] = {"alerts": folder / "handed", "public_url": address}
    with mailboxes() as mail, _database(request.param) as url:
        settings = Settings(
            home=home,
            database_url=url,
            alerts_from="alertes@search.example",
            smtp=f"smtp://127.0.0.1:{mail.port}",
            **shared,
        )
        world = World(settings, mail)
        environment: dict[str, Any] = {name: str(value) for name, value in shared.items()}
        served = Served(home, folder / "log", 1, port=port, **environment)
        try:
            yield world
        finally:
            served.stop()
            world.context.close()


@pytest.fixture
def address(world: World) -> str:
    """A mailbox of the test's own, now."""
    world.now = datetime.now(UTC)
    return f"ann.{os.urandom(4).hex()}@mail.example"


@contextmanager
def _database(kind: str) -> Iterator[str]:
    """Its address; "" = SQLite in the home folder."""
    if kind == "sqlite":
        yield ""
        return
    with postgresql() as url:
        yield f"{url}/postgres"
