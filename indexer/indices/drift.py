"""Store against index: every difference found by one walk over each.

First whatever the index holds is judged by its supplier, then the suppliers that were not met. Each
is judged by its ledger revision and by the content that it would have now, so the check may run
while others write: what is pending in the ledger is no drift, and what differs only at one look is
none either.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, select

from discovery.engine.definition import Definition
from discovery.engine.port import Document, EngineUnavailable, Held
from discovery.model import dataclass
from indexer.context import Context
from indexer.store import ledger, observations, repository
from indexer.store.engine import reading
from indexer.store.models import SUPPLIER
from indexer.store.sql import LATE_SECONDS, keyset_apart

BATCH = 500
LOOKS = 3
"""Index and store are read one after the other: what a worker settles in between differs at one
look only.
"""


class Kind(StrEnum):
    """MISSING: not in the index. STALE: an older revision is. ALTERED: other content, or a revision
    never given. MALFORMED: no document of ours. GHOST: in the index, not to be found in the store.
    """

    MISSING = "missing"
    STALE = "stale"
    ALTERED = "altered"
    MALFORMED = "malformed"
    GHOST = "ghost"


@dataclass(frozen=True, slots=True)
class Difference:
    id: str
    kind: Kind
    version: int
    """The index's; 0 when missing."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a comparison found.

    `checked` counts ids met in the store or the index; `differences` are by id.

    `late`: suppliers whose change waits for too long. It is not judged yet, and may be the deletion
    of one that is still shown.
    """

    checked: int
    differences: tuple[Difference, ...]
    late: int = 0

    def counts(self) -> dict[Kind, int]:
        """How many differences of every kind, zeros included."""
        found = Counter(one.kind for one in self.differences)
        return {kind: found[kind] for kind in Kind}

    def line(self) -> str:
        kinds = ", ".join(f"{number} {kind}" for kind, number in self.counts().items() if number)
        late = (
            f"; {self.late} wait for more than {LATE_SECONDS / 60:.0f} minutes" if self.late else ""
        )
        return (
            f"{self.checked} checked, {len(self.differences)} differ"
            + (f": {kinds}" if kinds else "")
            + late
        )


def checked(context: Context, progress: Callable[[int], None] = lambda _: None) -> Report:
    """Walk store and index side by side, and note every difference. Nothing else is changed;
    `repair` queues what this finds. Raises EngineUnavailable when no index serves or it can't be
    read.
    """
    serving = context.catalog.targets().serving
    if serving is None:
        raise EngineUnavailable(
            "there is no index yet: `indexer sync`, a worker or `indexer rebuild` makes it"
        )
    definition = context.catalog.definition_of(serving)
    found: list[Difference] = []
    met: set[str] = set()
    with closing(context.catalog.writer_of(serving)) as index:

        def judge_all(ids: Sequence[str], held: Iterable[Held]) -> None:
            met.update(ids)
            differences = _look(context, definition, ids, held)
            for _ in range(LOOKS - 1):
                if differences:
                    again = [one.id for one in differences]
                    differences &= _look(context, definition, again, index.held(again))
            found.extend(differences)
            progress(len(ids))

        for held in index.everything():
            judge_all([one.id for one in held], held)
        for ids in keyset_apart(context.store, select(SUPPLIER.c.id), BATCH):
            rest = [id_ for id_ in ids if id_ not in met]
            judge_all(rest, index.held(rest))
    late = observations.figures(context.store, datetime.now(UTC)).late
    report = Report(len(met), tuple(sorted(found, key=lambda one: one.id)), late)
    counts = {str(kind): number for kind, number in report.counts().items()}
    observations.note_check(
        context.store, observations.Check(datetime.now(UTC), report.checked, counts)
    )
    return report


def _look(
    context: Context, definition: Definition, ids: Sequence[str], held: Iterable[Held]
) -> set[Difference]:
    there = {one.id: one for one in held}
    with reading(context.store) as connection:
        suppliers = repository.load(connection, ids)
        revisions = ledger.revisions(connection, ids)
        pending = ledger.pending(connection, ids)
    found = set()
    for id_ in ids:
        if id_ in pending:
            continue
        document = context.builder.build(suppliers[id_]) if id_ in suppliers else None
        kind = judge(definition, id_, there.get(id_), document, revisions.get(id_, 0))
        if kind is not None:
            found.add(Difference(id_, kind, there[id_].version if id_ in there else 0))
    return found


def judge(
    definition: Definition, id_: str, held: Held | None, due: Document | None, revision: int
) -> Kind | None:
    """What is wrong with what is `held` under an id, where `due` at `revision` ought to be. Pure."""
    if held is None:
        return Kind.MISSING if due is not None else None
    if due is None:
        return Kind.GHOST
    mappings = definition.body["mappings"]
    if malformed(id_, held.document, mappings["properties"]):
        return Kind.MALFORMED
    if held.version < revision:
        return Kind.STALE
    if held.version > revision:
        return Kind.ALTERED
    return Kind.ALTERED if held.document != as_held(due, mappings) else None


def as_held(document: Document, mappings: Mapping[str, Any]) -> Any:
    """The document as an index of these mappings gives it back."""
    gone = mappings.get("_source", {}).get("excludes", ())
    return json.loads(
        json.dumps({name: value for name, value in document.items() if name not in gone})
    )


def repair(store: Engine, report: Report) -> int:
    """Queue every difference at a new revision, above any version met in the index. Returns how
    many.
    """
    if report.differences:
        # A restored backup may hold revisions older than what the index has seen.
        ledger.raise_counter(store, max(one.version for one in report.differences))
        ledger.requeue(store, [one.id for one in report.differences])
    return len(report.differences)


STUB = frozenset({"id", "live", "slug", "fingerprint"})
"""What every document has, that of a delisted supplier included."""

SHOWN = STUB | {"kind", "public"}
"""What one that is found has, besides what is only searched."""


def malformed(id_: str, document: Any, known: Collection[str]) -> bool:
    """Whether what the index holds under an id lacks what every document has, or has more. `known`:
    names of the mapping's fields.
    """
    if (
        not isinstance(document, dict)
        or document.get("id") != id_
        or not isinstance(document.get("live"), bool)
    ):
        return True
    return not (SHOWN if document["live"] else STUB) <= document.keys() <= set(known)
