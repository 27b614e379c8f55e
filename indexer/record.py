"""The supplier as every room of the indexer passes it on: validated, completed, immutable.

Readers make it, the store keeps it, the document builder reads it. Field names follow the canonical
file format.
"""

from datetime import date, datetime
from enum import StrEnum

from discovery.model import dataclass
from discovery.model.attributes import CodeLists


class Scope(StrEnum):
    """Where an activity is offered."""

    COUNTRY = "country"
    RADIUS = "radius"
    PLACES = "places"
    NONE = "none"


class Status(StrEnum):
    LIVE = "live"
    DELISTED = "delisted"


class LocationSource(StrEnum):
    """GIVEN by the record, or the COMMUNE's own point (shown as approximate)."""

    GIVEN = "given"
    COMMUNE = "commune"


@dataclass(frozen=True, slots=True)
class Zone:
    """`radius_km` (whole, 1-500) only with RADIUS; `places` (codes such as `department:69`) only
    with PLACES.
    """

    scope: Scope = Scope.NONE
    radius_km: int | None = None
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Activity:
    """One sector, the ways it is offered (`DISP`, `PREST`, `BUILD`), and where."""

    sector: str
    service_types: tuple[str, ...] = ()
    zone: Zone = Zone()


@dataclass(frozen=True, slots=True)
class Offer:
    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """A job that it hires for: evidence of a trade. `rome`: such as A1203; `source`: who says so;
    `seen`: when.
    """

    rome: str
    title: str = ""
    source: str = ""
    seen: date | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """A public contract that it won: evidence of a trade, and proof. `cpv`: eight digits or empty;
    `amount`: euros.
    """

    object: str
    cpv: str = ""
    buyer: str = ""
    source: str = ""
    won: date | None = None
    amount: int | None = None
    reserved: bool | None = None


@dataclass(frozen=True, slots=True)
class SiteTrade:
    """A sector that its own website tells of: by which `words` of the page `address`, seen on which
    day.
    """

    sector: str
    words: str = ""
    address: str = ""
    seen: date | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """A further source that tells of a supplier, when, and which fields are its own (of
    `intake.precedence.FIELDS`).
    """

    source: str
    seen: date | None = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Supplier(CodeLists):
    """A supplier with its children. Empty string or tuple = not known; None for numbers, dates and
    flags.

    `source` told all that none of `provenance` did.

    `commune` is an INSEE code (an arrondissement's where known). `lat`, `lon` in WGS 84 degrees, 5
    decimals, both or neither. `slug`, `former_slugs`, `first_listed_at` and `merged_into` (the id
    of the supplier that it is part of now) are the store's to set. `turnover` in euros a year.
    `capacity`: the authorised places of an ESAT, whose workers are no employees; `operator`: the
    body that runs it; `closed`: a register says so, and it is not shown; `takes_orders`: now, as it
    says itself.
    """

    id: str
    name: str
    kind: str
    source: str = "canonical"
    siret: str = ""
    brand: str = ""
    legal_form: str = ""
    naf: str = ""
    naf_nomenclature: str = ""
    description: str = ""
    website: str = ""
    phone: str = ""
    email: str = ""
    contact_public: bool = False
    street: str = ""
    post_code: str = ""
    city: str = ""
    commune: str = ""
    department: str = ""
    region: str = ""
    lat: float | None = None
    lon: float | None = None
    location_source: LocationSource | None = None
    activities: tuple[Activity, ...] = ()
    offers: tuple[Offer, ...] = ()
    client_references: tuple[str, ...] = ()
    jobs: tuple[Job, ...] = ()
    contracts: tuple[Contract, ...] = ()
    site_trades: tuple[SiteTrade, ...] = ()
    provenance: tuple[Provenance, ...] = ()
    employees_insertion: int | None = None
    employees_permanent: int | None = None
    turnover: int | None = None
    capacity: int | None = None
    operator: str = ""
    closed: bool | None = None
    takes_orders: bool | None = None
    year_founded: int | None = None
    qpv: bool | None = None
    zrr: bool | None = None
    status: Status = Status.LIVE
    updated_at: date | None = None
    first_listed_at: datetime | None = None
    slug: str = ""
    former_slugs: tuple[str, ...] = ()
    merged_into: str = ""

    @property
    def siren(self) -> str:
        return self.siret[:9]
