"""Which indices a change is written to: those that take writes at the moment of each call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from discovery.engine.catalog import Catalog, IndexName, Targets, Writer
from discovery.engine.port import Action, EngineStatus, EngineUnavailable, WriteOutcome, WriteStatus
from indexer.targets.first import may_be_filled

_WORST = (
    WriteStatus.STALE,
    WriteStatus.DELETED,
    WriteStatus.INDEXED,
    WriteStatus.DEAD,
    WriteStatus.RETRY,
)
"""What counts of two outcomes is the later in this list: tried again for one index, a change is tried for both."""


class DualWriter:
    """An `IndexWriter` of the index that serves and, while there is one, of the index that is being built.

    They are looked up in each `bulk`, which comes after the claim. So a change that misses an index was claimed, hence
    committed, before that index took writes; and the filling of it, which begins later, reads that change.
    """

    def __init__(self, catalog: Catalog, first: Callable[[], None], full: Callable[[], None], fingerprint: str) -> None:
        """`first` makes an index to fill where none serves, `full` lets it serve if all is in it; `fingerprint` is that
        of the mappings by which the documents are made."""
        self._catalog = catalog
        self._first = first
        self._full = full
        self._fingerprint = fingerprint
        self._open: dict[str, Writer] = {}
        self._put_off: set[str] = set()
        self.targets = Targets()
        """As last looked up."""

    def writer(self) -> Writer:
        """The writer of the index that serves; where none does, of that which will."""
        return self._writer(self._look()[0])

    def idle(self) -> None:
        """Take note that nothing is due: an index that is filled for the first time may be full by now, and then
        serves."""
        if self.targets.serving is None:
            self._full()
            self._look()

    def bulk(self, actions: Iterable[Action]) -> list[WriteOutcome]:
        """Write to every index that takes writes: for each action the worse of its outcomes. Raises
        EngineUnavailable when an index can't be written at all."""
        given = list(actions)
        serving, *building = self._look()
        outcomes = self._writer(serving).bulk(given)
        for name in building:
            outcomes = [worse(*both) for both in zip(outcomes, self._build(name, given), strict=True)]
        return outcomes

    def _build(self, name: str, actions: list[Action]) -> list[WriteOutcome]:
        """What can't be written is built no more: it must not hold up the index that serves, nor miss a change."""
        foreign = self._foreign(name)
        if foreign and name not in self._put_off:
            self._put_off.add(name)
            raise EngineUnavailable("a rebuild from other mappings began: they are read again")
        try:
            if foreign:
                raise EngineUnavailable(
                    f"{name} is built from other mappings than this process has: bring them to all, then rebuild again"
                )
            return self._writer(name).bulk(actions)
        except EngineUnavailable:
            self._catalog.unregister(name)
            raise

    def _foreign(self, name: str) -> bool:
        """Whether a new index would get documents made by other mappings than its own. (What a rollback catches up
        with, older than what serves, may: it holds what was made by others anyway.)"""
        built, serving = IndexName.parse(name), IndexName.parse(self.targets.serving or "")
        if built is None or serving is None or built.built < serving.built:
            return False
        return built.fingerprint != self._fingerprint

    def versions(self, after: str = "", limit: int = 1000) -> Iterator[tuple[str, int, str]]:
        return self.writer().versions(after, limit)

    def status(self) -> EngineStatus:
        return self.writer().status()

    def _look(self) -> list[str]:
        """The targets, that which serves first. Writers of what is none any more are closed."""
        targets = self._catalog.targets()
        if targets.serving is None and not may_be_filled(targets.building, self._fingerprint):
            self._first()
            targets = self._catalog.targets()
        if not targets.names():
            raise EngineUnavailable("no index serves; run `indexer rebuild`")
        for gone in self._open.keys() - set(targets.names()):
            self._open.pop(gone).close()
        self.targets = targets
        return targets.names()

    def _writer(self, name: str) -> Writer:
        if name not in self._open:
            self._open[name] = self._catalog.writer_of(name)
        return self._open[name]

    def close(self) -> None:
        for writer in self._open.values():
            writer.close()
        self._open = {}


def worse(one: WriteOutcome, other: WriteOutcome) -> WriteOutcome:
    """Of one action's outcomes in two indices, the one that says what is left to do."""
    return max(one, other, key=lambda outcome: _WORST.index(outcome.status))
