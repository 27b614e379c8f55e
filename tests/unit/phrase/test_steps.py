"""Steps of the reading earn their place: made a no-op, each changes how five rows of the tables at
least are read.
"""

import importlib
from functools import cache
from typing import Any

import pytest

from tests.unit.phrase.conftest import TABLES, rows, understand_phrase
from tests.unit.phrase.test_tables import TOLD

LEAST = 5
STEPS: dict[str, Any] = {
    **dict.fromkeys(("claim_numbers", "drop_openers", "claim_thanks", "claim_ignored", "trim")),
    **dict.fromkeys(
        (
            "claim_exclusions",
            "claim_supplier_words",
            "claim_national",
            "claim_centre",
            "claim_names",
        )
    ),
    **dict.fromkeys(
        ("claim_post_codes", "claim_department_numbers", "claim_shortened", "claim_misspelt")
    ),
    **dict.fromkeys(("settle_doubtful", "tell_unknown", "_settle_radius", "_unless_alone")),
    "find_negations": {},
    "find_distances": [],
    "claim_things": [],
}
"""Name of a step → what it gives when it does nothing."""


@cache
def _rows() -> list[tuple[str, str, str]]:
    return [(table.parent.name, q, expected) for table in TABLES for _, q, expected in rows(table)]


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_without_a_step_phrases_are_read_otherwise(
    step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        importlib.import_module("discovery.phrase.parse"), step, lambda *_, **__: STEPS[step]
    )
    lost = [q for told, q, expected in _rows() if TOLD[told](understand_phrase(q)) != expected]
    assert len(lost) >= LEAST, lost
