"""An attribute declared in one row is everywhere that it is asked for."""

from dataclasses import fields

import pytest

from discovery.answers.files import COLUMNS
from discovery.engine.embedded.layout import KEYWORDS
from discovery.engine.port import FACETS, Filters
from discovery.http.api.parameters import SearchParameters
from discovery.mappings import load_mappings
from discovery.mappings.vocabulary import LANGS
from discovery.model import attributes
from discovery.model.attributes import ATTRIBUTES, Attribute
from discovery.pages.shortlist.view import ROWS
from discovery.places import Gazetteer
from discovery.search.answer import BY_NAME
from discovery.search.query import Query
from discovery.texts import has, t
from indexer.document.build import DocumentBuilder
from indexer.intake.readers import canonical_csv
from indexer.record import Supplier
from indexer.store import models, triggers

EVERY = pytest.mark.parametrize("one", ATTRIBUTES, ids=lambda one: one.name)


@EVERY
def test_it_is_a_filter_of_queries_and_engines(one: Attribute) -> None:
    asked = {item.name for item in fields(Query)}
    assert one.name in asked & {item.name for item in fields(Filters)}
    assert (f"not_{one.name}" in asked) == (f"not_{one.name}" in attributes.EXCLUSIONS)


@EVERY
def test_it_is_described_with_a_value_that_exists(one: Attribute) -> None:
    assert SearchParameters().fields[one.name].metadata["description"].startswith(one.about)
    if one.vocabulary:
        assert {*one.example} <= load_mappings().vocabulary.terms(one.name).keys()


@pytest.mark.parametrize("one", attributes.CODED, ids=lambda one: one.name)
def test_codes_of_a_record_have_a_table_that_is_watched_a_column_and_a_place_in_documents(
    one: Attribute,
) -> None:
    assert one.field in {item.name for item in fields(Supplier)}
    assert models.CODE_LISTS[one.field].name in {watched.table for watched in triggers.WATCHED}
    assert one.field in canonical_csv.COLUMNS
    mappings = load_mappings()
    build = DocumentBuilder(mappings.vocabulary, Gazetteer.load(), mappings.codes)
    document = build.build(Supplier(id="a", name="A", kind="EI", **{one.field: one.example}))  # type: ignore[arg-type]
    assert document is not None
    assert document[one.field] == document["public"][one.field] == [*one.example]


@pytest.mark.parametrize("one", attributes.CODED, ids=lambda one: one.name)
def test_codes_of_a_record_are_exported_and_compared(one: Attribute) -> None:
    assert one.field in COLUMNS
    assert has(ROWS[one.field])
    assert one.listed, "the API gives them with their labels"


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
