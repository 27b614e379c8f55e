"""What the classifier says of texts, learnt from the shipped mappings."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.engine.definition import define
from discovery.mappings import load_mappings
from discovery.phrase.trades import ClassifierCache, LazyClassifier, assemble, learn
from discovery.phrase.trades.classifier_cache import PACKAGED, fingerprint, read, write
from discovery.phrase.trades.model import Model


@cache
def classifier() -> LazyClassifier:
    return ClassifierCache(lambda: define(load_mappings())).of(load_mappings())


def test_the_sector_and_the_words_that_say_so() -> None:
    found = classifier().of("Entretien des articles textiles du centre hospitalier")
    assert found.trades[0].sector == "blanchisserie"
    assert "textiles" in found.trades[0].words
    assert not found.outside


def test_what_was_never_learnt_says_nothing() -> None:
    found = classifier().of("CNE DE XQZJOURNIACQ N o 01")
    assert (found.trades, found.none, found.outside) == ((), 0, False)


@given(st.text(max_size=300))
def test_no_text_is_too_strange(text: str) -> None:
    found = classifier().of(text)
    slugs = {*load_mappings().vocabulary.sectors, *load_mappings().vocabulary.sector_groups}
    assert {one.sector for one in found.trades} <= slugs
    assert all(0 <= one.probability <= 1.001 and one.words for one in found.trades)
    assert 0 <= found.start <= found.end <= len(text)
    assert not (found.trades and found.outside)
    chances = [chance for _, chance in found.groups]
    assert chances == sorted(chances, reverse=True)
    assert not chances or sum(chances) + found.none == pytest.approx(1, abs=1e-3)


def test_the_package_holds_what_is_learnt_from_its_mappings() -> None:
    """Else every start learns for seconds: run scripts/build_classifier."""
    mappings = load_mappings()
    definition = define(mappings)
    name, packaged = read(PACKAGED)
    assert name == fingerprint(mappings, definition), (
        "mappings changed that it learns from: run scripts/build_classifier"
    )
    learnt = learn(mappings, definition.analysis)
    assert (packaged.names, packaged.places) == (learnt.names, learnt.places)
    for part in ("at", "classes", "gains", "base"):
        np.testing.assert_allclose(getattr(packaged, part), getattr(learnt, part), rtol=1e-5)


def test_the_first_text_after_a_start_is_not_learnt_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("discovery.phrase.trades.classifier_cache.learn", None)
    assert (
        ClassifierCache(lambda: define(load_mappings())).of(load_mappings()).of("Livraison de repas aux écoles").groups
    )


def test_other_mappings_are_learnt_once(monkeypatch: pytest.MonkeyPatch) -> None:
    mappings = load_mappings()
    other = replace(mappings, trades=replace(mappings.trades, examples=mappings.trades.examples[:-1]))
    made: list[object] = []

    def learning(*given: Any) -> Model:
        made.append(given)
        return read(PACKAGED)[1]

    monkeypatch.setattr("discovery.phrase.trades.classifier_cache.learn", learning)
    for _ in range(2):
        assert ClassifierCache(lambda: define(mappings)).of(other).of("Location et entretien de linge plat").groups
    assert len(made) == 1


def test_a_written_model_is_read_as_it_was(tmp_path: Path) -> None:
    name, model = read(PACKAGED)
    files = [tmp_path / "one.npz", tmp_path / "two.npz"]
    for file in files:
        write(file, name, model)
    assert files[0].read_bytes() == files[1].read_bytes(), "the same model gives the same bytes"
    again_name, again = read(files[0])
    assert (again_name, again.names, again.places) == (name, model.names, model.places)


def test_groups_that_are_asked_for_more_are_likelier_before_a_word_is_read() -> None:
    mappings = load_mappings()
    text = "Entretien des bâtiments"
    analysis = define(mappings).analysis
    model = learn(mappings, analysis)

    def chances(shares: dict[str, float]) -> dict[str, float]:
        taught = replace(mappings, trades=replace(mappings.trades, shares=shares))
        return dict(assemble(model, taught, analysis).of(text).groups)

    alike = chances({})
    cleaning, works = "hygiene-et-proprete", "batiments-et-travaux-publics"
    for group, other in ((cleaning, works), (works, cleaning)):
        more = chances({group: 0.5})
        assert more[group] > alike[group]
        assert more[other] < alike[other]
