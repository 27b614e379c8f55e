"""Addresses of the page: today's parameters with one thing changed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

Pairs = tuple[tuple[str, str], ...]


class PageUrls:
    """The parameters of the page at hand, and the addresses one click away.

    Every change goes back to the first page: the page number belonged to another list.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]], path: str = "/") -> None:
        self._pairs: Pairs = tuple((name, value) for name, value in pairs if value)
        self._path = path

    def address(self, pairs: Iterable[tuple[str, str]]) -> str:
        query = urlencode(list(pairs))
        return f"{self._path}?{query}" if query else self._path

    def _without(self, *names: str) -> Pairs:
        return tuple(pair for pair in self._pairs if pair[0] not in names)

    def set(self, **values: str | int | None) -> str:
        """With these parameters replaced; None or "" removes one."""
        kept = self._without("page", *values)
        return self.address((*kept, *((name, str(value)) for name, value in values.items() if value not in (None, ""))))

    def change(self, changes: Mapping[str, object]) -> str:
        """With the changes of a suggestion: a value, a list of values, or None to remove the parameter."""
        kept = self._without("page", *changes)
        added = [
            (name, str(one))
            for name, value in changes.items()
            if value is not None
            for one in (value if isinstance(value, list | tuple) else [value])
        ]
        return self.address((*kept, *added))

    def add(self, name: str, value: str) -> str:
        """With one more value of a repeatable parameter."""
        return self.address((*self._without("page"), (name, value)))

    def remove(self, name: str, value: str) -> str:
        """Without one value; comma-separated lists are taken apart."""
        kept: list[tuple[str, str]] = []
        for each, held in self._without("page"):
            values = [one for one in held.split(",") if one != value] if each == name else [held]
            kept += [(each, one) for one in values]
        return self.address(kept)

    def hidden(self, *shown: str) -> Pairs:
        """Parameters that a form must carry along because none of its fields shows them."""
        return self._without("page", *shown)
