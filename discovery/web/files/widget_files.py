"""The widget's files under one address that holds a hash of them all: kept for a year, never stale, and pinnable.

Pages of ours get the sources; other sites one module, whose integrity covers everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from discovery.disk_cache import cached
from discovery.web.files.bundling import (
    Bundle,
    bundle,
    filters_module,
    joined,
    map_files,
    sources,
    texts_module,
)
from discovery.web.files.packing import File, file

FOLDER = Path(__file__).parent.parent / "widget" / "scripts"
PATH = "/widget/"
ENTRY = "supplier-search.js"
LOADER = "v1.js"
CLASSIC = (LOADER, "resize.js")
"""Scripts at addresses that stay: hosts paste them once, and no integrity can be given."""


@dataclass(frozen=True, slots=True)
class Widget(Bundle):
    """The bundle, and the scripts at addresses that stay."""

    classic: Mapping[str, File]

    @property
    def module(self) -> str:
        """The address of the widget's entry."""
        return self.address + ENTRY

    @property
    def integrity(self) -> str:
        """The hash of the widget's entry, for an `integrity` attribute."""
        return self.files[ENTRY].integrity


def modules() -> dict[str, str]:
    """Name → source of the widget's modules, the texts among them."""
    found = {name: text for name, text in sources(FOLDER).items() if name not in CLASSIC}
    return {**found, "texts.js": texts_module(), "filters.js": filters_module()}


@cache
def widget() -> Widget:
    """All files of the widget, read once."""
    return cached(__file__, _made)


def _made() -> Widget:
    texts = modules()
    files = {name: file(text) for name, text in texts.items()} | {ENTRY: file(joined(texts, ENTRY)), **map_files()}
    made = bundle(PATH, files)
    classic = {name: (FOLDER / name).read_text(encoding="utf-8") for name in CLASSIC}
    classic[LOADER] = classic[LOADER].replace("{{ module }}", made.address.removeprefix(PATH) + ENTRY)
    return Widget(made.address, made.files, {name: file(text) for name, text in classic.items()})
