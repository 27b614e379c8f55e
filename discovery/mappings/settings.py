"""Settings from the environment: each with a default that works on a laptop, described once, here;
what is told of them besides (names misspelt, packages that lack, the page of reference).
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING
from difflib import get_close_matches
from importlib.util import find_spec
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from discovery.errors import DiscoveryError
from discovery.mappings import mailbox, secrets
from discovery.mappings.secrets import FILE_SUFFIX, HOLDING, OPAQUE
from discovery.model import dataclass, field, fields

_WHOLE, _DECIMAL = r"\d+", r"\d+(\.\d+)?"


class SettingsError(DiscoveryError):
    """One or more variables can't be used; the message names each, its value, and what to write
    instead.
    """


def _setting(default: Any, about: str, parse: Callable[[str], Any] = str) -> Any:
    return field(default=default, metadata={"about": about, "parse": parse})


def _engine(text: str) -> str:
    if text != "embedded" and not all(
        _is_address(url.strip(), "http", "https") for url in text.split(",")
    ):
        raise ValueError(
            "write `embedded`, or one or several http(s) addresses separated by commas"
        )
    return text


def _is_address(text: str, *schemes: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port or a host that is none
        return False


def _url(text: str) -> str:
    if urlsplit(text).scheme not in {"http", "https"}:
        raise ValueError("write an http(s) address")
    return text.rstrip("/")


TILES: Mapping[str, tuple[str, str]] = {
    "plan-ign": (
        "https://data.geopf.fr/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2"
        "&STYLE=normal&FORMAT=image/png&TILEMATRIXSET=PM&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}",
        "© IGN, Géoplateforme https://www.ign.fr",
    ),
    "osm": (
        "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
        "© OpenStreetMap contributors https://www.openstreetmap.org/copyright",
    ),
}
"""Servers of tiles by one word: their address, and the credit that they ask for."""


def _tiles(text: str) -> str:
    if text not in TILES:
        raise ValueError(
            f"write {' or '.join(TILES)}, or the address of another server as DISCOVERY_TILES_URL"
        )
    return text


def _origin(text: str) -> str:
    found = urlsplit(_url(text))
    if not found.hostname or found.path or found.query or found.fragment or "@" in found.netloc:
        raise ValueError(
            "write scheme and host alone, as https://search.example: the service has a host name of its own, "
            "and is not served under a path"
        )
    return f"{found.scheme}://{found.netloc.lower()}"


def _hosts(text: str) -> tuple[str, ...]:
    found = tuple(part.strip().lower() for part in text.split(",") if part.strip())
    for part in found:
        if not re.fullmatch(r"[a-z0-9_.-]+|\[[0-9a-f:.]+\]", part, re.ASCII):
            raise ValueError("write host names, without scheme and port, separated by commas")
    return found


def _proxies(text: str) -> tuple[str, ...]:
    found = tuple(part.strip() for part in text.split(",") if part.strip())
    for part in found:
        ip_network(part, strict=False)
    return found


def _rate(text: str) -> str:
    if text != "off" and not re.fullmatch(r"[1-9]\d{0,6}/(second|minute|hour|day)", text, re.ASCII):
        raise ValueError("write a number of requests and a time, such as 300/minute, or off")
    return text


def _prefix(text: str) -> str:
    if not text.replace("-", "").isalnum() or text != text.lower():
        raise ValueError("lower-case letters, digits and hyphens only")
    return text


def _flag(text: str) -> bool:
    values = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if text.lower() not in values:
        raise ValueError("write true or false")
    return values[text.lower()]


def _within(
    least: float, most: float, said: str, number: Callable[[str], float] = int
) -> Callable[[str], float]:
    def parsed(text: str) -> float:
        if (
            not re.fullmatch(_WHOLE if number is int else _DECIMAL, text, re.ASCII)
            or not least <= number(text) <= most
        ):
            raise ValueError(said)
        return number(text)

    return parsed


_days = _within(1, 3650, "write a number of days, 1 to 3650")
_port = _within(1, 65535, "write a port, from 1 to 65535")
_seconds = _within(0.05, 600, "write a number of seconds from 0.05 to 600", float)


def _mailbox(text: str) -> str:
    found = mailbox.parsed(text)
    if found is None:
        raise ValueError("write one e-mail address, as alerts@search.example")
    return found


def _smtp(text: str) -> str:
    if not _is_address(text, "smtp", "smtps", "smtp+starttls") or "@" in text:
        raise ValueError(
            "write smtps://host, smtp+starttls://host or, within a machine or network of yours, smtp://host, "
            "each with :port if it is another; the user stands in DISCOVERY_SMTP_USER"
        )
    return text


def _optional_path(text: str) -> Path | None:
    return Path(text).expanduser() if text else None


@dataclass(frozen=True, slots=True)
class Settings:
    """The variable of a field is `DISCOVERY_` + its name in capitals. Empty = not set."""

    home: Path = _setting(
        Path(".home"), "folder of the default store, the embedded index and the secret", Path
    )
    database_url: str = _setting(
        "", "SQLAlchemy address of the store; default: SQLite in the home folder"
    )
    engine: str = _setting(
        "embedded", "`embedded`, or Elasticsearch addresses separated by commas", _engine
    )
    engine_user: str = _setting(
        "", "user of Elasticsearch; its address may name it too (https://user:password@…)"
    )
    engine_password: str = _setting("", "that user's password")
    engine_api_key: str = _setting("", "API key of Elasticsearch, instead of a user")
    engine_ca: Path | None = _setting(
        None, "authority behind Elasticsearch's certificate, a PEM file", _optional_path
    )
    engine_timeout: float = _setting(3.0, "seconds that Elasticsearch has for an answer", _seconds)
    broker_url: str = _setting("", "Celery broker; none = `indexer worker` polls by itself")
    metrics_port: int | None = _setting(
        None, "port of the indexer's gauges, on every address; none = not told", _port
    )
    redis_url: str = _setting("", "Redis for shared rate limits; none = counted in memory")
    mappings: Path | None = _setting(
        None,
        "folder of mappings of your own: files that differ from the packaged ones, or all",
        _optional_path,
    )
    index_prefix: str = _setting("suppliers", "first part of the names of indices", _prefix)
    tiles: str = _setting(
        "", "map tiles by one word: plan-ign or osm; none = outlines of our own", _tiles
    )
    tiles_url: str = _setting("", "map tiles of another server, in place of DISCOVERY_TILES")
    tiles_attribution: str = _setting(
        "", "whose tiles they are, as their licence asks; addresses in it become links"
    )
    keys: Path | None = _setting(
        None, "file of widget keys; default: keys.json in the home folder", _optional_path
    )
    sample: bool = _setting(False, "true: every page says that the suppliers are invented", _flag)
    scope: str = _setting(
        "", "what is open, as region=84,93 sector=hygiene-et-proprete; none = everything"
    )
    report_to: str = _setting(
        "", "e-mail address that mistakes in profiles are told to; none = no such link"
    )
    security_contact: str = _setting(
        "",
        "e-mail address for reports of weaknesses, told at /.well-known/security.txt; none = not told",
        _mailbox,
    )
    public_url: str = _setting(
        "", "address under which the service is seen from outside: scheme and host", _origin
    )
    trusted_hosts: tuple[str, ...] = _setting(
        (),
        "host names under which it may be asked as well, and no others; none = under any",
        _hosts,
    )
    trusted_proxies: tuple[str, ...] = _setting(
        (), "networks whose X-Forwarded-For is believed", _proxies
    )
    rate_limit: str = _setting("300/minute", "requests of one address to the API, or off", _rate)
    rate_limit_suggest: str = _setting(
        "1200/minute", "the same for suggestions, asked at every letter", _rate
    )
    rate_limit_export: str = _setting("20/minute", "the same for exports", _rate)
    rate_limit_needs: str = _setting(
        "30/minute", "the same for needs, sent as text, lots or notices", _rate
    )
    rate_limit_programme: str = _setting(
        "12/minute", "the same for purchasing programmes, sent as spreadsheets", _rate
    )
    rate_limit_pages: str = _setting("300/minute", "the same for pages", _rate)
    rate_limit_time: str = _setting(
        "15/minute", "seconds of processor time of one address, or off", _rate
    )
    rate_limit_key: str = _setting(
        "6000/minute", "requests of all visitors of a key without its own limit", _rate
    )
    rate_limit_exempt: tuple[str, ...] = _setting(
        ("127.0.0.0/8", "::1/128"),
        "networks that are not counted; default: this machine itself",
        _proxies,
    )
    rate_limit_alerts: str = _setting(
        "20/hour", "the same for e-mail alerts: asking for one, confirming, ending", _rate
    )
    metrics_token: str = _setting("", "opens /metrics to who sends it; none = to this machine only")
    relevance_token: str = _setting("", "opens the analysts' workbench; none = closed")
    query_log: bool = _setting(
        False, "true: the log keeps the words of searches, personal data masked", _flag
    )
    assistants: bool = _setting(
        False, "true: assistants may ask at /mcp (Model Context Protocol; extra `mcp`)", _flag
    )
    log_days: int = _setting(30, "days that logs are kept, as the privacy page states them", _days)
    alerts: Path | None = _setting(
        None,
        "folder in which the service hands e-mail alerts over to the indexer; none = not offered",
        _optional_path,
    )
    alerts_from: str = _setting(
        "", "e-mail address that alerts are sent from, and bounces go to", _mailbox
    )
    alerts_service: str = _setting(
        "",
        "where the indexer asks the service what is followed; default: DISCOVERY_PUBLIC_URL",
        _url,
    )
    smtp: str = _setting(
        "", "mail server of alerts, as smtps://host or smtp+starttls://host:587", _smtp
    )
    smtp_user: str = _setting("", "user of the mail server; none = it asks for none")
    smtp_password: str = _setting("", "that user's password")
    notices: Path | None = _setting(
        None, "folder whose legal.fr.html and others replace ours", _optional_path
    )
    secret_key: str = _setting("", "signs cursors; default: made once in the home folder")

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> "Settings":
        """Read `DISCOVERY_*`. Raises SettingsError, which lists every variable that can't be read,
        at once.
        """
        env = os.environ if env is None else env
        values: dict[str, Any] = {}
        faults = []
        for item in fields(cls):
            variable = variable_of(item.name)
            try:
                raw = secrets.given(
                    variable, env, secret=item.name in secrets.OPAQUE | secrets.HOLDING
                )
            except ValueError as error:
                faults.append(str(error))
                continue
            if not raw:
                continue
            try:
                values[item.name] = item.metadata["parse"](raw)
            except ValueError as error:
                faults.append(f"{variable}={secrets.masked_value(item.name, raw)}: {error}")
        if faults:
            raise SettingsError("\n".join(faults))
        return cls(**values)

    @property
    def tiles_from(self) -> tuple[str, str]:
        """Address of map tiles, and whose they are; both empty when there are none."""
        return (
            (self.tiles_url, self.tiles_attribution)
            if self.tiles_url
            else TILES.get(self.tiles, ("", ""))
        )

    @property
    def store_url(self) -> str:
        return self.database_url or f"sqlite:///{self.home.resolve() / 'store.sqlite'}"

    @property
    def index_path(self) -> Path:
        return self.home / "index"

    @property
    def keys_path(self) -> Path:
        return self.keys or self.home / "keys.json"

    @property
    def embedded(self) -> bool:
        return self.engine == "embedded"

    @property
    def hosts(self) -> frozenset[str]:
        """Host names that are ours for certain."""
        public = urlsplit(self.public_url).netloc.lower()
        return frozenset(self.trusted_hosts) | (
            {re.sub(r":\d+$", "", public)} if public else frozenset()
        )

    def describe(self) -> Iterator[tuple[str, str, str]]:
        """(variable, what it resolves to with secrets hidden, what it is for), in order."""
        for item in fields(self):
            value = getattr(self, item.name)
            if item.name == "database_url":
                value = self.store_url
            text = (
                ", ".join(value)
                if isinstance(value, tuple)
                else ""
                if value is None
                else str(value)
            )
            yield (
                variable_of(item.name),
                secrets.masked_value(item.name, text) if text else "-",
                item.metadata["about"],
            )

    def secret(self) -> str:
        """The signing secret: given, or made once in the home folder (readable by its owner only).

        Raises OSError when it can't be made, SettingsError when what is there is none.
        """
        if self.secret_key:
            return self.secret_key
        try:
            return secrets.made_once(self.home / "secret")
        except ValueError as error:
            raise SettingsError(str(error)) from None


def variable_of(name: str) -> str:
    """The variable of a setting: "home" → "DISCOVERY_HOME"."""
    return f"DISCOVERY_{name.upper()}"


PREFIX = variable_of("")
ALIKE = 0.7
"""difflib's ratio from which a name is meant for another."""


def variables() -> list[str]:
    names = [item.name for item in fields(Settings)]
    return [
        *map(variable_of, names),
        *(variable_of(name) + FILE_SUFFIX for name in names if name in OPAQUE | HOLDING),
    ]


def misspelt(given: Iterable[str]) -> Iterator[str]:
    """A line for each name of the environment that begins as ours do and is none, with the one that
    comes near.
    """
    known = [name.removeprefix(PREFIX) for name in variables()]
    for name in sorted(set(given)):
        ours = name.removeprefix(PREFIX)
        if name.startswith(PREFIX) and ours not in known:
            near = get_close_matches(ours, known, n=1, cutoff=ALIKE)
            remedy = (
                f"did you mean {PREFIX}{near[0]}?"
                if near
                else "`discovery config check` lists them all"
            )
            yield f"{name} is not a setting, and is ignored: {remedy}"


_HEAD = f"""\
# Settings

Made by `discovery config reference` from `discovery/mappings/settings.py`; a test holds it to that. All come from the
environment, and each has a default that works on a laptop; empty is not set. `discovery config check` says what each
resolves to and what is wrong with it; nothing starts on a value that can't be read. A variable with a 🔑 may stand in
a file instead, named by the variable with `{FILE_SUFFIX}` behind it.

| variable | default | what it is |
|---|---|---|
"""


def page() -> str:
    """The reference of settings, in Markdown."""
    return _HEAD + "".join(f"{line}\n" for line in _rows())


def _rows() -> Iterator[str]:
    for item in fields(Settings):
        assert item.default is not MISSING
        secret = " 🔑" if item.name in OPAQUE | HOLDING else ""
        about = str(item.metadata["about"]).replace("|", "\\|")
        yield f"| `{variable_of(item.name)}`{secret} | {_shown(item.default)} | {about} |"


def _shown(default: Any) -> str:
    if default in (None, "", ()):
        return ""
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    return f"`{', '.join(default) if isinstance(default, tuple) else default}`"


def absent(variable: str, what: str, extra: str) -> str:
    """The line for people about a package that is not there, and how to install it. `extra`: its
    name in `pyproject.toml`.
    """
    return f"{variable}: {what} is not installed: pip install 'inclusive-discovery[{extra}]'"


def missing(settings: Settings) -> Iterator[str]:
    """A line for each setting that needs a package which is not there."""
    for variable, address in (
        ("DISCOVERY_REDIS_URL", settings.redis_url),
        ("DISCOVERY_BROKER_URL", settings.broker_url),
    ):
        if address.startswith(("redis:", "rediss:")) and find_spec("redis") is None:
            yield absent(variable, "Redis' client", "redis")
    if (
        settings.database_url.startswith(("postgresql:", "postgresql+psycopg:"))
        and find_spec("psycopg") is None
    ):
        yield absent("DISCOVERY_DATABASE_URL", "PostgreSQL's client", "postgresql")
    if not settings.embedded and find_spec("elasticsearch") is None:
        yield absent("DISCOVERY_ENGINE", "Elasticsearch's client", "elasticsearch")
