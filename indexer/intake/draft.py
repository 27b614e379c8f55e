"""A checked row, and how it meets what the store already knows. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from indexer.intake.findings import Findings
from indexer.record import LocationSource, Status, Supplier


@dataclass(slots=True)
class Draft:
    """What one row gives, by field of `Supplier`.

    `values`: what the row carries, and what follows from it; it replaces what the store has. `filled`: completed where
    the row says nothing (a city's name, the commune's point); it yields to what the store has of the same commune.
    `id` is empty when the row has none, and none could be made.
    """

    id: str = ""
    id_given: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    filled: dict[str, Any] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)

    @property
    def rejected(self) -> bool:
        return bool(self.findings.rejections)

    @property
    def key(self) -> tuple[str, str]:
        """SIRET and kind, by which registers name a supplier."""
        return self.values.get("siret", ""), self.values.get("kind", "")


_POINT = ("lat", "lon", "location_source")
_ADDRESS = ("street", "post_code", "city")
_YIELDING = (*_ADDRESS, "description")


def merge(draft: Draft, supplier_id: str, before: Supplier | None, source: str) -> Supplier:
    """The supplier as it is to be: the row's fields over those of the store.

    A field that the row does not carry stays. The seat moves as a whole: with another commune, an old street goes. A
    given point is never replaced by the commune's own, unless the supplier moved. The source is that of the first
    import, unless the row names one. A supplier that was delisted is live again, unless the row says otherwise.
    """
    values = {"status": Status.LIVE, **draft.values}
    if before is None:
        return Supplier(**{"source": source, **draft.filled, **values, "id": supplier_id})
    moved = before.commune != values["commune"]
    known = {name for name in _YIELDING if getattr(before, name)}
    if before.location_source is LocationSource.GIVEN:
        known.update(_POINT)
    if moved:
        known -= {*_POINT, *_ADDRESS}
        values = dict.fromkeys(_ADDRESS, "") | values
    values = {**values, **{name: value for name, value in draft.filled.items() if name not in known}}
    return replace(before, **values)
