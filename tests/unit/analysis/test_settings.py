"""What is refused when a block is read, and how it is said; what is accepted, and what it means."""

import copy
from typing import Any

import pytest

from discovery.engine.analysis import Analysis, AnalysisError, inline_paths
from tests.tables import cases


def block(**sections: Any) -> dict[str, Any]:
    """A block with one analyzer `a` over the standard tokenizer, and the sections given."""
    filters = list(sections.get("filter", {}))
    char_filters = list(sections.get("char_filter", {}))
    analyzer = {
        "type": "custom",
        "tokenizer": "standard",
        "filter": filters,
        "char_filter": char_filters,
    }
    return {"analyzer": {"a": analyzer}, **sections}


def terms(text: str, **sections: Any) -> list[str]:
    return Analysis.from_settings(block(**sections)).terms("a", text)


def refusal(**sections: Any) -> str:
    with pytest.raises(AnalysisError) as caught:
        Analysis.from_settings(block(**sections))
    return str(caught.value)


# ---- files named in the block


def test_paths_become_lists_without_comments_and_blank_lines() -> None:
    files = {"stop.txt": "# why\n\nde\n  la  \n", "stems.txt": "a, b => c\n"}
    original: dict[str, Any] = {
        "filter": {
            "f": {"type": "stop", "stopwords_path": "stop.txt"},
            "g": {"type": "stemmer_override", "rules_path": "stems.txt"},
        },
        "tokenizer": [],
        "analyzer": {"a": "standard"},
    }
    before = copy.deepcopy(original)
    assert inline_paths(original, files.__getitem__) == {
        "filter": {
            "f": {"type": "stop", "stopwords": ["de", "la"]},
            "g": {"type": "stemmer_override", "rules": ["a, b => c"]},
        },
        "tokenizer": [],  # these are said to be wrong by who reads them
        "analyzer": {"a": "standard"},
    }
    assert original == before


def test_a_comment_behind_a_rule_is_refused_with_its_line() -> None:
    with pytest.raises(
        AnalysisError, match=r"stop\.txt, line 2: a comment stands on a line of its own"
    ):
        inline_paths(
            {"filter": {"f": {"type": "stop", "stopwords_path": "stop.txt"}}},
            lambda _: "de\nla # why\n",
        )


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"stopwords_path": "x", "stopwords": []}, "has both `stopwords` and `stopwords_path`"),
        ({"stopwords_path": 3}, "must be a path"),
    ],
)
def test_paths_that_cannot_be_inlined(body: dict[str, Any], said: str) -> None:
    with pytest.raises(AnalysisError, match=f"filter.f: .*{said}"):
        inline_paths({"filter": {"f": body}}, lambda _: "")


# ---- what is refused


@pytest.mark.parametrize(
    ("section", "definition", "said"), cases(__file__, "what_has_no_meaning_here_is_refused")
)
def test_what_has_no_meaning_here_is_refused(
    section: str, definition: dict[str, Any], said: str
) -> None:
    with pytest.raises(AnalysisError, match=said):
        Analysis.from_settings({section: {"x": definition}})


@pytest.mark.parametrize(
    ("rules", "said"), cases(__file__, "synonyms_that_are_no_contractions_are_refused")
)
def test_synonyms_that_are_no_contractions_are_refused(rules: list[str], said: str) -> None:
    filters = {"lower": {"type": "lowercase"}, "s": {"type": "synonym_graph", "synonyms": rules}}
    assert said in refusal(filter=filters)


def test_words_may_not_go_before_contractions() -> None:
    filters = {
        "stop": {"type": "stop", "stopwords": ["x"]},
        "s": {"type": "synonym", "synonyms": ["a b => c"]},
    }
    assert "analyzer.a: `stop` removes words before `s` can join them" in refusal(filter=filters)


def test_one_contraction_filter_an_analyzer() -> None:
    one = {"type": "synonym", "synonyms": ["a b => c"]}
    assert "more than one synonym filter" in refusal(filter={"s": one, "t": one})


@pytest.mark.parametrize(("settings", "said"), cases(__file__, "blocks_and_analyzers"))
def test_blocks_and_analyzers(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(AnalysisError, match=said):
        Analysis.from_settings(settings)


def test_an_unknown_analyzer_is_named_with_those_there_are() -> None:
    analysis = Analysis.from_settings(block())
    with pytest.raises(AnalysisError, match="unknown analyzer 'b'; this index has: a"):
        analysis.terms("b", "x")
    assert analysis.analyzers == ("a",)


def test_elision_minds_case_unless_told() -> None:
    assert terms("l'eau L'eau", filter={"e": {"type": "elision", "articles": ["l"]}}) == [
        "eau",
        "L'eau",
    ]
    folded = {"e": {"type": "elision", "articles": ["L"], "articles_case": "true"}}
    assert terms("l'eau L’eau m'eau", filter=folded) == ["eau", "eau", "m'eau"]


def test_stop_minds_case_unless_told() -> None:
    assert terms("De de", filter={"s": {"type": "stop", "stopwords": "De"}}) == ["de"]
    assert (
        terms("De de", filter={"s": {"type": "stop", "stopwords": ["DE"], "ignore_case": True}})
        == []
    )


def test_stop_lists_by_name() -> None:
    assert terms(
        "nous avons des vitres", filter={"s": {"type": "stop", "stopwords": "_french_"}}
    ) == ["vitres"]
    assert terms("nous", filter={"s": {"type": "stop", "stopwords": "_none_"}}) == ["nous"]


# ---- what is accepted, and means


def test_overridden_words_are_not_stemmed() -> None:
    stem = {"type": "stemmer", "language": "light_french"}
    override = {"type": "stemmer_override", "rules": ["vitres, vitrerie => vitrerie"]}
    assert terms("vitres vitrerie vitreries", filter={"o": override, "s": stem}) == [
        "vitrerie",
        "vitrerie",
        "vitr",
    ]


def test_the_longest_contraction_wins_and_the_next_begins_after_it() -> None:
    synonyms = {
        "s": {
            "type": "synonym_graph",
            "synonyms": ["a b => ab", "a b c => abc", "c d => cd", r"x\, y => xy"],
        }
    }
    assert terms("a b c d", filter=synonyms) == ["abc", "d"]
    assert terms("a b d a a b", filter=synonyms) == ["ab", "d", "a", "ab"]
    assert terms("x y a", filter=synonyms) == ["xy", "a"]


def test_rules_pass_through_what_comes_before_them() -> None:
    sections = {
        "char_filter": {"c": {"type": "pattern_replace", "pattern": "&", "replacement": "et"}},
        "filter": {
            "lower": {"type": "lowercase"},
            "fold": {"type": "asciifolding"},
            "s": {"type": "synonym", "synonyms": ["Été & Hiver => Saisons"]},
        },
    }
    assert terms("L ÉTÉ ET HIVER", **sections) == ["l", "saisons"]


def test_a_pattern_knows_ascii_words_as_java_does() -> None:
    body = {"type": "pattern_replace", "pattern": r"\w", "replacement": "x"}
    assert terms("éé a", char_filter={"c": body}) == ["éé", "x"]


def test_words_are_cut_by_the_units_that_java_counts() -> None:
    assert list(map(len, terms("a" * 300 + " " + "𝐀" * 130))) == [255, 45, 127, 3]
