from ipaddress import ip_address

import pytest
from flask import Flask
from werkzeug.datastructures import Headers

from discovery.http.addresses import (
    FORWARDING,
    by_own_page,
    client,
    counted_as,
    for_itself,
    held,
    networks,
    parsed,
    site_of,
)
from discovery.mappings import Settings
from tests.tables import cases

PROXIES = networks(["10.0.0.0/8", "127.0.0.1", "fd00::/8"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"), cases(__file__, "the_right_most_that_no_proxy_is")
)
def test_the_right_most_that_no_proxy_is(peer: str, forwarded: list[str], address: str) -> None:
    assert client(peer, forwarded, PROXIES) == ip_address(address)


def test_without_trusted_proxies_nothing_is_believed() -> None:
    assert client("127.0.0.1", ["203.0.113.9"], ()) == ip_address("127.0.0.1")


def test_who_may_open_a_unix_socket_is_trusted() -> None:
    assert client("", [], PROXIES) is None
    assert client("", ["1.1.1.1, 203.0.113.9"], PROXIES) == ip_address("203.0.113.9")


@pytest.mark.parametrize("name", [*FORWARDING, "x-forwarded-for"])
def test_what_a_proxy_passes_on_is_nobodys_of_this_machine(name: str) -> None:
    """Not even when it is not told for whom, or nothing is trusted."""
    for trusted in ((), PROXIES):
        assert for_itself("127.0.0.1", Headers(), trusted)
        assert not for_itself("127.0.0.1", Headers({name: "203.0.113.9"}), trusted)
        assert not for_itself("203.0.113.9", Headers({name: "127.0.0.1"}), trusted)
    assert for_itself("127.0.0.1", Headers({"X-Forwarded-For": "::1"}), PROXIES), (
        "which a trusted proxy says"
    )
    assert not for_itself("127.0.0.1", Headers({"X-Forwarded-For": "::1"}), ())


@pytest.mark.parametrize(
    "text", ["", "unknown", "_hidden", "1.2.3", "1.2.3.4.5", "[::1", "::g", "1.2.3.4:x:y"]
)
def test_what_is_no_address(text: str) -> None:
    assert parsed(text) in {None, ip_address("::1")}


def test_an_ipv6_household_is_one() -> None:
    assert counted_as(ip_address("2001:db8:0:1:aaaa::1")) == counted_as(
        ip_address("2001:db8:0:1:bbbb::2")
    )
    assert counted_as(ip_address("2001:db8:0:1::1")) != counted_as(ip_address("2001:db8:0:2::1"))
    assert counted_as(ip_address("203.0.113.9")) == "203.0.113.9"


def test_an_ipv6_site_is_one_of_many_households() -> None:
    assert site_of(ip_address("2001:db8:7:1::1")) == site_of(ip_address("2001:db8:7:ffff::2"))
    assert site_of(ip_address("2001:db8:7::1")) != site_of(ip_address("2001:db8:8::1"))
    assert site_of(ip_address("203.0.113.9")) == ""
    assert site_of(ip_address("2001:db8:7::1")) != counted_as(ip_address("2001:db8:7::1"))


def test_networks_hold_their_own_family_only() -> None:
    assert held(ip_address("10.9.9.9"), PROXIES)
    assert not held(ip_address("11.0.0.1"), PROXIES)
    assert not held(ip_address("::1"), PROXIES)


@pytest.mark.parametrize(
    ("headers", "own"), cases(__file__, "a_page_of_another_site_is_told_from_ours")
)
def test_a_page_of_another_site_is_told_from_ours(headers: dict[str, str], own: bool) -> None:
    with Flask("any").test_request_context(headers=headers):
        assert by_own_page(Settings(public_url="https://b.example")) is own
