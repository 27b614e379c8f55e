"""Addresses → sitemaps, as sitemaps.org writes them, in parts that begin at an id."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from threading import Lock
from xml.sax.saxutils import escape

from discovery.engine.port import Position, Searcher, SearchRequest

MAX_URLS = 50_000
"""Addresses that one file may hold, by the protocol."""
PART = 45_000
"""Suppliers of one file when all are divided: there is room for those who come before they are again."""

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<{tag} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
_LINES = 200
"""Entries sent at once."""

Entry = tuple[str, str]
"""(absolute address, ISO day of its last change or "")."""


def index_file(addresses: Iterable[str]) -> Iterator[bytes]:
    """A sitemap of sitemaps, piece by piece."""
    return _file("sitemapindex", "sitemap", ((address, "") for address in addresses))


def urls(entries: Iterable[Entry]) -> Iterator[bytes]:
    """A sitemap of at most `MAX_URLS` pages, piece by piece."""
    return _file("urlset", "url", entries)


def _file(tag: str, each: str, entries: Iterable[Entry]) -> Iterator[bytes]:
    yield _HEAD.format(tag=tag).encode()
    lines = (_entry(each, *one) for one in entries)
    while some := "".join(islice(lines, _LINES)):
        yield some.encode("utf-8", "replace")
    yield f"</{tag}>\n".encode()


def _entry(tag: str, address: str, day: str) -> str:
    changed = f"<lastmod>{escape(day)}</lastmod>" if day else ""
    return f"<{tag}><loc>{escape(address)}</loc>{changed}</{tag}>\n"


KEPT_SECONDS = 3_600.0
"""As long as crawlers may keep the sitemap: its parts then fit together, whoever changes meanwhile."""


@dataclass(frozen=True, slots=True)
class Parts:
    """`edges[k]`: the last supplier of part k + 1, or None of the last part. Empty when there is nobody."""

    edges: tuple[Position | None, ...]

    def span(self, part: int) -> tuple[Position | None, Position | None]:
        """(behind which it begins, where it ends) of a part, from 1."""
        return (self.edges[part - 2] if part > 1 else None), self.edges[part - 1]


def divided(index: Searcher, request: SearchRequest, size: int) -> Parts:
    """Parts of `size` suppliers; the last one is open, for those who come."""
    total = index.search(request).total
    if not total:
        return Parts(())
    edges = index.milestones(request, size)
    return Parts((*(edges[:-1] if total % size == 0 else edges), None))


class KeptParts:
    """Shared by threads. Divided again after a while, and as long as there was nobody."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, Lock()
        self._kept: tuple[float, int, Parts] | None = None

    def of(self, index: Searcher, request: SearchRequest, size: int) -> Parts:
        """Where parts of `size` suppliers begin and end; looked up again once what is kept is too old."""
        with self._lock:
            now = self._clock()
            if self._kept is None or now - self._kept[0] > KEPT_SECONDS or self._kept[1] != size:
                self._kept = now, size, divided(index, request, size)
            found = self._kept[2]
            if not found.edges:
                self._kept = None
            return found
