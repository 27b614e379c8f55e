"""An attribute declared in one row is everywhere that it is asked for."""

from __future__ import annotations

from dataclasses import fields

import pytest

from discovery.config import load_mappings
from discovery.config.vocabulary import LANGS
from discovery.engine.embedded.layout import KEYWORDS
from discovery.engine.port import FACETS, Filters
from discovery.facets.definitions import BY_NAME
from discovery.locales import t
from discovery.schema import attributes
from discovery.schema.attributes import ATTRIBUTES, Attribute
from discovery.search.parameters import EXCLUSIONS, Query

EVERY = pytest.mark.parametrize("one", ATTRIBUTES, ids=lambda one: one.name)


@EVERY
def test_it_is_a_filter_of_queries_and_engines(one: Attribute) -> None:
    asked = {item.name for item in fields(Query)}
    assert one.name in asked & {item.name for item in fields(Filters)}
    assert (f"not_{one.name}" in asked) == one.exclude == (f"not_{one.name}" in EXCLUSIONS)


@EVERY
def test_its_values_are_a_list_of_the_vocabulary(one: Attribute) -> None:
    if one.vocabulary:
        assert load_mappings().vocabulary.terms(one.name)


@EVERY
def test_its_field_is_in_the_index_of_both_engines(one: Attribute) -> None:
    if one.field:
        assert load_mappings().index["mappings"]["properties"][one.field]["type"] == "keyword"
        assert one.field in KEYWORDS


@EVERY
def test_its_facet_is_counted_and_named(one: Attribute) -> None:
    assert (one.facet is not None) == (one.name in FACETS) == (one.name in BY_NAME)
    if one.facet:
        assert all(t(f"label.facet.{one.name}", lang) for lang in LANGS)


def test_places_of_facets_are_their_own() -> None:
    found = list(attributes.FACETS.values())
    assert len({one.answered for one in found}) == len(found)
    shown = [one.shown for one in found if one.shown]
    assert len(set(shown)) == len(shown) == len(attributes.PAGE_ORDER)
