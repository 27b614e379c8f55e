"""The small form on a distance's chip. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from discovery.search.answer import Answer
from discovery.web.frame.form import Option, radii
from discovery.web.frame.urls import PageUrls, Pairs
from discovery.web.results import choices


@dataclass(frozen=True, slots=True)
class RadiusForm:
    """`pairs`: the search without its distance, which the form carries along; `options`: the nearest first."""

    pairs: Pairs
    options: tuple[Option, ...]


def form(answer: Answer, held: float, urls: PageUrls) -> RadiusForm:
    """What changes the distance that holds, typed in the phrase or given beside it: its words leave the phrase, which
    would go on saying the former one."""
    return RadiusForm(urls.changed(choices.drop_radius(answer)), radii(held, answer.plan.query.lang))
