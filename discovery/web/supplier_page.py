"""One supplier's profile → what its page shows. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from discovery.web.urls import PageUrls

SIMILAR_KM = 50
"""Distance within which similar suppliers are looked for."""
MOST_SIMILAR = 3
"""Sectors that a link to similar suppliers names."""


def profile(supplier: Mapping[str, Any], urls: PageUrls) -> dict[str, Any]:
    """The profile with its addresses: similar suppliers, other suppliers of the kind."""
    return {
        "supplier": supplier,
        "siret": spaced(supplier["siret"]) if supplier["siret"] else "",
        "phone": (supplier.get("contact") or {}).get("phone") or "",
        "similar": similar(supplier, urls),
        "score": (supplier.get("completeness") or {}).get("score"),
    }


def similar(supplier: Mapping[str, Any], urls: PageUrls) -> str:
    """A search of suppliers of the same sectors, around this one when its commune is known; "" without sectors."""
    sectors = list(dict.fromkeys(one["sector"] for one in supplier["activities"]))[:MOST_SIMILAR]
    if not sectors:
        return ""
    commune = supplier["address"]["commune"]
    where = {"near": f"commune:{commune}", "radius": SIMILAR_KM} if commune else {}
    return urls.change({"sector": sectors, **where})


def spaced(siret: str) -> str:
    """ "78467169500103" → "784 671 695 00103", as it is written on paper, unbreakable."""
    return "\u00a0".join(part for part in (siret[:3], siret[3:6], siret[6:9], siret[9:]) if part)
