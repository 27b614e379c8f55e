"""A checked row, and how it meets what the store already knows. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from indexer.intake.findings import Findings
from indexer.intake.precedence import Precedence, noted, told_fields, won
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
        """Whether the row can't be taken."""
        return bool(self.findings.rejections)

    @property
    def key(self) -> tuple[str, str]:
        """(SIRET, kind), by which registers name a supplier."""
        return self.values.get("siret", ""), self.values.get("kind", "")


_POINT = ("lat", "lon", "location_source")
_ADDRESS = ("street", "post_code", "city")
_YIELDING = (*_ADDRESS, "description")


def merge(
    draft: Draft, supplier_id: str, before: Supplier | None, source: str, precedence: Precedence, today: date
) -> Supplier:
    """The supplier as it is to be: the row's fields over those of the store, where its source has them to tell.

    A field that the row does not carry stays, and so does one on which another source is believed before this one. The
    seat moves as a whole: with another commune, an old street goes. A given point is never replaced by the commune's
    own, unless the supplier moved. The source is that of the first import. A supplier that was delisted is live again,
    unless the row says otherwise.
    """
    values = {"status": Status.LIVE, **draft.values}
    if before is None:
        return Supplier(**{"source": source, **draft.filled, **values, "id": supplier_id})
    values.pop("source", None)
    if before.source == source and not before.provenance:
        return _over(draft.filled, values, before)
    own = won(before, values, source, precedence)
    kept = {each: value for name in own for each, value in told_fields(values, name).items()}
    kept["status"] = values["status"]
    if "commune" not in kept:
        kept["commune"] = before.commune
    filled = draft.filled if "address" in own else {}
    filled = filled | {name: value for name, value in draft.filled.items() if name == "description"}
    for facts in ("jobs", "contracts"):
        if facts in values:
            theirs = {source, *(one.source for one in values[facts])}
            kept[facts] = (*(one for one in getattr(before, facts) if one.source not in theirs), *values[facts])
    after = _over(filled, kept, before)
    return replace(after, provenance=noted(before, source, own, values.get("updated_at"), today))


def _over(filled: dict[str, Any], values: dict[str, Any], before: Supplier) -> Supplier:
    moved = before.commune != values["commune"]
    known = {name for name in _YIELDING if getattr(before, name)}
    if before.location_source is LocationSource.GIVEN:
        known.update(_POINT)
    if moved:
        known -= {*_POINT, *_ADDRESS}
        values = dict.fromkeys(_ADDRESS, "") | values
    values = {**values, **{name: value for name, value in filled.items() if name not in known}}
    return replace(before, **values)
