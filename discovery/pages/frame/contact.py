"""Ways to reach a supplier: addresses that the visitor's own programs open. Pure; nothing is sent or kept here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from discovery.texts import Translate

REGISTER = "https://annuaire-entreprises.data.gouv.fr/etablissement/"
"""The public register of companies, by SIRET."""
DIRECTIONS = "https://www.openstreetmap.org/directions?to="
"""A map that finds the way to "latitude,longitude", from where its reader says."""
MAX_TEXT = 1_200
"""Characters of a letter's body: programs refuse addresses of some thousands."""


@dataclass(frozen=True, slots=True)
class Way:
    """`name`: phone, email, website. `text`: as people read it."""

    name: str
    label: str
    text: str
    url: str


def ways(shown: Mapping[str, Any], contact: Mapping[str, Any] | None, t: Translate) -> list[Way]:
    """The ways to reach a presented supplier: those that are public."""
    held = contact or {}
    found = []
    if phone := held.get("phone"):
        found.append(Way("phone", t("supplier.phone"), phone, f"tel:{phone.replace(' ', '')}"))
    if email := held.get("email"):
        found.append(Way("email", t("supplier.email"), email, f"mailto:{quote(email, safe='@')}"))
    if website := shown["website"]:
        found.append(Way("website", t("supplier.website"), bare(website), website))
    return found


def bare(website: str) -> str:
    """An address as people write it."""
    return website.partition("://")[2].removeprefix("www.").rstrip("/")


def quote_request(emails: Iterable[str], need: str, t: Translate, place: str = "") -> str:
    """A letter that asks for a quote, to one or to several who do not see each other; "" without an address. `place`:
    where it is needed, as far as it is known."""
    to = list(dict.fromkeys(emails))
    if not to:
        return ""
    body = t("supplier.quote_body", need=need or "…", place=place or "…")
    if len(to) == 1:
        return letter(to[0], t("supplier.quote_subject"), body)
    return letter("", t("supplier.quote_subject"), body, bcc=to)


def letter(to: str, subject: str, body: str, bcc: Iterable[str] = ()) -> str:
    """A `mailto:` address; line ends as RFC 6068 has them."""
    hidden = ",".join(quote(one, safe="@") for one in bcc)
    parts = {"subject": quote(subject), "body": quote(body[:MAX_TEXT].replace("\n", "\r\n"))}
    fields = [*([f"bcc={hidden}"] if hidden else []), *(f"{name}={value}" for name, value in parts.items())]
    return f"mailto:{quote(to, safe='@')}?{'&'.join(fields)}"


def directions(location: Mapping[str, Any] | None) -> str:
    """The address of directions to a place; "" where it is not known."""
    return f"{DIRECTIONS}{location['lat']},{location['lon']}" if location else ""


def register(siret: str | None, *, invented: bool) -> str:
    """The establishment's page in the register; "" without a number, or for one that is invented."""
    return f"{REGISTER}{siret}" if siret and not invented else ""
