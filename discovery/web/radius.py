"""Distances to choose from, and the small form on a distance's chip. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from discovery.locales import decimal
from discovery.search.answer import Answer
from discovery.serialize.links import written
from discovery.web import choices
from discovery.web.urls import PageUrls, Pairs

KM = (5, 10, 20, 30, 50, 100, 200)

Option = tuple[str, str, bool]
"""(value of `radius`, in words, whether it holds)."""


@dataclass(frozen=True, slots=True)
class RadiusForm:
    """`pairs`: the search without its distance, which the form carries along; `options`: the nearest first."""

    pairs: Pairs
    options: tuple[Option, ...]


def options(held: float | None, lang: str) -> tuple[Option, ...]:
    """The usual distances, and the one that holds if it is another."""
    return tuple(
        (written(km), f"{decimal(km, lang)} km", km == held) for km in sorted({float(km) for km in (*KM, held) if km})
    )


def form(answer: Answer, held: float, urls: PageUrls) -> RadiusForm:
    """What changes the distance that holds, typed in the phrase or given beside it: its words leave the phrase, which
    would go on saying the former one."""
    return RadiusForm(urls.changed(choices.drop_radius(answer)), options(held, answer.plan.query.lang))
