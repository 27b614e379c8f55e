import json
from pathlib import Path

import pytest

from discovery.engine.analysis import Analysis, inline_paths

MAPPINGS = Path(__file__).resolve().parents[3] / "mappings"


@pytest.fixture(scope="session")
def mappings() -> Path:
    return MAPPINGS


@pytest.fixture(scope="session")
def project_analysis() -> Analysis:
    """The analysis the project ships, as `mappings/` has it today."""
    block = json.loads((MAPPINGS / "suppliers.json").read_text(encoding="utf-8"))["settings"][
        "analysis"
    ]
    return Analysis.from_settings(
        inline_paths(block, lambda path: (MAPPINGS / path).read_text(encoding="utf-8"))
    )
