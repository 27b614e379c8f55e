"""A list that was checked → JSON, and rows of a sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, TypedDict, cast

from discovery.answers.files import Row
from discovery.answers.supplier import Address, Labelled, Names, card, slugs
from discovery.desk.suppliers import Checked, Status
from discovery.texts import t

COLUMNS = ("given", "status", "name", "kind", "siret", "city", "sectors", "source", "url")
_OF_A_CARD = (
    "id", "siret", "name", "display_name", "kind", "kind_label", "kind_group", "address", "certifications", "url",
)  # fmt: skip


class CheckedSupplier(TypedDict):
    id: str
    siret: str | None
    name: str
    display_name: Annotated[str, "The brand when there is one."]
    kind: str
    kind_label: str
    kind_group: str
    address: Address
    certifications: list[Labelled]
    url: Annotated[str, "Its page."]
    sectors: Annotated[list[Labelled], "Declared."]
    inferred_sectors: Annotated[list[Labelled], "Of which there is evidence."]
    updated_at: Annotated[str | None, "Date."]
    sources: Annotated[list[Labelled], "Who lists it."]


class CheckedOne(TypedDict):
    given: Annotated[str, "As it was sent."]
    number: Annotated[str | None, "The SIRET or SIREN read in it."]
    status: Annotated[
        str,
        "`yes`; `company`: another establishment of its company is; `name`: one of that name is; `no`: not known.",
        {"enum": [each.value for each in Status]},
    ]
    said: Annotated[str, "The same, to show to people."]
    suppliers: list[CheckedSupplier]


class CheckAnswer(TypedDict):
    asked: int
    inclusive: Annotated[int, "`yes` alone."]
    to_confirm: Annotated[int, "`company` and `name`."]
    percent: Annotated[float, "`inclusive` of `asked`."]
    results: list[CheckedOne]


def body(found: Sequence[Checked], names: Names, lang: str) -> CheckAnswer:
    """A checked list as JSON: how many are inclusive, and each in its order."""
    yes = sum(one.status is Status.YES for one in found)
    return {
        "asked": len(found),
        "inclusive": yes,
        "to_confirm": sum(one.status in {Status.COMPANY, Status.NAME} for one in found),
        "percent": round(100 * yes / len(found), 1) if found else 0.0,
        "results": [
            {
                "given": one.asked.given,
                "number": one.asked.number or None,
                "status": one.status.value,
                "said": t(f"inclusive.said_{one.status.value}", lang),
                "suppliers": [_supplier(each["public"], names, lang) for each in one.suppliers],
            }
            for one in found
        ],
    }


def _supplier(public: Mapping[str, Any], names: Names, lang: str) -> CheckedSupplier:
    vocabulary = names.vocabulary
    shown: Mapping[str, Any] = card(public, names, lang)
    sectors = {**vocabulary.sector_groups, **vocabulary.sectors}
    declared = dict.fromkeys(one["sector"] for one in public.get("activities") or ())
    inferred = dict.fromkeys(one["sector"] for one in public.get("evidence") or () if one["sector"] not in declared)
    sources = [one["source"] for one in public.get("provenance") or ()]
    checked = {
        **{name: shown[name] for name in _OF_A_CARD},
        "sectors": slugs(declared, sectors, lang),
        "inferred_sectors": slugs(inferred, sectors, lang),
        "updated_at": public.get("updated_at"),
        "sources": slugs(sources, vocabulary.sources, lang),
    }
    return cast(CheckedSupplier, checked)


def headers(lang: str) -> list[str]:
    """The names of the sheet's columns."""
    return [t(f"inclusive.column.{name}", lang) for name in COLUMNS]


def rows(answer: CheckAnswer) -> Iterator[Row]:
    """A row for each supplier, and for each that has none."""
    for one in answer["results"]:
        for cells in [*map(_cells, one["suppliers"])] or [[""] * (len(COLUMNS) - 2)]:
            yield [one["given"], one["said"], *cells]


def _cells(one: CheckedSupplier) -> Row:
    sectors = [each["label"] for each in (*one["sectors"], *one["inferred_sectors"])]
    sources = ", ".join(each["label"] for each in one["sources"])
    city = one["address"]["city"] or ""
    return [one["display_name"], one["kind"], one["siret"] or "", city, " | ".join(sectors), sources, one["url"]]
