"""What others tell of a supplier's trades: jobs that it hires for, public contracts that it won.

An entry that says nothing is left out with a warning: evidence is never a reason to refuse a supplier.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from discovery.config.crosswalk import CPV, CPV_CHECK, ROME
from indexer.intake import limits, values
from indexer.intake.fields import entries, line
from indexer.intake.findings import Code, Findings
from indexer.record import Contract, Job

_ROME = re.compile(ROME)
_IN_BRACKETS = re.compile(rf"(?P<title>.*)\((?P<code>{ROME})\)\s*", re.DOTALL)
_CPV = re.compile(rf"({CPV})(?:{CPV_CHECK})?")


def jobs(raw: Any, today: date, found: Findings) -> tuple[Job, ...]:
    """The jobs of a row, each once. An entry is an object, a code ("A1203"), or a name with its code ("Jardinage
    (A1203)")."""
    read = (
        _job({"rome": each} if isinstance(each, str) else each, f"jobs.{at}", today, found)
        for at, each in enumerate(entries(raw, "jobs", limits.JOBS, found), 1)
    )
    return tuple(dict.fromkeys(job for job in read if job))


def contracts(raw: Any, today: date, found: Findings) -> tuple[Contract, ...]:
    """The contracts of a row, each once; one needs an object or a CPV code."""
    read = (
        _contract(each, f"contracts.{at}", today, found)
        for at, each in enumerate(entries(raw, "contracts", limits.CONTRACTS, found), 1)
    )
    return tuple(dict.fromkeys(contract for contract in read if contract))


def _job(raw: Any, where: str, today: date, found: Findings) -> Job | None:
    if not isinstance(raw, Mapping):
        found.warn(Code.VALUE_IGNORED, where, raw, expected="job")
        return None
    given = line(raw.get("rome"), f"{where}.rome", limits.JOB_TITLE, found)
    named = _IN_BRACKETS.fullmatch(given)
    code = named["code"] if named else given.upper()
    if not _ROME.fullmatch(code):
        found.warn(Code.VALUE_IGNORED, f"{where}.rome", given, expected="rome")
        return None
    title = line(raw.get("title"), f"{where}.title", limits.JOB_TITLE, found)
    return Job(
        rome=code,
        title=title or (named["title"].strip() if named else ""),
        source=line(raw.get("source"), f"{where}.source", limits.ID, found),
        seen=_optional(raw, "seen", where, lambda value: values.day(value, today), "date", found),
    )


def _contract(raw: Any, where: str, today: date, found: Findings) -> Contract | None:
    if not isinstance(raw, Mapping):
        found.warn(Code.VALUE_IGNORED, where, raw, expected="contract")
        return None
    cpv = _optional(raw, "cpv", where, _cpv, "cpv", found) or ""
    about = line(raw.get("object"), f"{where}.object", limits.CONTRACT_OBJECT, found)
    if not (about or cpv):
        found.warn(Code.VALUE_IGNORED, where, "", expected="contract")
        return None
    return Contract(
        object=about,
        cpv=cpv,
        buyer=line(raw.get("buyer"), f"{where}.buyer", limits.BUYER, found),
        source=line(raw.get("source"), f"{where}.source", limits.ID, found),
        won=_optional(raw, "won", where, lambda value: values.day(value, today), "date", found),
        amount=_optional(raw, "amount", where, _euros, "amount", found),
        reserved=_optional(raw, "reserved", where, values.flag, "flag", found),
    )


def _cpv(raw: Any) -> str:
    match = _CPV.fullmatch(str(raw).strip())
    if match is None:
        raise ValueError("not a CPV code")
    return match[1]


def _euros(raw: Any) -> int:
    """Cents are let go."""
    amount = values.decimal(raw)
    if not 0 <= amount <= limits.TURNOVER:
        raise ValueError("not an amount")
    return round(amount)


def _optional(
    raw: Mapping[str, Any], name: str, where: str, read: Callable[[Any], Any], expected: str, found: Findings
) -> Any:
    value = raw.get(name)
    if values.empty(value):
        return None
    try:
        return read(value)
    except ValueError:
        found.warn(Code.VALUE_IGNORED, f"{where}.{name}", value, expected=expected)
        return None
