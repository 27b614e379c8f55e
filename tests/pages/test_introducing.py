"""`/opensearch.xml`, `/llms.txt`, `security.txt`: what browsers, assistants and researchers are
told.
"""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from discovery.app import application
from discovery.context import Services
from tests.pages.reading import read

SPACE = "{http://a9.com/-/spec/opensearch/1.1/}"
ROOT = "https://achats.example"
LANGS = ("fr", "en")


@pytest.fixture
def published(services: Services) -> FlaskClient:
    return application(
        replace(services, settings=replace(services.settings, public_url=ROOT))
    ).test_client()


@pytest.mark.parametrize("lang", LANGS)
def test_a_browser_finds_what_the_page_finds(published: FlaskClient, lang: str) -> None:
    answer = published.get(f"/opensearch.xml?lang={lang}")
    assert (answer.mimetype, answer.headers["Content-Language"]) == (
        "application/opensearchdescription+xml",
        lang,
    )
    tree = ElementTree.fromstring(answer.data)
    assert len(tree.findtext(f"{SPACE}ShortName") or "") in range(1, 17)
    assert tree.findtext(f"{SPACE}Language") == lang
    found = {}
    for url in tree.iter(f"{SPACE}Url"):
        template = url.attrib["template"]
        assert template.startswith(ROOT + "/")
        response = published.get(template.removeprefix(ROOT).replace("{searchTerms}", "nettoyage"))
        assert (response.status_code, response.mimetype) == (200, url.attrib["type"])
        found[response.mimetype] = response
    total = found["application/json"].get_json()["total"]["value"]
    assert total > 0
    assert read(found["text/html"]).total == total


def test_pages_lead_to_the_description_in_their_language(published: FlaskClient) -> None:
    for path, lang in (("/", "fr"), ("/?lang=en&q=cleaning", "en"), ("/types", "fr")):
        [link] = read(published.get(path)).root.every("link", rel="search")
        assert published.get(link.attributes["href"]).headers["Content-Language"] == lang


@pytest.mark.parametrize("lang", LANGS)
def test_an_assistant_is_led_to_answers(published: FlaskClient, lang: str) -> None:
    answer = published.get(f"/llms.txt?lang={lang}")
    assert (answer.mimetype, answer.headers["Content-Language"]) == ("text/markdown", lang)
    assert answer.text.startswith("# ")
    links = re.findall(r"\]\(([^)]+)\)", answer.text)
    assert len(links) > 4
    for link in links:
        assert published.get(link.removeprefix(ROOT)).status_code == 200, link


def test_a_weakness_is_reported_where_the_operator_says(
    published: FlaskClient, services: Services
) -> None:
    assert published.get("/.well-known/security.txt").status_code == 404
    named = replace(services.settings, public_url=ROOT, security_contact="securite@achats.example")
    answer = (
        application(replace(services, settings=named))
        .test_client()
        .get("/.well-known/security.txt")
    )
    assert answer.mimetype == "text/plain"
    told = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert told["Contact"] == "mailto:securite@achats.example"
    assert told["Canonical"] == f"{ROOT}/.well-known/security.txt"
    assert (
        timedelta(days=170)
        < datetime.fromisoformat(told["Expires"]) - datetime.now(UTC)
        < timedelta(days=365)
    )
