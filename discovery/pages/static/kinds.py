"""`/types`: every kind of supplier in plain words, with how many there are. For buyers who know no acronym."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response

from discovery.engine.port import EngineUnavailable
from discovery.mappings.vocabulary import Vocabulary
from discovery.pages.figures import view as figures
from discovery.pages.frame import responding
from discovery.pages.frame.site_map import KINDS_PATH
from discovery.pages.frame.urls import PageUrls

blueprint = Blueprint("kinds", __name__)


@blueprint.get(KINDS_PATH)
def page() -> Response:
    site, services = responding.site(), responding.services()
    found = groups(services.mappings.vocabulary, _counts(), responding.home(site), site.lang)
    return responding.html(responding.page_at(KINDS_PATH, "kinds.html", site, {"groups": found}))


def groups(vocabulary: Vocabulary, counts: Mapping[str, int] | None, urls: PageUrls, lang: str) -> list[dict[str, Any]]:
    """Each group with its kinds: `count` None when nobody counted, `url` the search that finds as many. Pure."""
    return [
        {
            "value": group.value,
            "label": group.label(lang),
            "kinds": [
                {
                    "code": kind.value,
                    "label": kind.label(lang),
                    "short": kind.short[lang],
                    "for_buyers": kind.for_buyers[lang],
                    "clause": kind.clause_sociale,
                    "count": None if counts is None else counts.get(kind.value, 0),
                    "url": urls.set(kind=kind.value),
                }
                for kind in vocabulary.kinds_of(group.value)
            ],
        }
        for group in vocabulary.kind_groups.values()
        if any(vocabulary.kinds_of(group.value))
    ]


def _counts() -> Mapping[str, int] | None:
    """None while the engine is away: the explanations need none."""
    try:
        return figures.current().facets["kind"]
    except EngineUnavailable:
        return None
