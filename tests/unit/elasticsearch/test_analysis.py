"""One meaning of `settings.analysis`: the node's tokens are ours, on everything that the product holds and more."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import BadRequestError, Elasticsearch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discovery.engine.definition import Definition
from tests.elasticsearch import GROUP
from tests.examples import some
from tests.lucene import texts

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


def node_terms(client: Elasticsearch, index: str, analyzer: str, asked: list[str]) -> list[str]:
    """Of all texts, one after the other; a text of a list is analysed as a value of a field of many values is."""
    answer = client.indices.analyze(index=index, analyzer=analyzer, text=asked)
    return [token["token"] for token in answer["tokens"]]


def differences(client: Elasticsearch, index: str, analysis: Any, analyzer: str, asked: list[str]) -> list[Any]:
    """(text, the node's terms, ours) of every text on which they differ.

    Texts go in lots; a lot that differs is looked at text by text.
    """
    found = []
    for lot in lots(asked):
        ours = [analysis.terms(analyzer, text) for text in lot]
        if node_terms(client, index, analyzer, lot) == [term for terms in ours for term in terms]:
            continue
        for text, mine in zip(lot, ours, strict=True):
            theirs = node_terms(client, index, analyzer, [text])
            if theirs != mine:
                found.append((text, theirs, mine))
    return found


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
    table = Path(texts.ROOT) / "discovery" / "gazetteer" / "data" / "communes.tsv.gz"
    with gzip.open(table, "rt", encoding="utf-8") as lines:
        column = next(lines).rstrip("\n").split("\t").index("name")
        return sorted({line.rstrip("\n").split("\t")[column] for line in lines})


TEXTS = {
    "vocabulary": texts.vocabulary,
    "communes": commune_names,
    "sentences": lambda: texts.sentences(2000),
    "stems": texts.words,
    "any characters": texts.random_strings,
}


@pytest.mark.parametrize("analyzer", ["french", "folded"])
@pytest.mark.parametrize("about", TEXTS)
def test_tokens_are_the_nodes(
    client: Elasticsearch, index: str, packaged: Definition, analyzer: str, about: str
) -> None:
    asked = TEXTS[about]()
    assert len(asked) > 1000
    assert differences(client, index, packaged.analysis, analyzer, asked) == []


@settings(max_examples=some(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40), min_size=1, max_size=20))
def test_tokens_of_random_texts_are_the_nodes(
    client: Elasticsearch, index: str, packaged: Definition, asked: list[str]
) -> None:
    for analyzer in ("french", "folded"):
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
