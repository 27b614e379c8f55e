"""Files of the layout before: their rows are widened as they are read and narrowed as they are written, until a
rebuild makes a file of today's (decision 11)."""

from __future__ import annotations

import struct
from collections.abc import Callable

from discovery.engine.embedded.layout import FORMAT, NEVER
from discovery.engine.formats import ForeignFormatError

Change = Callable[[bytes], bytes]
"""From a packed row to a packed row."""

_LISTED = slice(4 * 8, 4 * 10)
"""What layout 2 added: the instant of the first listing, as two slots of the header."""

_NEVER = struct.pack("<d", NEVER)


def _widen(row: bytes) -> bytes:
    """A row of the layout before, as one of today's."""
    return row[: _LISTED.start] + _NEVER + row[_LISTED.start :]


def _narrow(row: bytes) -> bytes:
    """The inverse, of a row without what today's layout adds."""
    return row[: _LISTED.start] + row[_LISTED.stop :]


def check(found: int, file: str) -> None:
    """ForeignFormatError, for people, unless a file of that layout can be read."""
    if found not in (FORMAT, FORMAT - 1):
        raise ForeignFormatError(
            f"the index file {file} has format {found}, this version reads {FORMAT} and the one before: "
            "run `indexer rebuild`"
        )


def widening(found: int) -> Change | None:
    """What rows of a file of that layout need when they are read; None where they need nothing."""
    return None if found == FORMAT else _widen


def narrowing(found: int) -> Change | None:
    """What rows need to be written to such a file."""
    return None if found == FORMAT else _narrow
