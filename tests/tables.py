"""Tables of cases: `cases.yaml` beside the tests that ask about them, a table for each test."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where libyaml is


@cache
def _tables(file: Path) -> dict[str, list[Any]]:
    tables: dict[str, list[Any]] = yaml.load(file.read_text(encoding="utf-8"), _LOADER)
    return tables


def cases(test_file: str, table: str) -> list[Any]:
    """The rows of a table of the test's folder, each a list of values in the order of the test's parameters."""
    return _tables(Path(test_file).with_name("cases.yaml"))[table]
