"""The widget's addresses: the loader, immutable modules, the frame for sites that forbid scripts, and the builder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, current_app, request

from discovery.http.headers import framed_by, page_policy
from discovery.http.problems import Details, Refused
from discovery.http.responses import shared
from discovery.locales import t
from discovery.web.files.served import UPGRADE, served, versioned
from discovery.web.files.widget_files import PATH, widget
from discovery.web.frame import responding
from discovery.web.frame.render import Site, render
from discovery.web.frame.urls import PageUrls
from discovery.web.widget import builder, oembed
from discovery.web.widget.snippet import Snippet, asked_of, attributes_of

blueprint = Blueprint("widget", __name__, url_prefix=PATH.removesuffix("/"))


@blueprint.record_once
def _prepare(_: object) -> None:
    widget()


@blueprint.get("")
def build() -> Response:
    """The page where a site chooses attributes, sees the result and copies its line. Complete without scripts."""
    site, given = responding.site(), builder.said(request.args.to_dict(flat=False))
    made = Snippet(
        service=site.base,
        module=widget().module,
        integrity=widget().integrity,
        words=t("builder.link", site.lang),
        key=given.get("key", "").strip(),
        attributes=attributes_of(given),
    )
    context = builder.form(made, responding.services().presenter.names, site.lang)
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
