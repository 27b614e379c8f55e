"""A supplier's own site, read as that of a stranger: robots.txt and a rate are kept, it has 2 MB
and 20 seconds in all, no script runs, nothing is sent, no other site is asked, and no address that
is not public is connected to, wherever a name or a redirect leads.
"""

import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit
from urllib.robotparser import RobotFileParser

import httpcore
import httpx

from discovery.errors import DiscoveryError
from discovery.mappings.trades import WebsitesFile

AGENT = "inclusive-discovery"
MAX_BYTES = 2 << 20
MAX_SECONDS = 20.0
MAX_PAGES = 4
MAX_REDIRECTS = 3
GAP_SECONDS = 1.0
"""Between two requests of one site."""
TIMEOUT_SECONDS = 5.0
MAX_TEXTS = 400
SHORTEST, LONGEST = 4, 100
"""Characters of a heading, or an entry of a list."""
_NAT64 = IPv6Network("64:ff9b::/96")
_HTML = ("text/html", "application/xhtml+xml")


class _Away(DiscoveryError):
    """Nothing can be read there now, or may be."""


def is_public(address: str) -> bool:
    """Whether an IP address is anybody's on the internet: not private, of this machine, of a tunnel
    or a group.
    """
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        if inner := ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1]):
            return is_public(str(inner))
        if ip in _NAT64:
            return is_public(str(ip_address(int(ip) & 0xFFFFFFFF)))
    return ip.is_global and not ip.is_multicast


class PublicNetwork(httpcore.SyncBackend):
    """Connections to public addresses alone, until `end` by `clock`. A name is looked up here, and
    what was checked is what is connected to: another answer a moment later changes nothing.
    """

    def __init__(
        self, end: float, clock: Callable[[], float], allowed: Callable[[str], bool]
    ) -> None:
        self._end, self._clock, self._allowed = end, clock, allowed

    def connect_tcp(
        self, host: str, port: int, *args: Any, **options: Any
    ) -> httpcore.NetworkStream:
        """A connection, or ConnectError where the name stands for any address that is not public."""
        try:
            addresses = [
                str(found[4][0])
                for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            ]
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host}: {error}") from error
        if not addresses or not all(map(self._allowed, addresses)):
            raise httpcore.ConnectError(f"{host} is not a public address")
        return _Ending(
            super().connect_tcp(addresses[0], port, *args, **options), self._end, self._clock
        )


class _Ending(httpcore.NetworkStream):
    """A stream that ends in time, however slowly a host sends its headers."""

    def __init__(
        self, stream: httpcore.NetworkStream, end: float, clock: Callable[[], float]
    ) -> None:
        self._stream, self._end, self._clock = stream, end, clock

    def _left(self, timeout: float | None) -> float:
        left = self._end - self._clock()
        if left <= 0:
            raise httpcore.ReadTimeout("the site has had its time")
        return min(left, TIMEOUT_SECONDS if timeout is None else timeout)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._left(timeout))
        return _Ending(secured, self._end, self._clock)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class Found(HTMLParser):
    """What a page says: texts of headings and lists, and its links with their labels."""

    TOLD = frozenset({"h1", "h2", "h3", "h4", "li", "title"})
    SILENT = frozenset({"script", "style", "noscript", "template", "footer", "svg"})

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[tuple[str, str]] = []
        self._told: list[str] = []
        self._label: list[str] | None = None
        self._href = ""
        self._text: list[str] | None = None
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.SILENT:
            self._silent += 1
        elif tag == "a":
            self._href, self._label = dict(attrs).get("href") or "", []
        elif tag in self.TOLD:
            self._take()
            self._text = []

    def handle_endtag(self, tag: str) -> None:
        if tag in self.SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "a" and self._label is not None:
            self.links.append((self._href, " ".join(" ".join(self._label).split())))
            self._label = None
        elif tag in self.TOLD:
            self._take()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            for held in (self._text, self._label):
                if held is not None:
                    held.append(data)

    def _take(self) -> None:
        text = " ".join(" ".join(self._text or ()).split())
        if SHORTEST <= len(text) <= LONGEST and len(self.texts) < MAX_TEXTS:
            self.texts.append(text)
        self._text = None


def parsed(html: str) -> Found:
    """Headings, entries of lists and links of a page. Pure; whatever is wrong with it."""
    found = Found()
    found.feed(html)
    found.close()
    return found


@dataclass(slots=True)
class _Visit:
    """One site, within its time and bytes."""

    client: httpx.Client
    start: str
    end: float
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    robots: RobotFileParser = field(default_factory=RobotFileParser)
    left: int = MAX_BYTES
    last: float | None = None

    def get(self, url: str, kinds: tuple[str, ...] = _HTML) -> tuple[str, str]:
        """Address and text of a page of the site. Raises _Away."""
        for _ in range(MAX_REDIRECTS + 1):
            if not _same_site(url, self.start) or (
                kinds is _HTML and not self.robots.can_fetch(AGENT, url)
            ):
                raise _Away(url)
            if self.last is not None:
                self.sleep(max(0.0, self.last + GAP_SECONDS - self.clock()))
            self.last = self.clock()
            try:
                with self.client.stream("GET", url) as answer:
                    if answer.has_redirect_location:
                        url = urljoin(url, answer.headers["Location"])
                        continue
                    return url, self._body(answer, kinds)
            except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
                raise _Away(url) from error
        raise _Away(url)

    def _body(self, answer: httpx.Response, kinds: tuple[str, ...]) -> str:
        if answer.status_code >= 400 or not answer.headers.get("Content-Type", "").startswith(
            kinds
        ):
            raise _Away(answer.status_code)
        if answer.headers.get("Content-Encoding", "identity") != "identity":
            raise _Away("packed, though nobody asked for it: a little can become a lot")
        held = bytearray()
        for chunk in answer.iter_bytes():
            held += chunk
            self.left -= len(chunk)
            if self.left < 0 or self.clock() > self.end:
                raise _Away("too long")
        told = re.search(rb"charset=[\"']?([\w-]+)", bytes(held[:2048]))
        try:
            return held.decode(
                answer.charset_encoding or (told[1].decode() if told else "utf-8"), "replace"
            )
        except LookupError:
            return held.decode("utf-8", "replace")


def _same_site(url: str, start: str) -> bool:
    """Whether an address is of the site that begins at `start`, www or not, by http or https."""
    parts, own = urlsplit(url), urlsplit(start)
    hosts = {(one.hostname or "").removeprefix("www.") for one in (parts, own)}
    ports = {one.port or {"http": 80, "https": 443}.get(one.scheme, 0) for one in (parts, own)}
    usual = ports <= {80, 443} or len(ports) == 1
    return (
        parts.scheme in ("http", "https")
        and len(hosts) == 1
        and hosts != {""}
        and usual
        and not parts.username
    )


def read_site(
    start: str,
    rules: WebsitesFile,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    allowed: Callable[[str], bool] | None = None,
) -> list[tuple[str, str]] | None:
    """(address of the page, text) of what a site's headings and lists say; None when it can't or
    may not be read now. `allowed`: which IP addresses may be connected to; None: public ones.
    """
    end = clock() + MAX_SECONDS
    transport = httpx.HTTPTransport(trust_env=False)
    # httpx takes no network of one's own; its pool does.
    transport._pool = httpcore.ConnectionPool(
        ssl_context=httpx.create_ssl_context(trust_env=False),
        network_backend=PublicNetwork(end, clock, allowed or is_public),
        max_connections=1,
    )
    headers = {"User-Agent": AGENT, "Accept": "text/html", "Accept-Encoding": "identity"}
    with httpx.Client(
        transport=transport, trust_env=False, timeout=TIMEOUT_SECONDS, headers=headers
    ) as client:
        visit = _Visit(client, start, end, clock, sleep)
        try:
            _read_robots(visit)
            return list(_texts(visit, rules))
        except (_Away, ValueError):
            return None


def _read_robots(visit: _Visit) -> None:
    """What the site allows; all, when it has no such file. Raises _Away when it can't say."""
    parts = urlsplit(visit.start)
    try:
        _, text = visit.get(
            urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", "")), ("text/plain",)
        )
    except _Away as away:
        if away.__cause__ is not None or (isinstance(away.args[0], int) and away.args[0] >= 500):
            raise
        text = ""
    visit.robots.parse(text.splitlines())
    visit.robots.modified()


def _texts(visit: _Visit, rules: WebsitesFile) -> Iterator[tuple[str, str]]:
    address, html = visit.get(visit.start)
    home = parsed(html)
    if any(rules.is_parked(text) for text in home.texts):
        return
    yield from ((address, text) for text in home.texts)
    for url in _menu(home, address, rules):
        try:
            there, html = visit.get(url)
        except _Away:
            continue
        yield from ((there, text) for text in parsed(html).texts)


def _menu(home: Found, address: str, rules: WebsitesFile) -> list[str]:
    """Addresses of pages that the site's menu names for what it does, at most four."""
    named = (urljoin(address, href) for href, label in home.links if rules.leads(label))
    bare = (urlunsplit(urlsplit(url)._replace(fragment="")) for url in named)
    return [url for url in dict.fromkeys(bare) if _same_site(url, address) and url != address][
        :MAX_PAGES
    ]
