"""Files made whole before they are sent: what they are made from is let go, however slowly a client takes them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from typing import IO

_IN_MEMORY = 1_000_000
"""Bytes; larger files go to the disk."""
_CHUNK = 65_536


def spooled(parts: Iterable[bytes]) -> IO[bytes]:
    """Write the parts to a temporary file: open, at its start, gone when it is closed."""
    file: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
    try:
        file.writelines(parts)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """The file's content, some at a time; the file is closed at the end."""
    with file:
        while piece := file.read(_CHUNK):
            yield piece
