"""Bodies that are being read: so many bytes of one process, and of one address. Asked before a body is read."""

from __future__ import annotations

from collections import Counter
from threading import Lock

from flask import Flask, g, request
from prometheus_client import Gauge

from discovery.http.long_work import busy
from discovery.http.policy import MAX_BODY, policy_of
from discovery.http.problems import Refused

MOST = 24_000_000
"""Bytes of one process."""
MOST_OF_ONE = 12_000_000
"""Bytes of one address."""


class Bodies:
    """Bytes of the bodies that a process reads, by address ("" is anybody: this machine's own)."""

    def __init__(self, most: int = MOST, most_of_one: int = MOST_OF_ONE) -> None:
        self._most, self._most_of_one = most, most_of_one
        self._lock = Lock()
        self._bytes: Counter[str] = Counter()

    def take(self, who: str, size: int) -> str:
        """Count a body that begins. "" when there is room for it, else the problem's name."""
        with self._lock:
            if who and self._bytes[who] + size > self._most_of_one:
                return "one_at_a_time"
            if self._bytes.total() + size > self._most:
                return "overloaded"
            self._bytes[who] += size
        return ""

    def give_back(self, who: str, size: int) -> None:
        """A body that was counted is no longer held."""
        with self._lock:
            self._bytes[who] -= size
            if not self._bytes[who]:
                del self._bytes[who]


def install(app: Flask, held: Gauge) -> None:
    """Refuse bodies for which there is no room, once limits and keys let the request in. Small ones are not counted.
    `held`: the metric."""
    bodies = Bodies()

    def admit() -> None:
        announced = request.content_length
        if announced is None and "Transfer-Encoding" in request.headers:
            announced = policy_of(request.path).max_body
        size = announced or 0
        if size > MAX_BODY:
            who = str(g.get("limited_as", ""))
            if problem := bodies.take(who, size):
                raise Refused(busy(problem))
            g.body = who, size
            held.inc(size)

    def let_go(_: BaseException | None) -> None:
        if "body" in g:
            who, size = g.pop("body")
            bodies.give_back(who, size)
            held.dec(size)

    app.before_request(admit)
    app.teardown_request(let_go)
