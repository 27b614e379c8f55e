"""The parameters `cpv`, `naf`, `rome`: the sectors that analysts mapped to a code filter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.mappings import load_mappings
from discovery.search.interpret import Coded, read_codes
from discovery.search.query import CODES, Query
from tests.tables import cases

CODES_, VOCABULARY = load_mappings().codes, load_mappings().vocabulary


def _read(**given: tuple[str, ...]) -> Coded:
    return read_codes(Query(**given), CODES_, VOCABULARY)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "typed", "kept", "sector"), cases(__file__, "a_code_stands_for_its_sectors")
)
def test_a_code_stands_for_its_sectors(kind: str, typed: str, kept: str, sector: str) -> None:
    found = _read(**{kind: (typed,)})
    assert found.query.values(kind) == (kept,)
    assert sector in found.sectors
    assert not found.problems


@pytest.mark.parametrize(
    ("kind", "typed"), cases(__file__, "a_code_that_does_not_exist_is_a_problem_that_says_what")
)
def test_a_code_that_does_not_exist_is_a_problem_that_says_what_one_looks_like(
    kind: str, typed: str
) -> None:
    (problem,) = _read(**{kind: (typed,)}).problems
    assert (problem.parameter, problem.value, problem.code) == (kind, typed, "unknown_code")
    assert problem.args["example"]


def test_a_code_of_what_nobody_here_does_is_told_by_its_name() -> None:
    (problem,) = _read(cpv=("66510000",)).problems
    assert problem.code == "code_without_trade"
    assert problem.args["label"] == "66510000 Services d'assurance"


def test_codes_are_alternatives_whatever_their_classification() -> None:
    both = _read(cpv=("90911200",), rome=("K2204",), naf=("5621Z",))
    assert {"nettoyage-de-locaux", "traiteur"} <= set(both.sectors)
    assert len(set(both.sectors)) == len(both.sectors)


@given(st.sampled_from(CODES), st.text(max_size=20))
def test_no_value_is_too_strange(kind: str, typed: str) -> None:
    found = _read(**{kind: (typed,)})
    known = VOCABULARY.terms("sector")
    assert bool(found.sectors) != bool(found.problems)
    assert all(slug in known for slug in found.sectors)
