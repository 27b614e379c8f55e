"""What the classifier says of texts, learnt from the shipped mappings."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from discovery.config import MappingsError, load_mappings, yamlfile
from discovery.config.trades import ClassifierFile
from discovery.engine.definition import define
from discovery.trades import Keeper, LazyClassifier, assemble, learn


@cache
def classifier() -> LazyClassifier:
    return Keeper(lambda: define(load_mappings())).of(load_mappings())


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


def test_a_model_is_kept_for_the_next_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mappings, definition = load_mappings(), define(load_mappings())
    text = "Livraison de repas aux écoles"
    learnt = assemble(learn(mappings, definition.analysis), mappings, definition.analysis).of(text)
    monkeypatch.setattr("discovery.trades.classifier_cache._learnt", {})
    assert Keeper(lambda: definition, tmp_path).of(mappings).of(text) == learnt
    (kept,) = tmp_path.glob("*.npz")
    monkeypatch.setattr("discovery.trades.classifier_cache._learnt", {})
    monkeypatch.setattr("discovery.trades.classifier_cache.learn", None)  # it is read, not learnt again
    assert Keeper(lambda: definition, tmp_path).of(mappings).of(text) == learnt
    assert list(tmp_path.iterdir()) == [kept]


def test_it_is_learnt_before_the_first_text_when_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("discovery.trades.classifier_cache._learnt", {})
    Keeper(lambda: define(load_mappings()), tmp_path).of(load_mappings()).learn()
    assert list(tmp_path.glob("*.npz"))


def test_a_file_that_is_broken_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mappings, definition = load_mappings(), define(load_mappings())
    monkeypatch.setattr("discovery.trades.classifier_cache._learnt", {})
    Keeper(lambda: definition, tmp_path).of(mappings).of("linge")
    (kept,) = tmp_path.glob("*.npz")
    whole = kept.read_bytes()
    kept.write_bytes(whole[: len(whole) // 2])
    monkeypatch.setattr("discovery.trades.classifier_cache._learnt", {})
    assert Keeper(lambda: definition, tmp_path).of(mappings).of("Location et entretien de linge plat").groups
    assert kept.read_bytes() == whole


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setattr("discovery.trades.classifier_cache._learnt", {})
    keeper = Keeper(lambda: define(load_mappings()), tmp_path / "file" / "below")
    assert keeper.of(load_mappings()).of("Location et entretien de linge plat").groups


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


def test_shares_that_leave_a_group_nothing_are_refused(tmp_path: Path) -> None:
    numbers = yaml.safe_load((load_mappings().path / "trades" / "classifier.yaml").read_text(encoding="utf-8"))
    numbers["demand"]["shares"] = {"hygiene-et-proprete": 0.6, "restauration": 0.4}
    (tmp_path / "classifier.yaml").write_text(yaml.safe_dump(numbers), encoding="utf-8")
    with pytest.raises(MappingsError, match="leave the other groups nothing"):
        yamlfile.load(tmp_path / "classifier.yaml", ClassifierFile)
