"""The pages' scripts: each entry joined with what it takes of the widget's modules, under one hashed address."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from discovery.web.bundling import Bundle, bundle, file, joined, map_files, sources
from discovery.web.widget_files import modules

FOLDER = Path(__file__).parent / "static" / "page"
PATH = "/page/"
ENTRIES = ("page.js",)
"""Scripts that a page names, or that one of its modules imports on demand, by an address beside its own. Of two modules
of one name, the pages' own is taken."""


@cache
def page_files() -> Bundle:
    """All files, read once."""
    texts = {**modules(), **sources(FOLDER)}
    return bundle(PATH, {**{name: file(joined(texts, name)) for name in ENTRIES}, **map_files()})


def address(name: str) -> str:
    """Path under the service's root, of a script that a page asks for."""
    if name not in ENTRIES:
        raise KeyError(name)
    return page_files().address + name
