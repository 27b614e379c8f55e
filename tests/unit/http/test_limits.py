"""Limits on an application of two views; what Redis is for is in test_counters."""

import json
import time
from pathlib import Path

import pytest
from flask import Flask, request
from werkzeug.test import TestResponse

from discovery.http import errors, limits, requests
from discovery.http.keys import Key, KeyRing, edited, hashed
from discovery.http.limits import SITE_SHARES, Counters, Limits
from discovery.http.long_work import alone
from discovery.mappings import Settings

ADDRESSES = [f"198.51.100.{number}" for number in range(9)]


def ok() -> str:
    return "ok"


def app_with(tmp_path: Path, **changed: object) -> Flask:
    path = tmp_path / "keys.json"
    with edited(path) as keys:
        keys += [
            Key("small", hashed("small"), ("*",), per_minute=3),
            Key("default", hashed("default"), ("*",)),
        ]
    given = {
        "rate_limit": "2/minute",
        "rate_limit_suggest": "4/minute",
        "rate_limit_key": "5/minute",
        **changed,
    }
    settings = Settings(home=tmp_path, keys=path, **given)  # type: ignore[arg-type]
    app = Flask(__name__)
    requests.install(app)
    limits.install(app, KeyRing(path), Limits(settings, Counters(clock=lambda: 600.0)))
    errors.install(app)
    for view in ("search", "suggest", "export.csv"):
        app.add_url_rule(f"/api/v1/{view}", view, ok)
    for view in ("healthz", "page/x.css"):
        app.add_url_rule(f"/{view}", view, ok)
    return app


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return app_with(tmp_path)


def ask(
    app: Flask, path: str = "/api/v1/search", address: str = ADDRESSES[0], **headers: str
) -> TestResponse:
    return app.test_client().get(path, environ_base={"REMOTE_ADDR": address}, headers=headers)


def test_a_burst_from_one_address_is_refused_while_another_still_gets_in(app: Flask) -> None:
    statuses = [ask(app).status_code for _ in range(6)]
    assert statuses == [200, 200, 429, 429, 429, 429]
    assert ask(app, address=ADDRESSES[1]).status_code == 200


def test_a_refusal_says_when_to_ask_again_in_both_languages(app: Flask) -> None:
    for _ in range(2):
        ask(app)
    for lang, title in (("fr", "Trop de requêtes"), ("en", "Too many requests")):
        refused = ask(app, f"/api/v1/search?lang={lang}")
        body = json.loads(refused.data)
        assert (refused.status_code, body["title"]) == (429, title)
        wait = int(refused.headers["Retry-After"])
        assert 1 <= wait <= 60
        assert str(wait) in body["detail"]
        assert refused.headers["Cache-Control"] == "no-store"


def test_headers_count_down(app: Flask) -> None:
    first, second, third = ask(app), ask(app), ask(app)
    assert [one.headers["RateLimit-Remaining"] for one in (first, second, third)] == ["1", "0", "0"]
    for one in (first, second, third):
        assert one.headers["RateLimit-Limit"] == "2"
        assert one.headers["RateLimit-Policy"] == "2;w=60"
        assert 1 <= int(one.headers["RateLimit-Reset"]) <= 60


def test_each_kind_of_request_has_its_own_count(app: Flask) -> None:
    assert [ask(app).status_code for _ in range(3)][-1] == 429
    assert [ask(app, "/api/v1/suggest").status_code for _ in range(5)] == [200, 200, 200, 200, 429]
    assert ask(app, "/api/v1/export.csv").status_code == 200


def test_errors_count_too(app: Flask) -> None:
    """Whoever tries keys, or addresses, is held up like others."""
    assert [ask(app, "/api/v1/search?key=guess").status_code for _ in range(3)] == [403, 403, 429]
    assert [ask(app, "/api/v1/x", ADDRESSES[1]).status_code for _ in range(3)] == [404, 404, 429]


def test_a_key_counts_all_its_visitors(app: Flask) -> None:
    path = "/api/v1/search?key=small"
    assert [ask(app, path, address).status_code for address in ADDRESSES[:4]] == [
        200,
        200,
        200,
        429,
    ]
    assert ask(app, "/api/v1/search", ADDRESSES[3]).status_code == 200
    path = "/api/v1/search?key=default"
    assert [ask(app, path, address).status_code for address in ADDRESSES[4:]] == [200] * 5
    refused = ask(app, path, "203.0.113.1")
    assert (refused.status_code, refused.headers["RateLimit-Limit"]) == (429, "5")


def test_the_tightest_limit_is_told(app: Flask) -> None:
    ask(app, "/api/v1/search?key=small", ADDRESSES[0])
    ask(app, "/api/v1/search?key=small", ADDRESSES[1])
    told = ask(app, "/api/v1/search?key=small", ADDRESSES[2])
    assert (told.headers["RateLimit-Limit"], told.headers["RateLimit-Remaining"]) == ("3", "0")


@pytest.mark.parametrize("path", ["/healthz", "/page/x.css"])
def test_what_watches_and_what_caches_keep_is_not_counted(app: Flask, path: str) -> None:
    responses = [ask(app, path) for _ in range(5)]
    assert all(one.status_code == 200 and "RateLimit-Limit" not in one.headers for one in responses)


def test_this_machine_is_not_counted_unless_told(tmp_path: Path) -> None:
    app = app_with(tmp_path)
    assert [ask(app, address="127.0.0.1").status_code for _ in range(4)] == [200] * 4
    strict = app_with(tmp_path / "strict", rate_limit_exempt=("192.0.2.0/24",))
    assert [ask(strict, address="127.0.0.1").status_code for _ in range(3)] == [200, 200, 429]


def test_only_a_trusted_proxy_is_believed(tmp_path: Path) -> None:
    app = app_with(tmp_path, trusted_proxies=("127.0.0.1",))
    for number in range(3):
        forged = {"X-Forwarded-For": f"203.0.113.{number}"}
        assert ask(app, **forged).status_code == (200 if number < 2 else 429), (
            "an address that is no proxy of ours"
        )
    for number in range(3):
        forged = {"X-Forwarded-For": f"203.0.113.{number}, 198.51.100.77"}
        assert ask(app, address="127.0.0.1", **forged).status_code == (200 if number < 2 else 429)


@pytest.mark.parametrize("name", ["X-Forwarded-For", "X-Real-IP", "Via", "Forwarded"])
def test_a_proxy_of_this_machine_that_is_not_trusted_switches_no_limit_off(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    app = app_with(tmp_path)
    statuses = [
        ask(app, address="127.0.0.1", **{name: f"203.0.113.{number}"}).status_code
        for number in range(4)
    ]
    assert statuses == [200, 200, 429, 429], "all its visitors are one"
    assert ask(app, address="127.0.0.1").status_code == 200, (
        "this machine's own programs are not among them"
    )
    told = [
        line for line in capsys.readouterr().err.splitlines() if "DISCOVERY_TRUSTED_PROXIES" in line
    ]
    assert len(told) == 1, "said once"


def test_off_is_off(tmp_path: Path) -> None:
    app = app_with(tmp_path, rate_limit="off")
    assert {ask(app).status_code for _ in range(5)} == {200}
    assert "RateLimit-Limit" not in ask(app).headers


def test_preflights_are_free(app: Flask) -> None:
    client = app.test_client()
    statuses = {
        client.options("/api/v1/search", environ_base={"REMOTE_ADDR": ADDRESSES[0]}).status_code
        for _ in range(5)
    }
    assert statuses == {200}


def test_no_address_in_the_log(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(3):
        ask(app)
    assert ADDRESSES[0] not in capsys.readouterr().err


def test_households_of_one_ipv6_site_are_counted_together_too(app: Flask) -> None:
    statuses = [
        ask(app, address=f"2001:db8:7:{number:x}::1").status_code
        for number in range(2 * SITE_SHARES + 2)
    ]
    assert statuses == [200] * 2 * SITE_SHARES + [429] * 2
    assert ask(app, address="2001:db8:8::1").status_code == 200


def test_time_spent_counts_whatever_was_asked(tmp_path: Path) -> None:
    app = app_with(tmp_path, rate_limit="9999/minute", rate_limit_time="1/minute")

    def work() -> str:
        end = time.thread_time() + 0.4
        while time.thread_time() < end:
            pass
        return "done"

    app.add_url_rule("/api/v1/work", "work", work)
    statuses = [ask(app, "/api/v1/work").status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    refused = ask(app)
    assert (refused.status_code, json.loads(refused.data)["type"]) == (
        429,
        "/api/docs#problem-too-heavy",
    )
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert ask(app, address=ADDRESSES[1]).status_code == 200, "others are served"
    assert ask(app, "/healthz").status_code == 200


def test_an_address_asks_for_one_file_at_a_time(app: Flask) -> None:
    def file() -> str:
        with alone():
            return (
                ask(app, "/file", request.remote_addr or "").get_data(as_text=True)
                if request.args
                else "made"
            )

    app.add_url_rule("/file", "file", file)
    assert "one-at-a-time" in ask(app, "/file?again=1").get_data(as_text=True)
    assert ask(app, "/file").get_data(as_text=True) == "made"
    assert ask(app, "/file?again=1", "127.0.0.1").get_data(as_text=True) == "made", (
        "this machine is not counted"
    )
