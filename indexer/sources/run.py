"""A source pulled and imported, and what is noted of it: the same for the command and for the
scheduled task.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from discovery.desk.notices import FILE, write_lots
from discovery.errors import DiscoveryError
from discovery.mappings import Mappings
from discovery.mappings.settings import absent
from discovery.places import Gazetteer
from indexer.intake.facts import import_facts, import_labels
from indexer.intake.report import ImportReport
from indexer.intake.run import Progress, import_files
from indexer.sources import websites
from indexer.sources.connector import Page, Parts
from indexer.sources.enabled import Source, precedence
from indexer.sources.fetch import Fetcher, SourceError, Validators
from indexer.sources.pull import Pulled, alone, pull, replay, settled
from indexer.store import observations, repository
from indexer.store.engine import reading

if TYPE_CHECKING:
    import httpx

MIN_SHARE = 0.8
"""Of the records of the last pull: with fewer, the source is thought to be broken, not its
suppliers gone.
"""


@dataclass(frozen=True, slots=True)
class Room:
    """What a pull works with: the store, the home folder, what rows are checked against; and time,
    in seconds.
    """

    store: Engine
    home: Path
    mappings: Mappings
    gazetteer: Gazetteer
    transport: "httpx.BaseTransport | None" = None
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class PullOptions:
    """`departments`: only these, empty = all. `pages`: a folder of kept pages, instead of asking
    the source.
    """

    departments: tuple[str, ...] = ()
    force: bool = False
    pages: Path | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """`alarm`: why not all of it was believed, "" = it was; `note`: worth saying, no reason to
    worry.
    """

    report: ImportReport
    alarm: str = ""
    note: str = ""

    @property
    def exit_code(self) -> int:
        return 1 if self.alarm else self.report.exit_code


Steps = Callable[[int], AbstractContextManager[Callable[[], None]]]
"""(how many parts) → a context with what to call after each."""


def run(
    room: Room,
    source: Source,
    asked: PullOptions = PullOptions(),
    steps: Steps = lambda _: nullcontext(lambda: None),
    progress: Progress | None = None,
) -> Done:
    """Pull `source` and import it. A DiscoveryError changed nothing, and is noted as an alarm; so
    is a source that lost a fifth: then nobody is delisted, and facts stay as they are.
    """
    under_way = _Pull(room, source, asked, steps, progress)
    with alone(under_way.folder):
        before = observations.last_pulls(room.store).get(
            source.name, observations.Pull(source.name)
        )
        try:
            return under_way.run(before)
        except DiscoveryError as error:
            observations.note_pull(room.store, replace(before, alarm=str(error)))
            raise


@dataclass(slots=True)
class _Pull:
    """One pull of one source. `sites`: SIRET → site, of a source that asks suppliers' own."""

    room: Room
    source: Source
    asked: PullOptions
    steps: Steps
    progress: Progress | None
    sites: Mapping[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.room.home / "sources" / self.source.name

    def run(self, before: observations.Pull) -> Done:
        source, store, facts = self.source, self.room.store, self.source.connector.of_facts
        parts = self._parts()
        pulled = (
            replay(self.folder, self.asked.pages, parts)
            if self.asked.pages
            else self._fetched(parts)
        )
        if self.asked.departments:
            return Done(self._imported(pulled, parts, complete=False))
        lost = pulled.records < MIN_SHARE * before.records and not self.asked.force
        alarm = note = ""
        if lost:
            spared = "no fact is taken back" if facts else "nobody is delisted"
            alarm = (
                f"{source.name} has {pulled.records} records, {before.records} at the last pull: {spared}. If that is "
                "right, pull again with --force."
            )
        elif not pulled.whole:
            note = f"{source.name} changed while it was read: nobody is delisted this time."
        report = ImportReport()
        if not (lost and facts):
            report = self._imported(pulled, parts, complete=pulled.whole and not lost)
        now = observations.Pull(source.name, pulled.records, datetime.now(UTC))
        observations.note_pull(store, replace(before, alarm=alarm) if lost else now)
        if not self.asked.pages:
            settled(self.folder)
        return Done(report, alarm, note)

    def _parts(self) -> Sequence[str]:
        """What the source is asked for, piece by piece."""
        room, kind = self.room, self.source.connector.parts
        if kind is Parts.DEPARTMENTS:
            return self.asked.departments or tuple(one.code for one in room.gazetteer.departments())
        if kind not in (Parts.SIRETS, Parts.WEBSITES):
            return ("all",)
        with reading(room.store) as connection:
            if kind is Parts.SIRETS:
                return repository.sirets(connection)
            sharing = room.mappings.websites.most["sharing"]
            self.sites = websites.sites_to_read(repository.websites(connection), sharing)
        return sorted(self.sites)

    def _fetched(self, parts: Sequence[str]) -> Pulled:
        room, source = self.room, self.source
        if source.lacks:
            raise SourceError(source.lacks)
        try:
            import httpx
        except ModuleNotFoundError:
            raise SourceError(absent("indexer pull", "the HTTP client", "pull")) from None
        with (
            httpx.Client(headers=source.headers, transport=room.transport) as client,
            self.steps(len(parts)) as step,
        ):
            fetcher = Fetcher(
                client, source.per_minute, room.clock, room.sleep, source.connector.hosts
            )
            page = source.connector.asks(room.mappings)

            def ask(part: str, number: int, known: Validators, at: str) -> tuple[Page, Validators]:
                fetcher.validators = known
                return page(
                    fetcher, at or self.sites.get(part, source.url), part, number
                ), fetcher.validators

            return pull(self.folder, parts, ask, source.connector.form, step)

    def _imported(self, pulled: Pulled, parts: Sequence[str], *, complete: bool) -> ImportReport:
        room, source, now = self.room, self.source, datetime.now(UTC)
        if source.connector.parts is Parts.NOTICES:
            report = ImportReport()
            with pulled.file.open(encoding="utf-8") as lines:
                report.created = write_lots(room.home / FILE, map(json.loads, lines))
            return report
        if source.connector.parts is Parts.LISTED:
            return import_labels(room.store, pulled.file, source.name, now, whole=complete)
        believed = precedence(room.home)
        if source.connector.of_facts:
            return import_facts(
                room.store, pulled.file, source.name, parts, now, believed, force=self.asked.force
            )
        return import_files(
            room.store,
            [pulled.file],
            mappings=room.mappings,
            gazetteer=room.gazetteer,
            format="jsonl",
            id_prefix=source.connector.id_prefix,
            precedence=believed,
            complete=source.name if complete else None,
            force=self.asked.force,
            progress=self.progress,
        )
