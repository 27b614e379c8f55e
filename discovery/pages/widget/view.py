"""The widget's addresses: the loader, immutable modules, the frame for sites that forbid scripts, and the builder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, request

from discovery.answers.supplier import Names
from discovery.http.problems import Details, Refused
from discovery.http.responses import framed_by, page_policy, shared
from discovery.mappings.vocabulary import Term
from discovery.pages.files.bundles import WIDGET_ROOT as PATH
from discovery.pages.files.bundles import widget
from discovery.pages.files.served import UPGRADE, served, versioned
from discovery.pages.frame import responding
from discovery.pages.frame.render import Site, render
from discovery.pages.frame.urls import PageUrls
from discovery.pages.widget import oembed
from discovery.pages.widget.snippet import Snippet, asked_of, attributes_of
from discovery.texts import section, t

RADII_KM = (10, 20, 30, 50, 100, 200)
PER_PAGE = (5, 10, 20, 50)
FACETS = ("kind", "sector", "department", "region", "certification", "network", "service_type", "coverage", "employees")
DEFAULT_FACETS = ("kind", "sector", "department")
VIEWS = ("list", "map", "list-only")


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Choices under a heading; `label` "" = none."""

    label: str
    choices: tuple[Choice, ...]


def form(snippet: Snippet, names: Names, lang: str) -> dict[str, Any]:
    """What the template shows: each field's choices, and the lines made of them."""
    held = snippet.attributes
    scope, gazetteer = names.scope, names.gazetteer
    vocabulary = scope.narrowed(names.vocabulary)
    departments = [
        (one.code, f"{one.code} – {one.name}") for one in gazetteer.departments() if scope.opens("department", one.code)
    ]
    opened = (one for one in gazetteer.regions() if scope.opens("region", one.code))
    regions = sorted(((one.code, one.name) for one in opened), key=lambda one: one[1])
    shown = _values(held.get("facets")) or DEFAULT_FACETS
    return {
        "snippet": snippet,
        "held": held,
        "lists": {
            "network": [Group("", _terms(vocabulary.networks.values(), held.get("network"), lang))],
            "sector": [
                Group(group.label(lang), (
                    Choice(group.value, group.label(lang), group.value in _values(held.get("sector"))),
                    *_terms(vocabulary.sectors_of(group.value), held.get("sector"), lang),
                ))
                for group in vocabulary.sector_groups.values()
            ],
            "region": [Group("", _choices(regions, held.get("region")))],
            "department": [Group("", _choices(departments, held.get("department")))],
            "certification": [Group("", _terms(vocabulary.certifications.values(), held.get("certification"), lang))],
            "radius": [Group("", _choices([(str(km), f"{km} km") for km in RADII_KM], held.get("radius")))],
            "per-page": [Group("", _choices([(str(one), str(one)) for one in PER_PAGE], held.get("per-page")))],
        },
        "titles": section("label.facet", lang),
        "kinds": _terms(vocabulary.kinds.values(), held.get("kind"), lang),
        "facets": _choices([(name, section("label.facet", lang)[name]) for name in FACETS], ",".join(shown)),
        "views": [Choice(name, "", name == held.get("view", VIEWS[0])) for name in VIEWS],
    }  # fmt: skip


def said(given: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """What the form sends → attributes: boxes of one name joined, and what is the default anyway left out."""
    joined = {name: ",".join(value for value in values if value) for name, values in given.items() if name != "lang"}
    if "facets" in joined:  # a hidden "none" comes first: to tick nothing is a choice too
        joined["facets"] = joined["facets"].removeprefix("none,")
    joined["lang"] = joined.pop("language", "")  # `lang` is the page's own language
    if tuple(_values(joined.get("facets"))) == DEFAULT_FACETS:
        del joined["facets"]
    if joined.get("view") == VIEWS[0]:
        del joined["view"]
    return joined


def _terms(terms: Iterable[Term], held: str | None, lang: str) -> tuple[Choice, ...]:
    return _choices([(one.value, one.label(lang)) for one in terms], held)


def _choices(pairs: Iterable[tuple[str, str]], held: str | None) -> tuple[Choice, ...]:
    chosen = _values(held)
    return tuple(Choice(value, label, value in chosen) for value, label in pairs)


def _values(text: str | None) -> list[str]:
    return [one for one in (text or "").split(",") if one]


blueprint = Blueprint("widget", __name__, url_prefix=PATH.removesuffix("/"))


@blueprint.record_once
def _prepare(_: object) -> None:
    widget()


@blueprint.get("")
def build() -> Response:
    """The page where a site chooses attributes, sees the result and copies its line. Complete without scripts."""
    site, given = responding.site(), said(request.args.to_dict(flat=False))
    made = Snippet(
        service=site.base,
        module=widget().module,
        integrity=widget().integrity,
        words=t("builder.link", site.lang),
        key=given.get("key", "").strip(),
        attributes=attributes_of(given),
    )
    context = form(made, responding.services().presenter.names, site.lang)
    return _page("widget.html", site, context)


@blueprint.get("/frame")
def frame() -> Response:
    """The search alone, for an iframe in pages of the key's origins; without a key, in ours."""
    site, token = responding.site(), request.args.get("key", "").strip()
    key = current_app.extensions["discovery-keys"].find(token) if token else None
    if token and key is None:
        raise Refused(Details("unknown_key"))
    attributes = attributes_of(request.args)
    context = {"key": token, "attributes": attributes, "asked": asked_of(attributes)}
    response = _page("widget_frame.html", site, {**context, "oembed": oembed.address(site.base, token, attributes)})
    policy = page_policy(responding.services().settings.tiles_from[0])
    response.headers["Content-Security-Policy"] = framed_by(policy, key.origins if key else ())
    return response


@blueprint.get("/<name>.js")
def classic(name: str) -> Response:
    """A script at an address that stays."""
    file = widget().classic.get(f"{name}.js")
    if file is None:
        raise Refused(Details("not_found"))
    return served(file, UPGRADE)


@blueprint.get("/<version>/<name>")
def module(version: str, name: str) -> Response:
    """An immutable file. A former version's address gets today's file, for pages that are open during an upgrade."""
    return versioned(widget(), f"{PATH}{version}/", name)


def _page(template: str, site: Site, context: Mapping[str, Any]) -> Response:
    other = PageUrls(request.args.items(multi=True), request.path)
    text = render(
        template,
        site,
        responding.other_language(other, site),
        {"module": lambda name: widget().address + name, **context},
    )
    response = shared(Response(text, mimetype="text/html"))
    response.headers["Content-Language"] = site.lang
    return response
