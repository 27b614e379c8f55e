"""Whatever `Host` says, addresses in answers are ours, and a host that is none is a bad request, on
pages as well.
"""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder, run_wsgi_app

from discovery.app import application
from discovery.context import Services
from discovery.http.addresses import HOST, name
from discovery.mappings import Settings
from discovery.mappings.settings import SettingsError
from tests.api.conftest import ON_ONE
from tests.examples import some
from tests.tables import cases

PAGES = ("/", "/robots.txt", "/sitemap.xml", "/sitemap/pages.xml", "/feed.atom?kind=ESAT", "/feed.json?kind=ESAT",
         "/sourcing?q=bois", "/api/v1/search?q=b", "/widget", "/nowhere", "//api//v1//search", "/besoin/")  # fmt: skip
EVIL = "evil.example"


def client_of(services: Services, **changes: object) -> FlaskClient:
    made = replace(services.settings, sample=False, **changes)  # type: ignore[arg-type]
    return application(replace(services, settings=made)).test_client(use_cookies=False)


@ON_ONE
@pytest.mark.parametrize("public", ["", "https://achats.example"])
def test_no_answer_holds_the_host_that_was_asked(services: Services, public: str) -> None:
    client = client_of(services, public_url=public)
    for headers in ({"Host": EVIL}, {"Host": f"{EVIL}:81"}, {"X-Forwarded-Host": EVIL}):
        for path in PAGES:
            answer = client.get(path, headers=headers | {"Accept": "text/html"})
            assert EVIL not in answer.text, path
            assert EVIL not in str(answer.headers), path


NO_HOSTS = ("xn--a", "xn--a.xn--b:80", "a b", "a/b", "a@b", "a" * 300, "[::1", "[::g]", "a:99999", "a:999999", "..",
            "é.fr", "<script>", "a\tb", "xn--" + "a" * 60)  # fmt: skip


def status(app: Flask, path: str, host: str, accept: str = "text/html") -> int:
    """As a server would ask: the test client reads the host itself, and stumbles over some."""
    environ = EnvironBuilder(path, headers={"Accept": accept}).get_environ()  # type: ignore[dict-item]
    environ["HTTP_HOST"] = host
    return int(run_wsgi_app(app, environ)[1].split()[0])


@ON_ONE
@pytest.mark.parametrize("host", NO_HOSTS)
def test_a_host_that_is_none_is_a_bad_request(services: Services, host: str) -> None:
    app = client_of(services).application
    for path in PAGES:
        for accept in ("text/html", "application/json"):
            assert status(app, path, host, accept) == 400, path


@ON_ONE
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
    max_examples=some(60),
)
@given(
    st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=80)
    | st.from_regex(HOST, fullmatch=True)
)
def test_no_host_is_an_accident(app: Flask, host: str) -> None:
    assert status(app, "/nowhere", host) == (404 if name(host) or not host else 400)


@ON_ONE
def test_where_hosts_are_named_no_other_is_answered_but_who_watches(services: Services) -> None:
    client = client_of(
        services, trusted_hosts=("search.example",), public_url="https://achats.example"
    )
    for host in (
        "search.example",
        "SEARCH.example:8000",
        "achats.example",
        "localhost",
        "127.0.0.1:8000",
    ):
        assert client.get("/api/v1/search", headers={"Host": host}).status_code == 200
    refused = client.get("/api/v1/search?lang=en", headers={"Host": EVIL})
    assert (refused.status_code, (refused.json or {})["type"]) == (
        400,
        "/api/docs#problem-wrong-host",
    )
    assert client.get("/healthz", headers={"Host": "10.0.0.7:8000"}).status_code == 200


@ON_ONE
def test_this_machines_own_name_is_told_to_nobody_else(services: Services) -> None:
    client = client_of(services)
    asked = {"Host": "localhost:8000"}
    assert "Sitemap: http://localhost:8000/" in client.get("/robots.txt", headers=asked).text
    assert (
        "Sitemap"
        not in client.get("/robots.txt", headers=asked | {"X-Forwarded-For": "198.51.100.1"}).text
    )
    far = {"REMOTE_ADDR": "198.51.100.1"}
    assert "Sitemap" not in client.get("/robots.txt", headers=asked, environ_overrides=far).text


@pytest.mark.parametrize(("host", "found"), cases(__file__, "the_name_of_a_host"))
def test_the_name_of_a_host(host: str, found: str) -> None:
    assert name(host) == found


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/path",
        "https://a.example/?q",
        "https://u:p@a.example",
        "a.example",
        "ftp://a",
    ],
)
def test_a_public_address_is_a_host_without_a_path(url: str) -> None:
    with pytest.raises(SettingsError, match="DISCOVERY_PUBLIC_URL"):
        Settings.from_env({"DISCOVERY_PUBLIC_URL": url})
