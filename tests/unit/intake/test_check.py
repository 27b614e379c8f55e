"""One row, checked: what is kept, what is said, what is refused."""

from collections.abc import Callable
from datetime import date
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.mappings import load_mappings
from discovery.mappings.vocabulary import LANGS
from discovery.places import gazetteer
from indexer.intake import limits
from indexer.intake.check import Check
from indexer.intake.precedence import Draft, Precedence, merge
from indexer.intake.readers import canonical_csv
from indexer.intake.report import say
from indexer.record import Activity, LocationSource, Offer, Scope, Status, Supplier, Zone
from tests.unit.intake.support import VALID, codes

Checked = Callable[..., Draft]
TODAY = date(2026, 11, 24)
CHECK = Check(load_mappings().vocabulary, gazetteer(), TODAY)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
FIELDS = tuple(canonical_csv.FIELDS)
ACTIVITY = st.fixed_dictionaries({}, optional={"sector": JSON, "service_types": JSON, "zone": JSON})
RECORD = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(FIELDS, JSON)
    | {"activities": st.lists(ACTIVITY | JSON, max_size=3) | JSON}
    | {"address": st.dictionaries(st.sampled_from(["street", "post_code", "city", "commune"]), JSON) | JSON}
    | {"location": st.dictionaries(st.sampled_from(["lat", "lon"]), JSON) | JSON},
)


def kept_of(draft: Draft) -> Supplier:
    """The supplier that a first row makes."""
    return merge(draft, draft.id, None, "canonical", Precedence(), TODAY)


def test_a_zone_may_name_bodies_of_communes_and_areas() -> None:
    mappings = load_mappings()
    known = Check(mappings.vocabulary, gazetteer().naming(mappings.places), date(2026, 11, 24))
    places = ["epci:243500139", "ept:200057875", "arrondissement:493", "area:Pays-d-Auge"]
    zone = {"scope": "places", "places": places}
    draft = known({**VALID, "activities": [{"sector": "traiteur", "service_types": ["PREST"], "zone": zone}]})
    assert codes(draft) == ([], [])
    (kept,) = kept_of(draft).activities
    assert kept.zone == Zone(Scope.PLACES, None, (*places[:3], "area:pays-d-auge"))


@given(RECORD)
def test_any_json_is_a_draft_that_can_be_kept_or_has_a_reason(raw: dict[str, Any]) -> None:
    draft = CHECK(raw)
    if not draft.rejected:
        supplier = kept_of(draft)
        assert supplier.name
        assert supplier.commune
        assert (supplier.lat is None) == (supplier.lon is None) == (supplier.location_source is None)


def test_the_documents_example_is_kept_whole(check: Check) -> None:
    raw = {
        **{"id": "c1-1042", "siret": "00200000800017", "name": "Clarté du Chêne", "brand": "Clarté", "kind": "EI"},
        **{"legal_form": "SAS", "naf": "81.21Z", "naf_nomenclature": "NAFRev2", "description": "Deux\nlignes."},
        **{"website": "https://clarte.example", "phone": "01 99 00 12 34", "email": "contact@clarte.example"},
        "address": {"street": "1 rue Basse", "post_code": "69003", "city": "Lyon", "commune": "69123"},
        "location": {"lat": 45.76, "lon": 4.84},
        "activities": [
            {
                "sector": "nettoyage-de-locaux",
                "service_types": ["PREST"],
                "zone": {"scope": "radius", "radius_km": 30},
            },
            {
                "sector": "nettoyage-industriel",
                "service_types": ["PREST", "DISP"],
                "zone": {"scope": "places", "places": ["department:69", "commune:38185"]},
            },
        ],
        "offers": [{"name": "Vitrerie", "description": "En hauteur."}],
        **{"certifications": ["rge", "iso-9001"], "networks": ["coorace"], "client_references": ["Une clinique"]},
        "employees": {"insertion": 12, "permanent": 5},
        **{"turnover": 850000, "year_founded": 1998, "qpv": False, "zrr": True, "status": "live"},
        "updated_at": "2026-03-01",
    }
    draft = check(raw)
    assert codes(draft) == ([], [])
    supplier = kept_of(draft)
    assert (supplier.id, supplier.siret, supplier.siren) == ("c1-1042", "00200000800017", "002000008")
    assert (supplier.commune, supplier.department, supplier.region) == ("69383", "69", "84")
    assert (supplier.lat, supplier.lon, supplier.location_source) == (45.76, 4.84, LocationSource.GIVEN)
    assert supplier.activities == (
        Activity("nettoyage-de-locaux", ("PREST",), Zone(Scope.RADIUS, 30)),
        Activity(
            "nettoyage-industriel", ("PREST", "DISP"), Zone(Scope.PLACES, None, ("department:69", "commune:38185"))
        ),
    )
    assert supplier.offers == (Offer("Vitrerie", "En hauteur."),)
    assert (supplier.certifications, supplier.networks) == (("rge", "iso-9001"), ("coorace",))
    assert (supplier.employees_insertion, supplier.employees_permanent, supplier.turnover) == (12, 5, 850000)
    assert (supplier.year_founded, supplier.qpv, supplier.zrr) == (1998, False, True)
    assert (supplier.status, supplier.updated_at) == (Status.LIVE, date(2026, 3, 1))
    assert supplier.description == "Deux\nlignes."


def test_a_minimal_record_is_completed(checked: Checked) -> None:
    draft = checked()
    supplier = kept_of(draft)
    assert codes(draft) == ([], [])
    assert (supplier.commune, supplier.department, supplier.region) == ("69383", "69", "84")
    assert supplier.location_source is LocationSource.COMMUNE
    assert supplier.lat is not None
    assert (supplier.status, supplier.source) == (Status.LIVE, "canonical")
    assert supplier.activities == ()


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"name": ""}, "missing:name"),
        ({"name": None}, "missing:name"),
        ({"name": ["x"]}, "not_a_text:name"),
        ({"kind": ""}, "missing:kind"),
        ({"kind": "EII"}, "unknown_value:kind"),
        ({"id": "é"}, "id_invalid:id"),
        ({"id": "a b"}, "id_invalid:id"),
        ({"id": "x" * 101}, "id_invalid:id"),
        ({"id": ""}, "id_impossible:siret"),
        ({"id": None, "siret": "12"}, "id_impossible:siret"),
        ({"address": {}}, "place_missing:address"),
        ({"address": None, "location": {}}, "place_missing:address"),
        ({"address": "Lyon"}, "not_a_block:address"),
        ({"address": {"post_code": "99999", "city": "Nulle-Part"}}, "place_not_found:address"),
        ({"activities": "nettoyage"}, "not_a_list:activities"),
        ({"activities": ["nettoyage"]}, "not_a_block:activities.1"),
        ({"activities": [{}]}, "missing:activities.1.sector"),
        ({"activities": [{"sector": "menage"}]}, "unknown_value:activities.1.sector"),
        (
            {"activities": [{"sector": "traiteur", "service_types": ["VENTE"]}]},
            "unknown_value:activities.1.service_types",
        ),
        ({"activities": [{"sector": "traiteur", "zone": {"scope": "monde"}}]}, "unknown_value:activities.1.zone.scope"),
        (
            {"activities": [{"sector": "traiteur", "zone": {"scope": "radius"}}]},
            "zone_radius:activities.1.zone.radius_km",
        ),
        (
            {"activities": [{"sector": "traiteur", "zone": {"scope": "radius", "radius_km": 501}}]},
            "zone_radius:activities.1.zone.radius_km",
        ),
        (
            {"activities": [{"sector": "traiteur", "zone": {"scope": "radius", "radius_km": 12.5}}]},
            "zone_radius:activities.1.zone.radius_km",
        ),
        ({"activities": [{"sector": "traiteur", "zone": {"scope": "places"}}]}, "zone_places:activities.1.zone.places"),
        ({"activities": [{"sector": "traiteur", "zone": {"radius_km": 10}}]}, "missing:activities.1.zone.scope"),
        ({"activities": [{"sector": "traiteur", "zone": "france"}]}, "not_a_block:activities.1.zone"),
        ({"offers": [{"description": "x"}]}, "missing:offers.1.name"),
        ({"offers": ["x"]}, "not_a_block:offers.1"),
        ({"certifications": ["iso"]}, "unknown_value:certifications"),
        ({"certifications": "rge"}, "not_a_list:certifications"),
        ({"networks": ["corace"]}, "unknown_value:networks"),
    ],
)
def test_what_is_refused(checked: Checked, changed: dict[str, Any], fault: str) -> None:
    rejected, _ = codes(checked(**changed))
    assert rejected == [fault]


@pytest.mark.parametrize(
    ("changed", "warning", "field", "kept"),
    [
        ({"siret": "00200000800018"}, "siret_checksum:siret", "siret", "00200000800018"),
        ({"siret": "200000800017"}, "siret_zero:siret", "siret", "00200000800017"),
        ({"siret": 200000800017}, "siret_zero:siret", "siret", "00200000800017"),
        ({"siret": "2.00E+13"}, "siret_invalid:siret", "siret", ""),
        ({"siret": 2e13}, "siret_invalid:siret", "siret", ""),
        ({"name": "ATELIER DU BOCAGE"}, "capitals:name", "name", "Atelier du Bocage"),
        ({"brand": "LE BOCAGE"}, "capitals:brand", "brand", "Le Bocage"),
        ({"legal_form": "GMBH"}, "value_ignored:legal_form", "legal_form", ""),
        ({"naf": "nettoyage"}, "value_ignored:naf", "naf", ""),
        ({"naf": "81.21Z", "naf_nomenclature": "CPF"}, "value_ignored:naf_nomenclature", "naf_nomenclature", "NAFRev2"),
        ({"website": "javascript:alert(1)"}, "website_invalid:website", "website", ""),
        ({"email": "nous"}, "value_ignored:email", "email", ""),
        ({"phone": "voir site"}, "value_ignored:phone", "phone", ""),
        ({"phone": "3 69 90"}, "value_ignored:phone", "phone", ""),
        ({"contact_public": "peut-être"}, "value_ignored:contact_public", "contact_public", False),
        ({"description": "<b>Gras</b>"}, "html_removed:description", "description", "Gras"),
        ({"employees": {"insertion": -1}}, "value_ignored:employees.insertion", "employees_insertion", None),
        ({"employees": 12}, "value_ignored:employees", "employees_insertion", None),
        ({"turnover": "1,5 M€"}, "value_ignored:turnover", "turnover", None),
        ({"year_founded": 2027}, "value_ignored:year_founded", "year_founded", None),
        ({"qpv": "?"}, "value_ignored:qpv", "qpv", None),
        ({"updated_at": "2026-11-25"}, "value_ignored:updated_at", "updated_at", None),
        ({"status": "active"}, "value_ignored:status", "status", Status.LIVE),
        ({"kind": "OPCS"}, "hidden_kind:kind", "kind", "OPCS"),
        ({"location": {"lat": 95, "lon": 4}}, "point_invalid:location", "location_source", LocationSource.COMMUNE),
        ({"location": {"lat": 45.7}}, "point_invalid:location", "location_source", LocationSource.COMMUNE),
        ({"location": {"lat": 0, "lon": 0}}, "point_far:location", "location_source", LocationSource.COMMUNE),
        (
            {"activities": [{"sector": "traiteur"}]},
            "service_type_missing:activities.1.service_types",
            "activities",
            (Activity("traiteur"),),
        ),
    ],
)
def test_a_warning_never_loses_a_row(
    checked: Checked, changed: dict[str, Any], warning: str, field: str, kept: Any
) -> None:
    draft = checked(**changed)
    assert codes(draft) == ([], [warning])
    assert getattr(kept_of(draft), field) == kept


@pytest.mark.parametrize(
    ("changed", "field", "kept"),
    [
        ({"siret": "002 000 008 00017"}, "siret", "00200000800017"),
        ({"kind": "ei"}, "kind", "EI"),
        ({"kind": "Entreprise d'insertion"}, "kind", "EI"),
        ({"naf": "8121Z"}, "naf", "81.21Z"),
        ({"naf": "8121Z", "naf_nomenclature": "NAF 2025"}, "naf_nomenclature", "NAF2025"),
        ({"naf": ""}, "naf_nomenclature", ""),
        ({"website": "www.bocage.example/"}, "website", "https://www.bocage.example"),
        ({"phone": "0199001234"}, "phone", "01 99 00 12 34"),
        ({"phone": "36 99 00"}, "phone", "36 99 00"),
        ({"qpv": "oui"}, "qpv", True),
        ({"certifications": ["RGE", "rge", "ISO 9001"]}, "certifications", ("rge", "iso-9001")),
        ({"client_references": ["Une clinique ", "Une clinique", ""]}, "client_references", ("Une clinique",)),
        ({"name": "  Atelier\tdu  Bocage\x07 "}, "name", "Atelier du Bocage"),
        ({"status": "delisted"}, "status", Status.DELISTED),
        ({"address": {"commune": "69232"}}, "commune", "69123"),
        ({"address": {"post_code": "1000", "city": "Bourg-en-Bresse"}}, "commune", "01053"),
        ({"address": {"commune": 1053}}, "commune", "01053"),
        ({"address": {"post_code": "22200", "city": "GUINGAMP"}}, "city", "Guingamp"),
        ({"address": {"post_code": "62501", "city": "Saint-Omer Cedex"}}, "city", "Saint-Omer Cedex"),
        ({"address": {"post_code": "40220", "city": "Strasbourg"}}, "city", "Tarnos"),
        ({"address": {"commune": "22070"}}, "city", "Guingamp"),
        ({"address": {"commune": "22070"}}, "post_code", "22200"),
        (
            {"address": {"post_code": "22200", "city": "Guingamp", "street": "1 RUE DE LA GARE"}},
            "street",
            "1 Rue de la Gare",
        ),
        ({"location": {"lat": "45,7612345", "lon": "4.8412345"}}, "lat", 45.76123),
        (
            {
                "activities": [
                    {
                        "sector": "traiteur",
                        "service_types": ["PREST"],
                        "zone": {"scope": "places", "places": ["commune:69232", "commune:69123"]},
                    }
                ]
            },
            "activities",
            (Activity("traiteur", ("PREST",), Zone(Scope.PLACES, None, ("commune:69123",))),),
        ),
        (
            {"activities": [{"sector": "traiteur", "service_types": ["PREST"]}] * 2},
            "activities",
            (Activity("traiteur", ("PREST",)),),
        ),
    ],
)
def test_values_are_brought_into_one_form(checked: Checked, changed: dict[str, Any], field: str, kept: Any) -> None:
    draft = checked(**changed)
    assert not draft.rejected
    assert getattr(kept_of(draft), field) == kept


@pytest.mark.parametrize(("radius", "told"), [(501, "501"), ("loin", "loin"), (None, "")])
def test_a_radius_that_is_none_is_told_as_written(checked: Checked, radius: object, told: str) -> None:
    zone = {"scope": "radius", "radius_km": radius}
    [fault] = checked(activities=[{"sector": "traiteur", "zone": zone}]).findings.rejections
    assert fault.value == told


def test_all_faults_of_a_row_are_said_at_once(checked: Checked) -> None:
    rejected, warned = codes(
        checked(
            name="",
            kind="XX",
            address={},
            activities=[{"sector": "x"}, {"sector": "y", "zone": {"scope": "z"}}],
            email="nous",
            siret="12",
        )
    )
    assert rejected == [
        "missing:name",
        "unknown_value:kind",
        "place_missing:address",
        "unknown_value:activities.1.sector",
        "unknown_value:activities.2.sector",
        "unknown_value:activities.2.zone.scope",
    ]
    assert {"siret_invalid:siret", "value_ignored:email"} <= set(warned)


@pytest.mark.parametrize(
    ("field", "limit"), [("name", limits.NAME), ("brand", limits.BRAND), ("description", limits.DESCRIPTION)]
)
def test_long_texts_are_cut(checked: Checked, field: str, limit: int) -> None:
    draft = checked(**{field: "mot " * limit})
    assert codes(draft)[1] == [f"text_cut:{field}"]
    assert len(draft.values[field]) <= limit


def test_long_lists_are_cut(checked: Checked) -> None:
    draft = checked(client_references=[f"client {at}" for at in range(limits.CLIENT_REFERENCES + 5)])
    assert codes(draft)[1] == ["list_cut:client_references"]
    assert len(draft.values["client_references"]) == limits.CLIENT_REFERENCES


@pytest.mark.parametrize("blank", [None, "", "  "])
def test_an_empty_siret_is_no_fault(checked: Checked, blank: str | None) -> None:
    found = checked(siret=blank)
    assert not found.rejected
    assert not [one for one in found.findings.warnings if one.field == "siret"]


def test_without_an_id_siret_and_kind_make_one(checked: Checked) -> None:
    assert checked(id=None, siret="00200000800017").id == "00200000800017-EI"


def test_only_what_a_row_carries_is_in_the_draft(checked: Checked) -> None:
    assert "activities" not in checked().values
    assert checked(activities=[]).values["activities"] == ()
    assert checked(activities=None).values["activities"] == ()


def test_an_unknown_value_names_near_ones(checked: Checked) -> None:
    found = checked(activities=[{"sector": "blanchiserie", "service_types": ["PREST"]}]).findings.rejections
    assert found[0].details["near"].split(", ")[0] == "blanchisserie"


def test_more_places_than_an_index_takes_are_refused_with_the_remedy() -> None:
    communes = [f"commune:{one.code}" for one in islice(gazetteer().communes(), limits.PLACES)]
    assert len(communes) == limits.PLACES
    zone = {"scope": "places", "places": communes}
    sectors = list(load_mappings().vocabulary.sectors)

    def with_activities(number: int) -> Draft:
        return CHECK({**VALID, "activities": [{"sector": sectors[at], "zone": zone} for at in range(number)]})

    assert not with_activities(limits.ALL_PLACES // limits.PLACES).rejected
    draft = with_activities(31)
    assert codes(draft)[0] == ["too_many_places:activities"]
    assert draft.findings.rejections[0].value == "62000"
    for lang in LANGS:
        assert "62000" in say(draft.findings.rejections[0], lang).reason


def test_a_text_is_cut_before_time_is_spent_on_it() -> None:
    """Its end is not even looked at; the warning says so once."""
    draft = CHECK({**VALID, "description": "mot " * 10_000 + "<b>" * 400_000, "email": "a@" + "b." * 200_000 + "fr"})
    assert len(draft.values["description"]) <= limits.DESCRIPTION
    said = [one for one in codes(draft)[1] if "description" in one]
    assert said == ["html_removed:description", "text_cut:description"]
    assert draft.values["email"] == ""


@pytest.mark.parametrize("unknown", ["department:999", "postcode:69003", "nowhere"])
def test_nobody_is_refused_for_a_place_that_is_not_known(checked: Checked, unknown: str) -> None:
    """It is left out and told; a zone of which nothing is left is not told."""
    for places, zone in (
        ([unknown, "department:69"], Zone(Scope.PLACES, None, ("department:69",))),
        ([unknown], Zone()),
    ):
        activity = {"sector": "traiteur", "service_types": ["PREST"], "zone": {"scope": "places", "places": places}}
        draft = checked(activities=[activity])
        assert codes(draft) == ([], ["unknown_place:activities.1.zone.places"])
        [kept] = draft.values["activities"]
        assert kept.zone == zone
