"""Documents are JSON's own kinds of values: what else one holds is refused rather than written some
way.
"""

import math
from collections.abc import Iterable
from typing import Any

import orjson

PLAIN = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
"""orjson's options for a document."""

_FLAT = frozenset({str, int, bool})
"""Nothing to look for in these, nor in what is empty: most of a document."""


def no_number(value: Any) -> float | None:
    """The first number within that JSON does not have; orjson would write null. Raises
    RecursionError when too deep.
    """
    if isinstance(value, dict):
        return _first(value.values())
    if isinstance(value, list | tuple):
        return _first(value)
    return value if isinstance(value, float) and not math.isfinite(value) else None


def _first(values: Iterable[Any]) -> float | None:
    for value in values:
        if value and type(value) not in _FLAT and (found := no_number(value)) is not None:
            return found
    return None
