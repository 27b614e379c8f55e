"""Files with fewer columns than today's, or of the two layouts before: their rows are widened as they are read, until a
rebuild makes a file of today's (decision 11). Written to such a file, rows have its own columns."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from discovery.engine.embedded.layout import FIRST_COLUMNS, FORMAT, KEYWORDS, Header
from discovery.engine.formats import ForeignFormatError

Change = Callable[[bytes], bytes]
"""From a packed row to a packed row."""

_NONE = bytes(4)
_SHARING = 4
"""The layout that brought shared texts; rows of those before have words in their place."""
_COLUMNS_OF = {FORMAT: FIRST_COLUMNS, 3: FIRST_COLUMNS, 2: FIRST_COLUMNS[:-2]}
"""By layout, the columns of files that don't name theirs. Layout 3 added two on evidence."""


def columns(meta: Mapping[str, str], file: str = "") -> tuple[str, ...]:
    """The columns of a file, by its table `meta`. Raises ForeignFormatError, for people, unless it can be read: its
    layout is today's or one of the two before, and its columns are some of today's, in their order."""
    layout = int(meta["format"])
    if layout not in _COLUMNS_OF:
        raise ForeignFormatError(
            f"the index file {file} has format {layout}, this version reads {FORMAT} and the two before: "
            "run `indexer rebuild`"
        )
    found = tuple(json.loads(meta["columns"])) if "columns" in meta else _COLUMNS_OF[layout]
    if found != tuple(name for name in KEYWORDS if name in found):
        raise ForeignFormatError(
            f"the index file {file} has columns that this version lacks or has in another order: run `indexer rebuild`"
        )
    return found


def sharing(layout: int) -> bool:
    """Whether a file of the layout keeps shared texts once."""
    return layout >= _SHARING


def widening(found: Sequence[str], *, sharing: bool) -> Change | None:
    """What rows of a file with these columns need when they are read: nothing under each that it lacks, nor under
    shared texts where it has none. None where they need nothing."""
    if tuple(found) == KEYWORDS and sharing:
        return None
    start, end = 4 * Header.KEYWORDS, 4 * (Header.KEYWORDS + len(found))
    at = {name: start + 4 * place for place, name in enumerate(found)}
    slots = [at.get(name) for name in KEYWORDS]
    behind = end + 4 * (Header.SHARED - Header.ACTIVITIES)
    texts = b"" if sharing else _NONE

    def widen(row: bytes) -> bytes:
        counts = [_NONE if slot is None else row[slot : slot + 4] for slot in slots]
        return b"".join((row[:start], *counts, row[end:behind], texts, row[behind:]))

    return widen
