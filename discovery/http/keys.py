"""Widget keys: their file, followed while the service runs; and `key=`, which says who a request is
for.

A key scopes and counts requests; it protects nothing, for the data is public and the key stands in
a page's source. An unknown key or another site's origin is refused; no key is welcome.
"""

import fcntl
import json
import os
import re
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Self, cast
from urllib.parse import urlsplit

from flask import g, request
from marshmallow import ValidationError
from marshmallow.validate import Length, OneOf, Range, Regexp

from discovery.answers.files import COLUMNS
from discovery.declared import Options, declared, schema_of
from discovery.engine.port import Filters
from discovery.http.problems import Details, Refused
from discovery.http.requests import note, policy_of
from discovery.mappings import SettingsError
from discovery.mappings.secrets import private_folder
from discovery.mappings.watched import WatchedFiles
from discovery.model.attributes import FILTERS
from discovery.search.query import InvalidQuery, Problem

ANYWHERE = "*"
"""As an origin: any."""
PREFIX = "wk_"
"""Of tokens, so that people and secret scanners know one when they see it."""

_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"(?:\*\.)?[a-z0-9.-]+|\[[0-9a-f:.]+\]", re.ASCII)


@declared()
class Key:
    """A widget's key, as the file keeps it.

    `hash`: SHA-256 of the token, in hexadecimal. `presets`: filter → its values, which always
    apply.

    `columns`: of exports that its site asks for, in their order; none = all. `per_minute`: requests
    that all visitors of the site may make together; None = the service's setting. `created`,
    `revoked`: UTC, ISO 8601; `revoked` "" = in use.
    """

    name: Annotated[str, Length(1, 100)]
    hash: Annotated[str, Regexp(r"^[0-9a-f]{64}\Z")]
    origins: Annotated[tuple[str, ...], Length(1)]
    presets: Mapping[Annotated[str, OneOf(FILTERS)], Annotated[tuple[str, ...], Length(1)]] = field(
        default_factory=dict
    )
    per_minute: Annotated[int | None, Range(1, 1_000_000), Options({"allow_none": True})] = None
    created: str = ""
    revoked: str = ""
    columns: tuple[Annotated[str, OneOf(tuple(COLUMNS))], ...] = ()

    def parsed(self) -> Self:
        """The key with its origins as browsers send them. Raises ValidationError for what is no
        origin.
        """
        try:
            return replace(self, origins=tuple(map(origin_of, self.origins)))
        except ValueError as error:
            raise ValidationError(str(error), "origins") from None

    @property
    def scope(self) -> Filters:
        """The suppliers that the site shows."""
        chosen: dict[str, Any] = dict(self.presets)
        return Filters(**chosen)

    def allows(self, origin: str) -> bool:
        """Whether a page of that origin may use the key. Requests without an origin are no page's
        script: allowed.
        """
        return not origin or any(_matches(origin, allowed) for allowed in self.origins)


def new_token() -> str:
    return PREFIX + secrets.token_urlsafe(24)


def hashed(token: str) -> str:
    """The hash that a token is kept as. 192 random bits need no slow one."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def origin_of(text: str) -> str:
    """An origin as browsers send it: lower case, no default port, no path. `https://*.example.org`
    stands for every host below. ValueError, with what to write instead.
    """
    if text == ANYWHERE:
        return text
    advice = "write it as https://www.example.org, https://*.example.org for all hosts below, or * for anywhere"
    try:
        parts = urlsplit(text.strip().lower())
        port = parts.port
    except ValueError:
        raise ValueError(f"“{text}” is no origin: {advice}") from None
    host = parts.netloc.rpartition(":")[0] if port is not None else parts.netloc.removesuffix(":")
    beyond = parts.path not in ("", "/") or parts.query or parts.fragment
    if parts.scheme not in _PORTS or not _HOST.fullmatch(host) or beyond:
        raise ValueError(f"“{text}” is no origin: {advice}")
    shown = f":{port}" if port is not None and port != _PORTS[parts.scheme] else ""
    return f"{parts.scheme}://{host}{shown}"


def _matches(origin: str, allowed: str) -> bool:
    if allowed == ANYWHERE:
        return True
    origin = origin.lower()
    scheme, wildcard, domain = allowed.partition("://*.")
    if not wildcard:
        return origin == allowed
    return origin.startswith(f"{scheme}://") and origin.endswith(f".{domain}")


@declared()
class KeyFile:
    """The file: every key, revoked ones too."""

    keys: tuple[Key, ...]


Keys = tuple[Key, ...]


class KeyFileError(SettingsError):
    """The file can't be used; the message names it, the place and what to do."""


def load(path: Path) -> Keys:
    """All keys, revoked ones too; none without a file. Raises KeyFileError."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFileError(
            f"{path}: can't be read ({error}); set DISCOVERY_KEYS to a file that can"
        ) from error
    try:
        return cast(KeyFile, schema_of(KeyFile)().loads(text)).keys
    except json.JSONDecodeError as error:
        raise KeyFileError(
            f"{path}:{error.lineno}: not JSON ({error.msg}); restore it, or remove it"
        ) from error
    except ValidationError as error:
        raise KeyFileError(
            f"{path}: {json.dumps(error.messages, ensure_ascii=False)}; correct or remove it"
        ) from error


@contextmanager
def edited(path: Path) -> Iterator[list[Key]]:
    """The keys as a list to change, written back at the end; two commands at once take turns.

    The file is replaced whole: a service reads the former keys or the new ones, never a half.
    """
    private_folder(path.parent)
    with path.with_name(path.name + ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        keys = list(load(path))
        yield keys
        body = (
            json.dumps({"keys": [asdict(key) for key in keys]}, ensure_ascii=False, indent=2) + "\n"
        )
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(
            os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
        ) as out:
            out.write(body)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(path)


class KeyRing:
    """The keys in use, followed as the file changes. Shared by threads, inherited by forked
    workers.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        """Raises KeyFileError when the file can't be used: said at start rather than at a first
        request.
        """
        self._file = WatchedFiles(lambda: [path], lambda: load(path), clock=clock)

    def find(self, token: str) -> Key | None:
        """The key of a token; None when there is none or it is revoked."""
        asked = hashed(token)
        return next(
            (key for key in self._file.current() if key.hash == asked and not key.revoked), None
        )


SHOWN = 60
"""Characters of an origin that are given back."""


def admitted(ring: KeyRing) -> Key | None:
    """The key of a request under the API; None when it names none. Refused for a key that does not
    serve here.
    """
    if request.method == "OPTIONS" or not policy_of(request.path).keyed:
        return None
    tokens = {token.strip() for token in request.args.getlist("key") if token.strip()}
    if not tokens:
        return None
    if len(tokens) > 1:
        raise InvalidQuery((Problem("key", "", "given_twice", {"parameter": "key"}),))
    key = ring.find(tokens.pop())
    if key is None:
        raise Refused(Details("unknown_key"))
    note(key=key.name)
    origin = request.headers.get("Origin", "")
    if not key.allows(origin):
        raise Refused(Details("wrong_origin", {"origin": origin[:SHOWN]}))
    return key


def current_key() -> Key | None:
    """The key that this request was made with; None without one."""
    found: Key | None = g.get("key")
    return found


def scope() -> tuple[Filters, ...]:
    """The suppliers that this request may find: those of its key's presets, all without a key."""
    key = current_key()
    return (key.scope,) if key and key.presets else ()
