"""The API's limits for who asks a tool over HTTP: so many calls and so much processor time of one address."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from limits import RateLimitItem

from discovery.config import Settings
from discovery.http.addresses import Network, client, counted_as, held, networks
from discovery.http.counters import Counters
from discovery.http.limits import MILLIS, limit_of, out_of_time, refused, time_limit


@dataclass(frozen=True, slots=True)
class Limits:
    """Counted apart from the service's own, or together where both count in Redis."""

    counters: Counters
    calls: dict[str, RateLimitItem | None]
    """By class of the API: `api`, `needs`."""
    seconds: RateLimitItem | None
    trusted: tuple[Network, ...]
    exempt: tuple[Network, ...]

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """The limits that the settings give."""
        return cls(
            Counters(settings.redis_url),
            {"api": limit_of(settings.rate_limit), "needs": limit_of(settings.rate_limit_needs)},
            time_limit(settings),
            networks(settings.trusted_proxies),
            networks(settings.rate_limit_exempt),
        )

    @contextmanager
    def counted(self, kind: str, peer: str, forwarded: Sequence[str]) -> Iterator[None]:
        """One call of `kind` by who asks, and the processor time of this thread meanwhile. Refused."""
        address = client(peer, forwarded, self.trusted)
        if address is None or held(address, self.exempt):
            yield
            return
        who = counted_as(address)
        if self.seconds is not None:
            left = self.counters.unspent(self.seconds, "time", who)
            if left is not None and not left.allowed:
                raise out_of_time(left)
        if (limit := self.calls[kind]) is not None:
            found = self.counters.count(limit, kind, who)
            if found is not None and not found.allowed:
                raise refused("too_many", found)
        begun = time.thread_time()
        try:
            yield
        finally:
            if self.seconds is not None:
                self.counters.spend(self.seconds, int((time.thread_time() - begun) * MILLIS), "time", who)
