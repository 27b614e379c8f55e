"""The child process: a file on standard input, its sheets as JSON on standard output.

{"sheets": [{name, rows, first, height, width}]} or {"code": …, "args": {…}}; with both `processor`: seconds spent.
"""

from __future__ import annotations

import contextlib
import json
import resource
import sys
import time
from dataclasses import asdict
from typing import Any

from discovery.desk.sheets.csv_text import of_csv
from discovery.desk.sheets.formats import format_of
from discovery.desk.sheets.sheet import MAX_BYTES, Sheet, UnreadableSheet, within

MEMORY_BYTES = 128_000_000
"""That it may write to; the largest honest file takes less than half."""
PROCESSOR_SECONDS = 8


def bounded() -> None:
    """Let the system end this process when it takes too much memory or time; from here on it writes no file and
    leaves no core."""
    for name, most in (
        (resource.RLIMIT_DATA, MEMORY_BYTES),
        (resource.RLIMIT_CPU, PROCESSOR_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # macOS has no limit of memory
            resource.setrlimit(name, (most, most))


def read_in_child(content: bytes) -> dict[str, Any]:
    """The sheets of a file, or why it can't be read, as plain values."""
    try:
        if len(content) > MAX_BYTES:
            raise UnreadableSheet("sheet_bytes", limit=MAX_BYTES // 1_000_000)
        return {"sheets": [asdict(one) for one in within(_sheets(content))]}
    except UnreadableSheet as error:
        return {"code": error.code, "args": error.args_told}
    except MemoryError:
        return {"code": "sheet_heavy", "args": {}}


def _sheets(content: bytes) -> list[Sheet]:
    if format_of(content) == "csv":
        return [of_csv(content)]
    from discovery.desk.sheets.workbook import of_workbook

    return of_workbook(content)


if __name__ == "__main__":
    bounded()
    told = read_in_child(sys.stdin.buffer.read(MAX_BYTES + 1))
    json.dump({**told, "processor": time.process_time()}, sys.stdout)
