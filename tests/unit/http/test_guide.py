"""`docs/api.md` says what is so: settings that exist, their defaults, the statuses and headers of
the service.
"""

import re
from pathlib import Path

import pytest

from discovery.commands.serve import KEEPALIVE_SECONDS
from discovery.http import limits
from discovery.http.long_work import PATIENCE_SECONDS
from discovery.http.problems import STATUS
from discovery.http.requests import MAX_ADDRESS, MAX_BODY
from discovery.mappings import Settings
from discovery.mappings.settings import variable_of
from tests.tables import cases

GUIDE = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")


def test_settings_exist() -> None:
    known = {variable_of(name) for name in Settings.__dataclass_fields__}
    named = set(re.findall(r"DISCOVERY_[A-Z_]+[A-Z]", GUIDE))
    assert named
    assert named <= known


@pytest.mark.parametrize("name", cases(__file__, "limits_are_the_defaults"))
def test_limits_are_the_defaults(name: str) -> None:
    (row,) = (line for line in GUIDE.splitlines() if f"`{variable_of(name)}` |" in line)
    amount, _, per = str(getattr(Settings(), name)).partition("/")
    assert f"{int(amount):,} a {per}" in row.replace(" seconds a", " a")


def test_every_status_has_its_advice() -> None:
    advised = {
        int(status) for status in re.findall(r"\b[45]\d\d\b", GUIDE[GUIDE.index("| status |") :])
    }
    assert set(STATUS.values()) <= advised


def test_numbers_are_those_of_the_code() -> None:
    assert f"{MAX_ADDRESS:,} characters" in GUIDE
    assert f"slower than {limits.REDIS_SECONDS:g} s" in GUIDE
    assert f"every {limits.AWAY_SECONDS:g} s" in GUIDE
    assert f"{PATIENCE_SECONDS:g} s for the next bytes of a body (of {MAX_BODY:,} bytes" in GUIDE
    assert f"kept {KEEPALIVE_SECONDS} s for another" in GUIDE
