"""A list drafted from two rankings: everybody once, both treated alike, one list however far it is paged."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from discovery.search.team_draft import BOTH, ONE, OTHER, draft

members = st.lists(st.integers(0, 30), unique=True, max_size=20)
seeds = st.integers(0, 2**64 - 1)
permuted = st.integers(0, 20).flatmap(
    lambda size: st.tuples(*(st.permutations(range(size)).map(tuple) for _ in range(2)))
)


@given(members, members, seeds)
def test_everybody_is_there_once_and_each_place_is_somebodys(one: list[int], other: list[int], seed: int) -> None:
    found = draft(one, other, seed)
    assert sorted(found.ranked) == sorted({*one, *other})
    assert len(found.teams) == len(found.ranked)
    for member, team in zip(found.ranked, found.teams, strict=True):
        assert member in (one if team == ONE else other) or team == BOTH


@given(permuted, seeds)
def test_no_ranking_is_ever_two_places_ahead(rankings: tuple[tuple[int, ...], tuple[int, ...]], seed: int) -> None:
    ahead = 0
    for team in draft(*rankings, seed).teams:
        ahead += (team == ONE) - (team == OTHER)
        assert abs(ahead) <= 1


@given(permuted, seeds, st.integers(0, 20))
def test_a_shorter_piece_is_the_beginning(
    rankings: tuple[tuple[int, ...], tuple[int, ...]], seed: int, length: int
) -> None:
    """So that pages fit together: nobody twice, nobody left out."""
    one, other = rankings
    whole, piece = draft(one, other, seed), draft(one[:length], other[:length], seed)
    assert piece.ranked[:length] == whole.ranked[:length]
    assert piece.teams[:length] == whole.teams[:length]


@given(members, seeds)
def test_the_same_ranking_twice_is_that_ranking_and_nobodys(one: list[int], seed: int) -> None:
    found = draft(one, one, seed)
    assert (list(found.ranked), found.teams) == (one, BOTH * len(one))


@given(permuted, seeds)
def test_each_keeps_its_own_order(rankings: tuple[tuple[int, ...], tuple[int, ...]], seed: int) -> None:
    found = draft(*rankings, seed)
    for team, ranking in ((ONE, rankings[0]), (OTHER, rankings[1])):
        own = [ranking.index(member) for member, of in zip(found.ranked, found.teams, strict=True) if of == team]
        assert all(before < after for before, after in pairwise(own))


def test_the_coin_is_fair() -> None:
    first = [draft("ab", "ba", seed).teams[0] for seed in range(2_000)]
    assert 900 < first.count(ONE) < 1_100
