"""Who asks, by address, as a trusted proxy tells; and under which names the service is asked.

Our own addresses begin with what the settings say: a `Host` header is anybody's, and copied into
canonical links, feeds or a sitemap that a cache keeps it would send others elsewhere.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from flask import Flask, request
from flask.globals import request_ctx
from werkzeug.datastructures import Headers

from discovery.http.problems import Details, Refused
from discovery.http.requests import policy_of
from discovery.mappings import Settings

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

IPV6_PREFIX, IPV6_SITE = 64, 48
"""Bits that stay a household's (the rest of an IPv6 address is free for it to change at every
request), and a site's: what a provider gives to one customer at most, 65,536 households of
addresses.
"""


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Parse networks such as "10.0.0.0/8". Raises ValueError for a text that is none."""
    return tuple(ip_network(text, strict=False) for text in texts)


def client(peer: str, forwarded: Sequence[str], trusted: Sequence[Network]) -> Address | None:
    """The address that asks: the right-most of `X-Forwarded-For` that no trusted proxy is, as long
    as each one to its right is trusted. What stands further left was written by whoever asks. A
    trusted proxy that forwards nothing readable is the one that asks. Who may open our Unix socket
    is trusted. None when nothing has an address.
    """
    chain = [part.strip() for header in forwarded for part in header.split(",")]
    current = parsed(peer or chain.pop()) if peer or chain else None
    while current is not None and held(current, trusted) and chain:
        before = parsed(chain.pop())
        if before is None:
            break
        current = before
    return current


FORWARDING = (
    "Forwarded",
    "Via",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Real-Ip",
)
"""Headers that a proxy adds."""


def for_itself(peer: str, headers: Headers, trusted: Sequence[Network]) -> bool:
    """Whether a program of this machine asks, for itself: what a proxy passes on is somebody
    else's, unless a trusted one says that it came from here.
    """
    address = client(peer, headers.getlist("X-Forwarded-For"), trusted)
    return (address is None or address.is_loopback) and not passed_on(peer, address, headers)


def passed_on(peer: str, address: Address | None, headers: Headers) -> bool:
    """Whether a proxy stands between and nothing that we believe tells for whom: `address` is then
    its own.
    """
    return address == parsed(peer) and any(name in headers for name in FORWARDING)


@lru_cache(512)
def parsed(text: str) -> Address | None:
    """An address, with its port or brackets taken off; an IPv4 one inside IPv6 is IPv4. None for
    anything else.
    """
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
    return any(address.version == network.version and address in network for network in among)


def counted_as(address: Address) -> str:
    """What is counted together: an IPv4 address, or an IPv6 household."""
    return _prefix(address, IPV6_PREFIX) if isinstance(address, IPv6Address) else str(address)


def site_of(address: Address) -> str:
    """The IPv6 site of an address; "" for an IPv4 one."""
    return f"{_prefix(address, IPV6_SITE)}/{IPV6_SITE}" if isinstance(address, IPv6Address) else ""


def _prefix(address: IPv6Address, bits: int) -> str:
    return str(IPv6Address(int(address) >> 128 - bits << 128 - bits))


_LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
HOST = re.compile(
    rf"((?:{_LABEL}\.)*{_LABEL}\.?|\[[0-9a-f:.]{{2,45}}\])(?::(\d{{1,5}}))?",
    re.ASCII | re.IGNORECASE,
)
"""A name or an address, and perhaps a port."""
LONGEST = 255
_OUR_OWN = frozenset({"same-origin", "none"})
"""`Sec-Fetch-Site` of our pages, and of who is no page at all."""
LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]"})


def install(app: Flask, settings: Settings) -> None:
    """Refuse a host that is none; where `DISCOVERY_TRUSTED_HOSTS` names some, all others."""
    trusted = settings.hosts

    def check() -> None:
        host = request.headers.get("Host", "")
        if host and not name(host):
            raise Refused(Details("bad_request"))
        if (
            settings.trusted_hosts
            and name(host) not in trusted | LOCAL
            and not policy_of(request.path).watched
        ):
            raise Refused(Details("wrong_host"))

    app.before_request(check)


def name(host: str) -> str:
    """The host named in a `Host` header, in small letters; "" when it is none, such as Punycode
    that says nothing.
    """
    found = HOST.fullmatch(host) if len(host) <= LONGEST else None
    if found is None or int(found[2] or 0) > 65_535:
        return ""
    plain = found[1].lower().removesuffix(".")
    if plain.startswith("["):
        return plain if parsed(plain) else ""
    try:
        plain.encode("ascii").decode("idna")
    except UnicodeError:
        return ""
    return plain


def origin(settings: Settings) -> str:
    """Scheme and host of our addresses, without a slash at the end: `DISCOVERY_PUBLIC_URL`; or the
    host that was asked where `DISCOVERY_TRUSTED_HOSTS` names it, or somebody on this machine asks
    for itself. "" otherwise: addresses are then said from the root, and hold under any name.
    """
    if settings.public_url:
        return settings.public_url
    request = request_ctx.request
    host = request.headers.get("Host", "").lower()
    known = name(host)
    if known in settings.hosts:
        # The scheme of whoever asked, as the proxy tells; a wrong one leads to the same host.
        told = request.headers.get("X-Forwarded-Proto", "") == "https"
        return f"{'https' if told else request.scheme}://{host}"
    if known in LOCAL and for_itself(
        request.remote_addr or "", request.headers, networks(settings.trusted_proxies)
    ):
        return f"{request.scheme}://{host}"
    return ""


def by_own_page(settings: Settings) -> bool:
    """Whether no page of another site asks; a browser that does not say so by `Sec-Fetch-Site` does
    by `Origin`.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        return site in _OUR_OWN
    return origin is None or origin.lower() in ours(settings)


def ours(settings: Settings) -> frozenset[str]:
    """The `Origin` of our own pages, as the browser that asks may say it."""
    host = request.headers.get("Host", "").lower()
    asked = {f"http://{host}", f"https://{host}"} if name(host) else set()
    return frozenset(asked | ({settings.public_url} if settings.public_url else set()))
