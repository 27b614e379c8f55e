"""The indexer's gauges for Prometheus: read from the store when asked for, hence the same from any
process.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Metric, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from indexer.alerts import outbox, subscriptions
from indexer.store import observations
from indexer.store.engine import StoreError, open_store
from indexer.store.observations import figures
from indexer.store.sql import LATE_SECONDS

STATES = ("due", "delayed", "leased", "dead")


class StoreCollector(Collector):
    """While the store can't be read: `discovery_store_up` 0 and no other gauge, since an old figure
    would mislead.
    """

    def __init__(
        self, open_: Callable[[], Engine], clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._open, self._clock = open_, clock

    def collect(self) -> Iterator[Metric]:
        try:
            found = self._gauges()
        except (SQLAlchemyError, StoreError):
            found = []
        yield GaugeMetricFamily(
            "discovery_store_up", "1 when the store can be read.", value=bool(found)
        )
        yield from found

    def _gauges(self) -> list[Metric]:
        store = self._open()
        try:
            now = self._clock()
            seen, check, pulled = (
                figures(store, now),
                observations.last_check(store),
                observations.last_pulls(store),
            )
            alerts = list(_alerts(store, now))
        finally:
            # opened for each scrape: a worker forks its processes, which must not inherit it
            store.dispose()
        age = max(0.0, (now - seen.oldest).total_seconds()) if seen.oldest else 0.0
        waiting = {state: getattr(seen, state) for state in STATES}
        return [
            _gauge(
                "discovery_changes", "Suppliers whose change is not indexed yet.", "state", waiting
            ),
            GaugeMetricFamily(
                "discovery_oldest_change_seconds",
                "Age of the oldest change not indexed yet; 0 when none.",
                value=age,
            ),
            GaugeMetricFamily(
                "discovery_late_changes",
                f"Suppliers whose change waits for more than {LATE_SECONDS:.0f} s, or since a time to come.",
                value=seen.late,
            ),
            *_pulled(pulled, now),
            *alerts,
            *(_checked(check) if check else ()),
        ]


def _gauge(name: str, about: str, label: str, values: Mapping[str, float]) -> Metric:
    gauge = GaugeMetricFamily(name, about, labels=[label])
    for one, value in values.items():
        gauge.add_metric([one], value)
    return gauge


def _pulled(last: Mapping[str, observations.Pull], now: datetime) -> Iterator[Metric]:
    ended = {name: one.at for name, one in last.items() if one.at}
    for name, about, values in (
        (
            "records",
            "Of the last pull that was imported.",
            {name: one.records for name, one in last.items()},
        ),
        (
            "success_timestamp_seconds",
            "When that pull ended.",
            {name: at.timestamp() for name, at in ended.items()},
        ),
        (
            "age_seconds",
            "Since then.",
            {name: max(0.0, (now - at).total_seconds()) for name, at in ended.items()},
        ),
        (
            "alarm",
            "1 when a later pull failed, or was not believed.",
            {name: bool(one.alarm) for name, one in last.items()},
        ),
    ):
        yield _gauge(f"discovery_source_{name}", about, "source", values)


def _alerts(store: Engine, now: datetime) -> Iterator[Metric]:
    """What bounced or was stopped is forgotten after thirty days."""
    counts, oldest = subscriptions.counts(store), subscriptions.oldest_mail(store)
    mails = counts.pop("mails")
    yield _gauge("discovery_alerts", "Searches followed by e-mail.", "state", counts)
    yield GaugeMetricFamily(
        "discovery_alert_mails", "Mails that wait for the mail server.", value=mails
    )
    ended = CounterMetricFamily(
        "discovery_alert_mails_ended", "Mails by what became of them.", labels=["outcome"]
    )
    for outcome, number in outbox.outcomes(store).items():
        ended.add_metric([outcome], number)
    yield ended
    age = max(0.0, (now - oldest).total_seconds()) if oldest else 0.0
    yield GaugeMetricFamily(
        "discovery_oldest_alert_mail_seconds",
        "Age of the oldest mail that waits; 0 when none.",
        value=age,
    )


def _checked(check: observations.Check) -> Iterator[Metric]:
    yield _gauge(
        "discovery_drift",
        "Differences of store and index at the last check.",
        "kind",
        check.differences,
    )
    at = check.at.timestamp()
    yield GaugeMetricFamily(
        "discovery_drift_checked_timestamp_seconds", "When the last check ended.", value=at
    )


def serve(url: str, port: int) -> None:
    """Tell the gauges of the store at `url` on that port, from a thread of this process. Raises
    OSError.
    """
    registry = CollectorRegistry()
    registry.register(StoreCollector(lambda: open_store(url)))
    start_http_server(port, registry=registry)
