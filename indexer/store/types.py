"""Column types that mean the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator

# Ids, codes and slugs sort by code point on both databases, as Python does: writers then lock in one order.
Code = Text().with_variant(Text(collation="C"), "postgresql")

# SQLite's rowid alias must be spelled INTEGER; elsewhere a 64-bit key.
RowId = BigInteger().with_variant(Integer(), "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, in UTC. `timestamptz` on PostgreSQL; ISO text without offset, in UTC, on SQLite.

    Raises ValueError for a naive datetime.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The value as it is written: in UTC. Raises ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no time zone; the store takes aware datetimes only")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """The value as it is read: aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Codes(TypeDecorator[tuple[str, ...]]):
    """A short list of codes, kept as text with one space between them: `DISP PREST`.

    Not JSON, so that any program's plain SQL can write it and nothing it writes fails to parse.
    Raises ValueError for a code that is empty or holds white space.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, _dialect: Dialect) -> str:
        """The codes as they are written: joined by blanks. Raises ValueError for one that is empty or holds white
        space."""
        codes = value or ()
        for code in codes:
            if code.split() != [code]:
                raise ValueError(f"{code!r} is not a code: a code is not empty and holds no white space")
        return " ".join(codes)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> tuple[str, ...]:
        """The codes as they are read; none for an empty text or NULL."""
        return _split(value) if value else ()


@lru_cache(8192)  # the same few lists come back row after row
def _split(value: str) -> tuple[str, ...]:
    return tuple(value.split())
