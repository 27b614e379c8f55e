"""Who asks, by address: what a trusted proxy says of it, and no more. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Protocol

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

IPV6_PREFIX, IPV6_SITE = 64, 48
"""Bits that stay a household's (the rest of an IPv6 address is free for it to change at every request), and a site's:
what a provider gives to one customer at most, 65,536 households of addresses."""


class Headers(Protocol):
    """A request's headers.

    Of a request, as Flask has them; names in any case.
    """

    def __contains__(self, name: str, /) -> bool: ...

    def getlist(self, name: str, /) -> list[str]: ...


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Parse networks such as "10.0.0.0/8". Raises ValueError for a text that is none."""
    return tuple(ip_network(text, strict=False) for text in texts)


def client(peer: str, forwarded: Sequence[str], trusted: Sequence[Network]) -> Address | None:
    """The address that asks: the right-most of `X-Forwarded-For` that no trusted proxy is, as long as each one to
    its right is trusted. What stands further left was written by whoever asks. A trusted proxy that forwards nothing
    readable is the one that asks. Who may open our Unix socket is trusted. None when nothing has an address.
    """
    chain = [part.strip() for header in forwarded for part in header.split(",")]
    current = parsed(peer or chain.pop()) if peer or chain else None
    while current is not None and held(current, trusted) and chain:
        before = parsed(chain.pop())
        if before is None:
            break
        current = before
    return current


FORWARDING = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip")
"""Headers that a proxy adds."""


def for_itself(peer: str, headers: Headers, trusted: Sequence[Network]) -> bool:
    """Whether a program of this machine asks, for itself: what a proxy passes on is somebody else's, unless a trusted
    one says that it came from here."""
    address = client(peer, headers.getlist("X-Forwarded-For"), trusted)
    return (address is None or address.is_loopback) and not passed_on(peer, address, headers)


def passed_on(peer: str, address: Address | None, headers: Headers) -> bool:
    """Whether a proxy stands between and nothing that we believe tells for whom: `address` is then its own."""
    return address == parsed(peer) and any(name in headers for name in FORWARDING)


@lru_cache(4_096)
def parsed(text: str) -> Address | None:
    """An address, with its port or brackets taken off; an IPv4 one inside IPv6 is IPv4. None for anything else."""
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found


def held(address: Address, among: Iterable[Network]) -> bool:
    """Whether an address lies in one of the networks."""
    return any(address.version == network.version and address in network for network in among)


def counted_as(address: Address) -> str:
    """What is counted together: an IPv4 address, or an IPv6 household."""
    return _prefix(address, IPV6_PREFIX) if isinstance(address, IPv6Address) else str(address)


def site_of(address: Address) -> str:
    """The IPv6 site of an address; "" for an IPv4 one."""
    return f"{_prefix(address, IPV6_SITE)}/{IPV6_SITE}" if isinstance(address, IPv6Address) else ""


def _prefix(address: IPv6Address, bits: int) -> str:
    return str(IPv6Address(int(address) >> 128 - bits << 128 - bits))
