"""Facts about suppliers that the store has, from a source that lists none itself: contracts won, registered codes.

A fact concerns an establishment: every supplier of its SIRET, whatever its kind, is told of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from indexer.intake import evidence, values
from indexer.intake.brought import BATCH, bring
from indexer.intake.findings import Findings
from indexer.intake.precedence import Precedence, noted, won
from indexer.intake.report import ImportReport
from indexer.record import Supplier
from indexer.store.bulk import batched


def import_facts(
    engine: Engine,
    file: Path,
    source: str,
    asked: Sequence[str],
    now: datetime,
    precedence: Precedence = Precedence(),  # noqa: B008
) -> ImportReport:
    """Bring the suppliers of the SIRETs that were `asked` for (sorted) to what the file says: JSONL in the order of
    `siret`. What the source says no longer is taken back, what others say stays. A batch is a transaction.

    The report counts suppliers, not lines.
    """
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
                one: Supplier, found: Findings, of_batch: Mapping[str, list[dict[str, Any]]] = of_batch
            ) -> Supplier:
                return with_facts(one, of_batch.get(one.siret, []), source, now, found, precedence)

            with engine.begin() as connection:
                bring(connection, sirets, after, now, report, file.name)
    return report


def with_facts(
    supplier: Supplier,
    told: Sequence[Mapping[str, Any]],
    source: str,
    now: datetime,
    found: Findings,
    precedence: Precedence,
) -> Supplier:
    """The supplier with what the source says of it in place of what it said before, where it is believed. Pure."""
    raw = [contract for one in told for contract in one.get("contracts", ())]
    own = evidence.contracts(raw, now.date(), found)
    contracts = (*(one for one in supplier.contracts if one.source != source), *own)
    naf = next(_nafs(told), "")
    values_: dict[str, Any] = {"naf": naf, "naf_nomenclature": "NAFRev2"} if naf else {}
    fields = won(supplier, values_, source, precedence)
    after = replace(supplier, contracts=contracts, **(values_ if "naf" in fields else {}))
    if not fields and not any(one.source == source for one in supplier.provenance):
        return after  # contracts say themselves from whom they come
    return replace(after, provenance=noted(supplier, source, fields, None, now.date()))


def _nafs(told: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for one in told:
        try:
            yield values.naf(one.get("naf"))
        except ValueError:
            continue
