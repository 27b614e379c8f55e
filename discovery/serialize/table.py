"""Hits as rows of a table: the public fields that people compare in a spreadsheet. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from discovery.config.vocabulary import LANGS
from discovery.engine.port import Hit
from discovery.locales import section, t
from discovery.schema.attributes import CODED
from discovery.serialize.list_titles import title_key
from discovery.serialize.supplier import Names, profile

Value = str | int | float | None
Row = list[Value]


_CODES = {one.field: one for one in CODED}
COLUMNS: Mapping[str, str] = {
    name: title_key("label.column", _CODES[name]) if name in _CODES else f"label.column.{name}"
    for column in section("label.column", LANGS[0])
    for name in (_CODES if column in _CODES else (column,))
}
"""Name → key of its title. Lists of codes stand together, where the first of them does."""


def headers(lang: str, columns: Iterable[str] = COLUMNS) -> list[str]:
    """The names of columns, for people. `columns`: those wanted of `COLUMNS`, in their order."""
    return [t(COLUMNS[name], lang) for name in columns]


def row(hit: Hit, names: Names, lang: str, columns: Iterable[str] = COLUMNS) -> Row:
    """One supplier as a row, in the order of the headers."""
    shown = profile(hit.document["public"], names, lang)
    address, location = shown["address"], shown["location"] or {}
    contact = shown["contact"] or {}
    values: dict[str, Value] = {
        **{name: shown[name] for name in ("id", "display_name", "name", "siret", "kind", "kind_label")},
        **{name: shown[name] for name in ("website", "employees", "year_founded", "updated_at", "description", "url")},
        **{name: address[name] for name in ("street", "post_code", "city", "department_name", "region_name")},
        "lat": location.get("lat"),
        "lon": location.get("lon"),
        "distance_km": None if hit.distance_km is None else round(hit.distance_km, 2),
        "sectors": _joined(one["label"] for one in shown["activities"]),
        "service_types": _joined(one["label"] for each in shown["activities"] for one in each["service_types"]),
        **{one.field: _labels(shown[one.field]) for one in CODED},
        "email": contact.get("email"),
        "phone": contact.get("phone"),
    }
    return [values[name] for name in columns]


def _labels(terms: Iterable[Mapping[str, Any]]) -> str:
    return _joined(term["label"] for term in terms)


def _joined(texts: Iterable[str]) -> str:
    return " | ".join(dict.fromkeys(texts))
