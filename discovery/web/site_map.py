"""Pages that are no answer to a search, in the order in which the foot of every page names them."""

from __future__ import annotations

from dataclasses import dataclass

KINDS_PATH = "/types"
NEED_PATH = "/besoin"
PROGRAMME_PATH = "/programme"
CHECK_PATH = "/verifier"
OPEN_DATA_PATH = "/open-data"
FIGURES_PATH = "/stats"
NOTICES = {"legal": "/mentions-legales", "privacy": "/confidentialite", "accessibility": "/accessibilite"}
"""Name of a text → its address."""


@dataclass(frozen=True, slots=True)
class Standing:
    """`text`: code of its name at the foot. `ours`: in our two languages, and in the sitemap."""

    path: str
    text: str
    ours: bool = True


STANDING = (
    Standing(NEED_PATH, "need.title"),
    Standing(PROGRAMME_PATH, "programme.title"),
    Standing(CHECK_PATH, "inclusive.title"),
    Standing(KINDS_PATH, "kinds.title"),
    Standing(FIGURES_PATH, "figures.title"),
    Standing(OPEN_DATA_PATH, "open_data.title"),
    Standing("/api/docs", "page.api", ours=False),
    *(Standing(path, f"notice.{name}") for name, path in NOTICES.items()),
)
