from __future__ import annotations

import string
from typing import get_args

import pytest

from discovery.config.tiers import PlaceTiers, TradeTiers
from discovery.config.vocabulary import LANGS
from discovery.engine.port import FACETS, ServesBy, Signals
from discovery.guard.problems import MALFORMED, STATUS
from discovery.intent.model import PieceType
from discovery.present.messages import (
    FACET_TITLES,
    MESSAGES,
    OBSTACLES,
    PIECES,
    SIGNALS,
    TIERS,
    language,
    say,
)
from discovery.search.problems import TEXTS

NARROW_SPACE = "\u202f"


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("code", MESSAGES)
def test_both_languages_say_the_same_with_the_same_placeholders(code: str) -> None:
    assert set(MESSAGES[code]) == set(LANGS)
    assert placeholders(MESSAGES[code]["fr"]) == placeholders(MESSAGES[code]["en"])
    assert all(text.strip() for text in MESSAGES[code].values())


def test_the_search_s_own_texts_are_in_the_catalogue_and_none_is_overwritten() -> None:
    assert {code: MESSAGES[code] for code in TEXTS} == TEXTS


@pytest.mark.parametrize("catalogue", [PIECES, FACET_TITLES, SIGNALS, OBSTACLES])
def test_names_are_complete_in_both_languages(catalogue: dict[str, dict[str, str]]) -> None:
    assert all(set(names) == set(LANGS) and all(names.values()) for names in catalogue.values())


def test_all_that_can_be_shown_has_a_name() -> None:
    assert set(PIECES) == set(get_args(PieceType))
    assert set(FACET_TITLES) == set(FACETS)
    assert set(SIGNALS) == set(Signals.__dataclass_fields__) - {"base", "named", "trade", "place", "text"}
    assert set(TIERS["trade"]) - {"", "named"} == set(TradeTiers.__dataclass_fields__)
    assert set(TIERS["place"]) - {""} == set(PlaceTiers.__dataclass_fields__) == set(ServesBy)


@pytest.mark.parametrize("name", STATUS)
def test_each_problem_has_a_title_and_a_detail(name: str) -> None:
    assert f"{name}_title" in MESSAGES
    assert f"{name}_detail" in MESSAGES


def test_unreadable_parameters_have_words() -> None:
    assert set(MESSAGES) >= MALFORMED


def test_arguments_are_never_templates() -> None:
    assert "{limit} {0}" in say("unknown_value", {"value": "{limit} {0}"})


@pytest.mark.parametrize(
    ("asked", "meant"), [("en", "en"), (" EN ", "en"), ("fr", "fr"), (None, "fr"), ("de", "fr"), ("", "fr")]
)
def test_french_unless_english_is_asked(asked: str | None, meant: str) -> None:
    assert language(asked) == meant


def test_an_unknown_language_is_answered_in_french() -> None:
    assert say("gone_title", lang="de") == say("gone_title", lang="fr")
