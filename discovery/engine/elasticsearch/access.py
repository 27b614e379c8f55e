"""How a cluster lets us in: from the settings to the client's options. Pure but for reading the certificates."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from discovery.config import Settings, SettingsError

_PORTS = {"http": 9200, "https": 443}


@dataclass(frozen=True, slots=True)
class Access:
    """A user with a password, or an API key, or neither; certificates to trust beside the system's. Shows no secret."""

    user: str = ""
    password: str = field(default="", repr=False)
    api_key: str = field(default="", repr=False)
    ca: Path | None = None

    def options(self) -> dict[str, Any]:
        """The keyword arguments of Elasticsearch's client."""
        found: dict[str, Any] = {}
        if self.user:
            found["basic_auth"] = (self.user, self.password)
        if self.api_key:
            found["api_key"] = self.api_key
        if self.ca is not None:
            found["ca_certs"] = str(self.ca)
        return found


def access(settings: Settings) -> tuple[list[str], Access]:
    """The addresses, freed from the user that one may hold, and the way in. Raises SettingsError when it can't be
    meant.

    A cluster has one user for all its nodes, so an address that names one does for the others.
    """
    urls, named = [], set[tuple[str, str]]()
    for url in settings.engine_urls:
        parts = urlsplit(url)
        if parts.username:
            named.add((unquote(parts.username), unquote(parts.password or "")))
        urls.append(with_port(urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))))
    if settings.engine_user:
        named.add((settings.engine_user, settings.engine_password))
    if len(named) > 1:
        raise SettingsError("DISCOVERY_ENGINE, DISCOVERY_ENGINE_USER: they name different users; name one, once")
    if settings.engine_password and not settings.engine_user:
        raise SettingsError("DISCOVERY_ENGINE_PASSWORD: set without DISCOVERY_ENGINE_USER; set both, or neither")
    if named and settings.engine_api_key:
        raise SettingsError("DISCOVERY_ENGINE_API_KEY: set beside a user; keep the key or the user, not both")
    user, password = next(iter(named), ("", ""))
    return urls, Access(user, password, settings.engine_api_key, _certificates(settings.engine_ca))


def with_port(url: str) -> str:
    """The client wants every address to name its port."""
    parts = urlsplit(url.strip().rstrip("/"))
    if parts.port is not None or parts.scheme not in _PORTS:
        return url.strip().rstrip("/")
    return urlunsplit(parts._replace(netloc=f"{parts.netloc}:{_PORTS[parts.scheme]}"))


def _certificates(file: Path | None) -> Path | None:
    """Read once, so that a file that is none is told at start rather than at the first search."""
    if file is None:
        return None
    try:
        ssl.create_default_context(cafile=file)
    except ssl.SSLError:
        raise SettingsError(f"DISCOVERY_ENGINE_CA={file}: holds no certificate in PEM; name the authority's") from None
    except OSError as error:
        raise SettingsError(f"DISCOVERY_ENGINE_CA={file}: {error.strerror}; name the authority's file") from None
    return file
