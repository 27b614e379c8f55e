"""Profiles: what files say, what a file that extends another takes over, and layers switched off
one at a time.
"""

import shutil
from dataclasses import fields, replace
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from discovery.mappings import load_mappings, packaged_mappings
from discovery.mappings.profiles import LAYERS, Frequent, Named, Profile
from tests.unit.mappings.test_mappings import problems

BALANCED = load_mappings().profile()
WITH_PINS = replace(BALANCED, pins=(Named(("a",), ("1",)),), buries=(Named(("a",), ("2",)),))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the mappings, to be written into."""
    return shutil.copytree(packaged_mappings(), tmp_path / "mappings")


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / "profiles" / f"{name}.yaml"
    file.write_text(text, encoding="utf-8")
    return file


MINE = """
name: mine
label: {fr: Le mien, en: Mine}
extends: balanced
fields:
  name: {weight: 9, why: Buyers of ours know their suppliers by name.}
  network_terms: {weight: 0, why: Nobody here looks for networks.}
signals:
  certifications: {weight: 2, why: Everything we buy needs a certificate.}
"""


def test_a_profile_that_extends_another_gives_only_what_differs(folder: Path) -> None:
    write(folder, "mine", MINE)
    mine = load_mappings(folder).profile("mine")
    assert dict(mine.fields)["name"] == 9
    assert dict(mine.fields)["offers"] == dict(BALANCED.fields)["offers"]
    assert "network_terms" not in dict(mine.fields), "a weight of zero would still match"
    assert (mine.certifications, mine.completeness) == (2, BALANCED.completeness)
    assert (mine.distance, mine.strict, mine.typos) == (
        BALANCED.distance,
        BALANCED.strict,
        BALANCED.typos,
    )


def test_a_profile_that_extends_none_must_have_everything(folder: Path) -> None:
    write(folder, "mine", MINE.replace("extends: balanced\n", ""))
    said = [problem.message for problem in problems(folder)]
    assert {one.split(":")[0] for one in said} >= {"match", "typos", "frequent", "signals.distance"}
    assert all("extends" in one for one in said)


@pytest.mark.parametrize("section", ["match", "equivalences", "frequent", "typos", "relax_below"])
def test_every_number_of_a_section_needs_its_reason(folder: Path, section: str) -> None:
    file = folder / "profiles" / "balanced.yaml"
    lines = file.read_text(encoding="utf-8").splitlines()
    start = lines.index(f"{section}:")
    at = next(number for number in range(start, len(lines)) if lines[number].startswith("  why:"))
    end = next(
        (n for n in range(at + 1, len(lines)) if not lines[n].startswith("    ")), len(lines)
    )
    file.write_text("\n".join(lines[:at] + lines[end:]), encoding="utf-8")
    [problem] = problems(folder)
    assert problem.line == start + 1
    assert "add `why:`" in problem.message


def strongest(profile: Profile, *, needed: bool) -> float:
    """All that signals add at most."""
    text, distance = profile.text, profile.distance
    return (
        (text.weight + distance.weight if needed else text.alone + distance.alone)
        + profile.completeness
        + profile.certifications
        + profile.freshness.weight
    )


@pytest.mark.parametrize("profile", load_mappings().profiles.values())
def test_the_order_of_packaged_profiles_is_strict(profile: Profile) -> None:
    """The trade first: a step is more than all that stands below it. The sea is more than any
    trade.
    """
    trade, below = profile.trade, max(strongest(profile, needed=needed) for needed in (True, False))
    for better, worse in pairwise((trade.declared, trade.evidence, trade.mention, 0.0)):
        assert better - worse >= below
    assert (1 + 8 * trade.declared + below) * profile.sea < 1, (
        "who sits across the sea comes last, whatever it does"
    )


def test_nobody_from_outside_stands_above_who_sits_in_the_place_asked() -> None:
    """A department's own have all that distance gives; the best promise from outside loses more
    than the rest adds.
    """
    profile = BALANCED
    rest = strongest(profile, needed=True) - profile.distance.weight
    assert profile.distance.weight * (profile.promise.seat - profile.promise.zone) > rest


def test_a_number_that_is_zero_is_given(folder: Path) -> None:
    """A profile that extends none, whose equivalences weigh nothing: it was told as missing."""
    file = folder / "profiles" / "balanced.yaml"
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    content["equivalences"]["weight"] = content["relax_below"]["value"] = 0
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    profile = load_mappings(folder).profile()
    assert (profile.equivalence_weight, profile.relax_below) == (0, 0)


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_switched_off_changes_its_own_numbers_only(layer: str) -> None:
    bare = WITH_PINS.without((layer,))
    changed = {
        item.name
        for item in fields(Profile)
        if getattr(bare, item.name) != getattr(WITH_PINS, item.name)
    }
    own = {
        "tiers": {"trade", "promise", "sea"},
        "place": {"promise"},
        "signals": {"distance", "completeness", "certifications", "freshness"},
        "equivalences": {"equivalence_weight"},
        "relaxation": {"relax_below"},
        "pins": {"pins", "buries"},
    }
    assert changed == own.get(layer, {layer})
    assert bare.without((layer,)) == bare


def test_frequent_words_in_a_small_and_in_a_large_index() -> None:
    frequent = Frequent(share=0.01, at_least=5)
    assert frequent.documents(0) == frequent.documents(100) == 5
    assert frequent.documents(10_000) == 100
