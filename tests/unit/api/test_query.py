import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from discovery.engine.port import Box
from discovery.http.api.endpoint import MAX_UNKNOWN, read_query
from discovery.http.api.parameters import MAX_VALUES, PARAMETERS, SHOWN
from discovery.search.query import Query


def read(*arguments: tuple[str, str]) -> Query:
    query, problems = read_query(MultiDict(arguments))
    assert problems == []
    return query


def faults(*arguments: tuple[str, str]) -> list[tuple[str, str]]:
    _, problems = read_query(MultiDict(arguments))
    return [(problem.parameter, problem.code) for problem in problems]


def test_parameters_are_the_fields_of_a_query() -> None:
    assert set(PARAMETERS) == set(Query.__dataclass_fields__) - {"unknown", "as_of", "scope"}


def test_nothing_given_is_the_default_query() -> None:
    assert read() == Query()
    assert read(*((name, "") for name in PARAMETERS)) == Query()
    assert read(*((name, " ") for name in PARAMETERS if name != "q")) == Query()


def test_lists_are_repeated_or_separated_by_commas() -> None:
    assert read(("kind", "ESAT, EI"), ("kind", "AI"), ("kind", "EI")).kind == ("ESAT", "EI", "AI")
    assert read(("place", "Saint-Denis, 93"), ("place", "Lyon")).place == (
        "Saint-Denis, 93",
        "Lyon",
    )


def test_a_plus_sign_that_became_a_space_is_read() -> None:
    assert read(("employees", "500 ")).employees == ("500+",)
    assert read(("employees", "1-9,500+")).employees == ("1-9", "500+")


def test_numbers_switches_and_boxes() -> None:
    query = read(
        ("lat", "45.76"), ("lon", "-.5"), ("radius", "1e2"), ("page", "+2"), ("interpret", "False")
    )
    assert (query.lat, query.lon, query.radius, query.page, query.interpret) == (
        45.76,
        -0.5,
        100.0,
        2,
        False,
    )
    assert read(("bbox", "-1, 45.5,5,46")).bbox == Box(-1.0, 45.5, 5.0, 46.0)


@pytest.mark.parametrize(
    ("given", "meant"),
    [("", None), ("none", ()), ("kind", ("kind",)), ("kind,sector", ("kind", "sector"))],
)
def test_facets(given: str, meant: tuple[str, ...] | None) -> None:
    assert read(("facets", given)).facets == meant


@pytest.mark.parametrize(
    "text",
    ["abc", "nan", "inf", "-Infinity", "1e999", "1_000", "٣", "45,76", "0x10", "1 2", "--1", "\0"],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    assert faults(("lat", text)) == [("lat", "not_a_number")]


@pytest.mark.parametrize("text", ["1.5", "1e3", "x", "9" * 5000, "²", "1_0"])
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    assert faults(("page", text)) == [("page", "not_a_whole_number")]


def test_a_list_has_a_limit() -> None:
    assert faults(("sector", ",".join(map(str, range(MAX_VALUES))))) == []
    assert faults(("sector", ",".join(map(str, range(MAX_VALUES + 1))))) == [
        ("sector", "too_many_values")
    ]


def test_unknown_parameters_are_kept_for_a_warning() -> None:
    assert read(("kinds", "ESAT"), ("x" * 500, "1")).unknown == ("kinds", "x" * SHOWN)
    many = [(f"u{number}", "1") for number in range(50)]
    assert len(read(*many).unknown) == MAX_UNKNOWN


def test_all_faults_come_at_once_shortened() -> None:
    _, problems = read_query(MultiDict([("lat", "y" * 900), ("page", "z"), ("bbox", "b")]))
    assert {problem.parameter for problem in problems} == {"lat", "page", "bbox"}
    assert all(len(problem.value) <= SHOWN + 1 for problem in problems)


@given(
    st.lists(
        st.tuples(st.sampled_from(PARAMETERS) | st.text(max_size=8), st.text(max_size=60)),
        max_size=12,
    )
)
def test_whatever_is_given_is_read_or_refused(arguments: list[tuple[str, str]]) -> None:
    query, problems = read_query(MultiDict(arguments))
    assert isinstance(query, Query)
    assert all(problem.parameter in PARAMETERS for problem in problems)
