"""`marche`: structures of every kind, EA and EATT included, as the employment platform hands them
to the marketplace.

`GET /api/v1/marche/?page=1&page_size=1000` with a service token → `{count, next, previous,
results}`, a request a second. Names and e-mails of administrators, telephone and e-mail are not
even read.
"""

from typing import Any

from indexer.sources.connector import Keyed, Page, Record, checked, listed, told
from indexer.sources.fetch import Fetcher

NAME = "marche"
PAGE_SIZE = 1000
NEEDED = ("id", "siret", "kind", "name", "post_code", "city", "convention_is_active")
"""Fields without which an entry is not what the contract says."""
BY_CONVENTION = frozenset({"AI", "ACI", "EI", "ETTI", "EITI"})
"""Kinds that are live only while their convention with the State is."""
SIRET_DIGITS = 14
OWN_ID = "marche-"


def page(fetcher: Fetcher, url: str, _part: str, number: int) -> Page:
    return listed(fetcher, url, {"page": number, "page_size": PAGE_SIZE}, keyed, NAME)


def keyed(entry: Any) -> Keyed:
    """An entry as its id there and a canonical record, `live` false where its convention ended.
    Raises SourceError when it is not what the contract says.
    """
    entry = checked(entry, NEEDED, NAME)
    siret = str(entry["siret"] or "")
    street = ", ".join(filter(None, (entry.get("address_line_1"), entry.get("address_line_2"))))
    placed = entry.get("latitude") is not None and entry.get("longitude") is not None
    known: Record = {
        "id": f"{OWN_ID}{entry['id']}",
        "source": NAME,
        "siret": siret
        if len(siret) == SIRET_DIGITS
        else "",  # branches bear the nine digits of their house
        "name": entry["name"],
        "brand": entry.get("brand"),
        "kind": entry["kind"],
        "naf": entry.get("naf"),
        "website": entry.get("website"),
        "description": entry.get("description"),
        "address": {"street": street, "post_code": entry["post_code"], "city": entry["city"]},
        "location": {"lat": entry["latitude"], "lon": entry["longitude"]} if placed else None,
    }
    live = entry["kind"] not in BY_CONVENTION or entry["convention_is_active"]
    return str(entry["id"]), told(known, NEEDED) | ({} if live else {"status": "delisted"})
