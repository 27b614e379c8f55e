"""A source pulled and imported, and what is noted of it: the same for the command and for the scheduled task."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
from sqlalchemy import Engine

from discovery.errors import DiscoveryError
from discovery.mappings import Mappings
from discovery.places import Gazetteer
from indexer.intake.facts import import_facts, import_labels
from indexer.intake.report import ImportReport
from indexer.intake.run import Progress, import_files
from indexer.sources import websites
from indexer.sources.connector import Page, Parts
from indexer.sources.enabled import Source, precedence
from indexer.sources.fetch import Fetcher, SourceError, Validators
from indexer.sources.pull import Pulled, alone, pull, replay, settled
from indexer.store import observations, reading, repository

MIN_SHARE = 0.8
"""Of the records of the last pull: with fewer, the source is thought to be broken, not its suppliers gone."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a pull works with: the store, the home folder, what rows are checked against; and time, in seconds."""

    store: Engine
    home: Path
    mappings: Mappings
    gazetteer: Gazetteer
    transport: httpx.BaseTransport | None = None
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class PullOptions:
    """`departments`: only these, empty = all. `pages`: a folder of kept pages, instead of asking the source."""

    departments: tuple[str, ...] = ()
    force: bool = False
    pages: Path | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """`alarm`: why not all of it was believed, "" = it was; `note`: worth saying, no reason to worry."""

    report: ImportReport
    alarm: str = ""
    note: str = ""

    @property
    def exit_code(self) -> int:
        """The command's exit code: 1 with an alarm, else the import's own."""
        return 1 if self.alarm else self.report.exit_code


Steps = Callable[[int], AbstractContextManager[Callable[[], None]]]
"""(how many parts) → a context with what to call after each."""


def _silent(_parts: int) -> AbstractContextManager[Callable[[], None]]:
    return nullcontext(lambda: None)


def run(
    room: Room,
    source: Source,
    asked: PullOptions = PullOptions(),
    steps: Steps = _silent,
    progress: Progress | None = None,
) -> Done:
    """Pull `source` and import it. A DiscoveryError changed nothing, and is noted as an alarm; so is a source that lost
    a fifth: then nobody is delisted, and facts stay as they are."""
    folder = room.home / "sources" / source.name
    with alone(folder):
        before = observations.last_pulls(room.store).get(source.name, observations.Pull(source.name))
        try:
            return _run(room, source, asked, folder, before, steps, progress)
        except DiscoveryError as error:
            observations.note_pull(room.store, replace(before, alarm=str(error)))
            raise


def _run(
    room: Room,
    source: Source,
    asked: PullOptions,
    folder: Path,
    before: observations.Pull,
    steps: Steps,
    progress: Progress | None,
) -> Done:
    sites = _sites(room, source)
    parts = _parts(room, source, asked, sites)
    pulled = replay(folder, asked.pages, parts) if asked.pages else _pull(room, source, folder, parts, sites, steps)
    if asked.departments:
        return Done(_imported(room, source, pulled, parts, progress, complete=False))
    lost = pulled.records < MIN_SHARE * before.records and not asked.force
    alarm = note = ""
    if lost:
        spared = "no fact is taken back" if source.connector.of_facts else "nobody is delisted"
        alarm = (
            f"{source.name} has {pulled.records} records, {before.records} at the last pull: {spared}. If that is "
            "right, pull again with --force."
        )
    elif not pulled.whole:
        note = f"{source.name} changed while it was read: nobody is delisted this time."
    if lost and source.connector.of_facts:
        report = ImportReport()
    else:
        complete = pulled.whole and not lost
        report = _imported(room, source, pulled, parts, progress, complete=complete, force=asked.force)
    if lost:
        observations.note_pull(room.store, replace(before, alarm=alarm))
    else:
        observations.note_pull(room.store, observations.Pull(source.name, pulled.records, datetime.now(UTC)))
    if not asked.pages:
        settled(folder)
    return Done(report, alarm, note)


def _parts(room: Room, source: Source, asked: PullOptions, sites: Mapping[str, str]) -> Sequence[str]:
    match source.connector.parts:
        case Parts.WEBSITES:
            return sorted(sites)
        case Parts.DEPARTMENTS:
            return asked.departments or tuple(one.code for one in room.gazetteer.departments())
        case Parts.SIRETS:
            with reading(room.store) as connection:
                return repository.sirets(connection)
    return ("all",)


def _sites(room: Room, source: Source) -> Mapping[str, str]:
    """Of a source that asks suppliers' own sites: which, by SIRET."""
    if source.connector.parts is not Parts.WEBSITES:
        return {}
    with reading(room.store) as connection:
        return websites.sites_to_read(repository.websites(connection), room.mappings.websites.most_sharing)


def _pull(
    room: Room, source: Source, folder: Path, parts: Sequence[str], sites: Mapping[str, str], steps: Steps
) -> Pulled:
    if source.lacks:
        raise SourceError(source.lacks)
    with httpx.Client(headers=source.headers, transport=room.transport) as client, steps(len(parts)) as step:
        fetcher = Fetcher(client, source.per_minute, room.clock, room.sleep, source.connector.hosts)

        page = source.connector.asks(room.mappings)

        def ask(part: str, number: int, known: Validators, at: str) -> tuple[Page, Validators]:
            fetcher.validators = known
            return page(fetcher, at or sites.get(part, source.url), part, number), fetcher.validators

        return pull(folder, parts, ask, source.connector.form, step)


def _imported(
    room: Room,
    source: Source,
    pulled: Pulled,
    parts: Sequence[str],
    progress: Progress | None,
    *,
    complete: bool,
    force: bool = False,
) -> ImportReport:
    believed = precedence(room.home)
    if source.connector.parts is Parts.LISTED:
        return import_labels(room.store, pulled.file, source.name, datetime.now(UTC), whole=complete)
    if source.connector.of_facts:
        return import_facts(room.store, pulled.file, source.name, parts, datetime.now(UTC), believed)
    return import_files(
        room.store,
        [pulled.file],
        mappings=room.mappings,
        gazetteer=room.gazetteer,
        format="jsonl",
        id_prefix=source.connector.id_prefix,
        precedence=believed,
        complete=source.name if complete else None,
        force=force,
        progress=progress,
    )
