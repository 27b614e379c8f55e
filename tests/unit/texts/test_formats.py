from datetime import date

import pytest
from babel.dates import format_date
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from discovery.texts import day, shown_km, t, typeset, written
from tests.tables import cases

NARROW_SPACE = "\u202f"
CLDR = {"fr": "fr_FR", "en": "en_GB"}


@pytest.mark.parametrize(
    ("value", "fr", "en"), cases(__file__, "numbers_are_written_as_the_language_writes_them")
)
def test_numbers_are_written_as_the_language_writes_them(
    value: float | str, fr: str, en: str
) -> None:
    assert written(value, "fr") == fr
    assert written(value, "en") == en


@given(st.floats(-(10**6), 10**6), st.sampled_from([*CLDR]))
def test_decimals_are_babels(value: float, lang: str) -> None:
    rounded = round(value, 1) + 0.0
    assert written(value, lang).replace("-0", "0", value == 0 or rounded == 0) == format_decimal(
        rounded, "#,##0.#", locale=CLDR[lang]
    )


def test_texts_write_the_numbers_in_them_so_too() -> None:
    assert t("message.too_deep", "fr", limit=10_000).startswith(
        f"On peut parcourir 10{NARROW_SPACE}000 résultats"
    )
    assert t("message.too_deep", "en", limit=10_000).startswith("10,000 results")
    assert t("why.distance_point", "fr", distance=3.4) == "à 3,4 km"
    assert t("why.distance_point", "en", distance=3.4) == "3.4 km away"
    assert t("why.distance_point", "fr", distance=3.0) == "à 3 km"


@pytest.mark.parametrize(
    ("km", "shown"), [(0.04, 0.0), (2.349, 2.4), (2.34, 2.3), (9.996, 10), (12.5, 12), (12.6, 13)]
)
def test_distances_are_rounded_in_one_way(km: float, shown: float) -> None:
    assert shown_km(km) == shown


@given(st.floats(0, 20_000))
def test_who_starts_from_the_api_s_number_says_the_same(km: float) -> None:
    """The card has the API's two decimals, the reason the engine's distance."""
    assert shown_km(round(km, 2)) == shown_km(km)


@pytest.mark.parametrize(
    ("value", "fr", "en"), cases(__file__, "days_are_written_as_the_language_writes_them")
)
def test_days_are_written_as_the_language_writes_them(value: str, fr: str, en: str) -> None:
    assert (day(value, "fr"), day(value, "en")) == (fr, en)


@given(st.dates(date(1900, 1, 1)), st.sampled_from([*CLDR]))
def test_days_are_babels_but_for_the_first(when: date, lang: str) -> None:
    """The CLDR writes "1 avril"; the French say "1er"."""
    said = day(when.isoformat(), lang).replace("1er ", "1 ")
    assert said == format_date(when, "long", locale=CLDR[lang])


@pytest.mark.parametrize(
    ("text", "fr"), cases(__file__, "what_is_typed_with_plain_spaces_is_typeset_in_french_alone")
)
def test_what_is_typed_with_plain_spaces_is_typeset_in_french_alone(text: str, fr: str) -> None:
    assert (typeset(text, "fr"), typeset(text, "en")) == (fr, text)


@given(st.text())
def test_typesetting_changes_nothing_but_spaces_and_once(text: str) -> None:
    set_once = typeset(text, "fr")
    assert set_once.replace("\u00a0", " ").replace("\u202f", " ") == text.replace(
        "\u00a0", " "
    ).replace("\u202f", " ")
    assert typeset(set_once, "fr") == set_once
