"""Trades and towns drawn by chance: who is near stands above who is far."""

import pytest

from tests.relevance.conftest import Corpus
from tools.judge.nearness import measure, phrases, read


@pytest.mark.xdist_group("judged")
def test_nobody_near_stands_below_somebody_twice_as_far(sample: Corpus) -> None:
    service = sample.services.search
    found = measure(service, [*phrases(service, 120)])
    assert found.phrases > 100
    assert len(found.passed_over) <= 0.10 * found.phrases
    assert found.needless <= 0.06 * found.shown
    assert not found.hiding


@pytest.mark.slow
@pytest.mark.xdist_group("judged")
def test_towns_labels_languages_and_cards_are_read_as_they_are(sample: Corpus) -> None:
    service = sample.services.search
    found = read(service, [*phrases(service, 120)])
    assert found.towns == (450, 450)
    sectors = len(service.mappings.vocabulary.sectors)
    assert found.labels == (2 * sectors, 2 * sectors)
    assert found.alike == (sectors, sectors)
    joined, told = found.joined
    assert joined == 0 < told
