"""`GET /metrics` for Prometheus: requests by endpoint, engine and outcome, times, the index, the
breakers.

Several workers share what they count through files in PROMETHEUS_MULTIPROC_DIR, which `discovery
serve` makes and removes; a gunicorn started otherwise needs that variable set, or each scrape shows
one worker's share.
"""

import hmac
import os
import time
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import version

from flask import Flask, Response, g, request
from flask.globals import app_ctx
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from discovery.engine.breaker import Breaker
from discovery.engine.port import EngineStatus
from discovery.http.addresses import for_itself, networks
from discovery.http.problems import Details, Refused
from discovery.mappings import Settings
from discovery.search.caches import CacheInfo

PATH = "/metrics"
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
VERSION = version("inclusive-discovery")
_SECONDS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1.0, 3.0)
"""Bounds of the histograms: a search takes some 10 ms, an engine is given up after 3 s."""


class Metrics(Collector):
    """The counters of one application; and what is true at the moment of a scrape, as its worker
    sees it.

    Of caches, since its start, and as shares rather than counts: one worker's are like another's,
    so that scrapes answered by turns agree. `status`, `breakers` and `caches` are asked at each
    scrape.
    """

    def __init__(
        self,
        status: Callable[[], EngineStatus],
        breakers: dict[str, Breaker],
        caches: Callable[[], Mapping[str, CacheInfo]] = dict,
    ) -> None:
        self._status, self._breakers, self._caches = status, breakers, caches
        self._generation, self._since = "", 0.0
        self._own = own = None if FOLDER in os.environ else CollectorRegistry()
        self.requests = Counter(
            "discovery_requests_total",
            "Requests answered. outcome: ok, zero (nothing found), not_modified, or the problem's name.",
            ["endpoint", "engine", "outcome"],
            registry=own,
        )
        self.took = Histogram(
            "discovery_request_seconds",
            "The whole request.",
            ["endpoint"],
            buckets=_SECONDS,
            registry=own,
        )
        self.searching = Histogram(
            "discovery_search_seconds",
            "Reading the phrase and asking the engine, of searches answered.",
            ["engine"],
            buckets=_SECONDS,
            registry=own,
        )
        self.bodies = Gauge(
            "discovery_body_bytes",
            "Of bodies that are being read.",
            multiprocess_mode="livesum",
            registry=own,
        )
        if own is not None:
            own.register(self)

    def collect(self) -> Iterator[Metric]:
        yield _gauge(
            "discovery_build_info",
            "1; the program's version is its label.",
            "version",
            {VERSION: 1.0},
        )
        status = self._status()
        if status.generation != self._generation:
            self._generation, self._since = status.generation, time.monotonic()
        ready = {status.engine: float(status.ready)}
        yield _gauge("discovery_index_ready", "1 when an index serves.", "engine", ready)
        yield GaugeMetricFamily(
            "discovery_index_documents", "Live suppliers in the index.", value=status.documents
        )
        yield GaugeMetricFamily(
            "discovery_index_unchanged_seconds",
            "Since a scrape of this worker last saw the index change.",
            value=time.monotonic() - self._since,
        )
        away = {name: float(one.open) for name, one in self._breakers.items()}
        yield _gauge("discovery_breaker_open", "1 while calls are not tried.", "to", away)
        seen = self._caches()
        ratios = {name: one.hits / max(one.hits + one.misses, 1) for name, one in seen.items()}
        yield _gauge(
            "discovery_cache_hit_ratio", "Look-ups that found what they need.", "cache", ratios
        )
        entries = {name: float(one.currsize) for name, one in seen.items()}
        yield _gauge("discovery_cache_entries", "Of one worker.", "cache", entries)

    def record(self, response: Response, engine: str) -> Response:
        """Count the request and its seconds, by the view that answered; the response as it was."""
        own = app_ctx.g
        # request.endpoint is a view's name: addresses that are not ours stay one line, however many
        # are tried.
        endpoint = request.endpoint or "unknown"
        self.requests.labels(endpoint, engine, outcome(response)).inc()
        self.took.labels(endpoint).observe(time.perf_counter() - own.started)
        if "engine_ms" in own.facts:
            self.searching.labels(engine).observe(own.facts["engine_ms"] / 1000)
        return response

    def text(self) -> bytes:
        """All metrics, in Prometheus' text format."""
        if self._own is not None:
            return generate_latest(self._own)
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        registry.register(self)
        return generate_latest(registry)


def _gauge(name: str, about: str, label: str, values: Mapping[str, float]) -> Metric:
    made = GaugeMetricFamily(name, about, labels=[label])
    for value_of, value in values.items():
        made.add_metric([value_of], value)
    return made


def outcome(response: Response) -> str:
    """How a request ended, as metrics name it: a problem's name, `not_modified`, `zero` (nobody
    found) or `ok`.
    """
    if "problem" in g.facts:
        return str(g.facts["problem"])
    if response.status_code == 304:
        return "not_modified"
    return "zero" if g.facts.get("zero") else "ok"


def install(app: Flask, settings: Settings, engine: str, metrics: Metrics) -> None:
    """Serve /metrics, and count each request."""
    trusted = networks(settings.trusted_proxies)

    def scrape() -> Response:
        own = not settings.metrics_token and for_itself(
            request.remote_addr or "", request.headers, trusted
        )
        if not (own or by_token(settings.metrics_token)):
            raise Refused(Details("metrics_closed"))
        response = Response(metrics.text(), content_type=CONTENT_TYPE_LATEST)
        response.headers["Cache-Control"] = "no-store"
        return response

    app.add_url_rule(PATH, "metrics", scrape)
    app.after_request(lambda response: metrics.record(response, engine))


def by_token(token: str) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(token) and hmac.compare_digest(given.encode("utf-8", "replace"), token.encode())
