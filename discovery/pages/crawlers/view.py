"""For machines: `/robots.txt`, `/sitemap.xml`, `/opensearch.xml`, `/llms.txt`.

Parts of the sitemap are written while suppliers are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import Any
from xml.sax.saxutils import escape

from flask import Blueprint, Response, current_app, request

from discovery.answers import links
from discovery.answers.files import pieces, spooled
from discovery.answers.search import PAGES_PATH
from discovery.engine.port import Hit, Searcher, SearchRequest
from discovery.http.api.endpoint import one_state
from discovery.http.long_work import alone
from discovery.http.problems import Details, Refused
from discovery.http.responses import shared
from discovery.pages.crawlers import sitemap
from discovery.pages.crawlers.sitemap import KeptParts, Parts
from discovery.pages.figures import view as figures
from discovery.pages.frame import responding
from discovery.pages.frame.render import Site
from discovery.pages.frame.site_map import STANDING
from discovery.pages.frame.urls import in_language
from discovery.search.listing import scan_hits
from discovery.search.query import Query
from discovery.texts import t

INDEX = "/sitemap.xml"
PAGES = "/sitemap/pages.xml"
SUPPLIERS = "/sitemap/suppliers-{part}.xml"
CLOSED = ("/api/v1/", "/relevance", "/sourcing")
"""Paths that crawlers need not read. Searches are not among them: each says `noindex` itself, which has to be read."""
MAX_AGE = 3_600
"""Seconds."""

KEPT = "discovery.sitemap"

blueprint = Blueprint("crawlers", __name__)


@blueprint.record_once
def _prepare(state: Any) -> None:
    state.app.extensions[KEPT] = KeptParts()


@blueprint.get("/robots.txt")
def robots() -> Response:
    """A demonstration of invented suppliers asks to be left out of every search engine."""
    site = responding.site("fr")
    closed = ("/",) if site.sample else CLOSED
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    if site.base and not site.sample:
        lines += ["", f"Sitemap: {site.base}{INDEX}"]
    return kept(Response("\n".join(lines) + "\n", mimetype="text/plain"))


@blueprint.get(INDEX)
def index() -> Response:
    site = responding.site("fr")
    with one_state() as view:
        count = len(_parts(view).edges)
    paths = (PAGES, *(SUPPLIERS.format(part=part) for part in range(1, count + 1)))
    return _xml(sitemap.index_file(f"{site.base}{path}" for path in paths))


@blueprint.get(PAGES)
def pages() -> Response:
    """The pages that are no supplier's, in both languages."""
    site = responding.site("fr")
    addresses = ["/", *(one.path for one in STANDING if one.ours)]
    addresses += [f"/?sector={group}" for group in figures.current().facets["sector_group"]]
    return _xml(sitemap.urls((site.base + in_language(one, lang), "") for one in addresses for lang in ("fr", "en")))


@blueprint.get(SUPPLIERS.format(part="<int:part>"))
def suppliers(part: int) -> Response:
    """A part of the sitemap, from 1 on: profiles by id, so that one that changes meanwhile moves none to another part.
    English is told by each page."""
    site = responding.site("fr")
    with one_state() as view, alone():
        parts = _parts(view)
        if not 1 <= part <= len(parts.edges):
            raise Refused(Details("not_found"))
        if request.method == "HEAD":
            return _xml(iter(()))
        after, last = parts.span(part)
        _, hits = scan_hits(view, _everybody(), sitemap.MAX_URLS, after)
        within = takewhile(lambda hit: last is None or hit.id <= last[1], hits)
        return _xml(pieces(spooled(sitemap.urls(_entry(hit, site) for hit in within))))


def _parts(view: Searcher) -> Parts:
    kept: KeptParts = current_app.extensions[KEPT]
    return kept.of(view, _everybody(), sitemap.PART)


def _entry(hit: Hit, site: Site) -> sitemap.Entry:
    public = hit.document["public"]
    path = PAGES_PATH + links.segment(str(public.get("slug") or public["id"]))
    return site.base + path, str(public.get("updated_at") or "")[:10]


def _everybody() -> SearchRequest:
    return responding.services().search.request(Query(sort="id", facets=()))


def _xml(body: Iterator[bytes]) -> Response:
    """An answer to HEAD reads nobody."""
    return kept(Response(() if request.method == "HEAD" else body, mimetype="application/xml"))


def kept(response: Response) -> Response:
    """The response, for any cache to keep."""
    return shared(response, MAX_AGE)


OPENSEARCH = "/opensearch.xml"
LLMS = "/llms.txt"
MEDIA = "application/opensearchdescription+xml"


@blueprint.get(OPENSEARCH)
def opensearch() -> Response:
    """`/opensearch.xml`, in the language of the request (`lang=en`), as OpenSearch 1.1 Draft 6 has it."""
    site = responding.site()
    return _kept_text(Response(description(site), mimetype=MEDIA), site)


@blueprint.get(LLMS)
def llms() -> Response:
    """`/llms.txt`, as llmstxt.org has it."""
    site = responding.site()
    return _kept_text(Response(introduction(site), mimetype="text/markdown"), site)


def description(site: Site) -> str:
    """The OpenSearch description of the service, as XML. Pure."""
    lang = site.lang
    search = f"{site.base}{in_language('/', lang)}"
    template = f"{search}{'&' if '?' in search else '?'}q={{searchTerms}}"
    answers = f"{site.base}/api/v1/search?q={{searchTerms}}&lang={lang}"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
        f"<ShortName>{escape(t('introducing.short', lang))}</ShortName>\n"
        f"<Description>{escape(t('introducing.description', lang))}</Description>\n"
        f"<Language>{lang}</Language>\n<InputEncoding>UTF-8</InputEncoding>\n"
        f'<Url type="text/html" template="{escape(template)}"/>\n'
        f'<Url type="application/json" template="{escape(answers)}"/>\n'
        "</OpenSearchDescription>\n"
    )


def introduction(site: Site) -> str:
    """What the service is, for assistants, in Markdown. Pure."""
    lang = site.lang

    def link(name: str, path: str, about: str) -> str:
        return f"- [{t(name, lang)}]({site.base}{path}): {t(about, lang)}"

    lines = [
        f"# {t('page.title', lang)}",
        f"\n> {t('introducing.description', lang)}\n",
        t("introducing.data", lang),
        f"\n## {t('page.api', lang)}\n",
        link("introducing.search", "/api/v1/search?q=nettoyage+à+30+km+de+Lyon", "introducing.search_about"),
        link("introducing.contract", "/api/openapi.json", "introducing.contract_about"),
        f"\n## {t('introducing.pages', lang)}\n",
        *(f"- [{t(one.text, lang)}]({site.base}{in_language(one.path, lang)})" for one in STANDING if one.ours),
    ]
    return "\n".join(lines) + "\n"


def _kept_text(response: Response, site: Site) -> Response:
    response.headers["Content-Language"] = site.lang
    return kept(response)
