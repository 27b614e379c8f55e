"""A variable that looks like a setting and is none is told, with the one that was meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.mappings.settings_help import misspelt, variables


def test_what_is_read_is_never_told() -> None:
    assert list(misspelt(variables())) == []


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("DISCOVERY_TRUSTED_PROXY", "DISCOVERY_TRUSTED_PROXIES"),
        ("DISCOVERY_DATABSE_URL", "DISCOVERY_DATABASE_URL"),
        ("DISCOVERY_RATE_LIMITS", "DISCOVERY_RATE_LIMIT"),
        ("DISCOVERY_SECRET_KEYFILE", "DISCOVERY_SECRET_KEY_FILE"),
    ],
)
def test_a_near_name_is_offered(name: str, meant: str) -> None:
    assert list(misspelt([name])) == [f"{name} is not a setting, and is ignored: did you mean {meant}?"]


def test_without_a_near_one_the_list_is_named() -> None:
    assert list(misspelt(["DISCOVERY_ZZYZX"])) == [
        "DISCOVERY_ZZYZX is not a setting, and is ignored: `discovery config check` lists them all"
    ]


@given(st.lists(st.text().filter(lambda name: not name.startswith("DISCOVERY_"))))
def test_others_are_none_of_our_business(names: list[str]) -> None:
    assert list(misspelt(names)) == []
