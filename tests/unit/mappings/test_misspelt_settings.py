"""A variable that looks like a setting and is none is told, with the one that was meant."""

import pytest

from discovery.mappings.settings import misspelt, variables
from tests.tables import cases


def test_what_is_read_is_never_told() -> None:
    assert list(misspelt(variables())) == []


@pytest.mark.parametrize(("name", "meant"), cases(__file__, "a_near_name_is_offered"))
def test_a_near_name_is_offered(name: str, meant: str) -> None:
    assert list(misspelt([name])) == [
        f"{name} is not a setting, and is ignored: did you mean {meant}?"
    ]
