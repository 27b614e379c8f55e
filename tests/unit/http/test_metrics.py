from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import pytest
from flask import Flask, abort
from prometheus_client.parser import text_string_to_metric_families

from discovery.engine.breaker import Breaker
from discovery.engine.port import EngineStatus, EngineUnavailable
from discovery.http import errors, metrics, requests
from discovery.http.metrics import Metrics
from discovery.http.requests import note
from discovery.mappings import Settings

STATUS = EngineStatus(True, "embedded", "suppliers", 12, "g1", "f")


def zero() -> str:
    note(total=0, zero=True, engine_ms=12.0)
    return "none"


def some() -> str:
    note(total=3, zero=False, engine_ms=4.0)
    return "three"


def away() -> str:
    raise EngineUnavailable("away")


def app_with(settings: Settings, breaker: Breaker | None = None) -> Flask:
    app = Flask(__name__)
    requests.install(app)
    metrics.install(
        app, settings, "embedded", Metrics(lambda: STATUS, {"redis": breaker or Breaker()})
    )
    errors.install(app)
    for view in (zero, some, away):
        app.add_url_rule(f"/{view.__name__}", view.__name__, view)
    app.add_url_rule("/teapot", "teapot", lambda: abort(418))
    app.add_url_rule("/same", "same", lambda: ("", 304))
    return app


def scraped(app: Flask, **headers: str) -> dict[tuple[str, ...], float]:
    text = app.test_client().get("/metrics", headers=headers).text
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_requests_are_counted_by_endpoint_engine_and_outcome() -> None:
    app = app_with(Settings())
    client = app.test_client()
    for path in ("/some", "/some", "/zero", "/away", "/nowhere", "/else/where", "/teapot", "/same"):
        client.get(path)
    found = scraped(app)
    name = "discovery_requests_total"
    assert found[name, "some", "embedded", "ok"] == 2
    assert found[name, "zero", "embedded", "zero"] == 1
    assert found[name, "away", "embedded", "unavailable"] == 1
    assert found[name, "unknown", "embedded", "not_found"] == 2, "one line, whatever is tried"
    assert (
        found[name, "teapot", "embedded", "refused"]
        == found[name, "same", "embedded", "not_modified"]
        == 1
    )
    assert found["discovery_request_seconds_count", "some"] == 2
    assert found["discovery_search_seconds_count", "embedded"] == 3
    assert found["discovery_search_seconds_sum", "embedded"] == pytest.approx(0.020)


@pytest.mark.parametrize("workers", [1, 2])
def test_the_index_and_the_breakers_are_told(
    workers: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if workers > 1:  # they tell each other what they count
        monkeypatch.setenv(metrics.FOLDER, str(tmp_path))
    breaker = Breaker(failures=1, clock=lambda: 0.0)
    app = app_with(Settings(), breaker)
    found = scraped(app)
    assert found["discovery_index_ready", "embedded"] == 1
    assert found[("discovery_index_documents",)] == 12
    assert found[("discovery_index_unchanged_seconds",)] >= 0
    assert found["discovery_breaker_open", "redis"] == 0
    breaker.failed()
    assert scraped(app)["discovery_breaker_open", "redis"] == 1
    assert found["discovery_build_info", version("inclusive-discovery")] == 1


@pytest.mark.parametrize(
    ("settings", "peer", "headers", "status"),
    [
        (Settings(), "127.0.0.1", {}, 200),
        (Settings(), "::1", {}, 200),
        (Settings(), "198.51.100.7", {}, 403),
        (Settings(), "127.0.0.1", {"X-Forwarded-For": "198.51.100.7"}, 403),
        (Settings(), "127.0.0.1", {"Forwarded": "for=198.51.100.7"}, 403),
        (
            Settings(trusted_proxies=("127.0.0.1",)),
            "127.0.0.1",
            {"X-Forwarded-For": "198.51.100.7"},
            403,
        ),
        (
            Settings(trusted_proxies=("127.0.0.1",)),
            "127.0.0.1",
            {"X-Forwarded-For": "127.0.0.1, 198.51.100.7"},
            403,
        ),
        (Settings(metrics_token="t0k3n"), "198.51.100.7", {"Authorization": "Bearer t0k3n"}, 200),
        (Settings(metrics_token="t0k3n"), "198.51.100.7", {"Authorization": "Bearer t0k3"}, 403),
        (Settings(metrics_token="t0k3n"), "127.0.0.1", {}, 403),
    ],
)
def test_who_may_read_them(
    settings: Settings, peer: str, headers: dict[str, str], status: int
) -> None:
    client = app_with(settings).test_client()
    response = client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": peer})
    assert response.status_code == status
    assert response.headers["Cache-Control"] == "no-store"
    assert ("discovery_index_ready" in response.text) is (status == 200)


def test_caches_tell_how_often_they_are_of_use() -> None:
    @lru_cache(10)
    def doubled(number: int) -> int:
        return 2 * number

    app = Flask(__name__)
    requests.install(app)
    metrics.install(
        app,
        Settings(),
        "embedded",
        Metrics(lambda: STATUS, {}, lambda: {"doubles": doubled.cache_info()}),
    )
    assert scraped(app)["discovery_cache_hit_ratio", "doubles"] == 0.0, "not asked yet"
    for number in (1, 1, 1, 2):
        doubled(number)
    found = scraped(app)
    assert found["discovery_cache_hit_ratio", "doubles"] == 0.5
    assert found["discovery_cache_entries", "doubles"] == 2
