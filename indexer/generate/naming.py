"""Invented names, addresses and numbers that can be no one's."""

from __future__ import annotations

import unicodedata
from typing import Any

from indexer.generate.draws import Draws
from indexer.generate.material import Material
from indexer.intake.siret import luhn_digit

FIRST, COUNT, STRIDE = 200_000, 300_000, 137_593
"""SIREN 002 000 00x to 004 999 99x. No unit of the Sirene register lies between 001 807 254 and 005 410 220: they are
the second and third of its stock file, which holds every SIREN since 1973. The stride, prime to the count, scatters
neighbours and meets each number once."""

# Telephone numbers kept for works of fiction (Arcep, decision 2022-1583, numbers for audiovisual use).
PHONES = ("01 99 00", "02 61 91", "03 53 01", "04 65 71", "05 36 49", "06 39 98")
DOMAIN = "example"
"""RFC 2606: a top-level domain that will never exist."""


def siret(index: int, seed: int) -> str:
    """A SIRET valid by Luhn, in a range that no one holds; a different SIREN for each of 300,000 suppliers."""
    body = f"00{FIRST + (index * STRIDE + seed * 7_919) % COUNT}"
    establishment = body + luhn_digit(body) + f"{1 + index // COUNT:04d}"
    return establishment + luhn_digit(establishment)


def name(material: Material, kind: str, group: str, draws: Draws) -> str:
    """An invented name: a head and a complement, or a coined word; sometimes with the kind's letters before it."""
    names = material.names
    if draws.chance(0.18):
        made = coined(material, draws)
    else:
        head = draws.pick(names["group_heads"][group] if draws.chance(0.45) else names["heads"])
        made = f"{head} {draws.pick(names['complements'])}"
    letters = {"ESAT": 0.6, "GEIQ": 0.8, "EA": 0.15}.get(kind, 0.0)
    return f"{kind} {made}" if draws.chance(letters) else made


def coined(material: Material, draws: Draws) -> str:
    """A word of two invented halves: `Solival`."""
    return str(draws.pick(material.names["coined_first"]) + draws.pick(material.names["coined_last"]))


def street(material: Material, draws: Draws) -> str:
    """An invented number and street."""
    return f"{draws.between(1, 98)} {draws.pick(material.names['streets'])}"


def slug(text: str) -> str:
    """A name in small letters without accents, its words joined by hyphens."""
    folded = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode("ascii")
    return "-".join("".join(letter if letter.isalnum() else " " for letter in folded).split())


def contact(shown_name: str, index: int, draws: Draws) -> dict[str, Any]:
    """Invented website, e-mail and telephone, each there or not."""
    host = f"{slug(shown_name)}-{index}.{DOMAIN}"
    found: dict[str, Any] = {}
    if draws.chance(0.6):
        found["website"] = f"https://www.{host}"
    if draws.chance(0.7):
        found["email"] = f"contact@{host}"
    if draws.chance(0.7):
        found["phone"] = f"{draws.pick(PHONES)} {draws.between(0, 99):02d} {draws.between(0, 99):02d}"
    if "email" in found or "phone" in found:
        found["contact_public"] = draws.chance(0.5)
    return found
