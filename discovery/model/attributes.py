"""Attributes of suppliers that filter: one field each.

Filters, parameters and their description, facets and their order, columns of the index, lists of
the vocabulary, tables of the store and columns of files follow from these fields. Their order is
that of parameters in addresses and the API.
"""

from collections.abc import Mapping
from typing import Any, Literal

from discovery.model import dataclass, field, fields, replace

Values = tuple[str, ...]

ITSELF = "structure"
"""The source of what a supplier says of its own record (`indexer/alerts/corrections.py`)."""


@dataclass(frozen=True, slots=True)
class Facet:
    """`answered`, `shown`: its place in answers of the API, and on the page (0 = no list there).
    `folded`: shut on the page until a value is chosen. `fixed`: its values keep their own order,
    whatever the counts.
    """

    answered: int
    shown: int
    folded: bool = False
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Attribute:
    """`name`: the parameter. `about`, `example`: of the parameter, in the API's description.
    `vocabulary`: the list of its values; "" = places. `field`: of the document; "" = of its
    activities. `listed`: where the API gives its values with their labels, in each result (`card`)
    or in profiles alone. `words`: the text field that holds the names of its values. `phrase`:
    whether a phrase may name one. `sparse`: a whole index may lack it, so that a phrase that names
    it must not filter by it then.
    """

    about: str
    example: Values
    vocabulary: str = ""
    field: str = ""
    listed: Literal["", "card", "profile"] = ""
    words: str = ""
    phrase: bool = False
    sparse: bool = False
    facet: Facet | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A parameter that takes suppliers out: `about` says what of them, `example` is a value."""

    about: str
    example: Values


def _attribute(about: str, *example: str, **more: Any) -> Any:
    return field(default=(), metadata={"row": Attribute(about, example, **more)})


def _excluded(about: str, *example: str) -> Any:
    return field(default=(), metadata={"row": Exclusion(about, example)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributes:
    """The values asked of each attribute; none = whatever they are. Queries and the engine's
    filters have these.
    """

    kind: Values = _attribute(
        "Legal kinds of supplier, such as ESAT or EI (see /api/v1/vocabulary).",
        "ESAT",
        "EI",
        vocabulary="kinds",
        field="kind",
        phrase=True,
        facet=Facet(10, 40),
    )
    kind_group: Values = _attribute(
        "Groups of kinds: insertion, handicap.",
        "insertion",
        vocabulary="kind_groups",
        field="kind_group",
        phrase=True,
        facet=Facet(20, 30),
    )
    sector: Values = _attribute(
        "Slugs of sectors or of sector groups.",
        "nettoyage-de-locaux",
        vocabulary="sectors",
        facet=Facet(40, 20),
    )
    service_type: Values = _attribute(
        "DISP (staffing), PREST (services), BUILD (goods).",
        "PREST",
        vocabulary="service_types",
        phrase=True,
        sparse=True,
        facet=Facet(50, 50),
    )
    certification: Values = _attribute(
        "Slugs of certifications, such as rge.",
        "rge",
        vocabulary="certifications",
        field="certifications",
        listed="card",
        words="certification_terms",
        phrase=True,
        sparse=True,
        facet=Facet(60, 90, folded=True),
    )
    network: Values = _attribute(
        "Slugs of networks.",
        "unai",
        vocabulary="networks",
        field="networks",
        listed="card",
        words="network_terms",
        phrase=True,
        sparse=True,
        facet=Facet(70, 100, folded=True),
    )
    territory: Values = _attribute(
        "Priority areas of the seat: qpv, zrr.",
        "qpv",
        vocabulary="territories",
        field="territories",
        listed="profile",
        facet=Facet(100, 120, folded=True),
    )
    evidence: Values = _attribute(
        "What tells of its trades besides what it declares: contract, job, naf, name, description.",
        "contract",
        vocabulary="evidence",
        field="evidence",
        facet=Facet(105, 130, folded=True),
    )
    legal_form: Values = _attribute(
        "Codes of legal forms.", "ASSOCIATION", vocabulary="legal_forms", field="legal_form"
    )
    employees: Values = _attribute(
        "Bands of employees: 1-9, 10-49, 50-99, 100-249, 250-499, 500+.",
        "10-49",
        "50-99",
        vocabulary="employees",
        field="employees_band",
        facet=Facet(110, 110, folded=True, fixed=True),
    )
    department: Values = _attribute(
        "Departments of the seat, by code: 69, 2A, 974.",
        "69",
        field="department",
        facet=Facet(80, 80),
    )
    region: Values = _attribute(
        "Regions of the seat, by code: 84.", "84", field="region", facet=Facet(90, 70, folded=True)
    )
    # The next one comes here: docs/howto/add-a-facet.md.


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributesAndExclusions(Attributes):
    """With the values that take suppliers out."""

    not_kind: Values = _excluded("Kinds", "ESAT")
    not_kind_group: Values = _excluded("Groups of kinds", "handicap")
    not_sector: Values = _excluded(
        "Sectors or groups of sectors, of suppliers that meet the need by nothing else",
        "blanchisserie",
    )
    not_service_type: Values = _excluded(
        "Service types, of suppliers that meet the need by nothing else", "DISP"
    )
    not_place: Values = ()
    """Of who is seated there: no attribute, but it has its place in addresses."""
    not_network: Values = _excluded("Networks", "unai")
    not_certification: Values = _excluded("Certifications", "rge")


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeLists:
    """What a supplier's record holds as codes of the list of that name. Each is kept in a table
    named like its attribute.
    """

    certifications: Values = ()
    networks: Values = ()


OTHER_FACETS: Mapping[str, Facet] = {
    "sector_group": Facet(30, 0),
    "coverage": Facet(120, 10, fixed=True),
    "national": Facet(130, 60, fixed=True),
}
"""Facets that are no attribute: branches of the tree of sectors, and switches of the search."""

ATTRIBUTES: tuple[Attribute, ...] = tuple(
    replace(one.metadata["row"], name=one.name) for one in fields(Attributes)
)
BY_NAME: Mapping[str, Attribute] = {one.name: one for one in ATTRIBUTES}
FILTERS = tuple(BY_NAME)
VOCABULARY_FILTERS = tuple(one.name for one in ATTRIBUTES if one.vocabulary)
"""Filters whose values are closed lists of the vocabulary."""
PHRASE_FILTERS = tuple(one.name for one in ATTRIBUTES if one.phrase)
"""Filters that a phrase may hold; a sector is only ever offered."""
SPARSE = tuple(one.name for one in ATTRIBUTES if one.sparse)
LISTS: Mapping[str, str] = {one.name: one.vocabulary for one in ATTRIBUTES if one.vocabulary}
"""Filter → the vocabulary's list of its values."""

TAKEN_OUT = tuple(one.name for one in fields(AttributesAndExclusions) if one.name not in BY_NAME)
"""Parameters that take suppliers out: by a value, or by their seat."""
EXCLUSIONS: Mapping[str, Exclusion] = {
    one.name: one.metadata["row"]
    for one in fields(AttributesAndExclusions)
    if one.name in TAKEN_OUT and one.metadata
}
"""Those by a value."""
EXCLUDED = tuple(name.removeprefix("not_") for name in EXCLUSIONS)
"""Filters whose values may be taken out too."""

_LISTED_CODES = frozenset(one.name for one in fields(CodeLists))
CODED = tuple(one for one in ATTRIBUTES if one.field in _LISTED_CODES)
"""Attributes that a record holds as codes."""
CARD = tuple(one for one in ATTRIBUTES if one.listed == "card")
PROFILE = tuple(one for one in ATTRIBUTES if one.listed == "profile")
WORDS = tuple(one for one in ATTRIBUTES if one.words)

FACETS: Mapping[str, Facet] = dict(
    sorted(
        ({one.name: one.facet for one in ATTRIBUTES if one.facet} | dict(OTHER_FACETS)).items(),
        key=lambda item: item[1].answered,
    )
)
"""Facets by name, in the order of answers."""
FACETED = (*(name for name in FILTERS if name in FACETS), "coverage", "national")
"""Parameters that a click on a facet sets."""
PAGE_ORDER = tuple(
    name for name, one in sorted(FACETS.items(), key=lambda item: item[1].shown) if one.shown
)
"""Facets that the page lists, in its order."""
FIELDS: Mapping[str, str] = {
    one.name: one.field
    for one in sorted(
        ATTRIBUTES, key=lambda one: one.facet.answered if one.facet else len(FACETS) * 100
    )
    if one.field
}
"""Filter → the field of the supplier that it reads; those with a facet first, in the order of
answers.
"""
FOLDED = frozenset(name for name, one in FACETS.items() if one.folded)
