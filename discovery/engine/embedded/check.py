"""Documents held against the mapping: what Elasticsearch would refuse is refused here, with a reason for people."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from discovery.engine import instants
from discovery.engine.json_safety import no_number
from discovery.errors import DiscoveryError

SINGLE = frozenset(
    {"id", "slug", "siret", "siren", "name_key", "fingerprint", "activities.sector", "activities.sector_group"}
    | {"activities.scope"}
)
"""Keyword fields that take one value; the others take one or a list, as in Elasticsearch."""


class InvalidDocumentError(DiscoveryError):
    """The document can't be indexed; the message says which field and why, for people."""


def shown(value: Any) -> str:
    """A value as an error message shows it."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def compiled(properties: Mapping[str, Any], prefix: str = "") -> Callable[[dict[str, Any]], None]:
    """A function that raises InvalidDocumentError for an object which is not of this mapping.

    Made once for a mapping, because every field of every document goes through it.
    """
    return partial(_object, {name: _rule(prefix + name, mapping) for name, mapping in properties.items()}, prefix)


def _object(rules: Mapping[str, Callable[[Any], None]], prefix: str, value: dict[str, Any]) -> None:
    for name, item in value.items():
        rule = rules.get(name)
        if rule is None:
            raise InvalidDocumentError(f"{prefix}{name}: no such field in the mapping, which is strict")
        if item is not None:
            rule(item)


def _rule(path: str, mapping: Mapping[str, Any]) -> Callable[[Any], None]:
    if mapping.get("enabled") is False:
        return partial(_stored, path)
    kind = mapping.get("type", "object")
    if kind == "nested":
        return partial(_nested, path, compiled(mapping["properties"], path + "."))
    kind = mapping.get("format", kind)
    if kind == "keyword" and path in SINGLE:
        return partial(_one_keyword, path)
    check = _CHECKS.get(kind)
    return partial(_unknown, path, kind) if check is None else partial(check, path)


def _unknown(path: str, kind: str, _: Any) -> None:
    raise InvalidDocumentError(f"{path}: the embedded engine knows no fields of type {kind!r}")


def _nested(path: str, check: Callable[[dict[str, Any]], None], value: Any) -> None:
    for number, inner in enumerate(value if isinstance(value, list) else [value]):
        if not isinstance(inner, dict):
            raise InvalidDocumentError(f"{path}[{number}]: expected an object, got {shown(inner)}")
        check(inner)


def _stored(path: str, value: Any) -> None:
    """Of what is only stored: no number that JSON does not have, which would come back as null."""
    if (found := no_number(value)) is not None:
        raise InvalidDocumentError(f"{path}: can't be stored as JSON: {found} is no number there")


def _one_keyword(path: str, value: Any) -> None:
    if not isinstance(value, str):
        raise InvalidDocumentError(f"{path}: expected text, got {shown(value)}")


def _keyword(path: str, value: Any) -> None:
    for item in value if isinstance(value, list) else (value,):
        if not isinstance(item, str):
            raise InvalidDocumentError(f"{path}: expected text, got {shown(item)}")


def _text(path: str, value: Any) -> None:
    for item in value if isinstance(value, list) else (value,):
        if not isinstance(item, str):
            raise InvalidDocumentError(f"{path}: expected text, got {shown(item)}")
        try:
            item.encode()
        except UnicodeEncodeError:
            raise InvalidDocumentError(f"{path}: holds half a character (a lone surrogate)") from None


def _integer(path: str, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not -(2**31) < value < 2**31:
        raise InvalidDocumentError(f"{path}: expected a whole number of 32 bits, got {shown(value)}")


def _boolean(path: str, value: Any) -> None:
    if not isinstance(value, bool):
        raise InvalidDocumentError(f"{path}: expected true or false, got {shown(value)}")


def _date(path: str, value: Any) -> None:
    try:
        if len(value) != 10:
            raise ValueError
        instants.days(value)
    except (TypeError, ValueError):
        raise InvalidDocumentError(f"{path}: expected a date such as 2026-03-01, got {shown(value)}") from None


def _instant(path: str, value: Any) -> None:
    try:
        instants.seconds(value)
    except (TypeError, ValueError):
        raise InvalidDocumentError(
            f"{path}: expected an instant such as 2026-03-01T09:30:00Z, got {shown(value)}"
        ) from None


def _point(path: str, value: Any) -> None:
    if not isinstance(value, dict) or value.keys() != {"lat", "lon"}:
        raise InvalidDocumentError(f'{path}: expected {{"lat": ..., "lon": ...}}, got {shown(value)}')
    for name, top in (("lat", 90), ("lon", 180)):
        degrees = value[name]
        if isinstance(degrees, bool) or not isinstance(degrees, int | float) or not math.isfinite(degrees):
            raise InvalidDocumentError(f"{path}.{name}: expected degrees, got {shown(degrees)}")
        if abs(degrees) > top:
            raise InvalidDocumentError(f"{path}.{name}: {degrees} is beyond {top} degrees")


_CHECKS: Mapping[str, Callable[[str, Any], None]] = {
    "keyword": _keyword,
    "text": _text,
    "integer": _integer,
    "boolean": _boolean,
    "strict_date": _date,
    "strict_date_time_no_millis": _instant,
    "geo_point": _point,
}
