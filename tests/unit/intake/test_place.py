from hypothesis import given
from hypothesis import strategies as st

from discovery.places import Gazetteer, gazetteer, haversine_km
from indexer.intake.check import Places
from indexer.intake.findings import Code
from indexer.intake.limits import CONTRADICTION_KM
from indexer.record import LocationSource

PLACES = Places(gazetteer())


def locate(
    code: str = "", post_code: str = "", city: str = "", point: tuple[float, float] | None = None
) -> tuple[str, list[Code]]:
    """(commune's code or "", remarks)."""
    located, found = PLACES.locate(code, post_code, city, point)
    return (located.commune.code if located else "", [each.code for each in found])


@given(st.floats(-1.5, 1.5), st.floats(-1.5, 1.5))
def test_a_point_stays_exactly_within_the_bound(north: float, east: float) -> None:
    commune = gazetteer().commune("22070")
    assert commune is not None
    assert commune.point is not None
    own = (round(commune.point[0], 5), round(commune.point[1], 5))
    point = (round(own[0] + north, 5), round(own[1] + east, 5))
    located, found = PLACES.locate("22070", "", "", point)
    assert located is not None
    near = haversine_km(*own, *point) <= CONTRADICTION_KM
    assert (located.point == point, located.source, [each.code for each in found]) == (
        (True, LocationSource.GIVEN, [])
        if near
        else (point == own, LocationSource.COMMUNE, [Code.POINT_FAR])
    )


def test_every_commune_is_found_by_its_own_post_code_and_name(places: Gazetteer) -> None:
    wrong = []
    for commune in list(places.communes())[::37]:
        if not commune.post_codes or commune.parent:
            continue
        code, remarks = locate(post_code=commune.post_codes[0], city=commune.name)
        if (places.codes_holding(code)[0], remarks) != (commune.code, []):
            wrong.append((commune.code, code, remarks))
    assert not wrong
