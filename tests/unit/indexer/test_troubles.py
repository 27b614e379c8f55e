"""Trouble that lasts is said once, and its end once."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from discovery.engine.port import EngineUnavailable
from indexer.troubles import Troubles


def test_the_first_line_without_secrets() -> None:
    said: list[str] = []
    line = Troubles(said.append, said.append).waits(
        EngineUnavailable("https://me:geheim@host is away\ntrace")
    )
    assert said == [line]
    assert line.startswith("waiting: ")
    assert "geheim" not in line
    assert "trace" not in line


@given(st.lists(st.sampled_from(["", "a", "b"])))
def test_whatever_comes_nothing_is_said_twice_in_a_row(seen: list[str]) -> None:
    said: list[str] = []
    troubles = Troubles(said.append, said.append, over="over")
    for one in seen:
        if one:
            troubles.say(one)
        else:
            troubles.works()
    assert all(before != after for before, after in pairwise(said))
    assert set(said) <= {"a", "b", "over"}
    assert said[:1] != ["over"]
    current = [one for one in seen if one]
    assert bool(said) == bool(current)
    if seen and seen[-1]:
        assert said[-1] == seen[-1]
