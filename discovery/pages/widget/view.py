"""The widget: loader, immutable modules, a frame for sites that forbid scripts, the builder's page,
`/oembed`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from flask import Blueprint, Response, current_app, request
from markupsafe import Markup, escape

from discovery.answers.supplier import Names
from discovery.http.keys import Key
from discovery.http.problems import Details, Refused
from discovery.http.responses import framed_by, page_policy, shared, validated
from discovery.mappings.vocabulary import Term
from discovery.model import dataclass, field
from discovery.model.attributes import FACETED
from discovery.pages.files.bundles import WIDGET_ROOT as PATH
from discovery.pages.files.bundles import widget
from discovery.pages.files.view import UPGRADE, served, versioned
from discovery.pages.frame import responding
from discovery.pages.frame.responding import Site
from discovery.pages.frame.urls import WIDGET_PATH, PageUrls
from discovery.texts import language, section, t

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
    """`service`: its address, without a slash at the end. `module`: path of the pinned module.
    `attributes`: name → value, of `ATTRIBUTES`. `words`: the link for readers without scripts, and
    the frame's title.
    """

    service: str
    module: str
    integrity: str
    words: str
    key: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def line(self) -> str:
        """The loader and the element: the version of the day, always."""
        script = Markup('<script src="{}/widget/v1.js"{} defer></script>').format(
            self.service, self._key
        )
        return f"{script}\n{self._element}"

    @property
    def pinned(self) -> str:
        """This very version, which the browser checks: a newer one is another line."""
        script = Markup(
            '<script type="module" src="{}{}" integrity="{}" crossorigin="anonymous"{}></script>'
        ).format(self.service, self.module, self.integrity, self._key)
        return f"{script}\n{self._element}"

    @property
    def frame(self) -> str:
        """The iframe to paste, for sites that load no script of others. Its second line, which may
        be left out, gives it the height of what it shows.
        """
        script = Markup('<script src="{}/widget/resize.js" defer></script>').format(self.service)
        return f"{self.iframe()}\n{script}"

    def iframe(self, width: str = "100%", height: int = FRAME_HEIGHT) -> str:
        """The `<iframe>` element alone. `height`: pixels."""
        return Markup(
            '<iframe src="{}" title="{}" width="{}" height="{}" frameborder="0" loading="lazy"></iframe>'
        ).format(self.frame_address, self.words, width, height)

    @property
    def frame_address(self) -> str:
        """The address of the page that the frame shows."""
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
        attributes = Markup("").join(
            Markup(' {}="{}"').format(*pair) for pair in self.attributes.items()
        )
        link = Markup('<a href="{}">{}</a>').format(self.page, escape(self.words))
        return Markup("<supplier-search{}>{}</supplier-search>").format(attributes, link)


def frame_address(service: str, key: str, attributes: Mapping[str, str]) -> str:
    """The address of the widget's page for a key and the element's attributes, on the service at
    `service`.
    """
    given = {"key": key, **attributes}
    return _address(
        f"{service}{FRAME_PATH}", {name: value for name, value in given.items() if value}
    )


def attributes_of(given: Mapping[str, str]) -> dict[str, str]:
    """The known attributes that have a value, in one order; parameters' own names (`per_page`) are
    taken too.
    """
    known = {name.replace("_", "-"): value.strip() for name, value in given.items()}
    return {name: known[name] for name in ATTRIBUTES if known.get(name)}


def parameters_of(attributes: Mapping[str, str]) -> dict[str, str]:
    """Attributes → the API's parameters."""
    return {name.replace("-", "_"): value for name, value in attributes.items() if name not in OWN}


def asked_of(attributes: Mapping[str, str]) -> dict[str, str]:
    """Attributes → the parameters of the full page that shows the same search."""
    return {
        name: value
        for name, value in parameters_of(attributes).items()
        if name not in _NOT_ON_THE_PAGE
    }


def _address(path: str, query: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(query, safe=',:')}" if query else path


RADII_KM = (10, 20, 30, 50, 100, 200)
PER_PAGE = (5, 10, 20, 50)
FACETS = (
    "kind",
    "sector",
    "department",
    "region",
    "certification",
    "network",
    "service_type",
    "coverage",
    "employees",
)
DEFAULT_FACETS = ("kind", "sector", "department")
VIEWS = ("list", "map", "list-only")


def form(snippet: Snippet, names: Names, lang: str) -> dict[str, Any]:
    """What the template shows: what each field may be, (value, label), in lists by the label of a
    group, "" = none; what is chosen; and the lines made of it.
    """
    held, titles = snippet.attributes, section("label.facet", lang)
    scope, gazetteer = names.scope, names.gazetteer
    vocabulary = scope.narrowed(names.vocabulary)

    def terms(given: Iterable[Term]) -> list[tuple[str, str]]:
        return [(one.value, one.label(lang)) for one in given]

    departments = [one for one in gazetteer.departments() if scope.opens("department", one.code)]
    regions = sorted(
        (one.name, one.code) for one in gazetteer.regions() if scope.opens("region", one.code)
    )
    groups = vocabulary.sector_groups.values()
    return {
        "snippet": snippet,
        "held": held,
        "chosen": {name: _values(held.get(name)) for name in ATTRIBUTES}
        | {
            "facets": _values(held.get("facets")) or DEFAULT_FACETS,
            "view": [held.get("view", VIEWS[0])],
        },
        "lists": {
            "network": {"": terms(vocabulary.networks.values())},
            "sector": {
                one.label(lang): terms((one, *vocabulary.sectors_of(one.value))) for one in groups
            },
            "region": {"": [(code, name) for name, code in regions]},
            "department": {"": [(one.code, f"{one.code} – {one.name}") for one in departments]},
            "certification": {"": terms(vocabulary.certifications.values())},
            "radius": {"": [(str(km), f"{km} km") for km in RADII_KM]},
            "per-page": {"": [(str(one), str(one)) for one in PER_PAGE]},
        },
        "titles": titles,
        "kinds": terms(vocabulary.kinds.values()),
        "facets": [(name, titles[name]) for name in FACETS],
        "views": VIEWS,
    }


def said(given: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """What the form sends → attributes: boxes of one name joined, and what is the default anyway
    left out.
    """
    joined = {
        name: ",".join(value for value in values if value)
        for name, values in given.items()
        if name != "lang"
    }
    if "facets" in joined:  # a hidden "none" comes first: to tick nothing is a choice too
        joined["facets"] = joined["facets"].removeprefix("none,")
    joined["lang"] = joined.pop("language", "")  # `lang` is the page's own language
    if tuple(_values(joined.get("facets"))) == DEFAULT_FACETS:
        del joined["facets"]
    if joined.get("view") == VIEWS[0]:
        del joined["view"]
    return joined


def _values(text: str | None) -> list[str]:
    return [one for one in (text or "").split(",") if one]


blueprint = Blueprint("widget", __name__)


@blueprint.record_once
def _prepare(_: object) -> None:
    widget()


@blueprint.get(WIDGET_PATH)
def build() -> Response:
    """The page where a site chooses attributes, sees the result and copies its line. Complete
    without scripts.
    """
    site, given = responding.site(), said(request.args.to_dict(flat=False))
    made = _snippet(site, given, site.lang)
    context = form(made, responding.services().presenter.names, site.lang)
    return _page("widget.html", site, context)


@blueprint.get(FRAME_PATH)
def frame() -> Response:
    """The search alone, for an iframe in pages of the key's origins; without a key, in ours."""
    site, token = responding.site(), request.args.get("key", "").strip()
    key = _known(token)
    attributes = attributes_of(request.args)
    context = {"key": token, "attributes": attributes, "asked": asked_of(attributes)}
    response = _page(
        "widget_frame.html", site, {**context, "oembed": address(site.base, token, attributes)}
    )
    policy = page_policy(responding.services().settings.tiles_from[0])
    response.headers["Content-Security-Policy"] = framed_by(policy, key.origins if key else ())
    return response


@blueprint.get(f"{PATH}<name>.js")
def classic(name: str) -> Response:
    """A script at an address that stays."""
    file = widget().classic.get(f"{name}.js")
    if file is None:
        raise Refused(Details("not_found"))
    return served(file, UPGRADE)


@blueprint.get(f"{PATH}<version>/<name>")
def module(version: str, name: str) -> Response:
    """An immutable file. A former version's address gets today's file, for pages that are open
    during an upgrade.
    """
    return versioned(widget(), f"{PATH}{version}/", name)


def _page(template: str, site: Site, context: Mapping[str, Any]) -> Response:
    here = PageUrls(request.args.items(multi=True), request.path)
    text = responding.drawn(
        template, site, here, {"module": lambda name: widget().address + name, **context}
    )
    response = shared(Response(text, mimetype="text/html"))
    response.headers["Content-Language"] = site.lang
    return response


OEMBED_PATH = "/oembed"
WIDTH = 800
"""Pixels, where a site does not say how many it has."""
MEDIA = "application/json"


def address(base: str, key: str, attributes: Mapping[str, str]) -> str:
    """Where the page of a frame says that this can be asked."""
    return f"{base}{OEMBED_PATH}?{urlencode({'url': frame_address(base, key, attributes)})}"


@blueprint.get(OEMBED_PATH)
def oembed() -> Response:
    """404 for an address of which we have no frame, 501 for another format than JSON, as oEmbed has
    it.
    """
    if request.args.get("format", "json") != "json":
        raise Refused(Details("refused", {"status": "501"}, refused=501))
    site, asked = responding.site(), _parts(request.args.get("url", ""))
    here = urlsplit(site.base)
    if asked is None or (asked.netloc.lower(), asked.path) != (here.netloc.lower(), FRAME_PATH):
        raise Refused(Details("not_found"))
    given = dict(parse_qsl(asked.query))
    lang = language(given.get("lang"))
    made = _snippet(site, given, lang)
    _known(made.key)
    width, height = _at_most("maxwidth", WIDTH), _at_most("maxheight", FRAME_HEIGHT)
    told = {
        "version": "1.0",
        "type": "rich",
        "title": t("builder.frame_title", lang),
        "provider_name": t("page.title", lang),
        "provider_url": site.base,
        "width": width,
        "height": height,
        "html": made.iframe(str(width), height),
    }
    return validated(current_app.json.dumps(told).encode(), MEDIA)


def _snippet(site: Site, given: Mapping[str, str], lang: str) -> Snippet:
    made, key = widget(), given.get("key", "").strip()
    return Snippet(
        site.base, made.module, made.integrity, t("builder.link", lang), key, attributes_of(given)
    )


def _known(token: str) -> Key | None:
    """The key of a token, None without one. Refused for one that nobody has."""
    key: Key | None = current_app.extensions["discovery-keys"].find(token) if token else None
    if token and key is None:
        raise Refused(Details("unknown_key"))
    return key


def _parts(url: str) -> SplitResult | None:
    """None for what is no address."""
    try:
        return urlsplit(url)
    except ValueError:
        return None


def _at_most(name: str, usual: int) -> int:
    given = request.args.get(name, "")
    return (
        min(usual, int(given[:6]))
        if given.isascii() and given.isdigit() and int(given[:6])
        else usual
    )
