"""For machines: `robots.txt`, `sitemap.xml` and its parts, `opensearch.xml`, `llms.txt`,
`.well-known/security.txt`.

Parts of the sitemap begin at an id, and are written while suppliers are read.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from typing import Any
from xml.sax.saxutils import escape

from flask import Blueprint, Response, current_app, request

from discovery.answers import links
from discovery.answers.figures import Cached
from discovery.answers.files import pieces, spooled
from discovery.answers.search import PAGES_PATH
from discovery.engine.port import Hit, Position, Searcher, SearchRequest
from discovery.http.api.endpoint import one_state
from discovery.http.long_work import alone
from discovery.http.problems import Details, Refused
from discovery.http.responses import shared
from discovery.pages.figures import view as figures
from discovery.pages.frame import responding
from discovery.pages.frame.responding import Site
from discovery.pages.frame.urls import STANDING, in_language
from discovery.search.listing import scan_hits
from discovery.search.query import Query
from discovery.texts import t

MAX_URLS = 50_000
"""Addresses that one file may hold, by the protocol."""
PART = 3_000
"""Suppliers of one file when all are divided: no file takes a tenth of a second to make."""

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<{tag} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
_LINES = 200
"""Entries sent at once."""

Parts = tuple[tuple[Position | None, Position | None], ...]
"""Of each part, the supplier behind which it begins, and its last; empty when there is nobody."""
Entry = tuple[str, str]
"""(absolute address, ISO day of its last change or "")."""


def urls(entries: Iterable[Entry]) -> Iterator[bytes]:
    """A sitemap of at most `MAX_URLS` pages, piece by piece."""
    return _file("urlset", "url", entries)


def _file(tag: str, each: str, entries: Iterable[Entry]) -> Iterator[bytes]:
    yield _HEAD.format(tag=tag).encode()
    lines = (_element(each, *one) for one in entries)
    while some := "".join(islice(lines, _LINES)):
        yield some.encode("utf-8", "replace")
    yield f"</{tag}>\n".encode()


def _element(tag: str, address: str, day: str) -> str:
    changed = f"<lastmod>{escape(day)}</lastmod>" if day else ""
    return f"<{tag}><loc>{escape(address)}</loc>{changed}</{tag}>\n"


def divided(index: Searcher, request: SearchRequest, size: int) -> Parts:
    """Parts of `size` suppliers; the last one is open, for those who come."""
    total = index.search(request).total
    if not total:
        return ()
    ends = index.milestones(request, size)
    ends = ends[:-1] if total % size == 0 else ends
    return (*zip((None, *ends), (*ends, None), strict=True),)


INDEX = "/sitemap.xml"
PAGES = "/sitemap/pages.xml"
SUPPLIERS = "/sitemap/suppliers-{part}.xml"
CLOSED = ("/api/v1/", "/relevance", "/sourcing")
"""Paths that crawlers need not read. Searches are not among them: each says `noindex` itself, which
has to be read.
"""
MAX_AGE = 3_600
"""Seconds."""

SECURITY = "/.well-known/security.txt"
SECURITY_DAYS = timedelta(days=180)
"""RFC 9116 advises less than a year."""

KEPT = "discovery.sitemap"

blueprint = Blueprint("crawlers", __name__)


@blueprint.record_once
def _prepare(state: Any) -> None:
    state.app.extensions[KEPT] = Cached(lambda search: divided(search.index, everybody(), PART))


@blueprint.get("/robots.txt")
def robots() -> Response:
    """`/robots.txt`. A demonstration of invented suppliers asks to be left out of every search
    engine.
    """
    site = responding.site("fr")
    closed = ("/",) if site.sample else CLOSED
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    if site.base and not site.sample:
        lines += ["", f"Sitemap: {site.base}{INDEX}"]
    return shared(Response("\n".join(lines) + "\n", mimetype="text/plain"), MAX_AGE)


@blueprint.get(SECURITY)
def security() -> Response:
    """Where to report a weakness, as RFC 9116 has it: only where the operator named a mailbox."""
    contact = responding.services().settings.security_contact
    if not contact:
        raise Refused(Details("not_found"))
    expires = datetime.now(UTC) + SECURITY_DAYS
    lines = [
        f"Contact: mailto:{contact}",
        f"Expires: {expires:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: fr, en",
    ]
    if base := responding.site("fr").base:
        lines.append(f"Canonical: {base}{SECURITY}")
    return shared(Response("\n".join(lines) + "\n", mimetype="text/plain"), MAX_AGE)


@blueprint.get(INDEX)
def index() -> Response:
    """The sitemap's index: one part of pages, the others of suppliers."""
    site = responding.site("fr")
    with one_state():
        count = len(_parts())
    paths = (PAGES, *(SUPPLIERS.format(part=part) for part in range(1, count + 1)))
    return _xml(_file("sitemapindex", "sitemap", ((f"{site.base}{path}", "") for path in paths)))


@blueprint.get(PAGES)
def pages() -> Response:
    """The sitemap's part of pages that are no supplier's, in both languages."""
    site = responding.site("fr")
    addresses = ["/", *(one.path for one in STANDING if one.ours)]
    addresses += [f"/?sector={group}" for group in figures.current().facets["sector_group"]]
    return _xml(
        urls((site.base + in_language(one, lang), "") for one in addresses for lang in ("fr", "en"))
    )


@blueprint.get(SUPPLIERS.format(part="<int:part>"))
def suppliers(part: int) -> Response:
    """A part of the sitemap, from 1 on: profiles by id, so that one that changes meanwhile moves
    none to another part. English is told by each page.
    """
    site = responding.site("fr")
    with one_state() as view, alone():
        parts = _parts()
        if not 1 <= part <= len(parts):
            raise Refused(Details("not_found"))
        if request.method == "HEAD":
            return _xml(iter(()))
        after, last = parts[part - 1]
        _, hits = scan_hits(view, everybody(), MAX_URLS, after)
        within = takewhile(lambda hit: last is None or hit.id <= last[1], hits)
        return _xml(pieces(spooled(urls(_entry(hit, site) for hit in within))))


def _parts() -> Parts:
    kept: Cached[Parts] = current_app.extensions[KEPT]
    return kept.of(responding.services().search)


def _entry(hit: Hit, site: Site) -> Entry:
    public = hit.document["public"]
    path = PAGES_PATH + links.segment(str(public.get("slug") or public["id"]))
    return site.base + path, str(public.get("updated_at") or "")[:10]


def everybody() -> SearchRequest:
    return responding.services().search.request(Query(sort="id", facets=()))


def _xml(body: Iterator[bytes]) -> Response:
    """An answer to HEAD reads nobody."""
    return shared(
        Response(() if request.method == "HEAD" else body, mimetype="application/xml"), MAX_AGE
    )


OPENSEARCH = "/opensearch.xml"
LLMS = "/llms.txt"
MEDIA = "application/opensearchdescription+xml"


@blueprint.get(OPENSEARCH)
def opensearch() -> Response:
    """`/opensearch.xml`, in the language of the request (`lang=en`), as OpenSearch 1.1 Draft 6 has
    it.
    """
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
        link(
            "introducing.search",
            "/api/v1/search?q=nettoyage+à+30+km+de+Lyon",
            "introducing.search_about",
        ),
        link("introducing.contract", "/api/openapi.json", "introducing.contract_about"),
        f"\n## {t('introducing.pages', lang)}\n",
        *(
            f"- [{t(one.text, lang)}]({site.base}{in_language(one.path, lang)})"
            for one in STANDING
            if one.ours
        ),
    ]
    return "\n".join(lines) + "\n"


def _kept_text(response: Response, site: Site) -> Response:
    response.headers["Content-Language"] = site.lang
    return shared(response, MAX_AGE)
