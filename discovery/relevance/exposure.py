"""Who is shown how often by a set of searches, against who answers them.

Attention falls with the rank as in nDCG: 1 / log2(rank + 1). What a search gives, all in all, is 1.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from discovery.search.query import Query
from discovery.search.service import SearchService

GROUPED = ("kind", "department")
SHOWN = 20
"""Suppliers of a list that are looked at: one page."""
TOP = 0.1


@dataclass(slots=True)
class Exposure:
    """How attention is shared out.

    `suppliers`: id → attention. `shown`, `answering`: of each group (`GROUPED`), value → attention, and what it
    would be if all who answer a search shared it alike. Both add up to `searches`.
    """

    searches: int = 0
    suppliers: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    shown: dict[str, dict[str, float]] = field(default_factory=lambda: {name: defaultdict(float) for name in GROUPED})
    answering: dict[str, dict[str, float]] = field(
        default_factory=lambda: {name: defaultdict(float) for name in GROUPED}
    )

    @property
    def top(self) -> float:
        """The share of attention of the tenth of the suppliers that have most, of all that are shown; 0 to 1."""
        ranked = sorted(self.suppliers.values(), reverse=True)
        return sum(ranked[: math.ceil(len(ranked) * TOP)]) / sum(ranked) if ranked else 0.0

    def groups(self, name: str) -> list[tuple[str, float, float]]:
        """(value, share of who answers, share of attention), most attention first. 0 to 1."""
        answering, shown = self.answering[name], self.shown[name]
        values = sorted({*answering, *shown}, key=lambda value: (-shown[value], value))
        return [(one, answering[one] / self.searches, shown[one] / self.searches) for one in values]


def measured(service: SearchService, queries: Iterable[Query], days: Iterable[date]) -> Exposure:
    """Each query asked on each day. Searches that find nobody give nobody anything. Raises EngineUnavailable,
    InvalidQuery."""
    found, asked = Exposure(), list(queries)
    for day in days:
        for query in asked:
            _add(found, service, replace(query, as_of=day, per_page=SHOWN, facets=GROUPED))
    return found


def _add(found: Exposure, service: SearchService, query: Query) -> None:
    page = service.search(query, proposing=False).page
    if not page.hits:
        return
    found.searches += 1
    weights = [1 / math.log2(rank + 2) for rank in range(len(page.hits))]
    for hit, weight in zip(page.hits, weights, strict=True):
        public, attention = hit.document["public"], weight / sum(weights)
        found.suppliers[hit.id] += attention
        for name, value in (("kind", public["kind"]), ("department", (public.get("address") or {}).get("department"))):
            found.shown[name][value or ""] += attention
    for name in GROUPED:
        counts = page.facets[name]
        for value, count in counts.items():
            found.answering[name][value] += count / page.total
        left = page.total - sum(counts.values())
        found.answering[name][""] += left / page.total
