"""Files of the layout before: their rows are widened as they are read and narrowed as they are written, until a
rebuild makes a file of today's (decision 11)."""

from __future__ import annotations

import struct
from collections.abc import Callable

from discovery.engine.embedded.layout import FORMAT, Header
from discovery.engine.formats import ForeignFormatError

Change = Callable[[bytes], bytes]
"""From a packed row to a packed row."""

_EVIDENCE = slice(4 * (Header.ACTIVITIES - 2), 4 * Header.ACTIVITIES)
"""What layout 3 added: how many sectors there is evidence of, and how many kinds of it, the last of the keywords; then
those sectors and kinds."""

_NONE = struct.pack("<ii", 0, 0)


def _widen(row: bytes) -> bytes:
    """A row of the layout before, as one of today's."""
    return row[: _EVIDENCE.start] + _NONE + row[_EVIDENCE.start :]


def _narrow(row: bytes) -> bytes:
    """The inverse, of a row without what today's layout adds."""
    return row[: _EVIDENCE.start] + row[_EVIDENCE.stop :]


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
