"""Suggestions → JSON, by type. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any
from urllib.parse import quote

from discovery.locales import t
from discovery.suggest import Suggestion


def answer(
    q: str, found: Sequence[Suggestion], page: str, lang: str, scope: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Suggestions as JSON. `found`: those of one type side by side. `page`: address of suppliers' pages, to which
    the slug is added. `scope`: what is open, presented."""
    return {
        "q": q,
        "scope": scope,
        "groups": [
            {
                "type": type_,
                "label": t(f"label.suggestion.{type_}", lang),
                "suggestions": [completion(q, one, page) for one in group],
            }
            for type_, group in groupby(found, key=lambda one: one.type)
        ],
    }


def completion(q: str, one: Suggestion, page: str) -> dict[str, Any]:
    """A suggestion as JSON. `text`: what the box holds once it is taken; `start` and `end`: the characters replaced."""
    return {
        "type": one.type,
        "value": one.value,
        "label": one.label,
        "detail": one.detail,
        "matched": one.matched,
        "parameter": one.parameter,
        "text": q[: one.start] + one.name,
        "start": one.start,
        "end": len(q),
        "url": None if one.slug is None else page + quote(one.slug, safe=""),
    }
