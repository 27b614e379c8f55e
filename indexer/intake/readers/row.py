"""What a reader yields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TextIO

from indexer.intake.findings import Finding


@dataclass(frozen=True, slots=True)
class Row:
    """One row as a canonical mapping, whatever the file's format.

    `line` (from 1) is where it starts. `raw` has only the fields that the format carries: an absent one stays as the
    store has it. `operator`: the body that runs the place, told where nothing better describes it. `fault`: the row
    cannot be read at all.
    """

    line: int
    raw: Mapping[str, Any]
    operator: str = ""
    fault: Finding | None = None


class Reader(Protocol):
    """Reads a text from its beginning, lazily. Raises BrokenFile when it is not of the format, or cut short."""

    def __call__(self, stream: TextIO) -> Iterator[Row]: ...
