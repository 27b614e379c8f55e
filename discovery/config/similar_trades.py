"""Trades that a buyer does not tell apart: `mappings/vocabulary/close.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from marshmallow.validate import Length

from discovery.declared import Filled, about, declared


@dataclass(frozen=True, slots=True)
class Close:
    """Trades that do as well as the one asked for.

    `also`: a sector or group asked for → the others that do as well.
    """

    also: Mapping[str, tuple[str, ...]]

    def with_close(self, sectors: tuple[str, ...]) -> tuple[str, ...]:
        """The sectors, then those that do as well."""
        return tuple(dict.fromkeys((*sectors, *(other for sector in sectors for other in self.also.get(sector, ())))))

    def slugs(self) -> Iterator[str]:
        """Every sector and group that the file names."""
        for asked, others in self.also.items():
            yield asked
            yield from others


@declared(why=Filled)
class _Entry:
    asked: Annotated[tuple[str, ...], Length(min=1)]
    also: Annotated[tuple[str, ...], Length(min=1)]


@declared()
class CloseFile:
    """The file as written."""

    entries: tuple[_Entry, ...] = about(key="close")

    def parsed(self) -> Close:
        """Each trade with all that do as well."""
        also: dict[str, dict[str, None]] = {}
        for entry in self.entries:
            for asked in entry.asked:
                also.setdefault(asked, {}).update((other, None) for other in entry.also if other != asked)
        return Close({asked: tuple(others) for asked, others in also.items()})
