"""The widget's files and the pages' scripts, each bundle under one address that holds a hash of it all: kept for a
year, never stale, and pinnable. Pages of ours get the widget's sources; other sites one module, whose integrity covers
it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from discovery.disk_cache import cached
from discovery.pages.files.bundling import (
    Bundle,
    File,
    bundle,
    file,
    filters_module,
    joined,
    map_files,
    sources,
    texts_module,
)
from discovery.pages.maps import outline_map

WIDGET_FOLDER = Path(__file__).parent.parent / "widget" / "scripts"
WIDGET_ROOT = "/widget/"
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
    found = {name: text for name, text in sources(WIDGET_FOLDER).items() if name not in CLASSIC}
    return {**found, "texts.js": texts_module(), "filters.js": filters_module()}


@cache
def widget() -> Widget:
    """All files of the widget, read once."""
    return cached(str(Path(__file__).with_name("widget.py")), _made_widget)


def _made_widget() -> Widget:
    texts = modules()
    files = {name: file(text) for name, text in texts.items()} | {ENTRY: file(joined(texts, ENTRY)), **map_files()}
    made = bundle(WIDGET_ROOT, files)
    classic = {name: (WIDGET_FOLDER / name).read_text(encoding="utf-8") for name in CLASSIC}
    classic[LOADER] = classic[LOADER].replace("{{ module }}", made.address.removeprefix(WIDGET_ROOT) + ENTRY)
    return Widget(made.address, made.files, {name: file(text) for name, text in classic.items()})


FOLDER = Path(__file__).parent / "scripts"
PAGES_ROOT = "/page/"
ENTRIES = ("page.js", "map-panel.js", "ground.js")
"""Scripts that a page names, or that one of its modules imports on demand, by an address beside its own. Of two modules
of one name, the pages' own is taken."""


OUTLINES = "departments.svg"


@cache
def page_files() -> Bundle:
    """All files of the pages' scripts, made once."""
    return cached(__file__, _made)


def _made() -> Bundle:
    texts = {**modules(), **sources(FOLDER)}
    scripts = {name: file(joined(texts, name)) for name in ENTRIES}
    return bundle(PAGES_ROOT, {**scripts, **map_files(), OUTLINES: outlines()})


def outlines() -> File:
    """Departments by the ids of `outline_map.named`, for pages that show them without holding them."""
    paths = "".join(f'<path id="{id}" d="{shape.path}"/>' for id, shape in outline_map.named().items())
    return file(f'<svg xmlns="http://www.w3.org/2000/svg">{paths}</svg>', "image/svg+xml")


def address(name: str) -> str:
    """Path under the service's root, of a file that a page names."""
    if name not in page_files().files:
        raise KeyError(name)
    return page_files().address + name
