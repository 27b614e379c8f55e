"""Files of the page under addresses that hold a hash of their content: kept for a year, never stale."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path

ROOMS = Path(__file__).parent.parent
KINDS = ("css", "js", "svg")
"""Of files beside a page's view; scripts that are joined have folders of their own."""
PATH = "/static/"


@dataclass(frozen=True, slots=True)
class Asset:
    """`address`: the path under the service's root, such as `/static/1f0c….page.css`."""

    name: str
    content: bytes
    mimetype: str
    address: str


@cache
def assets() -> dict[str, Asset]:
    """Name → file, read once: a handful of small texts."""
    return {path.name: _read(path) for kind in KINDS for path in sorted(ROOMS.glob(f"*/*.{kind}"))}


def address(name: str) -> str:
    """The address of a file. Raises KeyError for one that is not there: a template's mistake is seen at once."""
    return assets()[name].address


def find(requested: str) -> tuple[Asset, bool] | None:
    """The file of `<hash>.<name>`, and whether the hash is today's: a page kept from before an upgrade asks for the
    former one, and gets today's file."""
    _, _, name = requested.partition(".")
    asset = assets().get(name)
    return (asset, asset.address == PATH + requested) if asset else None


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    digest = blake2b(content, digest_size=8).hexdigest()
    mimetype = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(path.name, content, mimetype, f"{PATH}{digest}.{path.name}")
