"""The analysts' lists themselves: each line does something, and does it to the words it is written
for.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from discovery.engine.analysis import Analysis
from discovery.engine.analysis.filters import light_stem

_NEVER_PLURAL = re.compile(r"(er|ir|re|s|x|z|aux)$")


def lines(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@pytest.fixture(scope="module")
def stems(mappings: Path) -> dict[str, str]:
    return dict(_rules(mappings / "stems.txt"))


def _rules(path: Path) -> Iterator[tuple[str, str]]:
    for line in lines(path):
        words, stem = line.split(" => ")
        for word in words.split(", "):
            yield word, stem


def test_stems_are_written_once(mappings: Path) -> None:
    words = [word for word, _ in _rules(mappings / "stems.txt")]
    assert sorted(words) == sorted(set(words))


def test_stems_are_written_as_words_reach_the_filter(
    project_analysis: Analysis, stems: dict[str, str]
) -> None:
    for word in stems:
        assert project_analysis.terms("folded", word) == [word]


def test_no_stem_repeats_what_the_stemmer_does(stems: dict[str, str]) -> None:
    assert [word for word, stem in stems.items() if light_stem(word) == stem] == []


def test_a_noun_has_its_plural_in_the_same_family(stems: dict[str, str]) -> None:
    for word, stem in stems.items():
        if not _NEVER_PLURAL.search(word):
            assert stems.get(word + "s", light_stem(word + "s")) == stem, word


def test_every_family_has_its_reason(mappings: Path) -> None:
    """The line above a rule is its comment, or another rule of the same family."""
    above, stem_above = "", ""
    for line in (mappings / "stems.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            stem = line.split(" => ")[1]
            assert stem == stem_above or re.match(r"# (join|part)\b", above), line
            stem_above = stem
        above = line


def test_no_stop_word_is_stemmed_or_begins_a_stem_rule(
    mappings: Path, stems: dict[str, str]
) -> None:
    assert set(lines(mappings / "stop.txt")).isdisjoint(stems)


def test_stop_words_are_written_as_words_reach_the_filter(
    project_analysis: Analysis, mappings: Path
) -> None:
    words = lines(mappings / "stop.txt")
    assert len(words) == len(set(words))
    for word in words:
        assert project_analysis.terms("folded", word) == [word]
        assert project_analysis.terms("french", word) == []


def test_every_contraction_is_found_in_a_sentence(
    project_analysis: Analysis, mappings: Path
) -> None:
    rules = lines(mappings / "synonyms" / "multiword.txt")
    assert len(rules) > 20
    for rule in rules:
        sources, target = rule.split(" => ")
        expected = project_analysis.terms("french", target)
        assert len(expected) == 1
        for source in sources.split(", "):
            sentence = f"nous faisons {source} depuis longtemps"
            assert expected[0] in project_analysis.terms("french", sentence), source
            assert expected[0] in project_analysis.terms("french", sentence.upper()), source


def test_no_contraction_is_written_twice(project_analysis: Analysis, mappings: Path) -> None:
    written: list[tuple[str, ...]] = []
    for rule in lines(mappings / "synonyms" / "multiword.txt"):
        written += [
            tuple(project_analysis.terms("folded", source))
            for source in rule.split(" => ")[0].split(", ")
        ]
    assert sorted(written) == sorted(set(written))


def test_lengths_of_stems_are_counted_as_lucene_counts_them() -> None:
    """In units of UTF-16: a letter beyond its first plane is two."""
    assert light_stem("a\U0001d4b6s") == "a\U0001d4b6"
    assert light_stem("aas") == "aas"
