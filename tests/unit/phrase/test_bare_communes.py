"""Names of communes typed bare, one in ten: those that are no word of the language or trade are read."""

import importlib.util
from importlib.machinery import SourceFileLoader
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "bare_communes"


@pytest.mark.slow
def test_bare_names_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(SCRIPT.parent))
    loader = SourceFileLoader("bare_communes", str(SCRIPT))
    spec = importlib.util.spec_from_loader("bare_communes", loader)
    assert spec is not None
    script = importlib.util.module_from_spec(spec)
    loader.exec_module(script)
    counted = script.count("nettoyage {name}", every=10)
    fair = sum(len(names) for reason, names in counted.items() if not reason.startswith("a word"))
    assert fair > 3_000
    assert len(counted[script.READ]) / fair >= 0.95, {reason: len(names) for reason, names in counted.items()}
