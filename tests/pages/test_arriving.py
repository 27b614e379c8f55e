"""Whoever comes from elsewhere is led to their browser's language; within the site, links say it."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


def arriving(
    client: FlaskClient, path: str, accepted: str, site: str = "none", dest: str = "document"
) -> TestResponse:
    headers = {"Accept-Language": accepted, "Sec-Fetch-Site": site, "Sec-Fetch-Dest": dest}
    return client.get(path, headers=headers)


@pytest.mark.parametrize("site", ["none", "cross-site", "same-site"])
@pytest.mark.parametrize("accepted", ["en", "en-GB,en;q=0.9,fr;q=0.5", "de,en;q=0.4"])
def test_an_english_browser_is_led_to_english(
    client: FlaskClient, accepted: str, site: str
) -> None:
    answer = arriving(client, "/?q=nettoyage+%C3%A0+Lyon&kind=EA&kind=EI", accepted, site)
    assert answer.status_code == 302
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.location == "/?q=nettoyage+%C3%A0+Lyon&kind=EA&kind=EI&lang=en"
    assert {"Accept-Language", "Sec-Fetch-Site"} <= set(answer.vary)
    page = client.get(answer.location)
    assert '<html lang="en"' in page.text


def test_within_the_site_the_links_say_the_language(client: FlaskClient) -> None:
    """Who chose French, by the link at the head of an English page, keeps it."""
    assert arriving(client, "/?q=nettoyage", "en", site="same-origin").status_code == 200
    assert arriving(client, "/?q=nettoyage", "en", dest="iframe").status_code == 200, (
        "a frame is in the language of its page"
    )
    assert client.get("/?q=nettoyage", headers={"Accept-Language": "en"}).status_code == 200


def test_the_widget_in_an_iframe_keeps_the_language_of_its_page(client: FlaskClient) -> None:
    assert arriving(client, "/widget/frame", "en", "cross-site", dest="iframe").status_code == 200


def test_an_address_that_says_its_language_depends_on_no_header(client: FlaskClient) -> None:
    for lang in ("fr", "en"):
        answer = arriving(client, f"/?q=nettoyage&lang={lang}", "en" if lang == "fr" else "fr")
        assert (answer.status_code, f'<html lang="{lang}"' in answer.text) == (200, True)
        assert "Accept-Language" not in answer.vary


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/search?q=x",
        "/feed.atom?q=x",
        "/robots.txt",
        "/healthz",
        "/widget/v1.js",
        "/stats.csv",
    ],
)
def test_programs_are_led_nowhere(client: FlaskClient, path: str) -> None:
    answer = arriving(client, path, "en")
    assert answer.status_code == client.get(path).status_code != 302
    assert "Accept-Language" not in answer.vary


@pytest.mark.parametrize("slug", ["caf%C3%A9", "a%3Fb", "a%23b", "%2F%2Fexemple.fr", "a%0D%0Ab"])
def test_an_address_stays_within_the_site(client: FlaskClient, slug: str) -> None:
    answer = arriving(client, f"/fournisseurs/{slug}", "en")
    if answer.status_code == 302:
        assert answer.location.startswith("/fournisseurs/")
        assert client.get(answer.location).status_code == 404
    assert arriving(client, f"//exemple.fr/{slug}", "en").status_code != 302
