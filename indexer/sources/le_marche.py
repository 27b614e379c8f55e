"""`le-marche`: what suppliers say of themselves on the marketplace: trades, offers, networks,
references.

`GET /api/siae/?limit=1000&offset=0` with a token of theirs → `{count, next, results}`. It tells no
coordinates and no zones. E-mails and telephones are not even read.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from discovery.mappings import yamlfile
from discovery.places import normalise
from indexer.sources.connector import Keyed, Page, Record, checked, listed, told
from indexer.sources.fetch import Fetcher

NAME = "le-marche"
PAGE_SIZE = 1000
OWN_ID = "le-marche-"
NEEDED = ("id", "name", "siret", "kind", "post_code", "city", "sectors", "is_active")
"""Fields without which an entry is not what the contract says."""
RENAMED: dict[str, str] = yamlfile.table(Path(__file__).with_suffix(".yaml"))
"""Their slugs that are more than ours with a number behind; apostrophes, which they leave out, the
intake forgives.
"""
_LABELS = (
    *(
        "rge",
        "esus",
        "ess",
        "rsei",
        "iso 9001",
        "iso 14001",
        "iso 45001",
        "haccp",
        "qualipropre",
        "ecolabel",
    ),
    *("agriculture biologique", "qualiopi", "b corp", "rfar"),
)
CERTIFIED = {label: label.replace(" ", "-") for label in _LABELS} | {
    "agriculture biologique": "bio"
}
"""What names of their labels hold ("Entreprise solidaire d'utilité sociale (ESUS)"), and the
certification meant.
"""


def page(fetcher: Fetcher, url: str, _part: str, number: int) -> Page:
    asked = {"limit": PAGE_SIZE, "offset": (number - 1) * PAGE_SIZE}
    return listed(fetcher, url, asked, keyed, NAME)


def keyed(entry: Any) -> Keyed:
    """An entry as its id there and a canonical record. Raises SourceError when it is not what the
    contract says.
    """
    entry = checked(entry, NEEDED, NAME)
    types = list(_slugs(entry.get("presta_types")))
    known = common(
        entry, NAME, _objects(entry.get("offers")), _objects(entry.get("labels_old"))
    ) | {
        "website": entry.get("contact_website"),
        "activities": [
            {"sector": sector(slug), "service_types": types} for slug in _slugs(entry["sectors"])
        ],
        "networks": list(_slugs(entry.get("networks"))),
        "client_references": [one["name"] for one in _objects(entry.get("client_references"))],
    }
    return str(entry["id"]), told(known, NEEDED) | (
        {} if entry["is_active"] else {"status": "delisted"}
    )


def common(
    entry: Mapping[str, Any],
    source: str,
    offers: Iterable[Mapping[str, Any]],
    labels: Iterable[Mapping[str, Any]],
) -> Record:
    """What their API and their database tell of a supplier under the same names."""
    return {
        "id": f"{OWN_ID}{entry['id']}",
        "source": source,
        "siret": entry["siret"],
        "name": entry["name"],
        "brand": entry.get("brand"),
        "kind": entry["kind"],
        "address": {
            "street": entry.get("address") or "",
            "post_code": entry["post_code"],
            "city": entry["city"],
        },
        "qpv": entry.get("is_qpv"),
        "offers": [
            {"name": one["name"], "description": one.get("description") or ""} for one in offers
        ],
        "certifications": certifications(one["name"] for one in labels),
        "updated_at": str(entry.get("updated_at") or "")[:10],
    }


def sector(slug: str) -> str:
    """Our slug of a marketplace's, which numbers some ("plomberie-12"). The intake says what it
    does not know.
    """
    if slug in RENAMED:
        return RENAMED[slug]
    bare = re.sub(r"-\d+$", "", slug)
    return RENAMED.get(bare, bare)


def certifications(labels: Iterable[str]) -> list[str]:
    """Ours of names of labels, which they write freely, often with the short name in brackets.
    Others are left out.
    """
    words = [f" {normalise(label)} " for label in labels]
    return [ours for said, ours in CERTIFIED.items() if any(f" {said} " in one for one in words)]


def _slugs(given: Any) -> Iterator[str]:
    """Of a list of slugs, or of objects that have one."""
    for one in given if isinstance(given, list) else []:
        if name := one.get("slug") if isinstance(one, Mapping) else one:
            yield str(name)


def _objects(given: Any) -> Iterator[Mapping[str, Any]]:
    """Those that have a name."""
    for one in given if isinstance(given, list) else []:
        if isinstance(one, Mapping) and one.get("name"):
            yield one
