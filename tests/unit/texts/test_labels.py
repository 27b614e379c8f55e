"""What the program may show has a text: codes that it makes up at run time are keys too."""

from typing import get_args

import pytest

from discovery.engine.port import FACETS, Signals
from discovery.mappings.profiles import Promise, TradeTiers
from discovery.mappings.vocabulary import LANGS
from discovery.phrase.model import PieceType
from discovery.texts import language, section, t


@pytest.mark.parametrize("lang", LANGS)
def test_all_that_can_be_shown_has_a_name(lang: str) -> None:
    assert set(section("label.piece", lang)) == set(get_args(PieceType))
    assert set(section("label.facet", lang)) == set(FACETS)
    signals = set(Signals.__dataclass_fields__) - {
        "base",
        "named",
        "trade",
        "promise",
        "distance",
        "text",
    }
    assert set(section("label.signal", lang)) == signals
    assert set(section("label.tier.trade", lang)) - {"none", "named"} == set(
        TradeTiers.__dataclass_fields__
    )
    assert set(section("label.tier.place", lang)) - {"anywhere"} == set(
        Promise.__dataclass_fields__
    )


def test_arguments_are_never_templates() -> None:
    assert "{limit} {0}" in t("message.unknown_value", "fr", value="{limit} {0}")


@pytest.mark.parametrize(
    ("asked", "meant"),
    [("en", "en"), (" EN ", "en"), ("fr", "fr"), (None, "fr"), ("de", "fr"), ("", "fr")],
)
def test_french_unless_english_is_asked(asked: str | None, meant: str) -> None:
    assert language(asked) == meant
