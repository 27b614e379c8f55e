"""Naive Bayes, against the same counts made plainly."""

from __future__ import annotations

from math import isclose, log

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from discovery.phrase.trades.lessons import Lesson
from discovery.phrase.trades.model import fit

WORDS, CLASSES = "abcde", ("x", "y", "z")
counts = st.dictionaries(st.sampled_from(WORDS), st.sampled_from([0.5, 1.0, 3.0]), min_size=1)
parts = st.dictionaries(st.sampled_from(CLASSES), st.sampled_from([0.25, 0.5, 1.0]), min_size=1)
taught = st.lists(st.builds(Lesson, counts, parts), min_size=1, max_size=8)


@given(taught, st.sets(st.sampled_from("abcdefg"), min_size=1), st.sampled_from([0.1, 1.0]))
def test_scores_are_those_of_the_formula(lessons: list[Lesson], text: set[str], smoothing: float) -> None:
    model = fit(lessons, smoothing)
    scores, known = model.scores(text)
    seen = {word for lesson in lessons for word in lesson.counts}
    assert known == len(text & seen)
    for name, score in zip(model.names, scores.tolist(), strict=True):
        held = {word: sum(one.counts.get(word, 0) * one.classes.get(name, 0) for one in lessons) for word in seen}
        whole = sum(held.values()) + smoothing * len(seen)
        wanted = sum(log((held[word] + smoothing) / whole) for word in text & seen)
        assert isclose(score, wanted, abs_tol=1e-3)


@given(taught)
def test_the_order_of_lessons_does_not_count(lessons: list[Lesson]) -> None:
    there, back = fit(lessons, 0.1), fit(lessons[::-1], 0.1)
    for word in WORDS:
        one = dict(zip(there.names, there.scores([word])[0].tolist(), strict=True))
        other = dict(zip(back.names, back.scores([word])[0].tolist(), strict=True))
        assert one.keys() == other.keys()
        assert all(isclose(one[name], other[name], abs_tol=1e-4) for name in one)


def test_a_feature_speaks_for_the_classes_that_it_was_seen_with() -> None:
    model = fit([Lesson({"linge": 1.0}, {"blanchisserie": 1.0}), Lesson({"mur": 1.0}, {"peinture": 1.0})], 0.1)
    mine = [name == "blanchisserie" for name in model.names]
    assert model.gain("linge", np.asarray(mine)) > 0
    assert model.gain("mur", np.asarray(mine)) == model.gain("inconnu", np.asarray(mine)) == 0
