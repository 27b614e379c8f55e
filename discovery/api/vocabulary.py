"""`GET /api/v1/vocabulary`: the closed lists behind parameters and facets, labelled in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Response

from discovery.answers.search import scope_json_in_both
from discovery.api.endpoint import endpoint, services, v1
from discovery.api.schemas.vocabulary import PLAIN, VocabularyAnswer
from discovery.config.vocabulary import Term, Vocabulary
from discovery.http.responses import json_response
from discovery.schema.attributes import LISTS

MAX_AGE = 3_600
"""Seconds: it changes when analysts edit the files and the service starts again."""


@endpoint(v1, "/vocabulary", VocabularyAnswer, "Every list, in its order of presentation.", problems=(414,))
def vocabulary() -> Response:
    """Values of parameters and facets"""
    scope = services().search.scope
    body = {"scope": scope_json_in_both(scope), **lists(scope.narrowed(services().mappings.vocabulary))}
    return json_response(body, max_age=MAX_AGE)


def lists(known: Vocabulary) -> dict[str, Any]:
    """Every list of the vocabulary, by name."""
    return {
        "kinds": [
            {
                **value(kind),
                "group": kind.group,
                "plural": dict(kind.plural),
                "short": dict(kind.short),
                "for_buyers": dict(kind.for_buyers),
                "social_clause": kind.clause_sociale,
            }
            for kind in known.kinds.values()
        ],
        "sector_groups": [
            {**value(group), "sectors": [sector.value for sector in known.sectors_of(group.value)]}
            for group in known.sector_groups.values()
        ],
        "sectors": [{**value(sector), "group": sector.group} for sector in known.sectors.values()],
        **{LISTS[name]: values(known.terms(name).values()) for name in PLAIN},
    }


def values(terms: Iterable[Term]) -> list[dict[str, Any]]:
    """Terms as values with their labels."""
    return [value(term) for term in terms]


def value(term: Term) -> dict[str, Any]:
    """A term as its value with its label in both languages."""
    return {"value": term.value, "label": {"fr": term.label("fr"), "en": term.label("en")}}
