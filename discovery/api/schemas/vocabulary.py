"""What `/api/v1/vocabulary` answers, described."""

from __future__ import annotations

from discovery.api.schemas.answers import OPENED, Strict, boolean, many, one, string, strings
from discovery.schema.attributes import LISTS, VOCABULARY_FILTERS

PLAIN = tuple(name for name in VOCABULARY_FILTERS if name not in ("kind", "sector"))
"""Filters whose values say no more than their names."""


class Labels(Strict):
    fr = string()
    en = string()


class Value(Strict):
    value = string("What parameters take.")
    label = one(Labels)


class KindValue(Value):
    group = string()
    plural = one(Labels)
    short = one(Labels, "What a supplier of this kind is: one sentence.")
    for_buyers = one(Labels, "What a buyer gets from it: one sentence.")
    social_clause = boolean("Counts towards the social clause of a public contract.")


class SectorValue(Value):
    group = string()


class GroupValue(Value):
    sectors = strings("Slugs of the group's sectors.")


class NamedScope(Strict):
    label = one(Labels)
    sentence = one(Labels, "To show to people.")
    region = strings("Codes of the regions that are open: suppliers seated there.")
    department = strings("Codes of the departments that are open besides.")
    sector = strings("Slugs of the sectors and groups that are open; none = all.")


class VocabularyAnswer(Strict):
    scope = one(NamedScope, f"{OPENED} Sectors and groups that are not open are absent.", null=True)
    kinds = many(KindValue)
    sector_groups = many(GroupValue)
    sectors = many(SectorValue)
    vars().update((LISTS[name], many(Value)) for name in PLAIN)
