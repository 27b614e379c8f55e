"""Which supplier a row is: one id per row of a file, found again at the next import."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from indexer.intake.draft import Draft
from indexer.intake.findings import Code
from indexer.store.sql import SUPPLIER, ids_in

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Seen:
    line: int
    content: int


@dataclass(slots=True)
class Identities:
    """The ids of one file, given out in the order of its rows. Keeps a few numbers per row.

    A row that repeats another word for word changes nothing. With an id of its own that is another row's, it is
    rejected: neither of the two can be preferred. Without one, SIRET and kind make the id, and a second row of the
    same SIRET and kind gets a counter: registers do list two places of one establishment.
    """

    _by_id: dict[str, _Seen] = field(default_factory=dict)
    _by_key: dict[Key, list[_Seen]] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)

    def claim(self, draft: Draft, line: int) -> bool:
        """Give the draft its id, with what is to be said of it. False when it repeats an earlier row exactly."""
        seen = _Seen(line, hash(frozenset(draft.values.items())))
        warn, key = draft.findings.warn, draft.key
        others = self._by_key.get(key, [])
        if draft.id_given:
            earlier = self._by_id.get(draft.id)
            if earlier is not None and earlier.content == seen.content:
                warn(Code.ROW_REPEATED, line=str(earlier.line))
                return False
            if earlier is not None:
                draft.findings.reject(Code.ID_REPEATED, "id", draft.id, line=str(earlier.line))
                return True
            self._by_id[draft.id] = seen
        else:
            same = next((each for each in others if each.content == seen.content), None)
            if same is not None:
                warn(Code.ROW_REPEATED, line=str(same.line))
                return False
            if others:
                draft.id = f"{draft.id}-{len(others) + 1}"
        if key[0]:
            if others:
                warn(Code.SIRET_REPEATED, "siret", key[0], line=str(others[0].line))
            self._by_key.setdefault(key, []).append(seen)
        return True

    def use(self, supplier_id: str) -> None:
        self._used.add(supplier_id)

    def match(self, draft: Draft, candidates: Iterable[str], prefix: str) -> str:
        """The id of the supplier that the store knows under this SIRET and kind, or the draft's own.

        Only when there is exactly one that no row of this file is, and that was not made from such a file: those are
        found by their own ids. `prefix`: with what made ids start, if not with SIRET and kind.
        """
        made = re.compile(re.escape(prefix) if prefix else re.escape("-".join(draft.key)) + r"(-\d+)?$")
        free = [each for each in candidates if each not in self._used and not made.match(each)]
        return free[0] if len(free) == 1 else draft.id


def ids_by_key(connection: Connection, sirets: Iterable[str]) -> dict[Key, list[str]]:
    """The ids of the store's suppliers with these SIRETs, by SIRET and kind; one query."""
    query = select(SUPPLIER.c.siret, SUPPLIER.c.kind, SUPPLIER.c.id).order_by(SUPPLIER.c.id)
    found: dict[Key, list[str]] = {}
    for siret, kind, supplier_id in connection.execute(query.where(ids_in(connection, SUPPLIER.c.siret, [*sirets]))):
        found.setdefault((siret, kind), []).append(supplier_id)
    return found
