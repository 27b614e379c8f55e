"""Addresses: of pages, in the order in which the foot names them; and of a search with something
changed. Pure.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from discovery.answers import links
from discovery.answers.links import encoded, written
from discovery.model import dataclass
from discovery.search.query import ORDER

Pairs = tuple[tuple[str, str], ...]

VIEW = "view"
"""List or map: a parameter of the pages, of which the API knows nothing."""
_ORDER = {name: position for position, name in enumerate(ORDER)}
"""Of parameters in addresses: that of the API's links."""
ONE_BY_ONE = links.ONE_BY_ONE | {"id"}
"""Repeated rather than joined by commas, which their values may hold."""


class PageUrls:
    """The parameters of the page at hand, and the addresses that change some of them.

    Every change goes back to the first page: the page number belonged to another list. Parameters
    come in one order, so that one search has one address.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]], path: str = "/", bare: Pairs = ()) -> None:
        """`bare`: what an address says when it would ask for nothing but a language."""
        self.pairs: Pairs = tuple((name, value) for name, value in pairs if value)
        self.path, self.bare = path, bare

    def address(self, pairs: Iterable[tuple[str, str]]) -> str:
        """The address of this page with these parameters."""
        listed = list(pairs)
        if all(name == "lang" for name, _ in listed):
            listed += self.bare
        return self._at(listed)

    def _at(self, pairs: Iterable[tuple[str, str]]) -> str:
        query = encoded(pairs)
        return f"{self.path}?{query}" if query else self.path

    def without(self, *names: str) -> Pairs:
        """The parameters but for these and the page."""
        return tuple(pair for pair in self.pairs if pair[0] not in names and pair[0] != "page")

    def changed(self, changes: Mapping[str, Any]) -> Pairs:
        """The parameters with some replaced: by a value, by several (a list or tuple), or by
        nothing (None, "", empty); from the first page.
        """
        return _ordered(
            (*self.without(*changes), *(pair for item in changes.items() for pair in _pairs(*item)))
        )

    def set(self, **values: Any) -> str:
        return self.address(self.changed(values))

    def elsewhere(self, path: str, *dropped: str) -> str:
        """The address of the same search at another path: a summary of it, a feed, an export.
        `dropped`: parameters without a meaning there, besides those of the list's pages.
        """
        return PageUrls(self.without("per_page", "view", *dropped), path).set()

    def page(self, number: int) -> str:
        return self.address((*self.without(), *([("page", str(number))] if number > 1 else ())))

    def keep(self, **values: Any) -> str:
        """The address with these parameters replaced, on the same page of the list."""
        kept = tuple(pair for pair in self.pairs if pair[0] not in values)
        return self.address(
            _ordered((*kept, *(pair for item in values.items() for pair in _pairs(*item))))
        )

    def before(self, name: str, changes: Mapping[str, Any]) -> str:
        """The address with `changes` and the start of one more parameter: its encoded value is all
        that is missing.

        Lists of many values differ by that value only.
        """
        start = self._at(self.changed({**changes, name: None}))
        return f"{start}{'&' if '?' in start else '?'}{name}="


def in_language(address: str, lang: str) -> str:
    """The address of the same page in a language; French needs no parameter."""
    path, _, query = address.partition("?")
    pairs = (pair for pair in parse_qsl(query) if pair[0] != "lang")
    return PageUrls((*pairs, ("lang", "" if lang == "fr" else lang)), path).keep()


def _ordered(pairs: Pairs) -> Pairs:
    return tuple(sorted(pairs, key=lambda pair: _ORDER.get(pair[0], len(_ORDER))))


def _pairs(name: str, value: Any) -> Pairs:
    if isinstance(value, list | tuple):
        texts = [written(one) for one in value]
        if name not in ONE_BY_ONE:
            texts = [",".join(texts)]
    else:
        texts = ["" if value is None else written(value)]
    return tuple((name, text) for text in texts if text)


KINDS_PATH = "/types"
PLACES_PATH = "/lieux"
NEED_PATH = "/besoin"
NEED_FIELD = "besoin"
"""What the form of a need sends, and a link to it holds."""
PROGRAMME_PATH = "/programme"
CHECK_PATH = "/verifier"
OPEN_DATA_PATH = "/open-data"
WIDGET_PATH = "/widget"
FIGURES_PATH = "/stats"
NOTICES = {
    "legal": "/mentions-legales",
    "privacy": "/confidentialite",
    "accessibility": "/accessibilite",
}
"""Name of a text → its address."""


@dataclass(frozen=True, slots=True)
class Standing:
    """`text`: key of its name at the foot. `module`: of `discovery.pages`, whose `blueprint`
    answers; "" = the API's. `ours`: in our two languages, and in the sitemap.
    """

    path: str
    text: str
    module: str
    ours: bool = True


STANDING = (
    Standing(NEED_PATH, "need.title", "need.view"),
    Standing(PROGRAMME_PATH, "programme.title", "programme.view"),
    Standing(CHECK_PATH, "inclusive.title", "static.view"),
    Standing(KINDS_PATH, "kinds.title", "static.view"),
    Standing(FIGURES_PATH, "figures.title", "figures.view"),
    Standing(OPEN_DATA_PATH, "open_data.title", "static.view"),
    Standing(WIDGET_PATH, "builder.short", "widget.view"),
    Standing("/api/docs", "page.api", "", ours=False),
    *(Standing(path, f"notice.{name}", "static.view") for name, path in NOTICES.items()),
)

PEOPLE = (
    "search.view", "supplier.view", "places.view", "shortlist.view", "sourcing.view",
    *(page.module for page in STANDING if page.ours),
)  # fmt: skip
"""Modules whose pages people read, in the language that they choose."""

OTHERS = (
    "crawlers.view", "files.view", "follow.view", "correction.view",
)  # fmt: skip
"""Modules of what the foot does not name, and nobody reads."""

MODULES = tuple(
    dict.fromkeys((*OTHERS, *PEOPLE, *(page.module for page in STANDING if page.module)))
)
