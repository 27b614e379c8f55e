"""Ledger → engine: claim → reload by id → build → bulk → settle each item. The only way a document
changes.

No transaction is open during engine I/O; order and repetition don't matter, since versions are
ledger revisions.

Two kinds of failure are told apart. A supplier that fails among others that don't is tried again
later and later, and set aside in the end. When most of a batch fails, the engine is away or
overloaded: it is left alone for a while (`Pause`), the suppliers wait as long, and no try is
counted against them.
"""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from discovery.engine.port import Action, EngineUnavailable, IndexWriter, WriteStatus
from discovery.engine.port import WriteOutcome as Written
from discovery.model import dataclass, field, fields
from indexer.document.build import DocumentBuilder
from indexer.faults import reached
from indexer.record import Supplier
from indexer.store import ledger, repository, slugs
from indexer.store.engine import reading
from indexer.store.ledger import ChangeOutcome, Claim
from indexer.store.sql import LEASE_SECONDS

BATCH = 500
"""Suppliers a claim: some 2 MB of documents, and a lease's worth of work many times over."""

LONGEST_PAUSE_SECONDS = 30.0
"""An engine that is back is written to again after that much at most."""

MAX_ATTEMPTS = 20
"""Tries before a supplier that keeps failing is set aside: with the ledger's backoff, about half a
day.
"""


@dataclass(slots=True)
class SyncReport:
    """Counts of what became of the claims; but for `claimed`, `deleted` (part of indexed) and
    `reasons` they add up.
    """

    claimed: int = 0
    indexed: int = 0
    deleted: int = 0
    stale: int = 0
    retry: int = 0
    dead: int = 0
    lost: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, other: "SyncReport") -> None:
        """Add another report's counts to these."""
        for item in fields(self):
            setattr(self, item.name, getattr(self, item.name) + getattr(other, item.name))


@dataclass(slots=True)
class Pause:
    """How long this process leaves an overloaded engine alone: doubled with each batch that fails
    again.
    """

    failures: int = 0
    until: datetime | None = None

    def over(self, now: datetime) -> bool:
        """Whether it is time to try again."""
        # Nor is it believed further ahead than it could be set: the clock was wrong then, or is
        # now.
        return self.until is None or not timedelta(0) < self.until - now <= timedelta(
            seconds=LONGEST_PAUSE_SECONDS
        )

    def lengthen(self, now: datetime, random: float) -> None:
        """Wait longer after another failure. `random` in [0, 1): see `ledger.backoff`."""
        self.failures += 1
        self.until = now + timedelta(
            seconds=ledger.backoff(self.failures, random, LONGEST_PAUSE_SECONDS)
        )

    def end(self) -> None:
        """Wait no more: what failed works again."""
        self.failures, self.until = 0, None


@dataclass(frozen=True, slots=True)
class Synchroniser:
    """What a sync needs; one per process. `idle` is told when nothing was due. `clock` and `jitter`
    are given so that tests own the time.
    """

    store: Engine
    writer: IndexWriter
    builder: DocumentBuilder
    idle: Callable[[], None] = lambda: None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    jitter: Callable[[], float] = random.random
    pause: Pause = field(default_factory=Pause)

    def batch(self, limit: int = BATCH) -> SyncReport:
        """Claim and settle up to `limit` suppliers. `claimed` 0 = nothing is due, or the engine is
        left alone.
        """
        if not self.pause.over(self.clock()):
            return SyncReport()
        claims = ledger.claim(self.store, limit, LEASE_SECONDS, self.clock())
        reached("claimed")
        if not claims:
            self.idle()
            return SyncReport()
        ids = [claim.supplier_id for claim in claims]
        with self.store.begin() as connection:
            # A row that another program wrote by plain SQL has no address yet, or that of its
            # former name.
            slugs.complete(connection, ids)
        reached("completed")
        with reading(self.store) as connection:
            suppliers = repository.load(connection, ids)
        reached("loaded")
        outcomes = self._write(claims, suppliers)
        reached("written")
        settlement = ledger.record_outcomes(self.store, self._settled(claims, outcomes))
        reached("settled")
        settlement["indexed"] += settlement["deleted"]
        reasons = Counter(
            one.reason for one in outcomes if one.status in (WriteStatus.RETRY, WriteStatus.DEAD)
        )
        return SyncReport(claimed=len(claims), reasons=reasons, **settlement)

    def drain(
        self,
        progress: Callable[[int], None] = lambda _: None,
        enough: Callable[[], bool] = lambda: False,
    ) -> SyncReport:
        """Batches until nothing is due, or `enough` says so. What must be retried later stays for
        later.
        """
        total = SyncReport()
        while not enough() and (done := self.batch()).claimed:
            total.add(done)
            progress(done.claimed)
        return total

    def _write(self, claims: Sequence[Claim], suppliers: dict[str, Supplier]) -> list[Written]:
        """One outcome a claim, in order. An absent row, or a kind that is never shown, is a
        deletion.
        """
        actions: list[Action] = []
        failed: dict[str, Written] = {}
        for claim in claims:
            supplier = suppliers.get(claim.supplier_id)
            try:
                document = self.builder.build(supplier) if supplier else None
            except Exception as error:
                reason = f"the document can't be built: {type(error).__name__}: {error}"
                failed[claim.supplier_id] = Written(claim.supplier_id, WriteStatus.DEAD, reason)
                continue
            actions.append(Action(claim.supplier_id, claim.revision, document))
        reached("built")
        try:
            written = {one.id: one for one in self.writer.bulk(actions)}
        except EngineUnavailable as error:
            written = {one.id: Written(one.id, WriteStatus.RETRY, str(error)) for one in actions}
        return [failed.get(claim.supplier_id) or written[claim.supplier_id] for claim in claims]

    def _settled(self, claims: Sequence[Claim], written: Sequence[Written]) -> list[ChangeOutcome]:
        now = self.clock()
        failed = sum(one.status is WriteStatus.RETRY for one in written)
        overloaded = 2 * failed > len(written)
        if overloaded:
            self.pause.lengthen(now, self.jitter())
        else:
            self.pause.end()
        return [
            ChangeOutcome(claim, WriteStatus.RETRY, one.reason, self.pause.until, counts=False)
            if overloaded and one.status is WriteStatus.RETRY
            else self._alone(claim, one, now)
            for claim, one in zip(claims, written, strict=True)
        ]

    def _alone(self, claim: Claim, one: Written, now: datetime) -> ChangeOutcome:
        """Of a supplier whose failure, if it failed, is its own."""
        if one.status is not WriteStatus.RETRY:
            return ChangeOutcome(claim, one.status, one.reason)
        if claim.attempts >= MAX_ATTEMPTS:
            return ChangeOutcome(
                claim, WriteStatus.DEAD, f"given up after {claim.attempts} tries: {one.reason}"
            )
        later = now + timedelta(seconds=ledger.backoff(claim.attempts, self.jitter()))
        return ChangeOutcome(claim, WriteStatus.RETRY, one.reason, later)
