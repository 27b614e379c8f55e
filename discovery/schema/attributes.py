"""Attributes of suppliers that filter: one row each. Filters, exclusions, facets and their order, the document's fields
and the vocabulary's lists follow from these rows. The order is that of parameters in addresses and in the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facet:
    """`answered`, `shown`: its place in answers of the API, and on the page (0 = no list there). `folded`: shut on the
    page until a value is chosen. `fixed`: its values keep their own order, whatever the counts."""

    answered: int
    shown: int
    folded: bool = False
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Attribute:
    """`name`: the parameter. `field`: of the document; "" = of its activities. `vocabulary`: the list of its values;
    "" = places. `exclude`: whether `not_<name>` takes suppliers out. `sparse`: a whole index may lack it, so that a
    phrase that names it must not filter by it then."""

    name: str
    field: str = ""
    vocabulary: str = ""
    exclude: bool = False
    sparse: bool = False
    facet: Facet | None = None


ATTRIBUTES = (
    Attribute("kind", "kind", "kinds", exclude=True, facet=Facet(10, 40)),
    Attribute("kind_group", "kind_group", "kind_groups", exclude=True, facet=Facet(20, 30)),
    Attribute("sector", vocabulary="sectors", exclude=True, facet=Facet(40, 20)),
    Attribute("service_type", vocabulary="service_types", exclude=True, sparse=True, facet=Facet(50, 50)),
    Attribute(
        "certification", "certifications", "certifications", exclude=True, sparse=True, facet=Facet(60, 90, folded=True)
    ),
    Attribute("network", "networks", "networks", exclude=True, sparse=True, facet=Facet(70, 100, folded=True)),
    Attribute("territory", "territories", "territories", facet=Facet(100, 120, folded=True)),
    Attribute("evidence", "evidence", "evidence", facet=Facet(105, 130, folded=True)),
    Attribute("legal_form", "legal_form", "legal_forms"),
    Attribute("employees", "employees_band", "employees", facet=Facet(110, 110, folded=True, fixed=True)),
    Attribute("department", "department", facet=Facet(80, 80)),
    Attribute("region", "region", facet=Facet(90, 70, folded=True)),
)

OTHER_FACETS: Mapping[str, Facet] = {
    "sector_group": Facet(30, 0),
    "coverage": Facet(120, 10, fixed=True),
    "national": Facet(130, 60, fixed=True),
}
"""Facets that are no attribute: branches of the tree of sectors, and switches of the search."""

FILTERS = tuple(one.name for one in ATTRIBUTES)
VOCABULARY_FILTERS = tuple(one.name for one in ATTRIBUTES if one.vocabulary)
"""Filters whose values are closed lists of the vocabulary."""
EXCLUDED = tuple(one.name for one in ATTRIBUTES if one.exclude)
"""Filters whose values may be taken out too."""
SPARSE = tuple(one.name for one in ATTRIBUTES if one.sparse)
LISTS: Mapping[str, str] = {one.name: one.vocabulary for one in ATTRIBUTES if one.vocabulary}
"""Filter → the vocabulary's list of its values."""

FACETS: Mapping[str, Facet] = dict(
    sorted(
        ({one.name: one.facet for one in ATTRIBUTES if one.facet} | dict(OTHER_FACETS)).items(),
        key=lambda item: item[1].answered,
    )
)
"""Facets by name, in the order of answers."""
PAGE_ORDER = tuple(name for name, one in sorted(FACETS.items(), key=lambda item: item[1].shown) if one.shown)
"""Facets that the page lists, in its order."""
FIELDS: Mapping[str, str] = {
    one.name: one.field
    for one in sorted(ATTRIBUTES, key=lambda one: one.facet.answered if one.facet else len(FACETS) * 100)
    if one.field
}
"""Filter → the field of the supplier that it reads; those with a facet first, in the order of answers."""
FOLDED = frozenset(name for name, one in FACETS.items() if one.folded)
