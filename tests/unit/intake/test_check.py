"""One row, checked: what is kept, what is said, what is refused."""

from collections.abc import Callable
from datetime import date
from itertools import islice
from typing import Any

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
from indexer.record import Scope, Supplier, Zone
from tests.unit.intake.support import VALID, codes

Checked = Callable[..., Draft]
TODAY = date(2026, 11, 24)
CHECK = Check(load_mappings().vocabulary, gazetteer(), TODAY)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3)
    ),
    max_leaves=8,
)
FIELDS = tuple(canonical_csv.FIELDS)
ACTIVITY = st.fixed_dictionaries({}, optional={"sector": JSON, "service_types": JSON, "zone": JSON})
RECORD = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(FIELDS, JSON)
    | {"activities": st.lists(ACTIVITY | JSON, max_size=3) | JSON}
    | {
        "address": st.dictionaries(
            st.sampled_from(["street", "post_code", "city", "commune"]), JSON
        )
        | JSON
    }
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
    draft = known(
        {**VALID, "activities": [{"sector": "traiteur", "service_types": ["PREST"], "zone": zone}]}
    )
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
        assert (
            (supplier.lat is None) == (supplier.lon is None) == (supplier.location_source is None)
        )


def test_long_lists_are_cut(checked: Checked) -> None:
    draft = checked(
        client_references=[f"client {at}" for at in range(limits.CLIENT_REFERENCES + 5)]
    )
    assert codes(draft)[1] == ["list_cut:client_references"]
    assert len(draft.values["client_references"]) == limits.CLIENT_REFERENCES


def test_only_what_a_row_carries_is_in_the_draft(checked: Checked) -> None:
    assert "activities" not in checked().values
    assert checked(activities=[]).values["activities"] == ()
    assert checked(activities=None).values["activities"] == ()
    assert "employees_insertion" not in checked(employees={}).values
    assert checked(employees=None).values["employees_insertion"] is None


def test_more_places_than_an_index_takes_are_refused_with_the_remedy() -> None:
    communes = [f"commune:{one.code}" for one in islice(gazetteer().communes(), limits.PLACES)]
    assert len(communes) == limits.PLACES
    sectors = list(load_mappings().vocabulary.sectors)

    def with_places(*numbers: int) -> Draft:
        zones = [{"scope": "places", "places": communes[:number]} for number in numbers]
        return CHECK(
            {
                **VALID,
                "activities": [
                    {"sector": sectors[at], "zone": one} for at, one in enumerate(zones)
                ],
            }
        )

    assert not with_places(*[limits.PLACES] * 10).rejected
    draft = with_places(*[limits.PLACES] * 10, 1)
    assert codes(draft)[0] == ["too_many_places:activities"]
    assert all("20001" in say(draft.findings.rejections[0], lang).reason for lang in LANGS)


def test_a_text_is_cut_before_time_is_spent_on_it() -> None:
    """Its end is not even looked at; the warning says so once."""
    draft = CHECK(
        {
            **VALID,
            "description": "mot " * 10_000 + "<b>" * 400_000,
            "email": "a@" + "b." * 200_000 + "fr",
        }
    )
    assert len(draft.values["description"]) <= limits.DESCRIPTION
    said = [one for one in codes(draft)[1] if "description" in one]
    assert said == ["html_removed:description", "text_cut:description"]
    assert draft.values["email"] == ""
