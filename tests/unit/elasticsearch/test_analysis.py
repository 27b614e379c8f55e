"""One meaning of `settings.analysis`: the node's tokens are ours, on everything that the product
holds and more.
"""

import csv
import os
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

import pytest
from elasticsearch import BadRequestError, Elasticsearch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discovery.engine.analysis import Analysis
from discovery.engine.definition import Definition, define
from discovery.mappings import load_mappings
from discovery.places import gazetteer
from tests.elasticsearch import GROUP
from tests.examples import some
from tests.real.rows import LISTS
from tools.lucene import texts
from tools.sample.supplier import generate

pytestmark = pytest.mark.xdist_group(GROUP)

BATCH_CHARACTERS = 60_000


@pytest.fixture(scope="module")
def index(client: Elasticsearch, packaged: Definition) -> Iterator[str]:
    """An index with the project's analysis, and room for long answers."""
    body = packaged.body["settings"] | {"analyze.max_token_count": 1_000_000}
    name = f"analysed-{os.getpid()}"
    client.indices.create(index=name, settings=body)
    yield name
    client.indices.delete(index=name)


def node_terms(
    client: Elasticsearch, index: str, analyzer: str, asked: list[str]
) -> list[list[str]]:
    """Of each text. The node reads them as values of one field, of which each begins where the last
    one ended.
    """
    starts = list(accumulate((len(text.encode("utf-16-le")) // 2 + 1 for text in asked), initial=0))
    found: list[list[str]] = [[] for _ in asked]
    for token in client.indices.analyze(index=index, analyzer=analyzer, text=asked)["tokens"]:
        found[bisect_right(starts, token["start_offset"]) - 1].append(token["token"])
    return found


def differences(
    client: Elasticsearch, index: str, analysis: Analysis, analyzer: str, asked: list[str]
) -> list[Any]:
    """(text, the node's terms, ours) of every text on which they differ."""
    return [
        (text, theirs, analysis.terms(analyzer, text))
        for lot in lots(asked)
        for text, theirs in zip(lot, node_terms(client, index, analyzer, lot), strict=True)
        if theirs != analysis.terms(analyzer, text)
    ]


def lots(asked: list[str]) -> Iterator[list[str]]:
    lot: list[str] = []
    size = 0
    for text in asked:
        if lot and (len(lot) == 2000 or size + len(text) > BATCH_CHARACTERS):
            yield lot
            lot, size = [], 0
        lot.append(text)
        size += len(text)
    if lot:
        yield lot


def commune_names() -> list[str]:
    return sorted({commune.name for commune in gazetteer().communes()})


def strings(value: Any) -> Iterator[str]:
    """Every text of a record, however deep."""
    match value:
        case str():
            yield value
        case dict():
            yield from (text for inner in value.values() for text in strings(inner))
        case list():
            yield from (text for inner in value for text in strings(inner))


def generated() -> list[str]:
    return sorted({text for record in generate(2000) for text in strings(record)})


def real() -> list[str]:
    """Every cell of the public lists: names, brands, descriptions, addresses, jobs."""
    found = set[str]()
    for file in sorted(LISTS.glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            found.update(cell for row in csv.reader(lines) for cell in row)
    if not found:
        pytest.skip("the public lists are not here (shared/data beside the checkout)")
    return sorted(found)


TEXTS = {
    "vocabulary": texts.vocabulary,
    "some communes": texts.communes,
    "sentences": lambda: texts.sentences(2000),
    "stems": texts.words,
    "any characters": texts.random_strings,
}
ALL = {"all communes": commune_names, "generated suppliers": generated, "real suppliers": real}
ANALYZERS = sorted(define(load_mappings()).analysis.analyzers)


@pytest.mark.parametrize("analyzer", ANALYZERS)
@pytest.mark.parametrize(
    "about", [*TEXTS, *(pytest.param(about, marks=pytest.mark.slow) for about in ALL)]
)
def test_tokens_are_the_nodes(
    client: Elasticsearch, index: str, packaged: Definition, analyzer: str, about: str
) -> None:
    asked = (TEXTS | ALL)[about]()
    assert len(asked) > 1000
    assert differences(client, index, packaged.analysis, analyzer, asked) == []


@settings(
    max_examples=some(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(
        st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40),
        min_size=1,
        max_size=20,
    )
)
def test_tokens_of_random_texts_are_the_nodes(
    client: Elasticsearch, index: str, packaged: Definition, asked: list[str]
) -> None:
    for analyzer in ANALYZERS:
        assert differences(client, index, packaged.analysis, analyzer, asked) == []


REFUSED = [
    ({"type": "stemmer", "language": "english"}, "no stemmer for"),
    ({"type": "edge_ngram", "min_gram": 1}, "Unknown filter type"),
    ({"type": "elision", "articles": ["l"], "article_case": True}, "does not know"),
    ({"type": "stemmer_override", "rules": ["a => b, c"]}, "not a rule"),
    ({"type": "synonym_graph", "synonyms": ["a => b"], "lenient": True}, "does not know"),
]


@pytest.mark.parametrize(("component", "reason"), REFUSED, ids=lambda value: str(value)[:40])
def test_the_node_refuses_what_it_lacks(
    client: Elasticsearch, index_name: str, component: dict[str, Any], reason: str
) -> None:
    """An index that means something else would be worse than none."""
    analyzer = {"type": "custom", "tokenizer": "standard", "filter": ["tried"]}
    analysis = {"filter": {"tried": component}, "analyzer": {"tried": analyzer}}
    with pytest.raises(BadRequestError, match=reason):
        client.indices.create(index=index_name, settings={"analysis": analysis})
    assert not client.indices.exists(index=index_name)
