"""What others tell of a supplier, as its page shows it: contracts won, jobs it hires for, and who says so. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from discovery.search.days import day
from discovery.search.numbers import written
from discovery.web.render import Translate


def proof(supplier: Mapping[str, Any], lang: str, t: Translate) -> dict[str, Any]:
    """`headline`: how many contracts since when; `facts`: (what, details); `sectors`: what is inferred. Empty lists and
    "" where nothing is told."""
    facts = [
        *((one["object"] or one["cpv"], _details(one, lang, t)) for one in supplier["contracts"]),
        *((t("page.hires", job=one["title"] or one["rome"]), _from(one, lang, t)) for one in supplier["jobs"]),
    ]
    declared = {one["sector"] for one in supplier["activities"]}
    inferred = [one["label"] for one in supplier["evidence"] if one["sector"] not in declared]
    return {
        "headline": headline(supplier["contracts"], lang, t),
        "facts": facts,
        "sectors": ", ".join(dict.fromkeys(inferred)),
    }


def headline(contracts: list[Mapping[str, Any]], lang: str, t: Translate) -> str:
    """ "3 marchés publics depuis 2024, dont 1 réservé"; "" without a contract."""
    if not contracts:
        return ""
    count = written(len(contracts), lang)
    years = sorted(one["date"][:4] for one in contracts if one["date"])
    told = t("page.proof_one" if len(contracts) == 1 else "page.proof", count=count)
    if years:
        told = t("page.proof_in" if len(contracts) == 1 else "page.proof_since", proof=told, year=years[0])
    reserved = sum(one["reserved"] is True for one in contracts)
    if not reserved:
        return told
    return t("page.proof_reserved" if reserved == 1 else "page.proof_reserved_many", proof=told, count=reserved)


def _details(one: Mapping[str, Any], lang: str, t: Translate) -> str:
    amount = f"{written(one['amount'], lang)} €" if one["amount"] is not None else ""
    reserved = t("page.reserved") if one["reserved"] else ""
    return ", ".join(filter(None, (one["buyer"], amount, reserved, _from(one, lang, t))))


def _from(one: Mapping[str, Any], lang: str, t: Translate) -> str:
    """ "d'après les emplois de l'inclusion, 12 novembre 2026"."""
    source = t("page.from_source", source=one["source_label"]) if one["source_label"] else ""
    return ", ".join(filter(None, (source, day(one["date"], lang) if one["date"] else "")))
