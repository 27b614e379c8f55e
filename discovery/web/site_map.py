"""The pages: those that the foot of every page names, in its order, and the modules in which all of them are."""

from __future__ import annotations

from dataclasses import dataclass

KINDS_PATH = "/types"
NEED_PATH = "/besoin"
PROGRAMME_PATH = "/programme"
CHECK_PATH = "/verifier"
OPEN_DATA_PATH = "/open-data"
WIDGET_PATH = "/widget"
FIGURES_PATH = "/stats"
NOTICES = {"legal": "/mentions-legales", "privacy": "/confidentialite", "accessibility": "/accessibilite"}
"""Name of a text → its address."""


@dataclass(frozen=True, slots=True)
class Standing:
    """`text`: key of its name at the foot. `module`: the one of this package whose `blueprint` answers; "" = the API's.
    `ours`: in our two languages, and in the sitemap."""

    path: str
    text: str
    module: str
    ours: bool = True


STANDING = (
    Standing(NEED_PATH, "need.title", "need"),
    Standing(PROGRAMME_PATH, "programme.title", "programme"),
    Standing(CHECK_PATH, "inclusive.title", "inclusive"),
    Standing(KINDS_PATH, "kinds.title", "kinds"),
    Standing(FIGURES_PATH, "figures.title", "figures"),
    Standing(OPEN_DATA_PATH, "open_data.title", "open_data"),
    Standing(WIDGET_PATH, "builder.short", "widget"),
    Standing("/api/docs", "page.api", "", ours=False),
    *(Standing(path, f"notice.{name}", "notices") for name, path in NOTICES.items()),
)

OTHERS = (
    "search", "supplier", "crawling", "feeds", "follow", "introducing", "key_figures", "oembed", "places", "scripts",
    "selection", "sourcing",
)  # fmt: skip
"""Modules of the pages that the foot does not name."""

PEOPLE = frozenset(
    {"search", "supplier", "places", "selection", "sourcing", *(page.module for page in STANDING if page.ours)}
)
"""Modules whose pages people read, in the language that they choose."""

MODULES = tuple(dict.fromkeys((*OTHERS, *(page.module for page in STANDING if page.module))))
