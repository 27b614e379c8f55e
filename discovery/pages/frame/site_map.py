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
    """`text`: key of its name at the foot. `module`: of `discovery.pages`, whose `blueprint` answers; "" = the API's.
    `ours`: in our two languages, and in the sitemap."""

    path: str
    text: str
    module: str
    ours: bool = True


STANDING = (
    Standing(NEED_PATH, "need.title", "need.view"),
    Standing(PROGRAMME_PATH, "programme.title", "programme.view"),
    Standing(CHECK_PATH, "inclusive.title", "static.inclusive"),
    Standing(KINDS_PATH, "kinds.title", "static.kinds"),
    Standing(FIGURES_PATH, "figures.title", "figures.view"),
    Standing(OPEN_DATA_PATH, "open_data.title", "static.open_data"),
    Standing(WIDGET_PATH, "builder.short", "widget.view"),
    Standing("/api/docs", "page.api", "", ours=False),
    *(Standing(path, f"notice.{name}", "static.notices") for name, path in NOTICES.items()),
)

PEOPLE = (
    "search.view", "supplier.view", "places.view", "shortlist.view", "sourcing.view",
    *(page.module for page in STANDING if page.ours),
)  # fmt: skip
"""Modules whose pages people read, in the language that they choose."""

OTHERS = (
    "crawlers.view", "files.view", "follow.view", "figures.key_view", "widget.oembed",
)  # fmt: skip
"""Modules of what the foot does not name, and nobody reads."""

MODULES = tuple(dict.fromkeys((*OTHERS, *PEOPLE, *(page.module for page in STANDING if page.module))))
