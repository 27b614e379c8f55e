"""A phrase's pieces beside parameters: who replaces whom, and what is asked in the end."""

from __future__ import annotations

from typing import Any

import pytest

from discovery.engine.port import Box, Coverage, Filters, National, Point
from discovery.mappings.vocabulary import Vocabulary
from discovery.phrase.model import Intent, Note, Piece
from discovery.places import Gazetteer, Place
from discovery.search.interpret import Interpretation, interpret
from discovery.search.query import Query

LYON, RHONE, GRENOBLE = Place("commune", "69123"), Place("department", "69"), Place("commune", "38185")


def piece(type_: Any, value: str, **more: Any) -> Piece:
    role = more.pop("role", "boundary" if type_ == "place" else None)
    return Piece(type_, value, more.pop("label", value), value, 0, len(value), role=role, **more)


def reading(
    query: Query, pieces: list[Piece], vocabulary: Vocabulary, gazetteer: Gazetteer, text: str = "nettoyage"
) -> Interpretation:
    return interpret(query, Intent(query.q, text, tuple(pieces)), vocabulary, gazetteer)


def test_a_phrase_fills_the_filters(vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    pieces = [
        piece("kind", "ESAT"),
        piece("kind", "EI"),
        piece("certification", "rge"),
        piece("service_type", "PREST"),
        piece("national", "only"),
        piece("place", "commune:69123"),
        piece("radius", "30"),
    ]
    found = reading(Query(), pieces, vocabulary, gazetteer)
    assert found.filters == Filters(kind=("ESAT", "EI"), certification=("rge",), service_type=("PREST",))
    assert found.asked.places == (LYON,)
    assert (found.asked.radius_km, found.asked.typed) == (30.0, False)
    assert found.asked.national is National.ONLY
    assert found.pieces == tuple(pieces)


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
    others = [one for one in (piece("kind", "EA"), piece("certification", "iso-14001")) if one.type != type_]
    found = reading(Query(**given), [piece(type_, value), *others], vocabulary, gazetteer)
    assert [one.type for one in found.pieces] == [one.type for one in others]
    for parameter, values in given.items():
        if parameter in Filters.__dataclass_fields__:
            assert getattr(found.filters, parameter) == values


def test_near_replaces_a_focus_but_not_a_boundary(vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    spoken = [piece("place", "department:69"), piece("place", "commune:69123", role="focus")]
    found = reading(Query(near="Grenoble"), spoken, vocabulary, gazetteer)
    assert (found.asked.places, found.asked.centre) == ((RHONE,), GRENOBLE)
    assert found.pieces == (spoken[0],)


def test_place_replaces_a_boundary_but_not_a_focus(vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    spoken = [piece("place", "department:38"), piece("place", "commune:69123", role="focus")]
    found = reading(Query(place=("Rhône",)), spoken, vocabulary, gazetteer)
    assert (found.asked.places, found.asked.centre) == ((RHONE,), LYON)


def test_an_explicit_circle_replaces_every_place_and_distance_of_the_phrase(
    vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    spoken = [piece("place", "commune:69123"), piece("radius", "30")]
    found = reading(Query(lat=45.2, lon=5.7, radius=10.0), spoken, vocabulary, gazetteer)
    assert found.asked.places == ()
    assert (found.asked.centre, found.asked.radius_km, found.asked.focus_only) == (Point(45.2, 5.7), 10.0, False)
    assert found.pieces == ()


def test_a_distance_of_the_phrase_stays_with_the_place_of_the_phrase(
    vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    spoken = [piece("place", "commune:69123"), piece("radius", "30")]
    found = reading(Query(near="Grenoble"), spoken, vocabulary, gazetteer)
    assert (found.asked.places, found.asked.centre, found.asked.focus_only) == ((LYON,), GRENOBLE, True)


def test_an_explicit_place_keeps_the_distance_of_the_phrase(vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    spoken = [piece("place", "commune:69123"), piece("radius", "30")]
    found = reading(Query(place=("Grenoble",)), spoken, vocabulary, gazetteer)
    assert (found.asked.places, found.asked.radius_km) == ((GRENOBLE,), 30.0)


def test_a_sector_is_offered_and_never_filters(vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    found = reading(Query(), [piece("sector", "nettoyage-de-locaux")], vocabulary, gazetteer)
    assert found.filters == Filters()
    assert [one.value for one in found.offered] == ["nettoyage-de-locaux"]
    assert found.sectors == ("nettoyage-de-locaux",)


def test_a_sector_filter_leaves_the_signal_of_the_phrase_alone(vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    """Filters never change a score: the signal comes from the phrase, chosen filter or not."""
    found = reading(Query(sector=("menuiserie",)), [piece("sector", "nettoyage-de-locaux")], vocabulary, gazetteer)
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


def test_a_kind_and_a_group_of_one_phrase_are_alternatives(vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    found = reading(Query(), [piece("kind", "ESAT"), piece("kind_group", "insertion")], vocabulary, gazetteer)
    assert "ESAT" in found.filters.kind
    assert {kind.value for kind in vocabulary.kinds_of("insertion")} < set(found.filters.kind)
    assert found.filters.kind_group == ()


def test_a_siret_is_a_prefix(vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    assert reading(Query(), [piece("siret", "784671695")], vocabulary, gazetteer).filters.siret == "784671695"


def test_a_focus_on_a_department_is_a_boundary(vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    found = reading(Query(), [piece("place", "department:69", role="focus")], vocabulary, gazetteer)
    assert (found.asked.places, found.asked.centre) == ((RHONE,), None)


def test_two_focuses_keep_the_first_and_say_so(vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    spoken = [piece("place", "commune:69123", role="focus"), piece("place", "commune:38185", role="focus")]
    found = reading(Query(), spoken, vocabulary, gazetteer)
    assert found.asked.centre == LYON
    assert [(notice.code, notice.args["label"]) for notice in found.notices] == [("one_focus", gazetteer.label(LYON))]


@pytest.mark.parametrize("typed", ["Zzqqxborough", "commune:99999"])
def test_an_unknown_place_is_a_problem_of_its_parameter(
    typed: str, vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    for given in ({"place": (typed,)}, {"near": typed}):
        found = reading(Query(**given), [], vocabulary, gazetteer)  # type: ignore[arg-type]
        assert [(one.parameter, one.value, one.code) for one in found.problems] == [(*given, typed, "unknown_place")]
        assert found.asked.places == ()


def test_an_unknown_place_names_close_ones(vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    (problem,) = reading(Query(place=("Villeurbane",)), [], vocabulary, gazetteer).problems
    assert gazetteer.label("commune:69266") in problem.choices


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
    ("typed", "town"), [("villeurb", "commune:69266"), ("la roche sur", "commune:85191"), ("boulogn", "commune:92012")]
)
def test_a_name_left_half_typed_is_answered_by_the_largest_town_that_starts_so(
    typed: str, town: str, vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    found = reading(Query(near=typed), [], vocabulary, gazetteer)
    assert (found.problems, str(found.asked.centre)) == ((), town)
    assert [one.code for one in found.notices] == ["corrected_place"]


@pytest.mark.parametrize("typed", ["xx", "lil", "zzyzx", "-"])
def test_what_starts_no_name_or_many_is_no_town(typed: str, vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    assert [one.code for one in reading(Query(near=typed), [], vocabulary, gazetteer).problems] == ["unknown_place"]


def test_near_a_department_says_to_use_place(vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    (problem,) = reading(Query(near="Rhône"), [], vocabulary, gazetteer).problems
    assert (problem.code, problem.choices) == ("place_is_no_centre", ("place=department:69",))


def test_an_ambiguous_name_takes_the_best_and_names_the_others(vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    found = reading(Query(near="Saint-Denis"), [], vocabulary, gazetteer)
    (notice,) = found.notices
    assert (notice.code, notice.parameter) == ("ambiguous_place", "near")
    assert isinstance(found.asked.centre, Place)
    assert {str(found.asked.centre), *notice.choices} >= {"commune:93066", "commune:97411"}


def test_all_of_france_typed_as_a_place(vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    assert reading(Query(place=("Toute la France",)), [], vocabulary, gazetteer).asked.places == (Place("country"),)


def test_the_rest_of_where_passes_through(vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    box = Box(4, 45, 5, 46)
    found = reading(Query(bbox=box, coverage="serves", national="exclude"), [], vocabulary, gazetteer)
    assert (found.asked.box, found.asked.coverage, found.asked.national) == (box, Coverage.SERVES, National.EXCLUDE)


def test_an_unknown_parameter_and_a_parsers_note_are_warnings(vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    intent = Intent("q", "q", notes=(Note("radius_repeated", "30 km"),))
    found = interpret(Query(unknown=("kindd",)), intent, vocabulary, gazetteer)
    assert [(one.code, one.parameter) for one in found.notices] == [
        ("phrase_radius_repeated", "q"),
        ("unknown_parameter", "kindd"),
    ]
