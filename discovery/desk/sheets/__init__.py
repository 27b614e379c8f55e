"""A spreadsheet from a stranger → its rows as text: XLSX, XLS, ODS, CSV, whatever its name says.

Formats are read in a child process that has little memory, little time and nothing to write to
(`child.py`): of a file made to hurt only that process feels it.
"""

import os
import subprocess
import sys

import orjson

from discovery.desk.sheets.sheet import (
    MAX_BYTES,
    MAX_COLUMNS,
    MAX_ROWS,
    PROCESSOR_SECONDS,
    Sheet,
    UnreadableSheet,
)
from discovery.trace import spent_elsewhere

__all__ = ["MAX_BYTES", "MAX_COLUMNS", "MAX_ROWS", "Sheet", "UnreadableSheet", "read"]

SECONDS = 20.0
"""For the child, the machine's other work included."""
_COMMAND = (sys.executable, "-I", "-X", "utf8", "-m", "discovery.desk.sheets.child")


def read(content: bytes) -> list[Sheet]:
    """The sheets of a file, empty ones too, in their order; read in a child process, whose
    processor time is charged to the request in hand. Raises UnreadableSheet.
    """
    if len(content) > MAX_BYTES:
        raise UnreadableSheet("sheet_bytes", limit=MAX_BYTES // 1_000_000)
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("DISCOVERY_")
    }
    try:
        ended = subprocess.run(  # noqa: S603 - our own command
            _COMMAND,
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired:
        spent_elsewhere(PROCESSOR_SECONDS)
        raise UnreadableSheet("sheet_heavy") from None
    if (
        ended.returncode
    ):  # below 0: a signal, that of a limit most often; else an accident of the library
        spent_elsewhere(PROCESSOR_SECONDS)  # what it spent is not told: all that it may
        raise UnreadableSheet("sheet_heavy" if ended.returncode < 0 else "sheet_broken")
    answer = orjson.loads(ended.stdout)
    spent_elsewhere(answer["processor"])
    if "code" in answer:
        raise UnreadableSheet(answer["code"], **answer["args"])
    return [
        Sheet(
            one["name"], tuple(map(tuple, one["rows"])), one["first"], one["height"], one["width"]
        )
        for one in answer["sheets"]
    ]
