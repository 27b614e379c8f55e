"""Widget keys: which site asks, from which origins, and which suppliers it shows. Pure.

A key scopes and counts requests; it protects nothing, for the data is public and the key stands in a page's source.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate

from discovery.answers.files import COLUMNS
from discovery.engine.port import Filters
from discovery.model.attributes import FILTERS

ANYWHERE = "*"
"""As an origin: any."""
PREFIX = "wk_"
"""Of tokens, so that people and secret scanners know one when they see it."""

_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"(?:\*\.)?[a-z0-9.-]+|\[[0-9a-f:.]+\]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Key:
    """A widget's key, as the file keeps it.

    `hash`: SHA-256 of the token, in hexadecimal. `presets`: filter → its values, which always apply.

    `columns`: of exports that its site asks for, in their order; none = all. `per_minute`: requests that all
    visitors of the site may make together; None = the service's setting. `created`, `revoked`: UTC, ISO 8601;
    `revoked` "" = in use.
    """

    name: str
    hash: str
    origins: tuple[str, ...]
    presets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    per_minute: int | None = None
    created: str = ""
    revoked: str = ""
    columns: tuple[str, ...] = ()

    @property
    def scope(self) -> Filters:
        """The suppliers that the site shows."""
        chosen: dict[str, Any] = dict(self.presets)
        return Filters(**chosen)

    def allows(self, origin: str) -> bool:
        """Whether a page of that origin may use the key. Requests without an origin are no page's script: allowed."""
        return not origin or any(_matches(origin, allowed) for allowed in self.origins)


def new_token() -> str:
    """A new secret token, to be shown once."""
    return PREFIX + secrets.token_urlsafe(24)


def hashed(token: str) -> str:
    """The hash that a token is kept as. 192 random bits need no slow one."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def find(token: str, keys: Iterable[Key]) -> Key | None:
    """The key of a token, revoked or not; compared in constant time, all of them."""
    asked, found = hashed(token), None
    for key in keys:
        if hmac.compare_digest(key.hash, asked):
            found = key
    return found


def origin_of(text: str) -> str:
    """An origin as browsers send it: lower case, no default port, no path. `https://*.example.org` stands for every
    host below. ValueError, with what to write instead."""
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


class KeySchema(Schema):
    """A key as the file holds it."""

    class Meta:
        unknown = RAISE

    name = fields.String(required=True, validate=validate.Length(1, 100))
    hash = fields.String(required=True, validate=validate.Regexp(r"^[0-9a-f]{64}\Z"))
    origins = fields.List(fields.String(), required=True, validate=validate.Length(1))
    presets = fields.Dict(
        keys=fields.String(validate=validate.OneOf(FILTERS)),
        values=fields.List(fields.String(), validate=validate.Length(1)),
        load_default=dict,
    )
    columns = fields.List(fields.String(validate=validate.OneOf(tuple(COLUMNS))), load_default=list)
    per_minute = fields.Integer(load_default=None, allow_none=True, strict=True, validate=validate.Range(1, 1_000_000))
    created = fields.String(load_default="")
    revoked = fields.String(load_default="")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Key:
        try:
            origins = tuple(origin_of(origin) for origin in data["origins"])
        except ValueError as error:
            raise ValidationError(str(error), "origins") from None
        presets = {name: tuple(values) for name, values in data["presets"].items()}
        return Key(**{**data, "origins": origins, "presets": presets, "columns": tuple(data["columns"])})


class KeyFileSchema(Schema):
    class Meta:
        unknown = RAISE

    keys = fields.List(fields.Nested(KeySchema), required=True)
