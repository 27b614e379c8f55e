"""The sample: the same for the same seed, varied, harmless, and fit to be imported without a
remark.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.mappings import load_mappings
from discovery.places import gazetteer, haversine_km, normalise
from indexer.intake.run import import_files
from indexer.intake.values import is_siret, luhn
from indexer.store import repository
from indexer.store.engine import migrate, open_store, reading
from tests.examples import some
from tools.commands.generate import generate_command
from tools.sample import generate
from tools.sample.material import material
from tools.sample.supplier import COUNT, DOMAIN, PHONES, siret

NOW = datetime(2026, 11, 24, tzinfo=UTC)


@cache
def sample() -> list[dict[str, Any]]:
    """Two thousand suppliers: more than a second, which collecting does without."""
    return list(generate(2000))


# The same


def test_one_seed_one_sample_whatever_the_count() -> None:
    assert list(generate(300)) == sample()[:300]
    assert list(islice(generate(10**9), 5)) == sample()[:5]


# No one's


@settings(max_examples=some(300))
@given(st.integers(0, 2 * COUNT), st.integers(0, 10_000))
def test_sirets_are_valid_and_no_ones(index: int, seed: int) -> None:
    number = siret(index, seed)
    assert is_siret(number)
    assert luhn(number[:9])
    assert 1_807_254 < 2_000_000 <= int(number[:9]) < 5_000_000 < 5_410_220


def test_contacts_reach_no_one() -> None:
    for each in sample():
        assert each.get("website", f".{DOMAIN}").endswith(f".{DOMAIN}")
        assert each.get("email", f".{DOMAIN}").endswith(f".{DOMAIN}")
        assert each.get("phone", PHONES[0]).startswith(PHONES)


def test_no_name_is_that_of_a_real_structure() -> None:
    data = Path(__file__).resolve().parents[3].parent / "shared" / "data"
    lists = [data / "siae_itou_2020.csv", data / "esat_finess_2026.csv"]
    if not all(path.is_file() for path in lists):
        pytest.skip("the real lists are not here")
    real = set()
    for path in lists:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                real |= {normalise(row["name"]), normalise(row.get("brand") or "")}
    ours = {
        normalise(name)
        for each in sample()
        for name in (each["name"], each.get("brand", each["name"]))
    }
    assert ours & real == set()


# Varied


def test_kinds_come_in_their_shares() -> None:
    counts = Counter(each["kind"] for each in sample())
    wanted = {"ACI": 3, "ESAT": 2.5, "EI": 1.5, "AI": 1, "EA": 1, "ETTI": 0.5, "GEIQ": 0.3}
    for kind, share in wanted.items():
        assert counts[kind] / len(sample()) == pytest.approx(share / 9.92, rel=0.25), kind
    assert 0 < counts["EITI"] < 40
    assert 0 < counts["EATT"] < 40


def _activities() -> Iterator[dict[str, Any]]:
    return (activity for each in sample() for activity in each.get("activities", ()))


def test_zones_have_every_scope_and_service_types_every_kind() -> None:
    scopes = Counter(activity["zone"]["scope"] for activity in _activities())
    types = Counter(kind for activity in _activities() for kind in activity["service_types"])
    assert set(scopes) == {"country", "radius", "places", "none"}
    assert min(scopes.values()) > 100
    assert set(types) == {"DISP", "PREST", "BUILD"}
    assert min(types.values()) > 100
    places = {
        place.partition(":")[0]
        for activity in _activities()
        for place in activity["zone"].get("places", ())
    }
    assert places == {"commune", "department", "region"}


def test_every_sector_is_someones_and_one_to_six_are_declared() -> None:
    assert {activity["sector"] for activity in _activities()} == set(
        load_mappings().vocabulary.sectors
    )
    assert {len(each["activities"]) for each in sample() if "activities" in each} == {
        1,
        2,
        3,
        4,
        5,
        6,
    }


def test_profiles_are_more_or_less_complete() -> None:
    missing = Counter(
        name
        for each in sample()
        for name in (
            "description",
            "activities",
            "offers",
            "certifications",
            "networks",
            "location",
            "website",
        )
        if name not in each
    )
    for name, count in missing.items():
        assert 0.02 < count / len(sample()) < 0.95, name
    assert sum("description" not in each and "activities" not in each for each in sample()) > 50


def test_descriptions_are_not_one_template() -> None:
    texts = [each["description"] for each in sample() if "description" in each]
    assert len(set(texts)) > 0.98 * len(texts)
    openings = Counter(text[:25] for text in texts)
    assert openings.most_common(1)[0][1] < 0.05 * len(texts)
    assert min(map(len, texts)) < 60
    assert max(map(len, texts)) > 1000


def test_no_slot_is_left_and_no_article_is_wrong() -> None:
    for each in sample():
        offers = [
            offer["description"] for offer in each.get("offers", ()) if "description" in offer
        ]
        text = "\n".join([each.get("description", ""), *offers])
        assert "{" not in text
        assert " de le " not in text
        assert "  " not in text
        assert ".." not in text


def test_some_texts_tell_of_a_trade_that_is_not_declared() -> None:
    said = {
        sentence: trade.sector for trade in material().trades.values() for sentence in trade.says
    }
    hidden = 0
    for each in sample():
        declared = {activity["sector"] for activity in each.get("activities", ())}
        text = each.get("description", "")
        hidden += bool(declared) and any(
            sector not in declared for one, sector in said.items() if one in text
        )
    assert 0.03 < hidden / len(sample()) < 0.3


# Where


def test_seats_follow_the_people() -> None:
    known = gazetteer()
    departments = Counter(known.commune(each["address"]["commune"]).department for each in sample())  # type: ignore[union-attr]
    assert len(departments) > 90
    assert sum(departments[code] for code in ("971", "972", "973", "974", "976")) > 20
    assert departments["59"] > departments["23"]


def test_points_lie_near_their_commune() -> None:
    known = gazetteer()
    for each in sample():
        commune = known.commune(each["address"]["commune"])
        assert commune is not None
        assert each["address"]["post_code"] in commune.post_codes
        if "location" in each:
            assert commune.point is not None
            assert (
                haversine_km(each["location"]["lat"], each["location"]["lon"], *commune.point) < 2.6
            )


# Into the store and back


@pytest.mark.slow
def test_the_whole_sample_is_imported_without_a_remark(tmp_path: Path) -> None:
    engine = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    migrate(engine)
    file = tmp_path / "sample.jsonl"
    file.write_text("".join(json.dumps(each) + "\n" for each in sample()), encoding="utf-8")
    log = io.StringIO()
    report = import_files(
        engine, [file], mappings=load_mappings(), gazetteer=gazetteer(), now=NOW, report=log
    )
    assert (report.created, report.rejected) == (len(sample()), 0)
    assert report.warnings == {}
    with reading(engine) as connection:
        stored = repository.load(connection, [each["id"] for each in sample()])
    for each in sample():
        supplier = stored[each["id"]]
        assert (supplier.name, supplier.kind, supplier.siret) == (
            each["name"],
            each["kind"],
            each["siret"],
        )
        assert (supplier.description, supplier.website) == (
            each.get("description", ""),
            each.get("website", ""),
        )
        assert supplier.commune == each["address"]["commune"]
        assert [one.sector for one in supplier.activities] == [
            one["sector"] for one in each.get("activities", ())
        ]
        assert [one.name for one in supplier.offers] == [
            one["name"] for one in each.get("offers", ())
        ]
        assert list(supplier.certifications) == each.get("certifications", [])
        if "location" in each:
            assert (supplier.lat, supplier.lon) == (
                each["location"]["lat"],
                each["location"]["lon"],
            )
    engine.dispose()


# The command


def test_the_command_writes_json_lines() -> None:
    result = CliRunner().invoke(generate_command, ["5"])
    assert result.exit_code == 0
    assert [json.loads(line) for line in result.stdout.splitlines()] == sample()[:5]
