"""The siege, in its short form: memory, temporary files, whole files and answers; times are
generous.
"""

import pytest

from tools.bench.siege import SHORT, besieged

pytestmark = [pytest.mark.xdist_group("overload")]


def test_all_promises_hold_in_a_short_siege() -> None:
    assert besieged(SHORT)
