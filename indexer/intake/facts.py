"""Facts about suppliers that the store has, from a source that lists none itself: contracts won,
registered codes, labels of whole companies.

A fact concerns an establishment: every supplier of its SIRET, whatever its kind, is told of it.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from sqlite3 import Connection as Memory
from typing import Any

from sqlalchemy import Connection, Engine

from indexer.intake import activities, values
from indexer.intake.findings import Findings
from indexer.intake.identity import ids_by_siret, memory
from indexer.intake.precedence import Precedence, noted, told_fields, won
from indexer.intake.report import ImportReport, Result, RowOutcome
from indexer.intake.source import IntakeError
from indexer.record import SiteTrade, Supplier
from indexer.store import repository
from indexer.store.engine import reading
from indexer.store.sql import batched

MAX_CLOSED, FEW_CLOSED = 0.20, 10
"""The share of the suppliers beyond which a register is thought to err that says they closed; a few
are believed.
"""


def import_facts(
    engine: Engine,
    file: Path,
    source: str,
    asked: Sequence[str],
    now: datetime,
    precedence: Precedence = Precedence(),  # noqa: B008
    *,
    force: bool = False,
) -> ImportReport:
    """Bring the suppliers of the SIRETs that were `asked` for (sorted) to what the file says: JSONL
    in the order of `siret`. What the source says no longer is taken back, what others say stays. A
    batch is a transaction.

    The report counts suppliers, not lines. Raises IntakeError, before anything is written, when it
    closes more than a fifth of them at once, unless `force`.
    """
    if not force:
        _refuse_mass_closing(engine, file, source, len(asked))
    report = ImportReport()
    with file.open(encoding="utf-8") as lines:
        told = groupby(map(json.loads, lines), key=lambda one: str(one["siret"]))
        waiting = next(told, None)
        for sirets in batched(asked, BATCH):
            of_batch: dict[str, list[dict[str, Any]]] = {}
            while waiting and waiting[0] <= sirets[-1]:
                of_batch[waiting[0]] = list(waiting[1])
                waiting = next(told, None)

            def after(
                one: Supplier,
                found: Findings,
                of_batch: Mapping[str, list[dict[str, Any]]] = of_batch,
            ) -> Supplier:
                return with_facts(one, of_batch.get(one.siret, []), source, now, found, precedence)

            with engine.begin() as connection:
                bring(connection, sirets, after, now, report, file.name)
    return report


def _refuse_mass_closing(engine: Engine, file: Path, source: str, asked: int) -> None:
    with file.open(encoding="utf-8") as lines:
        told = [one["siret"] for one in map(json.loads, lines) if one.get("closed")]
    with reading(engine) as connection:
        closing = repository.open_sirets(connection, told)
    if len(closing) > max(FEW_CLOSED, MAX_CLOSED * asked):
        raise IntakeError(
            f"{source} says that {len(closing)} of {asked} establishments closed since it was last believed, more than "
            f"{MAX_CLOSED:.0%}: nothing was changed. If that is right, pull again with --force."
        )


def with_facts(
    supplier: Supplier,
    told: Sequence[Mapping[str, Any]],
    source: str,
    now: datetime,
    found: Findings,
    precedence: Precedence,
) -> Supplier:
    """The supplier with what the source says of it in place of what it said before, where it is
    believed. Pure.
    """
    raw = [contract for one in told for contract in one.get("contracts", ())]
    own = activities.contracts(raw, "contracts", now.date(), found)
    contracts = (*(one for one in supplier.contracts if one.source != source), *own)
    naf = next(_nafs(told), "")
    values_: dict[str, Any] = {"naf": naf, "naf_nomenclature": "NAFRev2"} if naf else {}
    values_ |= {
        name: one[name]
        for one in told
        for name in ("closed", "year_founded")
        if one.get(name) is not None
    }
    fields = won(supplier, values_, source, precedence)
    taken = {each: value for name in fields for each, value in told_fields(values_, name).items()}
    sites = [one["site_trades"] for one in told if "site_trades" in one]
    if sites:
        taken["site_trades"] = tuple(_site_trades(supplier.site_trades, sites[0], now.date()))
    after = replace(supplier, contracts=contracts, **taken)
    if not fields and not any(one.source == source for one in supplier.provenance):
        return after  # contracts say themselves from whom they come
    return replace(after, provenance=noted(supplier, source, fields, None, now.date()))


def _site_trades(
    before: Sequence[SiteTrade], told: Sequence[Mapping[str, str]], today: date
) -> Iterator[SiteTrade]:
    """What a site says now; what it goes on to say keeps its day."""
    seen = {(one.sector, one.words, one.address): one for one in before}
    for one in told:
        now = SiteTrade(one["sector"], one["words"], one["address"], today)
        yield seen.get((now.sector, now.words, now.address), now)


def _nafs(told: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for one in told:
        try:
            yield values.naf(one.get("naf"))
        except ValueError:
            continue


BATCH = 500
"""SIRETs of a transaction."""


def bring(
    connection: Connection,
    sirets: Sequence[str],
    after: Callable[[Supplier, Findings], Supplier],
    now: datetime,
    report: ImportReport,
    file: str,
) -> None:
    """Save every supplier of the SIRETs, whatever its kind, as `after` makes it, where that
    differs. `report` counts it as a row of `file`.
    """
    changed = list[Supplier]()
    for one in repository.load(connection, ids_by_siret(connection, sirets)).values():
        findings = Findings()
        found = after(one, findings)
        same = repository.same_content(one, found)
        report.add(
            RowOutcome(
                file, 0, one.id, Result.UNCHANGED if same else Result.UPDATED, (), findings.warnings
            )
        )
        if not same:
            changed.append(found)
    repository.save(connection, changed, now)


def import_labels(
    engine: Engine, file: Path, source: str, now: datetime, *, whole: bool
) -> ImportReport:
    """Note at each supplier whether the list has it: JSONL of `{"number": …}`. Of a list that is
    not `whole` nothing is taken back. A batch is a transaction, memory does not grow with the list.
    The report counts suppliers.
    """
    report = ImportReport()
    with memory() as listed:
        listed.execute("CREATE TABLE listed (number TEXT PRIMARY KEY) WITHOUT ROWID")
        with file.open(encoding="utf-8") as lines:
            rows = ((json.loads(line)["number"],) for line in lines)
            listed.executemany("INSERT OR IGNORE INTO listed VALUES (?)", rows)
        with reading(engine) as connection:
            sirets = repository.sirets(connection)
        for batch in batched(sirets, BATCH):
            held = _held(listed, batch)

            def after(one: Supplier, _found: Findings, held: frozenset[str] = held) -> Supplier:
                has = one.siret in held
                return labelled(one, source, now.date(), has=has) if has or whole else one

            with engine.begin() as connection:
                bring(connection, batch, after, now, report, file.name)
    return report


def _held(listed: Memory, sirets: Sequence[str]) -> frozenset[str]:
    """Those of the SIRETs that the list has, or of whose companies it has the SIREN."""
    query = """SELECT value FROM json_each(?)
               WHERE value IN (SELECT number FROM listed) OR substr(value, 1, 9) IN (SELECT number FROM listed)"""
    return frozenset(value for (value,) in listed.execute(query, (json.dumps(list(sirets)),)))


def labelled(supplier: Supplier, source: str, today: date, *, has: bool) -> Supplier:
    """The supplier with the list among those that tell of it, or not. Pure."""
    if has:
        return replace(supplier, provenance=noted(supplier, source, (), None, today))
    return replace(
        supplier, provenance=tuple(one for one in supplier.provenance if one.source != source)
    )
