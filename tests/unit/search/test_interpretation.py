"""A phrase's pieces beside parameters: who replaces whom, and what is asked in the end."""

from typing import Any

import pytest

from discovery.engine.port import Filters, Point
from discovery.mappings.vocabulary import Vocabulary
from discovery.phrase.model import Intent, Piece
from discovery.places import Gazetteer, Place
from discovery.search.interpret import Interpretation, interpret
from discovery.search.query import Query

LYON, RHONE, GRENOBLE = (
    Place("commune", "69123"),
    Place("department", "69"),
    Place("commune", "38185"),
)


def piece(type_: Any, value: str, **more: Any) -> Piece:
    role = more.pop("role", "boundary" if type_ == "place" else None)
    return Piece(type_, value, more.pop("label", value), value, 0, len(value), role=role, **more)


def reading(
    query: Query,
    pieces: list[Piece],
    vocabulary: Vocabulary,
    gazetteer: Gazetteer,
    text: str = "nettoyage",
) -> Interpretation:
    return interpret(query, Intent(query.q, text, tuple(pieces)), vocabulary, gazetteer)


@pytest.mark.parametrize(
    ("given", "type_", "value"),
    [
        ({"kind": ("ACI",)}, "kind", "ESAT"),
        ({"kind_group": ("insertion",)}, "kind_group", "handicap"),
        ({"certification": ("iso-9001",)}, "certification", "rge"),
        ({"network": ("unapei",)}, "network", "coorace"),
        ({"service_type": ("BUILD",)}, "service_type", "PREST"),
        ({"sector": ("menuiserie",)}, "sector", "nettoyage-de-locaux"),
        ({"national": "include"}, "national", "only"),
        ({"radius": 10.0, "place": ("commune:69123",)}, "radius", "30"),
        ({"place": ("department:69",)}, "place", "commune:38185"),
    ],
)
def test_an_explicit_parameter_replaces_the_pieces_of_its_type(
    given: dict[str, Any], type_: str, value: str, vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    others = [
        one
        for one in (piece("kind", "EA"), piece("certification", "iso-14001"))
        if one.type != type_
    ]
    found = reading(Query(**given), [piece(type_, value), *others], vocabulary, gazetteer)
    assert [one.type for one in found.pieces] == [one.type for one in others]
    for parameter, values in given.items():
        if parameter in Filters.__dataclass_fields__:
            assert getattr(found.filters, parameter) == values


def test_near_replaces_a_focus_but_not_a_boundary(
    vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    spoken = [piece("place", "department:69"), piece("place", "commune:69123", role="focus")]
    found = reading(Query(near="Grenoble"), spoken, vocabulary, gazetteer)
    assert (found.asked.places, found.asked.centre) == ((RHONE,), GRENOBLE)
    assert found.pieces == (spoken[0],)


def test_place_replaces_a_boundary_but_not_a_focus(
    vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    spoken = [piece("place", "department:38"), piece("place", "commune:69123", role="focus")]
    found = reading(Query(place=("Rhône",)), spoken, vocabulary, gazetteer)
    assert (found.asked.places, found.asked.centre) == ((RHONE,), LYON)


def test_an_explicit_circle_replaces_every_place_and_distance_of_the_phrase(
    vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    spoken = [piece("place", "commune:69123"), piece("radius", "30")]
    found = reading(Query(lat=45.2, lon=5.7, radius=10.0), spoken, vocabulary, gazetteer)
    assert found.asked.places == ()
    assert (found.asked.centre, found.asked.radius_km, found.asked.focus_only) == (
        Point(45.2, 5.7),
        10.0,
        False,
    )
    assert found.pieces == ()


def test_a_distance_of_the_phrase_stays_with_the_place_of_the_phrase(
    vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    spoken = [piece("place", "commune:69123"), piece("radius", "30")]
    found = reading(Query(near="Grenoble"), spoken, vocabulary, gazetteer)
    assert (found.asked.places, found.asked.centre, found.asked.focus_only) == (
        (LYON,),
        GRENOBLE,
        True,
    )


def test_an_explicit_place_keeps_the_distance_of_the_phrase(
    vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    spoken = [piece("place", "commune:69123"), piece("radius", "30")]
    found = reading(Query(place=("Grenoble",)), spoken, vocabulary, gazetteer)
    assert (found.asked.places, found.asked.radius_km) == ((GRENOBLE,), 30.0)


def test_a_sector_is_offered_and_never_filters(
    vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    found = reading(Query(), [piece("sector", "nettoyage-de-locaux")], vocabulary, gazetteer)
    assert found.filters == Filters()
    assert [one.value for one in found.offered] == ["nettoyage-de-locaux"]
    assert found.sectors == ("nettoyage-de-locaux",)


def test_a_sector_filter_leaves_the_signal_of_the_phrase_alone(
    vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    """Filters never change a score: the signal comes from the phrase, chosen filter or not."""
    found = reading(
        Query(sector=("menuiserie",)),
        [piece("sector", "nettoyage-de-locaux")],
        vocabulary,
        gazetteer,
    )
    assert found.sectors == ("nettoyage-de-locaux",)
    assert found.offered == ()
    assert found.filters.sector == ("menuiserie",)


def test_a_piece_kept_as_words_is_offered(vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    found = reading(Query(), [piece("service_type", "DISP", kept=True)], vocabulary, gazetteer)
    assert found.filters == Filters()
    assert [one.value for one in found.offered] == ["DISP"]


def test_iae_is_its_kinds(vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    found = reading(Query(), [piece("kind_group", "iae")], vocabulary, gazetteer)
    assert set(found.filters.kind) == {"EI", "AI", "ACI", "ETTI", "EITI"}
    assert found.filters.kind_group == ()


def test_a_kind_and_a_group_of_one_phrase_are_alternatives(
    vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    found = reading(
        Query(), [piece("kind", "ESAT"), piece("kind_group", "insertion")], vocabulary, gazetteer
    )
    assert "ESAT" in found.filters.kind
    assert {kind.value for kind in vocabulary.kinds_of("insertion")} < set(found.filters.kind)
    assert found.filters.kind_group == ()


def test_a_focus_on_a_department_is_a_boundary(
    vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    found = reading(Query(), [piece("place", "department:69", role="focus")], vocabulary, gazetteer)
    assert (found.asked.places, found.asked.centre) == ((RHONE,), None)


def test_two_focuses_keep_the_first_and_say_so(
    vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    spoken = [
        piece("place", "commune:69123", role="focus"),
        piece("place", "commune:38185", role="focus"),
    ]
    found = reading(Query(), spoken, vocabulary, gazetteer)
    assert found.asked.centre == LYON
    assert [(notice.code, notice.args["label"]) for notice in found.notices] == [
        ("one_focus", gazetteer.label(LYON))
    ]
    found = reading(Query(lat=45.75, lon=4.85), spoken, vocabulary, gazetteer)
    assert isinstance(found.asked.centre, Point)


def test_a_misspelt_centre_is_answered_by_the_nearest_name_and_said_so(
    vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    found = reading(Query(near="Lile"), [], vocabulary, gazetteer)
    assert not found.problems
    assert found.asked.centre == Place("commune", "59350")
    (notice,) = found.notices
    assert (notice.code, notice.parameter) == ("corrected_place", "near")
    assert notice.args == {"value": "Lile", "label": "Lille (59)"}
    assert notice.choices
    assert all(gazetteer.parse_place(choice) for choice in notice.choices)


@pytest.mark.parametrize(
    ("typed", "town"),
    [
        ("villeurb", "commune:69266"),
        ("la roche sur", "commune:85191"),
        ("boulogn", "commune:92012"),
    ],
)
def test_a_name_left_half_typed_is_answered_by_the_largest_town_that_starts_so(
    typed: str, town: str, vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    found = reading(Query(near=typed), [], vocabulary, gazetteer)
    assert (found.problems, str(found.asked.centre)) == ((), town)
    assert [one.code for one in found.notices] == ["corrected_place"]


@pytest.mark.parametrize("typed", ["xx", "lil", "zzyzx", "-"])
def test_what_starts_no_name_or_many_is_no_town(
    typed: str, vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    assert [one.code for one in reading(Query(near=typed), [], vocabulary, gazetteer).problems] == [
        "unknown_place"
    ]


def test_an_ambiguous_name_takes_the_best_and_names_the_others(
    vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    found = reading(Query(near="Saint-Denis"), [], vocabulary, gazetteer)
    (notice,) = found.notices
    assert (notice.code, notice.parameter) == ("ambiguous_place", "near")
    assert isinstance(found.asked.centre, Place)
    assert {str(found.asked.centre), *notice.choices} >= {"commune:93066", "commune:97411"}
