"""The two registers as they are. Skipped where the lists are absent: they are not the project's to
ship.
"""

from pathlib import Path

import pytest

from discovery.places import Gazetteer, haversine_km
from indexer.intake.findings import Code
from indexer.intake.limits import CONTRADICTION_KM
from indexer.intake.text import plain_line
from indexer.record import LocationSource
from tests.unit.intake.support import Intake, counts

DATA = Path(__file__).resolve().parents[3].parent / "shared" / "data"
LISTS = {"siae_itou_2020.csv": ("siae", 3846), "esat_finess_2026.csv": ("esat-finess", 1504)}


@pytest.fixture(params=sorted(LISTS))
def real(request: pytest.FixtureRequest) -> Path:
    path = DATA / str(request.param)
    if not path.is_file():
        pytest.skip(f"the real list {request.param} is not here")
    return path


@pytest.mark.slow
def test_every_row_is_kept_and_a_second_import_changes_nothing(intake: Intake, real: Path) -> None:
    source, rows = LISTS[real.name]
    planned = intake(real, dry_run=True)
    first = intake(real)
    ledger = intake.ledger()
    again = intake(real)
    assert (first.rows, first.created, first.rejected) == (rows, rows, 0)
    assert counts(planned) == counts(first)
    assert (again.unchanged, intake.ledger()) == (rows, ledger)
    assert {each.source for each in intake.stored().values()} == {source}


@pytest.mark.slow
def test_what_is_kept_is_fit_to_be_read(intake: Intake, real: Path, places: Gazetteer) -> None:
    intake(real)
    shouting, far = [], []
    for supplier in intake.stored().values():
        shown = supplier.brand or supplier.name
        assert shown == plain_line(shown)
        if shown.isupper() and " " in shown and any(len(word) > 5 for word in shown.split()):
            shouting.append(shown)
        commune = places.commune(supplier.commune)
        assert commune is not None
        assert supplier.department == commune.department
        if supplier.lat is not None and supplier.lon is not None and commune.point:
            km = haversine_km(supplier.lat, supplier.lon, *commune.point)
            if km > CONTRADICTION_KM:
                far.append(supplier.id)
    assert len(shouting) <= 2
    assert far == []


@pytest.mark.slow
def test_known_faults_of_the_siae_list_are_found(intake: Intake) -> None:
    path = DATA / "siae_itou_2020.csv"
    if not path.is_file():
        pytest.skip("the real list siae_itou_2020.csv is not here")
    report = intake(path)
    assert report.warnings[Code.POINT_FAR] >= 8
    assert (
        25 <= report.warnings[Code.POST_CODE_UNKNOWN] + report.warnings[Code.COMMUNE_OF_POINT] <= 40
    )
    assert report.warnings[Code.CAPITALS] > 3000
    assert report.warnings[Code.SIRET_CHECKSUM] < 30
    suppliers = intake.stored().values()
    given = sum(each.location_source is LocationSource.GIVEN for each in suppliers)
    assert given > 3780
