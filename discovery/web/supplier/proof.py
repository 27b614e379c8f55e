"""What others tell of a supplier, as its page shows it: contracts won, jobs it hires for, and who says so. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from discovery.locales import Translate, day, written


def proof(supplier: Mapping[str, Any], lang: str, t: Translate) -> dict[str, Any]:
    """What the page tells of it. `headline`: how many contracts since when; `facts`: (what, details); `sectors`:
    what is inferred. Empty lists and "" where nothing is told."""
    facts = [
        *((one["object"] or one["cpv"], _details(one, lang, t)) for one in supplier["contracts"]),
        *((t("supplier.hires", job=one["title"] or one["rome"]), _from(one, lang, t)) for one in supplier["jobs"]),
    ]
    declared = {one["sector"] for one in supplier["activities"]}
    inferred = [one["label"] for one in supplier["evidence"] if one["sector"] not in declared]
    return {
        "headline": headline(supplier["contracts"], t),
        "facts": facts,
        "sectors": ", ".join(dict.fromkeys(inferred)),
    }


def headline(contracts: list[Mapping[str, Any]], t: Translate) -> str:
    """ "3 marchés publics depuis 2024, dont 1 réservé"; "" without a contract."""
    if not contracts:
        return ""
    years = sorted(one["date"][:4] for one in contracts if one["date"])
    told = t("supplier.proof", count=len(contracts))
    if years:
        told = t("supplier.proof_in" if len(contracts) == 1 else "supplier.proof_since", proof=told, year=years[0])
    reserved = sum(one["reserved"] is True for one in contracts)
    return t("supplier.proof_reserved", proof=told, count=reserved) if reserved else told


def _details(one: Mapping[str, Any], lang: str, t: Translate) -> str:
    amount = f"{written(one['amount'], lang)} €" if one["amount"] is not None else ""
    reserved = t("supplier.reserved") if one["reserved"] else ""
    return ", ".join(filter(None, (one["buyer"], amount, reserved, _from(one, lang, t))))


def _from(one: Mapping[str, Any], lang: str, t: Translate) -> str:
    """ "d'après les emplois de l'inclusion, 12 novembre 2026"."""
    source = t("supplier.from_source", source=one["source_label"]) if one["source_label"] else ""
    return ", ".join(filter(None, (source, day(one["date"], lang) if one["date"] else "")))
