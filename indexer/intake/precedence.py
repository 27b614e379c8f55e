"""A checked row, how it meets what the store knows, and which source is believed on which field.
Pure.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from discovery.model import dataclass, field, replace
from discovery.model.attributes import CODED, ITSELF
from indexer.intake.findings import Findings
from indexer.record import LocationSource, Provenance, Status, Supplier

FACTS = frozenset({"decp", "sirene", "rge", "esus", "ess", "websites", ITSELF})
"""Sources that list no suppliers: theirs is what they tell, never that a supplier is live."""

ORDER = (
    "le-marche-db",
    "le-marche",
    "marche",
    "les-emplois",
    "finess",
    "siae",
    "esat-finess",
    *sorted(FACTS),
)
"""The best first; what is not named here, such as a file of one's own, comes before all: somebody
wrote it on purpose. The marketplace's records are the suppliers' own words, those of the platforms
the administration's, registers' names are in capitals.
"""

OF_FIELDS: Mapping[str, tuple[str, ...]] = {"naf": ("sirene",), "closed": ("sirene",)}
"""Sources that come before all others for a field: Sirene is where codes and closures are
registered.
"""

GROUPS: Mapping[str, tuple[str, ...]] = {
    "address": (
        *("street", "post_code", "city", "commune", "department", "region"),
        *("lat", "lon", "location_source"),
    ),
    "naf": ("naf", "naf_nomenclature"),
    "contact": ("phone", "email", "contact_public"),
    "employees": ("employees_insertion", "employees_permanent"),
}
"""Fields that only make sense together: half an address of one source and half of another is
nobody's.
"""

ONE_BY_ONE = (
    *("siret", "name", "brand", "legal_form", "description", "website", "activities", "offers"),
    *(one.field for one in CODED),
    *("client_references", "turnover", "capacity", "operator", "closed", "takes_orders"),
    *("year_founded", "qpv", "zrr", "updated_at"),
)
FIELDS: Mapping[str, tuple[str, ...]] = {**{name: (name,) for name in ONE_BY_ONE}, **GROUPS}
"""What has an owner, by the name that is shown → fields of the record. Jobs and contracts name
their sources each.
"""


@dataclass(frozen=True, slots=True)
class Precedence:
    """Which source is believed first.

    `order`: of sources, the best first; `fields`: sources that come first for a field.
    """

    order: tuple[str, ...] = ORDER
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: OF_FIELDS)

    def rank(self, name: str, source: str) -> int:
        """How far a source is believed on a field: lower is better. Nobody is before the supplier
        itself.
        """
        if source == ITSELF:
            return -1
        first = self.fields.get(name, ())
        if source in first:
            return first.index(source)
        return len(first) + (self.order.index(source) + 1 if source in self.order else 0)


def owner(supplier: Supplier, name: str) -> str:
    """The source of a field of FIELDS: one that is said to have told it, else the supplier's own."""
    return next((one.source for one in supplier.provenance if name in one.fields), supplier.source)


def told_fields(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    """What values tell of a field of FIELDS, by fields of the record."""
    return {each: values[each] for each in FIELDS[name] if each in values}


def says_something(values: Mapping[str, Any]) -> bool:
    """Whether any of them is more than nothing."""
    return any(value not in (None, "", (), False) for value in values.values())


def won(
    supplier: Supplier, values: Mapping[str, Any], source: str, precedence: Precedence
) -> frozenset[str]:
    """The fields that are the source's once it has told `values`: its own, those that nobody told,
    and those on which it is believed before whoever told them.
    """
    found = set[str]()
    for name in FIELDS:
        given, holder = told_fields(values, name), owner(supplier, name)
        if not given or holder == ITSELF:  # whose no, or zero, says something too
            if holder == source:
                found.add(name)
            continue
        held = {each: getattr(supplier, each) for each in FIELDS[name]}
        better = precedence.rank(name, source) < precedence.rank(name, holder)
        if holder == source or (says_something(given) and (better or not says_something(held))):
            found.add(name)
    return frozenset(found)


def noted(
    supplier: Supplier, source: str, fields: Iterable[str], told_on: date | None, today: date
) -> tuple[Provenance, ...]:
    """The provenance once these fields are the source's. Its day is the source's own, else that of
    the last change.
    """
    taken = set(fields)
    others = tuple(
        Provenance(one.source, one.seen, tuple(each for each in one.fields if each not in taken))
        for one in supplier.provenance
        if one.source != source
    )
    if source == supplier.source:
        return others
    own = tuple(name for name in FIELDS if name in taken)
    before = next((one for one in supplier.provenance if one.source == source), None)
    unchanged = before is not None and before.fields == own
    seen = told_on or (before.seen if before is not None and unchanged else today)
    return tuple(sorted((*others, Provenance(source, seen, own)), key=lambda one: one.source))


def without(
    supplier: Supplier, source: str, precedence: Precedence
) -> tuple[str, tuple[Provenance, ...]] | None:
    """Source and provenance once `source` no longer lists the supplier; None when no other source
    lists it.
    """
    listed = [
        one.source
        for one in supplier.provenance
        if one.source not in FACTS and one.source != source
    ]
    if supplier.source != source:
        return supplier.source, tuple(one for one in supplier.provenance if one.source != source)
    if not listed:
        return None
    first = min(listed, key=lambda one: (precedence.rank("", one), one))
    return first, tuple(one for one in supplier.provenance if one.source != first)


@dataclass(slots=True)
class Draft:
    """What one row gives, by field of `Supplier`.

    `values`: what the row carries, and what follows from it; it replaces what the store has.
    `filled`: completed where the row says nothing (a city's name, the commune's point); it yields
    to what the store has of the same commune. `id` is empty when the row has none, and none could
    be made.
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


def merge(
    draft: Draft,
    supplier_id: str,
    before: Supplier | None,
    source: str,
    precedence: Precedence,
    today: date,
) -> Supplier:
    """The supplier as it is to be: the row's fields over those of the store, where its source has
    them to tell.

    A field that the row does not carry stays, and so does one on which another source is believed
    before this one. The seat moves as a whole: with another commune, an old street goes. A given
    point is never replaced by the commune's own, unless the supplier moved. The source is that of
    the first import. A supplier that was delisted is live again, unless the row says otherwise.
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
    for facts in ("jobs", "contracts"):
        if facts in values:
            theirs = {source, *(one.source for one in values[facts])}
            kept[facts] = (
                *(one for one in getattr(before, facts) if one.source not in theirs),
                *values[facts],
            )
    after = _over(filled, kept, before)
    return replace(after, provenance=noted(before, source, own, values.get("updated_at"), today))


def _over(filled: dict[str, Any], values: dict[str, Any], before: Supplier) -> Supplier:
    moved = before.commune != values["commune"]
    known = {name for name in _ADDRESS if getattr(before, name)}
    if before.location_source is LocationSource.GIVEN:
        known.update(_POINT)
    if moved:
        known -= {*_POINT, *_ADDRESS}
        values = dict.fromkeys(_ADDRESS, "") | values
    values = {**values, **{name: value for name, value in filled.items() if name not in known}}
    return replace(before, **values)
