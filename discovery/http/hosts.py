"""Under which names the service is asked, and with what its own addresses begin: the settings say so, not who asks.

A `Host` header is anybody's: copied into canonical links, feeds or a sitemap that a cache keeps, it would send others
elsewhere.
"""

from __future__ import annotations

import re

from flask import Flask, request

from discovery.http.addresses import for_itself, networks, parsed
from discovery.http.policy import policy_of
from discovery.http.problems import Details, Refused
from discovery.mappings import Settings

_LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
HOST = re.compile(rf"((?:{_LABEL}\.)*{_LABEL}\.?|\[[0-9a-f:.]{{2,45}}\])(?::(\d{{1,5}}))?", re.ASCII | re.IGNORECASE)
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
        if settings.trusted_hosts and name(host) not in trusted | LOCAL and not policy_of(request.path).watched:
            raise Refused(Details("wrong_host"))

    app.before_request(check)


def name(host: str) -> str:
    """The host named in a `Host` header, in small letters; "" when it is none, such as Punycode that says nothing."""
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
    """Scheme and host of our addresses, without a slash at the end: `DISCOVERY_PUBLIC_URL`; or the host that was asked
    where `DISCOVERY_TRUSTED_HOSTS` names it, or somebody on this machine asks for itself. "" otherwise: addresses are
    then said from the root, and hold under any name."""
    if settings.public_url:
        return settings.public_url
    host = request.headers.get("Host", "").lower()
    known = name(host)
    if known in settings.hosts:
        return f"{_scheme()}://{host}"
    if known in LOCAL and for_itself(request.remote_addr or "", request.headers, networks(settings.trusted_proxies)):
        return f"{request.scheme}://{host}"
    return ""


def _scheme() -> str:
    """That of whoever asked, as the proxy tells; a wrong one leads to the same host."""
    return "https" if request.headers.get("X-Forwarded-Proto", "") == "https" else request.scheme


def by_own_page(settings: Settings) -> bool:
    """Whether no page of another site asks; a browser that does not say so by `Sec-Fetch-Site` does by `Origin`."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        return site in _OUR_OWN
    return origin is None or origin.lower() in ours(settings)


def ours(settings: Settings) -> frozenset[str]:
    """The `Origin` of our own pages, as the browser that asks may say it."""
    host = request.headers.get("Host", "").lower()
    asked = {f"http://{host}", f"https://{host}"} if name(host) else set()
    return frozenset(asked | ({settings.public_url} if settings.public_url else set()))
