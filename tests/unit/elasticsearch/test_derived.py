"""What all activities of a supplier say together: derived for facets, never given back."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.engine.definition import Definition
from discovery.engine.elasticsearch.derived import Indexed, index_body, own_mappings
from discovery.engine.elasticsearch.query.facets import TOGETHER

RADIUS = {"scope": "radius", "radius_km": 30, "location": {"lat": 45.0, "lon": 4.0}}
PLACES = {"scope": "places", "places": ["department:69"], "places_within": ["region:84"]}

activities = st.lists(
    st.builds(
        lambda sector, services, zone: {
            "sector": sector,
            "sector_group": sector[0],
            "service_types": services,
            **zone,
        },
        st.sampled_from(["aa", "ab", "ba"]),
        st.lists(st.sampled_from(["DISP", "PREST"]), max_size=3),
        st.sampled_from([RADIUS, PLACES, {**RADIUS, "radius_km": 31}, {"scope": "country"}, {}]),
    ),
    max_size=4,
)


def derived(packaged: Definition, **document: Any) -> dict[str, Any]:
    return Indexed((), packaged.analysis)({"id": "a", "live": True, **document})


@given(held=activities)
def test_values_are_those_of_any_activity_each_once(
    packaged: Definition, held: list[dict[str, Any]]
) -> None:
    found = derived(packaged, activities=held)
    assert set(found["all_sectors"]) == {one["sector"] for one in held}
    assert set(found["all_sector_groups"]) == {one["sector_group"] for one in held}
    assert set(found["all_service_types"]) == {
        value for one in held for value in one["service_types"]
    }
    for name in TOGETHER.values():
        assert len(found[name]) == len(set(found[name]))


@given(held=activities)
def test_one_zone_is_when_no_two_activities_differ_in_where(
    packaged: Definition, held: list[dict[str, Any]]
) -> None:
    zones = [
        {name: value for name, value in one.items() if name in {*RADIUS, *PLACES}} for one in held
    ]
    assert derived(packaged, activities=held)["one_zone"] is all(zone == zones[0] for zone in zones)


@pytest.mark.parametrize(
    "held", ["no activity", 5, [None, "x"], [{"sector": 5, "service_types": [None, {"a": 1}]}]]
)
def test_what_the_engine_will_refuse_is_no_fault_here(packaged: Definition, held: Any) -> None:
    assert derived(packaged, activities=held)["all_sectors"] == []


def test_derived_fields_are_in_no_source_and_no_definition(packaged: Definition) -> None:
    made = index_body(packaged)["mappings"]
    assert {*TOGETHER.values(), "one_zone"} <= set(made["properties"])
    assert {*TOGETHER.values(), "one_zone"} <= set(made["_source"]["excludes"])
    assert own_mappings(made) == packaged.body["mappings"]
