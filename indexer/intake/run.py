"""The import: every file read to its end first, then written in batches, each a transaction.

Memory does not grow with the rows: of those that have gone by, what is still needed stands in a
file (`identity.py`).
"""

import signal
import sqlite3
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TextIO

from sqlalchemy import Connection, Engine

from discovery.mappings import Mappings
from discovery.mappings.vocabulary import Lang
from discovery.model import dataclass, field, replace
from discovery.places import Gazetteer
from indexer.gc_tuning import collected_rarely
from indexer.intake.check import Check
from indexer.intake.findings import Code, Finding
from indexer.intake.identity import Identities, Met, ids_by_key, memory
from indexer.intake.precedence import Draft, Precedence, merge, without
from indexer.intake.readers import FORMATS, HEAD_CHARACTERS, Format, Row, format_of
from indexer.intake.readers.canonical_csv import near_field, unknown_fields
from indexer.intake.report import ImportReport, ReportFile, Result, RowOutcome
from indexer.intake.source import BrokenFile, IntakeError, Interrupted, Source, open_source
from indexer.record import Status, Supplier
from indexer.signals import answering
from indexer.store import repository
from indexer.store.engine import reading
from indexer.store.repository import aliases


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM wait until the end of a `with`, which has to be short. In other
    threads than the main one, which signals never interrupt, it does nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    late: list[int] = []
    with answering(lambda number, _: late.append(number), signal.SIGINT, signal.SIGTERM):
        yield
    if late:
        signal.raise_signal(late[0])


BATCH = 500
MAX_DELISTED = 0.20
"""The share of a source beyond which a complete file is thought to be cut, not its suppliers gone.
"""

Progress = Callable[[str, int, int], None]
"""Called with a stage (`check`, `plan`, `write`), bytes done, and bytes in all."""


def import_files(
    engine: Engine,
    paths: Sequence[Path | str],
    *,
    mappings: Mappings,
    gazetteer: Gazetteer,
    format: str | None = None,
    id_prefix: str = "",
    precedence: Precedence = Precedence(),  # noqa: B008
    dry_run: bool = False,
    report: TextIO | None = None,
    complete: str | None = None,
    force: bool = False,
    now: datetime | None = None,
    lang: Lang = "fr",
    progress: Progress | None = None,
    stdin: BinaryIO | None = None,
) -> ImportReport:
    """Import files (`-` is `stdin`) into the store; the report's counts add up to the rows read.

    Nothing is written unless every file can be read to its end (BrokenFile otherwise, an
    IntakeError). `report` gets a JSON line per row. `complete` names a source of which the files
    are the whole: its live suppliers that are absent, and of which no other source tells, are
    delisted. Raises IntakeError when they are more than a fifth of it, unless `force`. `id_prefix`:
    as `Format.id_prefix`, for a format that has none. `dry_run` counts the same and writes nothing.
    Ctrl-C ends it with Interrupted: whole batches are written, the rest is not.
    """
    now = now or datetime.now(UTC)
    with ExitStack() as stack:
        sources = [stack.enter_context(open_source(path, stdin)) for path in paths]
        check = Check(mappings.vocabulary, gazetteer, now.date())
        kept = stack.enter_context(memory())
        stage = "plan" if dry_run else "write"
        run = _Run(engine, check, now, ReportFile(report, lang), progress, kept, precedence, stage)
        run.report.dry_run = dry_run
        stack.enter_context(collected_rarely())
        try:
            files = [_read_to_end(source, format, mappings.columns, progress) for source in sources]
            files = [replace(one, id_prefix=one.format.id_prefix or id_prefix) for one in files]
            if complete is not None:
                plan = _Run(
                    engine, check, now, ReportFile(None, lang), progress, kept, precedence, "plan"
                )
                plan.met = Met(kept)
                plan.all(files, write=False)
                plan.refuse_mass_delisting(complete, force=force)
                run.met = Met(kept)
            run.all(files, write=not dry_run, complete=complete)
        except KeyboardInterrupt:
            raise Interrupted(*run.reached, 0 if dry_run else run.report.rows) from None
        return run.report


@dataclass(frozen=True, slots=True)
class _File:
    source: Source
    format: Format
    id_prefix: str = ""

    def rows(self) -> Generator[Row, None, None]:
        with self.source.text() as stream:
            yield from self.format.read(stream)


def _read_to_end(
    source: Source, name: str | None, columns: Mapping[str, str], progress: Progress | None
) -> _File:
    """The first pass: what the file is, and that it is so to its end."""
    if name is not None and name not in FORMATS:
        raise IntakeError(f"{name!r} is not a format. One of {', '.join(FORMATS)}.")
    with source.text() as stream:
        head = stream.readline(HEAD_CHARACTERS)
        while (
            head.isspace()
            and len(head) < HEAD_CHARACTERS
            and (more := stream.readline(HEAD_CHARACTERS))
        ):
            head += more
        found = format_of(head, columns, name)
    file = _File(source, found)
    with closing(file.rows()) as rows:
        for count, _ in enumerate(rows, 1):
            if progress and count % BATCH == 0:
                progress("check", source.position(), source.size)
    if progress:
        progress("check", source.size, source.size)
    return file


@dataclass(slots=True)
class _Run:
    """One walk over all the files. `reached`: the file and the line of the last row of a batch that
    is done.
    """

    engine: Engine
    check: Check
    now: datetime
    log: ReportFile
    progress: Progress | None
    memory: sqlite3.Connection
    precedence: Precedence
    stage: str
    report: ImportReport = field(default_factory=ImportReport)
    reached: tuple[str, int] = ("", 0)
    sources: set[str] = field(default_factory=set)
    met: Met | None = None  # where absence counts
    _held: Connection | None = None
    _write: bool = False

    def all(self, files: Sequence[_File], *, write: bool, complete: str | None = None) -> None:
        self._write = write
        if write or len(files) == 1:
            self._walk(files, complete)
            return
        # A later file may concern what an earlier one would create: a dry run of several writes,
        # and takes it back.
        with self.engine.connect() as connection, connection.begin() as transaction:
            self._held, self._write = connection, True
            self._walk(files, complete)
            self._held = None
            transaction.rollback()

    def _walk(self, files: Sequence[_File], complete: str | None) -> None:
        for file in files:
            self._file(file)
        if complete is not None:
            self._delist(complete)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        if self._held is not None:
            yield self._held
        elif self._write:
            with self.engine.begin() as connection:
                yield connection
        else:
            with reading(self.engine) as connection:
                yield connection

    # Rows

    def _file(self, file: _File) -> None:
        identities, unknown = Identities(self.memory), set[str]()
        with closing(file.rows()) as rows:
            while batch := list(islice(rows, BATCH)):
                drafts = [(row, self._draft(row, unknown)) for row in batch]
                with ExitStack() as counted:
                    for outcome in self._batch(file, identities, drafts, counted):
                        self.report.add(outcome)
                        self.log.write(outcome)
                    self.reached = file.source.name, batch[-1].line
                if self.progress:
                    self.progress(self.stage, file.source.position(), file.source.size)
        if self.progress:
            self.progress(self.stage, file.source.size, file.source.size)

    def _draft(self, row: Row, unknown: set[str]) -> Draft:
        if row.fault is not None:
            draft = Draft()
            draft.findings.rejections.append(row.fault)
            return draft
        draft = self.check(row.raw)
        for name in unknown_fields(row.raw):
            if name not in unknown:  # once a file: a column has it in every row
                unknown.add(name)
                draft.findings.warn(Code.UNKNOWN_FIELD, name, name, near=near_field(name))
        return draft

    def _batch(
        self,
        file: _File,
        identities: Identities,
        drafts: list[tuple[Row, Draft]],
        counted: ExitStack,
    ) -> list[RowOutcome]:
        """What became of each row. From the commit on, until `counted` ends, nothing interrupts."""
        outcomes: dict[int, RowOutcome] = {}
        valid: list[tuple[int, Draft]] = []
        for at, (row, draft) in enumerate(drafts):
            new = draft.rejected or identities.claim(draft, row.line)
            if draft.rejected or not new:
                if self.met:
                    self.met.refuse(draft.id, draft.key[0])
                result = Result.REJECTED if draft.rejected else Result.UNCHANGED
                outcomes[at] = _outcome(file, row, draft, draft.id, result)
            else:
                valid.append((at, draft))
        with self._transaction() as connection:
            changed: list[Supplier] = []
            latest: dict[str, Supplier] = {}
            for (at, draft), (supplier_id, before, merged) in zip(
                valid,
                self._known(connection, file, identities, [draft for _, draft in valid]),
                strict=True,
            ):
                source = draft.values.get("source", file.format.source)
                before = latest.get(supplier_id, before)
                if merged and before is not None and before.source == source:
                    # of two rows of one source the one that took the other in is its word
                    supplier = before
                else:
                    supplier = merge(
                        draft, supplier_id, before, source, self.precedence, self.now.date()
                    )
                result = _result(before, supplier, draft)
                if result is not Result.UNCHANGED:
                    changed.append(supplier)
                    latest[supplier_id] = supplier
                self.sources.add(source)
                outcomes[at] = _outcome(file, drafts[at][0], draft, supplier_id, result)
            if self._write and changed:
                repository.save(connection, changed, self.now)
            counted.enter_context(uninterrupted())
        if self.met:
            self.met.add(outcomes[at].id for at, _ in valid)
        return [outcomes[at] for at in range(len(drafts))]

    def _known(
        self, connection: Connection, file: _File, identities: Identities, drafts: list[Draft]
    ) -> list[tuple[str, Supplier | None, bool]]:
        """For each draft the id under which it is kept, the supplier that the store has of it, and
        whether the row's own was merged into that one.
        """
        stored = repository.load(connection, [draft.id for draft in drafts])
        prefix = file.id_prefix
        asking = [
            draft
            for draft in drafts
            if draft.id not in stored and draft.key[0] and (prefix or not draft.id_given)
        ]
        matched: dict[str, str] = {}
        if asking:
            candidates = ids_by_key(connection, {draft.key[0] for draft in asking})
            for draft in asking:
                found = identities.match(draft, candidates.get(draft.key, ()), prefix)
                if found != draft.id:
                    identities.use(found)
                    matched[draft.id] = found
        ids = [matched.get(draft.id, draft.id) for draft in drafts]
        merged = aliases(connection, ids)
        if matched or merged:
            stored |= repository.load(connection, [*matched.values(), *merged.values()])
        kept = [merged.get(id_, id_) for id_ in ids]
        return [(now, stored.get(now), id_ in merged) for id_, now in zip(ids, kept, strict=True)]

    # What is absent

    def _absent(self, connection: Connection, source: str) -> tuple[list[str], int]:
        """The live suppliers of the source that no row told of, and how many live ones it has."""
        assert self.met is not None
        absent, live = list[str](), 0
        for ids in repository.ids_of_source(connection, source):
            live += len(ids)
            absent += self.met.absent(ids)
        return absent, live

    def refuse_mass_delisting(self, source: str, *, force: bool) -> None:
        """Raises IntakeError when files said to be complete are not of this source, or would delist
        too much of it.
        """
        if source not in self.sources:
            named = ", ".join(sorted(self.sources)) or "none"
            raise IntakeError(
                f"No valid row of these files comes from {source!r} (sources: {named}). Nothing was changed."
            )
        with reading(self.engine) as connection:
            absent, live = self._absent(connection, source)
        if len(absent) > MAX_DELISTED * live and not force:
            raise IntakeError(
                f"{len(absent)} of {live} suppliers from {source!r} are absent from these files, more than "
                f"{MAX_DELISTED:.0%}: they look cut short. Nothing was changed. If they are right, add --force."
            )

    def _delist(self, source: str) -> None:
        with self._transaction() as connection:
            absent, _ = self._absent(connection, source)
            for at in range(0, len(absent), BATCH):
                self._leave(
                    connection, repository.load(connection, absent[at : at + BATCH]), source
                )

    def _leave(self, connection: Connection, absent: Mapping[str, Supplier], source: str) -> None:
        """Of suppliers that the source no longer lists, those that nobody else does are delisted."""
        others = {id_: without(one, source, self.precedence) for id_, one in absent.items()}
        for id_ in (id_ for id_, left in others.items() if left is None):
            if self._write:
                repository.delist(connection, id_)
            self.log.write({"id": id_, "outcome": "delisted"})
            self.report.delisted += 1
        kept = [
            replace(absent[id_], source=left[0], provenance=left[1])
            for id_, left in others.items()
            if left
        ]
        if self._write:
            repository.save(connection, kept, self.now)


def _result(before: Supplier | None, after: Supplier, draft: Draft) -> Result:
    if before is None:
        return Result.CREATED
    if before.status is Status.DELISTED and after.status is Status.LIVE:
        draft.findings.warn(Code.RELISTED)
    return Result.UNCHANGED if repository.same_content(before, after) else Result.UPDATED


def _outcome(file: _File, row: Row, draft: Draft, supplier_id: str, result: Result) -> RowOutcome:
    rejections: Sequence[Finding] = draft.findings.rejections
    return RowOutcome(
        file.source.name, row.line, supplier_id, result, rejections, draft.findings.warnings
    )


__all__ = ["BrokenFile", "ImportReport", "IntakeError", "import_files"]
