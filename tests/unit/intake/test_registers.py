"""The two registers, on invented rows."""

import io

import pytest

from indexer.intake.readers.registers import (
    FINESS,
    FINESS_OWN,
    LEGAL_FORMS,
    SIAE,
    read_esat_finess,
    read_siae,
    street_in_full,
)
from tests.tables import cases
from tests.unit.intake.support import Intake

SIAE_HEADER = (
    "siret,kind,name,brand,naf,address,post_code,city,department,lat,lon,geocoding_score,website,description,"
    "source,created_at,updated_at\n"
)
SIAE_ROW = (
    "00200000800017,ACI,ASSOC LE BOCAGE VERT,Bocage vert,8130Z,1 Rue Basse,22200,Guingamp,22,48.5622,-3.15,0.9,"
    'http://bocage.example,"Deux\nlignes",ASP,2019-12-05,2020-12-18\n'
)
FINESS_HEADER = (
    "finess_et,finess_ej,siret,name,operator,operator_legal_code,operator_legal,site_type,address,post_code,"
    "insee_commune,city,department_code,department,region_code,region,capacity\n"
)
FINESS_ROW = (
    "220000001,220000002,00200000800017,ESAT LES ARDOISES,ASSOCIATION LES GENETS,61,Ass.L.1901 R.U.P.,Principal,"
    "440 R LAVOISIER,22200,22070,Guingamp,22,Côtes-d'Armor,53,Bretagne,66\n"
)


def test_a_siae_row_is_a_canonical_record() -> None:
    (row,) = read_siae(io.StringIO(SIAE_HEADER + SIAE_ROW, newline=""))
    assert row.line == 2
    assert row.raw == {
        "siret": "00200000800017",
        "kind": "ACI",
        "name": "ASSOC LE BOCAGE VERT",
        "brand": "Bocage vert",
        "naf": "8130Z",
        "address": {"street": "1 Rue Basse", "post_code": "22200", "city": "Guingamp"},
        "location": {"lat": "48.5622", "lon": "-3.15"},
        "website": "http://bocage.example",
        "description": "Deux\nlignes",
        "updated_at": "2020-12-18",
    }


def test_a_siae_row_in_the_store(intake: Intake) -> None:
    report = intake(SIAE_HEADER + SIAE_ROW)
    supplier = intake.stored()["00200000800017-ACI"]
    assert report.created == 1
    assert (supplier.source, supplier.name, supplier.brand) == (
        "siae",
        "Assoc Le Bocage Vert",
        "Bocage vert",
    )
    assert (supplier.naf, supplier.naf_nomenclature, supplier.commune) == (
        "81.30Z",
        "NAFRev2",
        "22070",
    )
    assert supplier.activities == ()


def test_a_finess_row_in_the_store(intake: Intake) -> None:
    report = intake(FINESS_HEADER + FINESS_ROW)
    supplier = intake.stored()["finess-220000001"]
    assert report.created == 1
    assert (supplier.source, supplier.kind, supplier.name) == (
        "esat-finess",
        "ESAT",
        "ESAT Les Ardoises",
    )
    assert (supplier.street, supplier.city, supplier.legal_form) == (
        "440 Rue Lavoisier",
        "Guingamp",
        "ASSOCIATION",
    )
    assert (supplier.operator, supplier.capacity, supplier.description) == (
        "Association Les Genets",
        66,
        "",
    )
    assert (supplier.employees_insertion, supplier.employees_permanent) == (None, None), (
        "places are no employees"
    )


def test_a_register_leaves_a_description_as_it_is(intake: Intake) -> None:
    intake(FINESS_HEADER + FINESS_ROW)
    known = {
        "id": "finess-220000001",
        "name": "Les Ardoises",
        "kind": "ESAT",
        "address": {"commune": "22070"},
    }
    intake([{**known, "description": "Blanchisserie et repas."}])
    intake(FINESS_HEADER + FINESS_ROW)
    assert intake.stored()["finess-220000001"].description == "Blanchisserie et repas."


def test_without_its_number_in_finess_a_row_has_no_id() -> None:
    (row,) = read_esat_finess(
        io.StringIO(FINESS_HEADER + FINESS_ROW.removeprefix("220000001"), newline="")
    )
    assert row.raw["id"] == ""


def test_columns_that_are_missing_are_not_carried() -> None:
    (row,) = read_siae(
        io.StringIO("siret,kind,name,post_code,city\n1,EI,a,22200,Guingamp\n", newline="")
    )
    assert set(row.raw) == {"siret", "kind", "name", "address"}


def test_an_unknown_legal_form_is_another_form() -> None:
    header, row = FINESS_HEADER, FINESS_ROW.replace(",61,", ",47,")
    (found,) = read_esat_finess(io.StringIO(header + row, newline=""))
    assert found.raw["legal_form"] == "AUTRE"


def test_every_legal_form_is_of_the_vocabulary(mappings: object) -> None:
    assert set(LEGAL_FORMS.values()) <= set(mappings.vocabulary.legal_forms)  # type: ignore[attr-defined]


def test_readers_name_columns_once() -> None:
    assert len(set(SIAE.values())) == len(SIAE)
    assert not set(FINESS) & set(FINESS_OWN)


@pytest.mark.parametrize(("street", "full"), cases(__file__, "street_types_are_spelt_out"))
def test_street_types_are_spelt_out(street: str, full: str) -> None:
    assert street_in_full(street) == full
