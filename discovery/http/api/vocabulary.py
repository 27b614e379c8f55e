"""`GET /api/v1/vocabulary`: the closed lists behind parameters and facets, labelled in both
languages.
"""

from typing import Annotated, Any, TypedDict

from flask import Response

from discovery.answers.described import with_lists
from discovery.answers.search import OPENED, Labels, NamedScope, scope_json_in_both
from discovery.http.api.endpoint import endpoint, services, v1
from discovery.http.responses import json_response
from discovery.mappings.vocabulary import Term, Vocabulary
from discovery.model.attributes import LISTS, VOCABULARY_FILTERS

PLAIN = tuple(name for name in VOCABULARY_FILTERS if name not in ("kind", "sector"))
"""Filters whose values say no more than their names."""


class Value(TypedDict):
    value: Annotated[str, "What parameters take."]
    label: Labels


class KindValue(Value):
    group: str
    plural: Labels
    short: Annotated[Labels, "What a supplier of this kind is: one sentence."]
    for_buyers: Annotated[Labels, "What a buyer gets from it: one sentence."]
    social_clause: Annotated[bool, "Counts towards the social clause of a public contract."]


class SectorValue(Value):
    group: str


class GroupValue(Value):
    sectors: Annotated[list[str], "Slugs of the group's sectors."]


@with_lists((LISTS[name] for name in PLAIN), Value)
class VocabularyAnswer(TypedDict):
    scope: Annotated[
        NamedScope | None, f"{OPENED} Sectors and groups that are not open are absent."
    ]
    kinds: list[KindValue]
    sector_groups: list[GroupValue]
    sectors: list[SectorValue]


MAX_AGE = 3_600
"""Seconds: it changes when analysts edit the files and the service starts again."""


@endpoint(
    v1,
    "/vocabulary",
    VocabularyAnswer,
    "Every list, in its order of presentation.",
    problems=(414,),
)
def vocabulary() -> Response:
    """Values of parameters and facets"""
    scope = services().search.scope
    body = {
        "scope": scope_json_in_both(scope),
        **lists(scope.narrowed(services().mappings.vocabulary)),
    }
    return json_response(body, max_age=MAX_AGE)


def lists(known: Vocabulary) -> dict[str, list[Any]]:
    """Every list of the vocabulary, by name: those of the answer."""
    kinds: list[KindValue] = [
        {
            **value(kind),
            "group": kind.group,
            "plural": {"fr": kind.plural["fr"], "en": kind.plural["en"]},
            "short": {"fr": kind.short["fr"], "en": kind.short["en"]},
            "for_buyers": {"fr": kind.for_buyers["fr"], "en": kind.for_buyers["en"]},
            "social_clause": kind.clause_sociale,
        }
        for kind in known.kinds.values()
    ]
    groups: list[GroupValue] = [
        {**value(group), "sectors": [sector.value for sector in known.sectors_of(group.value)]}
        for group in known.sector_groups.values()
    ]
    sectors: list[SectorValue] = [
        {**value(sector), "group": sector.group} for sector in known.sectors.values()
    ]
    plain = {LISTS[name]: [value(term) for term in known.terms(name).values()] for name in PLAIN}
    return {"kinds": kinds, "sector_groups": groups, "sectors": sectors, **plain}


def value(term: Term) -> Value:
    """A term as its value with its label in both languages."""
    return {"value": term.value, "label": {"fr": term.label("fr"), "en": term.label("en")}}
