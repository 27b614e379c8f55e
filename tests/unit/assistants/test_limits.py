from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from discovery.assistants.limits import Limits
from discovery.config import Settings
from discovery.http.problems import Refused


def called(limits: Limits, times: int, *, peer: str = "192.0.2.1", forwarded: tuple[str, ...] = ()) -> int:
    """How many of `times` calls were let through."""
    passed = 0
    for _ in range(times):
        with suppress(Refused), limits.counted("api", peer, forwarded):
            passed += 1
    return passed


def test_each_address_has_its_own_calls(tmp_path: Path) -> None:
    limits = Limits.of(Settings(home=tmp_path, rate_limit="3/minute"))
    assert called(limits, 5) == 3
    assert called(limits, 5, peer="192.0.2.2") == 3


def test_a_household_of_ipv6_is_one(tmp_path: Path) -> None:
    limits = Limits.of(Settings(home=tmp_path, rate_limit="3/minute"))
    assert called(limits, 3, peer="2001:db8::1") == 3
    assert called(limits, 1, peer="2001:db8::2") == 0


def test_who_asks_through_a_trusted_proxy_is_counted_and_nobody_else_is_believed(tmp_path: Path) -> None:
    believed = Limits.of(Settings(home=tmp_path, rate_limit="1/minute", trusted_proxies=("10.0.0.0/8",)))
    assert [called(believed, 1, peer="10.0.0.1", forwarded=(f"192.0.2.{one}",)) for one in (1, 2, 2)] == [1, 1, 0]
    assert [called(believed, 1, peer="192.0.2.9", forwarded=(f"192.0.2.{one}",)) for one in (3, 4)] == [1, 0]


def test_off_and_exempt(tmp_path: Path) -> None:
    assert called(Limits.of(Settings(home=tmp_path, rate_limit="off", rate_limit_time="off")), 50) == 50
    exempt = Limits.of(Settings(home=tmp_path, rate_limit="1/minute", rate_limit_exempt=("192.0.2.0/24",)))
    assert called(exempt, 5) == 5


def test_processor_time_is_counted(tmp_path: Path) -> None:
    limits = Limits.of(Settings(home=tmp_path, rate_limit_time="1/minute"))
    limits.counters.spend(limits.seconds, 1_500, "time", "192.0.2.1")  # type: ignore[arg-type]
    with pytest.raises(Refused, match="too_heavy"), limits.counted("api", "192.0.2.1", ()):
        pass
    assert called(limits, 1, peer="192.0.2.2") == 1
