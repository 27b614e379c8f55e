"""Who is shown how often: shares that add up."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from discovery.cli import main
from discovery.context import Services
from discovery.relevance.exposure import GROUPED, Exposure, measured
from discovery.search.query import Query
from tests.web.world import services_in

PHRASES = ("nettoyage", "blanchisserie à Lyon", "traiteur", "zzyzx")
DAYS = [date(2026, 3, 1) + timedelta(days=one) for one in range(10)]


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Services:
    return services_in(tmp_path_factory.mktemp("exposure"))


def of(services: Services, profile: str) -> Exposure:
    return measured(services.search, [Query(q=phrase, profile=profile) for phrase in PHRASES], DAYS)


def test_attention_adds_up_to_the_searches_that_find_somebody(services: Services) -> None:
    found = of(services, "balanced")
    assert found.searches == 3 * len(DAYS)
    assert sum(found.suppliers.values()) == pytest.approx(found.searches)
    for name in GROUPED:
        rows = found.groups(name)
        assert sum(listed for _, listed, _ in rows) == pytest.approx(1)
        assert sum(shown for _, _, shown in rows) == pytest.approx(1)


def test_nobody_asked_is_nobody_shown(services: Services) -> None:
    nothing = measured(services.search, [Query(q="zzyzx")], DAYS)
    assert (nothing.searches, nothing.top, nothing.groups("kind")) == (0, 0.0, [])


def test_the_command_tells_it(services: Services, tmp_path: Path) -> None:
    file = tmp_path / "phrases.txt"
    file.write_text("nettoyage\n\nblanchisserie\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["exposure", str(file), "--days", "2", "--lang", "en"], obj=services)
    assert result.exit_code == 0, result.output
    assert result.output.startswith("4 searches, ")
    assert "  ESAT: " in result.output
    assert "By department" in result.output
