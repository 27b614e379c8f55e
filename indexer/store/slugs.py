"""The readable, unique and stable name of a supplier in addresses: `atelier-du-bocage-lyon`.

A slug is given once. Another name gives another slug, and the old one stays the supplier's, for
good: an address that was printed somewhere must lead to the company or to nothing, never to another
one. A new seat changes nothing.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, select, update

from discovery.model import dataclass
from indexer.record import Supplier
from indexer.store.engine import StoreError
from indexer.store.models import SLUG, SUPPLIER
from indexer.store.sql import ids_in, insert_rows, update_rows

LONGEST = (
    80  # characters of name and place together; the suffix that makes a slug unique comes on top
)
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l"})
_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Named:
    """What a slug is made of. `name` is the one shown: the brand when there is one."""

    id: str
    name: str
    city: str
    department: str

    @classmethod
    def of(cls, supplier: Supplier) -> "Named":
        return cls(supplier.id, supplier.brand or supplier.name, supplier.city, supplier.department)


@lru_cache(4096)  # the same cities come again and again
def fold(words: str) -> str:
    """Lower case, no accents, one hyphen between runs of letters and digits. Empty if nothing Latin
    is left.
    """
    decomposed = unicodedata.normalize("NFKD", words.lower().translate(_LIGATURES))
    return "-".join(re.findall(r"[a-z0-9]+", re.sub(r"[\u0300-\u036f]+", "", decomposed)))


def candidates(named: Named) -> tuple[str, ...]:
    """The slugs to try, in order: name and city; with the department; with ever more of the id's
    digest.

    The digest rather than a counter, so that a slug hardly depends on the order of import.
    """
    name = fold(named.name) or fold(named.id) or "supplier"
    city, department = fold(named.city), fold(named.department)
    place = city or department
    first = _shorten(f"{name}-{place}" if place else name)
    digest = sha256(named.id.encode()).hexdigest()
    tries = [first]
    if city and department:
        tries.append(f"{first}-{department}")
    tries += [f"{first}-{digest[:length]}" for length in (6, 16, 64)]
    return tuple(tries)


def _shorten(slug: str) -> str:
    if len(slug) <= LONGEST:
        return slug
    whole_words = slug[: LONGEST + 1].rpartition("-")[0]
    return whole_words or slug[:LONGEST]


def complete(connection: Connection, ids: Sequence[str]) -> int:
    """Give a slug to those of these suppliers that lack one or were renamed (by plain SQL). Returns
    how many.
    """
    query = select(
        SUPPLIER.c.id, SUPPLIER.c.brand, SUPPLIER.c.name, SUPPLIER.c.city, SUPPLIER.c.department
    )
    rows = connection.execute(query.where(ids_in(connection, SUPPLIER.c.id, ids)))
    return assign(
        connection, [Named(id_, brand or name, city, dep) for id_, brand, name, city, dep in rows]
    )


def assign(connection: Connection, suppliers: Iterable[Named]) -> int:
    """Give a new slug to each supplier whose current one is not of its name; touches no other row.
    Returns how many were given.
    """
    named = {each.id: each for each in suppliers}
    rows = connection.execute(
        select(SLUG).where(ids_in(connection, SLUG.c.supplier_id, list(named)))
    ).all()
    keys = {row.supplier_id: row.name_key for row in rows if row.current}
    wanting = {key: each for key, each in named.items() if keys.get(key) != fold(each.name)}
    renamed = [key for key in wanting if key in keys]
    if renamed:
        statement = update(SLUG).where(
            ids_in(connection, SLUG.c.supplier_id, renamed), SLUG.c.current
        )
        connection.execute(statement.values(current=False))
    own = {row.slug: row.supplier_id for row in rows if row.supplier_id in wanting}
    given = len(wanting)
    for _ in range(_ROUNDS):
        for key in _give(connection, wanting, own) if wanting else ():
            del wanting[key]
    if wanting:
        raise StoreError(
            f"No free address found for {', '.join(sorted(wanting)[:5])}: import them again."
        )
    return given


def _give(connection: Connection, wanting: dict[str, Named], own: dict[str, str]) -> list[str]:
    """One round: returns the ids that got their slug. On PostgreSQL another transaction may have
    been quicker.
    """
    tries = {key: candidates(each) for key, each in wanting.items()}
    asked = [slug for slugs in tries.values() for slug in slugs]
    taken = set(
        connection.execute(
            select(SLUG.c.slug).where(ids_in(connection, SLUG.c.slug, asked))
        ).scalars()
    )
    back: list[dict[str, Any]] = []
    new: list[dict[str, Any]] = []
    for key, slugs in tries.items():
        slug = next((each for each in slugs if own.get(each) == key or each not in taken), None)
        if slug is None:
            raise StoreError(
                f"Every address of {key!r} is another supplier's, {slugs[-1]!r} included: rename it."
            )
        row = {
            "slug": slug,
            "supplier_id": key,
            "name_key": fold(wanting[key].name),
            "current": True,
        }
        (back if own.get(slug) == key else new).append(row)
        taken.add(slug)
    update_rows(connection, SLUG, back)
    given = insert_rows(connection, SLUG, sorted(new, key=lambda row: row["slug"]), skip_taken=True)
    owners = {row["slug"]: row["supplier_id"] for row in new}
    return [row["supplier_id"] for row in back] + [owners[slug] for slug in given]
