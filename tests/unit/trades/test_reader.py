"""What the packaged trade reader says of texts, and how a model is learnt, kept and joined with
names.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from discovery.mappings import load_mappings
from discovery.phrase.trades.reader import NONE, Likely, Model, features, read, words_of, write
from tools.learn.lessons import Lesson

LAUNDRY = "entretien-du-linge"


def likely(text: str, **names: tuple[float, ...]) -> Likely:
    return read().of(text, {name.replace("_", "-"): worth for name, worth in names.items()}, 0.5)


def small() -> Model:
    taught = [
        Lesson("lavage de draps", {"washing": 1.0}, 1.0),
        Lesson("repassage de chemises", {"ironing": 1.0}, 1.0),
        Lesson("tonte de pelouse", {"mowing": 1.0}, 1.0),
        Lesson("fourniture de gaz", {}, 1.0),
    ]
    from tools.learn.regression import fit  # scipy takes a second, of each process that collects

    return fit(
        taught, {"washing": "linen", "ironing": "linen", "mowing": "land"}, frozenset({"de"}), 1e-4
    )


def test_the_model_knows_every_sector_and_group_of_the_vocabulary() -> None:
    vocabulary, model = load_mappings().vocabulary, read()
    learnt = "sectors changed: run scripts/build_classifier"
    assert set(model.groups) == {*vocabulary.sector_groups, NONE}, learnt
    assert set(model.sectors) == {(one.value, one.group) for one in vocabulary.sectors.values()}, (
        learnt
    )


def test_the_sector_and_the_words_that_say_so() -> None:
    text = "Location et entretien des articles textiles du centre hospitalier"
    found = likely(text)
    assert found.groups[0][0] == LAUNDRY
    assert "textiles" in [text[start:end] for start, end in found.why().words]


def test_a_name_makes_its_group_likelier_and_a_name_of_nothing_ours_makes_none_likelier() -> None:
    text = "Prestations diverses du centre"
    plain = likely(text)
    named = likely(text, entretien_du_linge=(1.0, 0.5, 1.0, 1.0))
    assert dict(named.groups)[LAUNDRY] > dict(plain.groups)[LAUNDRY]
    assert read().of(text, {NONE: ()}, 0.5).none > plain.none


@given(st.text(max_size=300))
def test_no_text_is_too_strange(text: str) -> None:
    found = likely(text)
    chances = [chance for _, chance in found.groups]
    assert chances == sorted(chances, reverse=True)
    assert all(0 <= chance <= 1 for chance in (*chances, found.none))
    assert all(
        0 <= start < end <= len(text) for start, end in (*found.why().words, *found.why().against)
    )


def test_features_are_words_pairs_and_runs_of_letters_with_the_words_that_hold_them() -> None:
    words = words_of("Été 2026 : l'élagage de haies", frozenset({"de"}))
    assert [word.folded for word in words] == ["ete", "elagage", "haies"]
    found = features(words)
    assert found.lexical == 3 + 2
    letters = len(" ete elagage haies ")
    assert len(found.rows) == found.lexical + sum(letters - length + 1 for length in range(2, 6))
    assert len(found.words) == len(found.rows)
    assert found.words.min() == 0
    assert found.words.max() == len(words) - 1


def test_what_is_learnt_is_said_again_of_its_own_texts() -> None:
    model = small()
    assert model.groups == ("linen", "land", NONE)
    found = model.of("lavage de draps", {}, 0.5)
    assert found.groups[0][0] == "linen"
    assert [sector for sector, _ in found.why().sectors] == ["washing"]
    assert {sector for sector, _ in model.of("lavage repassage", {}, 0.2).why().sectors} == {
        "washing",
        "ironing",
    }
    assert model.of("fourniture de gaz", {}, 0.5).none > 0.5


def test_a_model_is_kept_whole_and_the_same_one_gives_the_same_bytes(tmp_path: Path) -> None:
    model = replace(small(), joining=np.asarray([1, 1, 0, 0, 0, 1], np.float32))
    files = [tmp_path / "a.npz", tmp_path / "b.npz"]
    for file in files:
        write(file, model)
    assert files[0].read_bytes() == files[1].read_bytes()
    for text in ("lavage de draps", "tonte", "gaz"):
        kept, made = (
            one.of(text, {"land": (1.0, 1.0, 0.0, 1.0)}, 0.5) for one in (read(files[0]), model)
        )
        assert (kept, kept.why()) == (made, made.why())
