"""`/opensearch.xml`, by which a browser takes the search into its address bar, and `/llms.txt`, which tells assistants
what there is to ask and where."""

from __future__ import annotations

from xml.sax.saxutils import escape

from flask import Blueprint, Response

from discovery.locales import t
from discovery.web.crawlers.view import kept
from discovery.web.frame import responding
from discovery.web.frame.render import Site
from discovery.web.frame.site_map import STANDING
from discovery.web.frame.urls import in_language

OPENSEARCH = "/opensearch.xml"
LLMS = "/llms.txt"
MEDIA = "application/opensearchdescription+xml"

blueprint = Blueprint("introducing", __name__)


@blueprint.get(OPENSEARCH)
def opensearch() -> Response:
    """`/opensearch.xml`, in the language of the request (`lang=en`), as OpenSearch 1.1 Draft 6 has it."""
    site = responding.site()
    return _kept(Response(description(site), mimetype=MEDIA), site)


@blueprint.get(LLMS)
def llms() -> Response:
    """`/llms.txt`, as llmstxt.org has it."""
    site = responding.site()
    return _kept(Response(introduction(site), mimetype="text/markdown"), site)


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


def _kept(response: Response, site: Site) -> Response:
    response.headers["Content-Language"] = site.lang
    return kept(response)
