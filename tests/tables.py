"""Tables of cases: `cases.yaml` beside the tests that ask about them, a table for each test."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where libyaml is


@cache
def read(file: Path) -> Any:
    """What a YAML file holds."""
    return yaml.load(file.read_text(encoding="utf-8"), LOADER)


def cases(test_file: str, table: str) -> list[Any]:
    """The rows of a table of the test's folder, each a list of values in the order of the test's
    parameters.
    """
    rows: list[Any] = read(Path(test_file).with_name("cases.yaml"))[table]
    return rows
