"""Profile completeness: a sum of stated points, so that a supplier can be told what is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from indexer.record import LocationSource, Scope, Supplier

LONG_ENOUGH = 80
"""Characters from which a description tells a buyer something; a name and a slogan are shorter."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """What a profile should hold, and its points."""

    name: str
    points: int
    met: Callable[[Supplier], bool]


CRITERIA: tuple[Criterion, ...] = (
    Criterion("activities", 25, lambda s: bool(s.activities)),
    Criterion("description", 20, lambda s: len(s.description) >= LONG_ENOUGH),
    Criterion("zone", 10, lambda s: any(a.zone.scope is not Scope.NONE for a in s.activities)),
    Criterion("location", 10, lambda s: s.location_source is LocationSource.GIVEN),
    Criterion("offers", 10, lambda s: bool(s.offers)),
    Criterion("website", 5, lambda s: bool(s.website)),
    Criterion("contact", 5, lambda s: bool(s.email or s.phone)),
    Criterion("trust", 5, lambda s: bool(s.certifications or s.networks)),
    Criterion("client_references", 5, lambda s: bool(s.client_references)),
    Criterion("employees", 5, lambda s: bool(s.employees_insertion or s.employees_permanent)),
)
"""What a buyer needs first weighs most: what is done, described how, where. The points add up to 100."""


def completeness(supplier: Supplier) -> tuple[int, tuple[str, ...]]:
    """(points out of 100, names of the criteria not met in order of their points)."""
    missing = tuple(criterion for criterion in CRITERIA if not criterion.met(supplier))
    return 100 - sum(criterion.points for criterion in missing), tuple(criterion.name for criterion in missing)
