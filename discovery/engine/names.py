"""Names of indices, `<prefix>-<fingerprint>-<stamp>`, and what follows from them alone. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_STAMP = "%Y%m%d-%H%M%S%f"
_NAME = re.compile(r"(?P<prefix>[a-z0-9-]+)-(?P<fingerprint>[0-9a-f]{16})-(?P<stamp>[0-9]{8}-[0-9]{12})")


@dataclass(frozen=True, slots=True)
class IndexName:
    """What the name of an index says: what it was built from, and when (UTC, to the microsecond)."""

    prefix: str
    fingerprint: str
    built: datetime

    def build(self) -> str:
        """The name as it is written."""
        return f"{self.prefix}-{self.fingerprint}-{self.built.astimezone(UTC).strftime(_STAMP)}"

    @classmethod
    def parse(cls, name: str) -> IndexName | None:
        """The inverse of `build`; None for any other name."""
        match = _NAME.fullmatch(name)
        if match is None:
            return None
        try:
            built = datetime.strptime(match["stamp"], _STAMP).replace(tzinfo=UTC)
        except ValueError:
            return None
        return cls(match["prefix"], match["fingerprint"], built)


def ours(prefix: str, names: Iterable[str]) -> list[str]:
    """The indices of that prefix among any names, oldest first."""
    parsed = [(IndexName.parse(name), name) for name in names]
    return [name for _, name in sorted((one.built, name) for one, name in parsed if one and one.prefix == prefix)]


def following(prefix: str, fingerprint: str, now: datetime, known: Sequence[str]) -> str:
    """The name of the next index: newer than all `known` (ours, oldest first), even if a clock was set back."""
    newest = IndexName.parse(known[-1]) if known else None
    built = max(now, newest.built + timedelta(microseconds=1)) if newest else now
    return IndexName(prefix, fingerprint, built).build()


def previous(known: Sequence[str], serving: str | None) -> str | None:
    """What a rollback goes back to: the newest index older than the one that serves."""
    older = known[: known.index(serving)] if serving in known else known
    return older[-1] if older else None


def surplus(known: Sequence[str], serving: str, replaced: str | None) -> list[str]:
    """All but the serving index and the one that it replaced (where there was none: the newest other).

    After a rollback that is not the newest: what one fled from is not what the next rollback should find.
    """
    others = [name for name in known if name != serving]
    kept = replaced if replaced in others else next(reversed(others), None)
    return [name for name in others if name != kept]
