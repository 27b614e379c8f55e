"""A variable that looks like a setting and is none is told, with the one that was meant."""

import pytest

from discovery.mappings.settings import misspelt, variables


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
