"""Suppliers by name or number, as the engine found them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from discovery.engine.port import Document
from discovery.gazetteer import Gazetteer, Place, normalise
from discovery.suggest.model import Fit, Suggestion

_SUPPLIER, _COMPLETE = 0.1, 0.2
"""Of the score: for any supplier, and in proportion to its profile's completeness."""


def suggestions(
    q: str, found: Iterable[Document], gazetteer: Gazetteer, fit: Fit | None = None
) -> Iterator[Suggestion]:
    """One for each document; the whole phrase is its name in the making. `fit` None = by its names."""
    for document in found:
        public = document["public"]
        name = public.get("brand") or public.get("name") or document["id"]
        own = fit or _fit(q, (name, public.get("name") or "", public.get("siret") or ""))
        town = _town(document, public, gazetteer)
        number = public.get("siret") if "".join(q.split()).isdigit() else None
        yield Suggestion(
            type="supplier",
            value=document["id"],
            label=name,
            detail=" · ".join(part for part in (document["kind"], town, number) if part),
            name=name,
            start=0,
            score=own + _SUPPLIER + _COMPLETE * document.get("completeness", 0) / 100,
            slug=public.get("slug") or document["id"],
        )


def _fit(q: str, names: Iterable[str]) -> Fit:
    typed = normalise(q)
    digits = typed.replace(" ", "")
    best = Fit.INSIDE
    for name in names:
        key = normalise(name)
        if key in (typed, digits):
            return Fit.WHOLE
        if key.startswith(typed) or (digits.isdigit() and key.startswith(digits)):
            best = Fit.START
    return best


def _town(document: Document, public: Document, gazetteer: Gazetteer) -> str:
    if commune := document.get("commune"):
        return gazetteer.label(Place("commune", commune))
    return str((public.get("address") or {}).get("city") or "")
