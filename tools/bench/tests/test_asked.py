"""What the benchmark asks, and whether it runs."""

import json
from collections import Counter
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tools.bench import bench
from tools.bench.queries import SHARES, Named, mix, named_in
from tools.bench.timing import stages

NAMED = [Named("Atelier du Lac", "12345678900011"), Named("Les Jardins", "12345678900029")]


def test_the_same_seed_asks_the_same() -> None:
    assert mix(300, NAMED) == mix(300, NAMED)
    assert mix(300, NAMED) != mix(300, NAMED, seed=2)


def test_shares_are_those_told() -> None:
    kinds = Counter(one.kind for one in mix(4_000, NAMED))
    assert sum(SHARES.values()) == 100
    for kind, share in SHARES.items():
        assert kinds[kind] / 40 == pytest.approx(share, abs=2.5)


def test_each_class_asks_its_endpoint() -> None:
    paths = {one.kind: urlsplit(one.address).path for one in mix(300, NAMED)}
    assert paths == {
        "place": "/api/v1/search",
        "browse": "/api/v1/search",
        "name": "/api/v1/search",
        "suggest": "/api/v1/suggest",
        "map": "/api/v1/map",
    }


def test_nobody_turns_facets_off() -> None:
    assert not [one for one in mix(300, NAMED) if "facets" in parse_qs(urlsplit(one.address).query)]


def test_names_are_of_suppliers_with_a_number(tmp_path: Path) -> None:
    file = tmp_path / "suppliers.jsonl"
    records = [
        {"name": "A", "siret": "1"},
        {"name": "B"},
        {"name": "C", "siret": "3"},
        {"name": "D", "siret": "4"},
    ]
    file.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    assert named_in(file, 3) == [Named("A", "1"), Named("C", "3")]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            "parse;dur=0.41, engine;dur=2, total;dur=3.5",
            {"parse": 0.41, "engine": 2.0, "total": 3.5},
        ),
        ('cache;desc="hit; or miss", db;desc=x;dur="1.5"', {"db": 1.5}),
        ("", {}),
    ],
)
def test_a_header_of_stages(header: str, expected: dict[str, float]) -> None:
    assert stages(header) == expected


def test_what_is_kept_of_other_runs_stays() -> None:
    recorded: dict[str, object] = {
        "version": "0.0.9",
        "ratios": {"embedded/5": {"all": {"edge/floor p50": 2.0}}},
    }
    found = bench.kept(recorded, [])
    assert found["ratios"] == recorded["ratios"]
    assert found["version"] != "0.0.9"


@pytest.mark.slow
def test_a_quick_run_reports_every_part(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bench.main(["--quick", "--out", str(tmp_path)])
    told = capsys.readouterr().out
    found = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    [run] = found["runs"]
    assert (run["engine"], run["size"]) == ("embedded", 2_000)
    assert set(run["warm"]["all"]) == {"floor", "service", "edge", "page", "said"}
    assert run["warm"]["all"]["edge"]["count"] == 40
    assert {"parse", "plan", "engine", "facets", "present", "json"} <= set(run["stages"])
    assert {"place"} <= set(run["phrases"]["warm"]) & set(run["phrases"]["first"])
    assert [one["clients"] for one in run["loads"]] == [1, 2, 4, 8]
    assert all(one["per_second"] > 0 for one in run["loads"])
    assert set(run["feed"]) == {"import", "sync", "rebuild"}
    assert run["memory"]["shared_out"] > 0
    assert 0 < run["memory"]["start"] < 60
    assert "embedded/2000: ms, warm" in told
    assert (tmp_path / "report.html").read_text(encoding="utf-8").count("<svg") == 3
