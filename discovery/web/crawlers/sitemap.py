"""Addresses → sitemaps, as sitemaps.org writes them. Pure: pieces of bytes, sent while they are made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from xml.sax.saxutils import escape

MAX_URLS = 50_000
"""Addresses that one file may hold, by the protocol."""
PART = 45_000
"""Suppliers of one file when all are divided: there is room for those who come before they are again."""

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<{tag} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
_LINES = 200
"""Entries sent at once."""

Entry = tuple[str, str]
"""(absolute address, ISO day of its last change or "")."""


def index(addresses: Iterable[str]) -> Iterator[bytes]:
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
