"""`les-emplois`: work integration structures and GEIQ with the jobs they hire for, from an open API
(no token).

`GET /api/v1/siaes/?departement=69&page=1&page_size=100` → `{count, next, previous, results}`, 12
requests a minute. A token makes it 120. Read in the source of that service; a change of it is a
SourceError. Telephone and e-mail are not even read.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from indexer.sources.connector import Keyed, Page, Record, checked, listed, told
from indexer.sources.fetch import Fetcher, Parameters, SourceError

NAME = "les-emplois"
PAGE_SIZE = 100
NEEDED = ("id", "siret", "type", "raison_sociale", "code_postal", "ville", "postes")
"""Fields without which an entry is not what the contract says."""


def page(fetcher: Fetcher, url: str, department: str, number: int) -> Page:
    asked: Parameters = {"departement": department, "page": number, "page_size": PAGE_SIZE}
    return listed(fetcher, url, asked, keyed, f"{NAME}, department {department}")


def keyed(entry: Any) -> Keyed:
    """An entry as its id there and a canonical record, which SIRET and kind identify, as in the
    other lists. What it leaves empty is left out: another source may know. Raises SourceError when
    it is not what the contract says.
    """
    entry = checked(entry, NEEDED, NAME)
    street = ", ".join(filter(None, (entry.get("addresse_ligne_1"), entry.get("addresse_ligne_2"))))
    updated = str(entry.get("mis_a_jour_le") or "")[:10]
    known: Record = {
        "source": NAME,
        "siret": entry["siret"],
        "name": entry["raison_sociale"],
        "brand": entry.get("enseigne") or "",
        "kind": entry["type"],
        "website": entry.get("site_web") or "",
        "description": entry.get("description") or "",
        "address": {"street": street, "post_code": entry["code_postal"], "city": entry["ville"]},
        "jobs": sorted(jobs(entry["postes"], updated), key=lambda one: (one["rome"], one["title"])),
        "updated_at": updated,
    }
    return str(entry["id"]), told(known, (*NEEDED, "jobs"))


def jobs(postes: Any, seen: str) -> Iterator[dict[str, str]]:
    """The jobs that a structure hires for: of each its code, its title, its source and the day on
    which its structure was last written; no text besides, in which somebody's name might stand.
    Raises SourceError when the contract changed.
    """
    if not isinstance(postes, list):
        raise SourceError(f"{NAME}: `postes` is no list; the contract changed")
    for one in postes:
        if isinstance(one, Mapping) and one.get("rome"):
            yield {
                "rome": one["rome"],
                "title": one.get("appellation_modifiee") or "",
                "source": NAME,
                "seen": seen,
            }
