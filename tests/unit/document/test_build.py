"""The document is what search sees of a supplier: each block, and what must never get in."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.engine.definition import define
from discovery.mappings import load_mappings
from indexer.document.build import CRITERIA, DocumentBuilder, completeness
from indexer.document.evidence import as_one
from indexer.record import Activity, LocationSource, Offer, Scope, Status, Supplier, Zone
from tests.examples import some
from tests.unit.document.conftest import built

FULL = Supplier(
    id="c1-1042",
    name="Les Ateliers du Rhône",
    brand="ADR Propreté",
    kind="EI",
    siret="12345678901234",
    legal_form="SAS",
    naf="81.21Z",
    description="Nous entretenons les bureaux, les écoles et les halls d'immeubles, avec des produits verts.",
    website="https://adr.example",
    phone="0400000000",
    email="contact@adr.example",
    street="1 rue Neuve",
    post_code="69003",
    city="Lyon",
    commune="69383",
    department="69",
    region="84",
    lat=45.75987,
    lon=4.84912,
    location_source=LocationSource.GIVEN,
    activities=(
        Activity("nettoyage-de-locaux", ("PREST",), Zone(Scope.RADIUS, 30)),
        Activity(
            "nettoyage-industriel",
            ("PREST", "DISP"),
            Zone(Scope.PLACES, None, ("department:69", "commune:75112")),
        ),
        Activity("traiteur", ("BUILD",), Zone(Scope.COUNTRY)),
    ),
    offers=(Offer("Vitrerie", "Vitres jusqu'à 12 m"),),
    certifications=("rge", "iso-9001"),
    networks=("coorace",),
    client_references=("Ville de Lyon",),
    employees_insertion=12,
    employees_permanent=5,
    turnover=850_000,
    year_founded=1998,
    qpv=False,
    zrr=True,
    updated_at=date(2026, 3, 1),
    first_listed_at=datetime(2025, 1, 2, 3, 4, tzinfo=UTC),
    slug="adr-proprete-lyon",
    former_slugs=("ateliers-du-rhone-lyon",),
)
BARE = Supplier(id="x", name="X", kind="ESAT", commune="01047", department="01", region="84")


def test_every_field_is_one_that_the_index_knows(builder: DocumentBuilder) -> None:
    properties = load_mappings().index["mappings"]["properties"]
    document = built(builder, FULL)
    assert document.keys() <= properties.keys()
    for activity in document["activities"]:
        assert activity.keys() <= properties["activities"]["properties"].keys()


def test_an_arrondissement_belongs_to_its_city_but_the_address_keeps_it(
    builder: DocumentBuilder,
) -> None:
    document = built(builder, FULL)
    assert document["commune"] == "69123"
    assert document["public"]["address"]["commune"] == "69383"


def test_a_sector_brings_its_names_and_its_groups_in_both_languages(
    builder: DocumentBuilder,
) -> None:
    texts = built(builder, FULL)["sector_terms"]
    names = [name for text in texts for name in text.split(" | ")]
    assert {"Nettoyage de locaux", "Hygiène et propreté", "Traiteur"} <= set(names)
    assert any("cleaning" in name for name in names)
    assert names.count("Hygiène et propreté") == 1, (
        "two sectors of one group must not count its name twice"
    )


def test_names_said_together_are_analysed_as_if_said_apart(builder: DocumentBuilder) -> None:
    """No multi-word term may be made of the end of one name and the beginning of the next."""
    mappings = load_mappings()
    analysis = define(mappings).analysis
    vocabulary = mappings.vocabulary
    lists = (
        vocabulary.sectors,
        vocabulary.sector_groups,
        vocabulary.certifications,
        vocabulary.networks,
    )
    for terms in (*lists, vocabulary.service_types, vocabulary.naf):
        for term in terms.values():
            together = analysis.terms("french", as_one(term.names()))
            apart = [token for name in term.names() for token in analysis.terms("french", name)]
            assert together == apart, term.value


def test_a_zone_of_places_knows_what_holds_them(builder: DocumentBuilder) -> None:
    radius, places, country = built(builder, FULL)["activities"]
    assert radius["radius_km"] == 30
    assert radius["location"] == {"lat": 45.75987, "lon": 4.84912}
    assert places["places"] == ["department:69", "commune:75056"]
    assert {"region:84", "department:75", "region:11"} <= set(places["places_within"])
    assert "location" not in places
    assert country["scope"] == "country"
    assert "places" not in country


def test_a_radius_without_a_point_has_no_circle(builder: DocumentBuilder) -> None:
    activity = built(builder, replace(FULL, lat=None, lon=None, location_source=None))[
        "activities"
    ][0]
    assert "location" not in activity


def test_contacts_leave_only_with_consent(builder: DocumentBuilder) -> None:
    hidden = json.dumps(built(builder, FULL))
    assert "contact@adr.example" not in hidden
    assert "0400000000" not in hidden
    agreed = built(builder, replace(FULL, contact_public=True))
    assert agreed["public"]["contact"] == {"email": "contact@adr.example", "phone": "0400000000"}


def test_a_point_taken_from_the_commune_is_said_to_be_approximate(builder: DocumentBuilder) -> None:
    assert built(builder, FULL)["public"]["location"]["approximate"] is False
    moved = replace(FULL, location_source=LocationSource.COMMUNE)
    assert built(builder, moved)["public"]["location"]["approximate"] is True
    assert built(builder, BARE)["public"]["location"] is None


@pytest.mark.parametrize("kind", ["OPCS", "RESERVED"])
def test_hidden_kinds_are_not_indexed(builder: DocumentBuilder, kind: str) -> None:
    assert builder.build(replace(FULL, kind=kind)) is None


def test_a_delisted_supplier_leaves_a_stub_that_says_nothing_of_it(
    builder: DocumentBuilder,
) -> None:
    stub = built(builder, replace(FULL, status=Status.DELISTED))
    assert stub.keys() == {"live", "id", "slug", "former_slugs", "fingerprint"}
    assert stub["live"] is False


def test_a_closed_supplier_leaves_a_stub_that_says_so(builder: DocumentBuilder) -> None:
    stub = built(builder, replace(FULL, closed=True))
    assert (stub["live"], stub["public"]) == (False, {"closed": True})


def test_places_of_an_esat_are_its_size(builder: DocumentBuilder) -> None:
    esat = replace(
        FULL,
        kind="ESAT",
        employees_insertion=None,
        employees_permanent=None,
        capacity=66,
        operator="APF",
    )
    document = built(builder, replace(esat, description=""))
    assert document["employees_band"] == "50-99"
    assert document["description"] == "APF", "whoever runs it is found by name"
    assert (document["public"]["capacity"], document["public"]["operator"]) == (66, "APF")
    assert document["public"]["employees"] is None


def test_a_merged_supplier_s_stub_says_where_it_went(builder: DocumentBuilder) -> None:
    stub = built(builder, replace(FULL, status=Status.DELISTED, merged_into="other"))
    assert stub["public"] == {"merged_into": "other"}
    assert "merged_into" not in built(builder, replace(FULL, merged_into="other"))["public"]


def test_certifications_count_up_to_three(builder: DocumentBuilder) -> None:
    many = replace(FULL, certifications=("rge", "iso-9001", "iso-14001", "haccp", "bio"))
    assert built(builder, many)["certification_level"] == 3


def test_what_every_association_is_lifts_nobody(builder: DocumentBuilder) -> None:
    """It is shown and found, and counts neither as a certification nor as what a profile should
    hold.
    """
    plain = replace(FULL, certifications=(), networks=())
    social = built(builder, replace(plain, certifications=("ess",)))
    assert social["certifications"] == social["public"]["certifications"] == ["ess"]
    before = built(builder, plain)
    assert (social["certification_level"], social["completeness"]) == (0, before["completeness"])
    both = built(builder, replace(plain, certifications=("ess", "rge")))
    assert both["certification_level"] == 1
    assert both["completeness"] > before["completeness"]


def test_employees_add_up_and_fall_in_a_band(builder: DocumentBuilder) -> None:
    document = built(builder, FULL)
    assert document["public"]["employees"] == 17
    assert document["employees_band"] == "10-49"
    assert "employees_band" not in built(
        builder, replace(FULL, employees_insertion=0, employees_permanent=None)
    )


def test_completeness_adds_up_and_says_what_is_missing() -> None:
    assert sum(criterion.points for criterion in CRITERIA) == 100
    assert completeness(FULL) == (100, ())
    score, missing = completeness(replace(FULL, description="Court", website=""))
    assert score == 75
    assert missing == ("description", "website")
    assert completeness(BARE)[0] == 0


def test_first_listings_are_told_to_the_second_and_shown_by_the_day(
    builder: DocumentBuilder,
) -> None:
    paris = timezone(timedelta(hours=2))
    document = built(
        builder, replace(FULL, first_listed_at=datetime(2026, 7, 1, 1, 30, 5, 250, tzinfo=paris))
    )
    assert document["first_listed_at"] == "2026-06-30T23:30:05Z"
    assert document["public"]["first_listed_at"] == "2026-06-30"
    assert "first_listed_at" not in built(builder, BARE)


def test_the_fingerprint_is_of_the_plain_json(builder: DocumentBuilder) -> None:
    """Another spelling would be another fingerprint: after an upgrade every document would count as
    altered.
    """
    document = built(builder, replace(FULL, name="Œuvre « 𝄞 » \u2028\t"))
    fingerprint = document.pop("fingerprint")
    plain = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    assert fingerprint == hashlib.blake2b(plain, digest_size=12).hexdigest()


def test_the_fingerprint_follows_the_content(builder: DocumentBuilder) -> None:
    first = built(builder, FULL)["fingerprint"]
    assert built(builder, replace(FULL))["fingerprint"] == first
    assert built(builder, replace(FULL, website="https://other.example"))["fingerprint"] != first


@settings(max_examples=some(60), deadline=None)
@given(
    name=st.text(min_size=1, max_size=40),
    description=st.text(max_size=200),
    commune=st.sampled_from(["", "69383", "97411", "2A004", "99999"]),
    scope=st.sampled_from(list(Scope)),
    places=st.lists(
        st.sampled_from(["department:69", "commune:13201", "region:84", "commune:00000"]),
        max_size=4,
    ),
)
def test_any_supplier_gives_a_document_that_can_be_written(
    builder: DocumentBuilder,
    name: str,
    description: str,
    commune: str,
    scope: Scope,
    places: list[str],
) -> None:
    activity = Activity(
        "menuiserie", ("PREST",), Zone(scope, 12 if scope is Scope.RADIUS else None, tuple(places))
    )
    supplier = replace(
        FULL, name=name, description=description, commune=commune, activities=(activity,)
    )
    document = built(builder, supplier)
    assert json.loads(json.dumps(document)) == document
    assert document == built(builder, supplier)


@pytest.mark.parametrize("naf", ["81.21Z", "8121Z", "8121z"])
def test_a_registered_code_gives_words_to_a_supplier_that_declared_nothing(
    builder: DocumentBuilder, naf: str
) -> None:
    document = built(builder, replace(BARE, naf=naf))
    assert any(text.startswith("Nettoyage de locaux | ") for text in document["naf_terms"])
    assert any("cleaning" in term for term in document["naf_terms"])
    assert {"nettoyage-de-locaux", "hygiene-et-proprete"} <= set(document["evidence_sectors"])
    assert [one.get("sector") for one in document["activities"]] == [None], (
        "evidence, never a declared activity"
    )


UNZONED = replace(FULL, activities=(Activity("traiteur", ("PREST",), Zone(Scope.NONE)),))


@pytest.mark.parametrize("kind", ["AI", "ESAT"])
def test_an_activity_without_a_zone_is_presumed_around_the_seat(
    builder: DocumentBuilder, kind: str
) -> None:
    km = load_mappings().vocabulary.presumed_km[kind]
    [one] = built(builder, replace(UNZONED, kind=kind))["activities"]
    assert (one["sector"], one["scope"], one["radius_km"]) == ("traiteur", "presumed", km)
    assert one["location"] == {"lat": 45.75987, "lon": 4.84912}


def test_who_declares_no_activity_is_presumed_to_serve_around_its_seat(
    builder: DocumentBuilder,
) -> None:
    document = built(builder, replace(FULL, activities=()))
    [one] = document["activities"]
    assert one == {
        "scope": "presumed",
        "radius_km": load_mappings().vocabulary.presumed_km[FULL.kind],
        "location": document["location"],
    }
    assert document["public"]["activities"] == [], "nothing that it did not say is shown as said"


def test_without_a_point_it_is_presumed_to_serve_its_commune(builder: DocumentBuilder) -> None:
    [one] = built(builder, replace(BARE, lat=None, lon=None))["activities"]
    assert one["places"] == ["commune:01047"]
    assert {"department:01", "region:84"} <= set(one["places_within"])
    assert "location" not in one
    [nowhere] = built(builder, replace(BARE, commune="", department="", region=""))["activities"]
    assert nowhere == {
        "scope": "presumed",
        "radius_km": load_mappings().vocabulary.presumed_km[BARE.kind],
    }
