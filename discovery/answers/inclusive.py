"""A list that was checked → JSON, and rows of a sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from discovery.answers.files import Row
from discovery.answers.supplier import Names, card, label
from discovery.inclusive.check import Checked, Status
from discovery.locales import t

COLUMNS = ("given", "status", "name", "kind", "siret", "city", "sectors", "source", "url")


def body(found: Sequence[Checked], names: Names, lang: str) -> dict[str, Any]:
    """A checked list as JSON: how many are inclusive, and each in its order."""
    yes = sum(one.status is Status.YES for one in found)
    return {
        "asked": len(found),
        "inclusive": yes,
        "to_confirm": sum(one.status in {Status.COMPANY, Status.NAME} for one in found),
        "percent": round(100 * yes / len(found), 1) if found else 0.0,
        "results": [_checked(one, names, lang) for one in found],
    }


def _checked(one: Checked, names: Names, lang: str) -> dict[str, Any]:
    return {
        "given": one.asked.given,
        "number": one.asked.number or None,
        "status": one.status.value,
        "said": t(f"inclusive.said_{one.status.value}", lang),
        "suppliers": [_supplier(each["public"], names, lang) for each in one.suppliers],
    }


def _supplier(public: Mapping[str, Any], names: Names, lang: str) -> dict[str, Any]:
    vocabulary = names.vocabulary
    shown = card(public, names, lang)
    sectors = {**vocabulary.sector_groups, **vocabulary.sectors}
    declared = dict.fromkeys(one["sector"] for one in public.get("activities") or ())
    told = dict.fromkeys(one["sector"] for one in public.get("evidence") or () if one["sector"] not in declared)
    sources = [one["source"] for one in public.get("provenance") or ()]
    kept = ("id", "siret", "name", "display_name", "kind", "kind_label", "kind_group", "address", "certifications")
    return {
        **{name: shown[name] for name in (*kept, "url")},
        "sectors": [{"slug": one, "label": label(one, sectors, lang)} for one in declared],
        "inferred_sectors": [{"slug": one, "label": label(one, sectors, lang)} for one in told],
        "updated_at": public.get("updated_at"),
        "sources": [{"slug": one, "label": label(one, vocabulary.sources, lang)} for one in sources],
    }


def headers(lang: str) -> list[str]:
    """The names of the sheet's columns."""
    return [t(f"inclusive.column.{name}", lang) for name in COLUMNS]


def rows(answer: Mapping[str, Any]) -> Iterator[Row]:
    """A row for each supplier, and for each that has none."""
    for one in answer["results"]:
        for each in one["suppliers"] or [None]:
            yield [one["given"], one["said"], *(_cells(each) if each else [""] * (len(COLUMNS) - 2))]


def _cells(one: Mapping[str, Any]) -> Row:
    sectors = [each["label"] for each in (*one["sectors"], *one["inferred_sectors"])]
    sources = ", ".join(each["label"] for each in one["sources"])
    city = one["address"]["city"] or ""
    return [one["display_name"], one["kind"], one["siret"] or "", city, " | ".join(sectors), sources, one["url"]]
