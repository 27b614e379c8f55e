"""`mappings/` is parsed, not merely loaded: an analyst's slip names its file, its line and the fix."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.engine.definition import define
from discovery.errors import Problem
from discovery.mappings import MappingsError, load_mappings, packaged_mappings
from discovery.mappings.equivalences import Equivalences
from discovery.mappings.profiles import Match

Edit = Callable[[str, str, str], Path]


@pytest.fixture
def edit(tmp_path: Path) -> Edit:
    """A copy of the mappings with one text replaced in one file."""

    def replaced(name: str, old: str, new: str) -> Path:
        folder = tmp_path / "mappings"
        if not folder.exists():
            shutil.copytree(packaged_mappings(), folder)
        file = folder / name
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return replaced


def problems(folder: Path) -> list[Problem]:
    with pytest.raises(MappingsError) as raised:
        load_mappings(folder)
    return raised.value.problems


def test_the_packaged_mappings_are_sound() -> None:
    mappings = load_mappings()
    assert len(mappings.vocabulary.sectors) == 154
    assert len(mappings.vocabulary.sector_groups) == 20
    assert len(mappings.vocabulary.kinds) == 11
    assert mappings.profile().name == "balanced"
    assert mappings.index["mappings"]["properties"]["sector_terms"]["type"] == "text"


def test_every_term_has_both_languages() -> None:
    vocabulary = load_mappings().vocabulary
    for name in (
        "kind",
        "kind_group",
        "sector",
        "certification",
        "network",
        "service_type",
        "territory",
        "legal_form",
    ):
        for term in vocabulary.terms(name).values():
            assert term.labels["fr"]
            assert term.labels["en"]


def test_every_kind_is_told_in_plain_words_in_both_languages() -> None:
    """What it is, then what a buyer gets: two sentences, none said twice, without the acronym they
    explain.
    """
    kinds = load_mappings().vocabulary.kinds
    for lang in ("fr", "en"):
        told = {code: kind.about(lang) for code, kind in kinds.items()}
        assert len(set(told.values())) == len(kinds)
        for code, text in told.items():
            assert text == f"{kinds[code].short[lang]} {kinds[code].for_buyers[lang]}"
            assert code not in text.split()
            assert len(text) < 300


def test_every_sector_can_be_asked_for_in_both_languages() -> None:
    thin = [
        sector.value
        for sector in load_mappings().vocabulary.sectors.values()
        if not sector.value.startswith("autre-")
        and (len(sector.synonyms["fr"]) < 5 or len(sector.synonyms["en"]) < 3)
    ]
    assert thin == []


def test_faults_of_several_files_are_told_at_once(edit: Edit) -> None:
    edit("profiles/balanced.yaml", "relax_below:", "relax_bellow:")
    folder = edit("suppliers.json", '"settings"', "settings")
    assert {problem.file.name for problem in problems(folder)} == {
        "balanced.yaml",
        "suppliers.json",
        folder.name,
    }


def test_only_what_is_indexed_changes_the_vocabulary_fingerprint(edit: Edit) -> None:
    before = load_mappings().vocabulary_fingerprint
    assert (
        load_mappings(
            edit("profiles/balanced.yaml", "weight: 3.0", "weight: 3.5")
        ).vocabulary_fingerprint
        == before
    )
    renamed = edit(
        "vocabulary/kinds.yaml", 'label: {fr: "Entreprise d\'insertion"', 'label: {fr: "Entreprise"'
    )
    assert load_mappings(renamed).vocabulary_fingerprint == before, "kinds are found by their codes"
    regrouped = edit(
        "vocabulary/networks.yaml", "fr: [réseau Gesat, ", "fr: [encore un nom, réseau Gesat, "
    )
    assert load_mappings(regrouped).vocabulary_fingerprint != before


def test_any_edit_of_the_index_changes_its_fingerprint(edit: Edit) -> None:
    edited = edit(
        "suppliers.json",
        '"networks": {"type": "keyword"}',
        '"networks": {"type": "keyword", "norms": true}',
    )
    mappings = load_mappings()
    assert define(load_mappings(edited)).fingerprint != define(mappings).fingerprint
    turned = replace(mappings, index=dict(reversed(mappings.index.items())))
    assert define(turned).fingerprint == define(mappings).fingerprint, (
        "the order of keys says nothing"
    )


def test_suppliers_json_stays_valid_elasticsearch() -> None:
    """No key of ours: the same file creates the index on the official image."""
    body = json.loads((packaged_mappings() / "suppliers.json").read_text(encoding="utf-8"))
    assert body.keys() == {"settings", "mappings"}
    assert body["mappings"]["dynamic"] == "strict"


@given(st.integers(0, 5), st.floats(0.1, 1.0), st.integers(1, 30))
def test_required_words_stay_between_one_and_all(all_up_to: int, share: float, words: int) -> None:
    match = Match(all_up_to, share)
    required = match.required(words)
    assert 1 <= required <= words
    assert match.required(words + 1) >= required
    if words <= all_up_to:
        assert required == words


def words_file(tmp_path: Path, text: str) -> tuple[Equivalences, list[Problem]]:
    file = tmp_path / "words.txt"
    file.write_text(text, encoding="utf-8")
    found: list[Problem] = []
    return Equivalences.read(file, found), found


def test_equivalences_go_both_ways_and_rules_one(tmp_path: Path) -> None:
    rules, found = words_file(
        tmp_path, "# why\nvélo, bicyclette  # spoken\nrepas => restauration\n"
    )
    assert found == []
    assert rules.compile(lambda text: text.split()) == {
        "vélo": ("bicyclette",),
        "bicyclette": ("vélo",),
        "repas": ("restauration",),
    }


def test_a_side_of_two_tokens_points_to_multiword(tmp_path: Path) -> None:
    rules, _ = words_file(tmp_path, "ménage, femme de ménage\n")
    with pytest.raises(MappingsError) as raised:
        rules.compile(lambda text: [word for word in text.split() if word != "de"])
    assert "multiword.txt" in raised.value.problems[0].fix


def test_a_rule_that_cannot_be_read_leaves_the_others_standing(tmp_path: Path) -> None:
    rules, _ = words_file(tmp_path, "ménage, femme de ménage, propreté\nvélo, bicyclette\n")
    told: list[Problem] = []
    compiled = rules.compile(lambda text: text.split(), told)
    assert compiled == {
        "ménage": ("propreté",),
        "propreté": ("ménage",),
        "vélo": ("bicyclette",),
        "bicyclette": ("vélo",),
    }
    assert [problem.line for problem in told] == [1]


MINE = "name: mine\nlabel: {fr: À moi, en: Mine}\nextends: balanced\n"


def laid_over(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_folder_may_hold_only_the_files_that_differ(tmp_path: Path) -> None:
    near = (packaged_mappings() / "places/near.yaml").read_text(encoding="utf-8")
    folder = laid_over(
        tmp_path,
        {
            "places/near.yaml": near.replace(
                "value: 10\n  why: One page", "value: 7\n  why: One page"
            )
        },
    )
    mine, own = load_mappings(folder), load_mappings()
    assert (mine.near.enough, own.near.enough) == (7, 10)
    assert mine.vocabulary == own.vocabulary
    assert define(mine).fingerprint == define(own).fingerprint


def test_a_profile_of_ones_own_stands_beside_the_packages(tmp_path: Path) -> None:
    folder = laid_over(tmp_path, {"profiles/mine.yaml": MINE})
    assert load_mappings(folder).profiles.keys() == load_mappings().profiles.keys() | {"mine"}


def test_a_file_that_nobody_reads_is_told(tmp_path: Path) -> None:
    folder = laid_over(tmp_path, {"profile/mine.yaml": MINE})
    (problem,) = problems(folder)
    assert (problem.file, problem.message) == (folder / "profile/mine.yaml", "no file of mappings")


def test_a_whole_copy_of_another_version_is_told_what_to_keep(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(packaged_mappings(), folder)
    (folder / "law.yaml").unlink()
    profile = folder / "profiles" / "nearest.yaml"
    profile.write_text(
        profile.read_text(encoding="utf-8") + "\nolder: {value: 1}\n", encoding="utf-8"
    )
    with pytest.raises(MappingsError) as told:
        load_mappings(folder)
    assert "Unknown field: misspelt, or of another version" in str(told.value)
    assert "keep the files that you changed" in str(told.value).splitlines()[-1]
    (folder / "law.yaml").write_bytes((packaged_mappings() / "law.yaml").read_bytes())
    with pytest.raises(MappingsError) as one_fault:
        load_mappings(folder)
    assert "whole copy" not in str(one_fault.value)
