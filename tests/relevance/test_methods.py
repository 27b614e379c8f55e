"""The simpler methods that ours is measured against: trigrams as PostgreSQL counts them, words on a
real node.
"""

from contextlib import closing
from dataclasses import replace

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.engine.elasticsearch import connect
from tests.relevance.conftest import Corpus
from tools.judge.evaluation import summarise
from tools.judge.methods import plain_ranker, similarity, trigram_ranker, trigrams

NAMES = [
    "Les Jardins du Cœur", "jardins", "ESAT L'Étoile", "esat letoile", "Nettoyage & Cie", "nettoyage à 30 km de Lyon",
    "AB", "a", "", "!!!", "Blanchisserie  du   Nord", "blanchiserie du nord", "3 Rivières", "trois-rivières",
]  # fmt: skip


def test_trigrams_by_hand() -> None:
    assert trigrams("Cat") == {"  c", " ca", "cat", "at "}
    assert trigrams("") == frozenset()
    assert similarity(trigrams("cat"), trigrams("cats")) == pytest.approx(3 / 6)
    assert similarity(frozenset(), frozenset()) == 0


@given(st.text(max_size=30), st.text(max_size=30))
def test_similarity_is_a_share_and_knows_no_direction(one: str, other: str) -> None:
    a, b = trigrams(one), trigrams(other)
    assert 0 <= similarity(a, b) == similarity(b, a) <= 1
    assert similarity(a, a) == (1 if a else 0)


@pytest.mark.postgresql
@pytest.mark.xdist_group("postgresql")
def test_trigrams_are_those_of_postgresql(postgresql_server: str) -> None:
    with psycopg.connect(f"{postgresql_server}/postgres", autocommit=True) as connection:
        try:
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        except psycopg.Error as error:
            pytest.skip(f"PostgreSQL without pg_trgm: {error}")
        for one in NAMES:
            for other in NAMES:
                row = connection.execute("SELECT similarity(%s, %s)", (one, other)).fetchone()
                assert row is not None
                assert similarity(trigrams(one), trigrams(other)) == pytest.approx(
                    row[0], abs=1e-6
                ), (one, other)


@pytest.mark.xdist_group("judged")
def test_names_alone_find_names_and_little_else(sample: Corpus) -> None:
    rank = trigram_ranker(sample.documents)
    named = next(one for one in sample.judgments.queries if one.id == "name-2")
    assert (
        rank(named, sample.documents["sample-000311"]["public"]["name"]).ids[0] == "sample-000311"
    )
    assert rank(named, "xqzwk").total == 0


@pytest.mark.slow
@pytest.mark.xdist_group("judged")
def test_ours_is_worth_far_more_than_words_without_analysis(
    sample: Corpus, elasticsearch_url: str
) -> None:
    settings = replace(sample.services.settings, engine=elasticsearch_url, engine_timeout=30)
    ours = sample.evaluated()
    with closing(connect(settings)) as connection:
        with plain_ranker(
            connection, "tests-plain-words", sample.documents, sample.services.mappings.vocabulary
        ) as rank:
            plain = sample.evaluated_by(rank, "elasticsearch")
        assert not connection.client.indices.exists(index="tests-plain-words")
    reached, simple = (summarise("all", one.answerable()).means["ndcg@10"] for one in (ours, plain))
    assert 0.2 < simple < reached - 0.2
