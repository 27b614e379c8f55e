"""A row meets what the store already knows."""

import pytest
from sqlalchemy import Engine

from indexer.intake.findings import Code
from indexer.record import LocationSource, Status
from indexer.store import repository
from tests.unit.intake.support import LYON, Intake, counts, record
from tests.unit.intake.test_registers import FINESS_HEADER, FINESS_ROW, SIAE_HEADER, SIAE_ROW


def test_a_register_again_never_wipes_what_came_from_elsewhere(intake: Intake) -> None:
    siae = SIAE_HEADER + SIAE_ROW
    intake(siae)
    richer = {
        **{"id": "00200000800017-ACI", "name": "Assoc Le Bocage Vert", "kind": "ACI"},
        "address": {"commune": "22070"},
        "activities": [{"sector": "menuiserie", "service_types": ["BUILD"]}],
        **{"certifications": ["rge"], "phone": "01 99 00 12 34", "year_founded": 1998},
    }
    assert counts(intake([richer])) == (0, 1, 0, 0)
    kept = intake.stored()["00200000800017-ACI"]
    assert counts(intake(siae)) == (0, 0, 1, 0)
    assert intake.stored()["00200000800017-ACI"] == kept
    assert [each.sector for each in kept.activities] == ["menuiserie"]
    assert kept.street == "1 Rue Basse"
    assert (kept.lat, kept.location_source) == (48.5622, LocationSource.GIVEN)
    assert kept.source == "siae"


def test_a_register_owns_what_it_carries(intake: Intake) -> None:
    intake(SIAE_HEADER + SIAE_ROW)
    intake(
        SIAE_HEADER + SIAE_ROW.replace("http://bocage.example", "").replace("Bocage vert", "Bocage")
    )
    supplier = intake.stored()["00200000800017-ACI"]
    assert (supplier.website, supplier.brand) == ("", "Bocage")


def test_an_absent_field_stays_an_empty_one_goes(intake: Intake) -> None:
    intake([record(1, phone="01 99 00 12 34", networks=["coorace"], year_founded=1998)])
    intake([record(1, networks=[], year_founded=None)])
    supplier = intake.stored()["c1-1"]
    assert (supplier.phone, supplier.networks, supplier.year_founded) == (
        "01 99 00 12 34",
        (),
        None,
    )


def test_a_given_point_outlives_a_file_without_points(intake: Intake) -> None:
    intake([record(1, location={"lat": 45.76, "lon": 4.86})])
    intake([record(1)])
    assert (intake.stored()["c1-1"].lat, intake.stored()["c1-1"].location_source) == (
        45.76,
        LocationSource.GIVEN,
    )


def test_a_move_takes_the_whole_seat(intake: Intake) -> None:
    intake(
        [record(1, address={**LYON, "street": "1 rue Basse"}, location={"lat": 45.76, "lon": 4.86})]
    )
    intake([record(1, address={"commune": "22070"})])
    moved = intake.stored()["c1-1"]
    assert (moved.commune, moved.city, moved.post_code, moved.street) == (
        "22070",
        "Guingamp",
        "22200",
        "",
    )
    assert (moved.department, moved.region, moved.location_source) == (
        "22",
        "53",
        LocationSource.COMMUNE,
    )
    assert moved.lat == pytest.approx(48.56, abs=0.05)


def test_a_row_without_id_finds_the_supplier_by_siret_and_kind(intake: Intake) -> None:
    intake([record(1, siret="00200000800017", kind="ACI", activities=[])])
    assert counts(intake(SIAE_HEADER + SIAE_ROW)) == (0, 1, 0, 0)
    (supplier,) = intake.stored().values()
    assert (supplier.id, supplier.brand, supplier.source) == ("c1-1", "Bocage vert", "canonical")
    assert counts(intake(SIAE_HEADER + SIAE_ROW)) == (0, 0, 1, 0)


def test_a_finess_row_finds_it_too_whatever_the_order(intake: Intake) -> None:
    intake([record(1, siret="00200000800017", kind="ESAT")])
    other = FINESS_ROW.replace("220000001", "220000009").replace("ARDOISES", "GENETS")
    rows = [FINESS_ROW, other]
    intake(FINESS_HEADER + "".join(rows))
    assert sorted(intake.stored()) == ["c1-1", "finess-220000009"]
    assert counts(intake(FINESS_HEADER + "".join(rows))) == (0, 0, 2, 0)
    intake(FINESS_HEADER + "".join(reversed(rows)))
    assert sorted(intake.stored()) == ["c1-1", "finess-220000009"]


def test_two_candidates_are_none(intake: Intake) -> None:
    intake([record(at, siret="00200000800017", kind="ACI") for at in (1, 2)])
    assert counts(intake(SIAE_HEADER + SIAE_ROW)) == (1, 0, 0, 0)
    assert sorted(intake.stored()) == ["00200000800017-ACI", "c1-1", "c1-2"]


def test_a_delisted_one_that_reappears_is_live_again(intake: Intake, engine: Engine) -> None:
    intake([record(1)])
    with engine.begin() as connection:
        repository.delist(connection, "c1-1")
    report = intake([record(1)])
    assert counts(report) == (0, 1, 0, 0)
    assert report.warnings == {Code.RELISTED: 1}
    assert intake.stored()["c1-1"].status is Status.LIVE


def test_a_row_may_say_that_it_is_delisted(intake: Intake) -> None:
    intake([record(1, status="delisted")])
    assert intake.stored()["c1-1"].status is Status.DELISTED
    assert counts(intake([record(1, status="delisted")])) == (0, 0, 1, 0)
