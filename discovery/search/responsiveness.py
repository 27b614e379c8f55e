"""Who answers buyers: a file that a deployer feeds, of suppliers that were asked and how often they answered.

    id,asked,answered
    finess-690000001,12,1

A ranking profile says from how many requests on, and below which share of answers, a supplier counts as silent
(`signals.responsiveness`): it stands a little behind its equals. Who is not in the file is not silent.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from discovery.config import SettingsError
from discovery.config.profiles import Responsiveness
from discovery.config.watched import WatchedFiles

COLUMNS = ("id", "asked", "answered")
MAX_SILENT = 2_000
"""Suppliers sent with each request to the engine, those asked most often: a file that says more of a market than that
is no list of exceptions."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How often a supplier was asked, and how often it answered."""

    id: str
    asked: int
    answered: int


def load(path: Path) -> tuple[Asked, ...]:
    """Read DISCOVERY_RESPONSES, a CSV file of `id,asked,answered`. Raises SettingsError with the line and what to
    do."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [*csv.reader(file)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SettingsError(f"{path}: can't be read ({error}); see DISCOVERY_RESPONSES") from error
    if not rows or tuple(one.strip() for one in rows[0]) != COLUMNS:
        raise SettingsError(f"{path}:1: write {','.join(COLUMNS)} first, then a line for each supplier")
    return tuple(_row(path, number, row) for number, row in enumerate(rows[1:], 2) if any(row))


def _row(path: Path, line: int, row: list[str]) -> Asked:
    cells = [one.strip() for one in row]
    numbers = [int(one) for one in cells[1:] if one.isascii() and one.isdigit()]
    if len(cells) != len(COLUMNS) or not cells[0] or len(numbers) != 2 or numbers[1] > numbers[0]:
        raise SettingsError(f"{path}:{line}: write an id, how often it was asked, and how often of these it answered")
    return Asked(cells[0], *numbers)


class Responses:
    """The file of the settings; without one nobody is silent."""

    def __init__(self, path: Path | None = None) -> None:
        """Raises SettingsError when the file can't be used."""
        self._file = WatchedFiles(lambda: [path], lambda: load(path)) if path else None

    def silent(self, rule: Responsiveness) -> frozenset[str]:
        """Ids of the suppliers that a profile's rule calls silent; empty where there is no file or the rule weighs
        nothing."""
        return _silent(self._file.current(), rule) if self._file and rule.weight else frozenset()


@lru_cache(8)
def _silent(rows: tuple[Asked, ...], rule: Responsiveness) -> frozenset[str]:
    silent = [one for one in rows if one.asked >= rule.asked and one.answered < rule.share * one.asked]
    return frozenset(one.id for one in sorted(silent, key=lambda one: (-one.asked, one.id))[:MAX_SILENT])
