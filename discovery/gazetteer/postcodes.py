"""Post codes: the communes that share one, the codes that start so, the department that one tells."""

from __future__ import annotations

from bisect import bisect_left

from discovery.gazetteer.model import is_overseas
from discovery.gazetteer.table import CommuneTable

CUSTOMARY = {"75000": "75056", "69000": "69123", "13000": "13055"}
"""Codes that no letter bears but that people type for the whole of Paris, Lyon and Marseille."""


class PostCodes:
    """Rows of the table by post code, most populous first."""

    def __init__(self, table: CommuneTable) -> None:
        self._rows: dict[str, list[int]] = {}
        divided = set(table.parent)
        for row, codes in enumerate(table.post_codes):
            if table.code[row] not in divided:  # 69003 is the arrondissement, not Lyon as a whole
                for code in codes.split():
                    self._rows.setdefault(code, []).append(row)
        for rows in self._rows.values():
            rows.sort(key=lambda row: (-table.population[row], row))
        for code, commune in CUSTOMARY.items():
            self._rows.setdefault(code, [table.row_of[commune]])
        self._sorted = sorted(self._rows)

    def rows(self, post_code: str) -> list[int]:
        """Rows (in the table of communes) of a post code's communes, most populous first; none when it is unknown."""
        return self._rows.get(post_code, [])

    def with_prefix(self, prefix: str) -> tuple[str, ...]:
        """The post codes that start so, ascending."""
        start = bisect_left(self._sorted, prefix)
        return tuple(self._sorted[start : bisect_left(self._sorted, prefix + "~", lo=start)])


def department_of_unlisted(post_code: str) -> str:
    """The department that the first digits of a post code tell: for CEDEX codes, which no table lists.

    A few codes cross a border, so a listed code should be looked up instead. Corsica: 200 and 201 are 2A.
    """
    if post_code.startswith("20"):
        return "2A" if post_code[2:3] in ("0", "1") else "2B"
    return post_code[:3] if is_overseas(post_code) else post_code[:2]
