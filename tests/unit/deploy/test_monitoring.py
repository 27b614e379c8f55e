"""Alerts and board ask for what is there: every series, label and outcome, in Prometheus' own
words.
"""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from discovery.http.problems import STATUS
from indexer.run.metrics import STATES
from tests.tables import read
from tests.unit.deploy import exposed

ROOT = Path(__file__).parents[3]
RULES = ROOT / "deploy" / "prometheus" / "rules.yml"
ALERTS = [rule for group in read(RULES)["groups"] for rule in group["rules"]]
BOARD = json.loads((ROOT / "deploy" / "grafana" / "board.json").read_text(encoding="utf-8"))
EXPRESSIONS = {rule["alert"]: rule["expr"] for rule in ALERTS} | {
    f"{panel['title']}, {target['refId']}": target["expr"]
    for panel in BOARD["panels"]
    for target in panel["targets"]
}
OUTCOMES = {"ok", "zero", "not_modified", "not_ready"}
"""Those that are no problem's name, and the one that has its text from the engine."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> exposed.Series:
    service = exposed.of_the_service(tmp_path_factory.mktemp("service"))
    return (
        service
        | exposed.of_the_indexer(tmp_path_factory.mktemp("indexer"))
        | {"up": {"job": set()}}
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", EXPRESSIONS)
def test_an_expression_asks_for_what_is_told(name: str, told: exposed.Series) -> None:
    series, grouped = exposed.asked(EXPRESSIONS[name])
    assert series, EXPRESSIONS[name]
    for metric, matchers in series.items():
        assert metric in told
        assert matchers.keys() <= told[metric].keys(), metric
        if "state" in matchers:
            assert set(matchers["state"]) <= set(STATES)
        assert set(matchers.get("outcome", ())) <= OUTCOMES | STATUS.keys()
    assert grouped <= {label for metric in series for label in told[metric]}


def test_every_alert_of_the_table_is_there() -> None:
    """watch.md says what to do about each gauge."""
    table = (ROOT / "docs" / "operate" / "watch.md").read_text(encoding="utf-8")
    gauges = re.findall(r"^\| `(discovery_[a-z_]+)(?:\{[^`]*)?` \|", table, re.MULTILINE)
    assert gauges
    assert set(gauges) <= {name for rule in ALERTS for name in exposed.asked(rule["expr"])[0]}


def test_every_alert_says_what_and_how_urgent() -> None:
    assert len({rule["alert"] for rule in ALERTS}) == len(ALERTS)
    for rule in ALERTS:
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"]["summary"]


@pytest.mark.slow
def test_prometheus_takes_the_rules_and_they_fire_when_meant() -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed here (Debian: apt-get install prometheus)")
    for words in (
        ("check", "rules", str(RULES)),
        ("test", "rules", str(RULES.with_name("rules.test.yml"))),
    ):
        done = subprocess.run([promtool, *words], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
