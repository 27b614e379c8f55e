"""The lines that a site pastes to have the search in its page. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from markupsafe import Markup, escape

from discovery.model.attributes import FACETED

PARAMETERS = (
    "q", *FACETED, "place", "near", "lat", "lon",
    "radius", "profile", "sort", "lang", "per_page",
)  # fmt: skip
"""Parameters of the API that are attributes too, under the same name with hyphens."""
OWN = ("facets", "view", "sync", "heading", "label")
"""Attributes of the element alone: how it looks, not what it finds."""
ATTRIBUTES = (*(name.replace("_", "-") for name in PARAMETERS), *OWN)
FRAME_PATH = "/widget/frame"
FRAME_HEIGHT = 900
"""Pixels, until the frame says its own; beyond, it scrolls."""

_NOT_ON_THE_PAGE = frozenset({"per_page", "profile"})


@dataclass(frozen=True, slots=True)
class Snippet:
    """`service`: its address, without a slash at the end. `module`: path of the pinned module. `attributes`: name →
    value, of `ATTRIBUTES`. `words`: the link for readers without scripts, and the frame's title."""

    service: str
    module: str
    integrity: str
    words: str
    key: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def line(self) -> str:
        """The loader and the element: the version of the day, always."""
        script = Markup('<script src="{}/widget/v1.js"{} defer></script>').format(self.service, self._key)
        return f"{script}\n{self._element}"

    @property
    def pinned(self) -> str:
        """This very version, which the browser checks: a newer one is another line."""
        script = Markup('<script type="module" src="{}{}" integrity="{}" crossorigin="anonymous"{}></script>').format(
            self.service, self.module, self.integrity, self._key
        )
        return f"{script}\n{self._element}"

    @property
    def frame(self) -> str:
        """For sites that load no script of others in their page. The second line, which may be left out, gives the
        frame the height of what it shows."""
        script = Markup('<script src="{}/widget/resize.js" defer></script>').format(self.service)
        return f"{self.iframe()}\n{script}"

    def iframe(self, width: str = "100%", height: int = FRAME_HEIGHT) -> str:
        return Markup(
            '<iframe src="{}" title="{}" width="{}" height="{}" frameborder="0" loading="lazy"></iframe>'
        ).format(self.frame_address, self.words, width, height)

    @property
    def frame_address(self) -> str:
        return frame_address(self.service, self.key, self.attributes)

    @property
    def page(self) -> str:
        """The full page with the same search: what remains without scripts."""
        return _address(f"{self.service}/", asked_of(self.attributes))

    @property
    def policy(self) -> str:
        """What a Content-Security-Policy of the site must allow; styles need nothing."""
        return f"script-src {self.service}; connect-src {self.service}"

    @property
    def _key(self) -> Markup:
        return Markup(' data-key="{}"').format(self.key) if self.key else Markup("")

    @property
    def _element(self) -> Markup:
        attributes = Markup("").join(Markup(' {}="{}"').format(*pair) for pair in self.attributes.items())
        link = Markup('<a href="{}">{}</a>').format(self.page, escape(self.words))
        return Markup("<supplier-search{}>{}</supplier-search>").format(attributes, link)


def frame_address(service: str, key: str, attributes: Mapping[str, str]) -> str:
    given = {"key": key, **attributes}
    return _address(f"{service}{FRAME_PATH}", {name: value for name, value in given.items() if value})


def attributes_of(given: Mapping[str, str]) -> dict[str, str]:
    """The known attributes that have a value, in one order; parameters' own names (`per_page`) are taken too."""
    known = {name.replace("_", "-"): value.strip() for name, value in given.items()}
    return {name: known[name] for name in ATTRIBUTES if known.get(name)}


def parameters_of(attributes: Mapping[str, str]) -> dict[str, str]:
    """Attributes → the API's parameters."""
    return {name.replace("-", "_"): value for name, value in attributes.items() if name not in OWN}


def asked_of(attributes: Mapping[str, str]) -> dict[str, str]:
    """Attributes → the parameters of the full page that shows the same search."""
    return {name: value for name, value in parameters_of(attributes).items() if name not in _NOT_ON_THE_PAGE}


def _address(path: str, query: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(query, safe=',:')}" if query else path
