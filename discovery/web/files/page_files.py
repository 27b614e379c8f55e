"""The pages' scripts: each entry joined with what it takes of the widget's modules, under one hashed address."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from discovery.disk_cache import cached
from discovery.web.files.bundling import Bundle, bundle, joined, map_files, sources
from discovery.web.files.packing import File, file
from discovery.web.files.widget_files import modules
from discovery.web.maps import outline_map

FOLDER = Path(__file__).parent / "scripts"
PATH = "/page/"
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
    return bundle(PATH, {**scripts, **map_files(), OUTLINES: outlines()})


def outlines() -> File:
    """Departments by the ids of `outline_map.named`, for pages that show them without holding them."""
    paths = "".join(f'<path id="{id}" d="{shape.path}"/>' for id, shape in outline_map.named().items())
    return file(f'<svg xmlns="http://www.w3.org/2000/svg">{paths}</svg>', "image/svg+xml")


def address(name: str) -> str:
    """Path under the service's root, of a file that a page names."""
    if name not in page_files().files:
        raise KeyError(name)
    return page_files().address + name
