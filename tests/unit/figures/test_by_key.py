"""Counts of one site's searches: which search counts where, and that no small number can be read or
reckoned.
"""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.answers.figures import (
    MIN_SHOWN,
    SEARCH,
    ZERO,
    Asked,
    Count,
    Counted,
    Row,
    SearchCounts,
    of_key,
    told,
)
from discovery.places import gazetteer

DAY = date(2026, 3, 30)
LYON, RHONE = ("place", "commune:69123"), "69"


@pytest.mark.parametrize(
    ("rows", "asked"),
    [
        ([], []),
        ([(SEARCH, "")], [("", "", False)]),
        ([(SEARCH, ""), LYON, ("kind", "ESAT")], [(RHONE, "", False)]),
        ([(SEARCH, ""), ("place", "department:69"), (ZERO, "")], [(RHONE, "", True)]),
        (
            [(SEARCH, ""), ("sector", "traiteur"), LYON],
            [(RHONE, "", False), (RHONE, "traiteur", False)],
        ),
        ([(SEARCH, ""), ("place", "region:84")], [("", "", False)]),
        ([(SEARCH, ""), ("place", "region:84"), LYON], [(RHONE, "", False)]),
        ([(SEARCH, ""), ("place", "commune:00000")], [("", "", False)]),
    ],
)
def test_a_search_counts_once_and_once_for_each_trade(rows: list[Row], asked: list[Asked]) -> None:
    assert of_key(rows, gazetteer()) == asked


def test_a_month_as_it_is_told() -> None:
    [month] = told(
        [
            ("2026-03", "69", "", 20, MIN_SHOWN),
            ("2026-03", "38", "", MIN_SHOWN, 0),
            ("2026-03", "", "", 8, 0),
            ("2026-03", "69", "traiteur", MIN_SHOWN, MIN_SHOWN),
            ("2026-03", "69", "couture", 9, 4),
        ]
    )
    assert month.count == Count(28 + MIN_SHOWN, MIN_SHOWN)
    assert month.departments == {"69": Count(20, MIN_SHOWN), "38": Count(MIN_SHOWN, 0)}
    assert month.gaps == (("69", "traiteur", MIN_SHOWN),)


def test_a_gap_that_would_give_a_small_number_away_is_left_out() -> None:
    [month] = told([("2026-03", "69", "", 20, 7), ("2026-03", "69", "traiteur", 6, 6)])
    assert month.departments == {"69": Count(20, 7)}
    assert month.gaps == (), "7 - 6 would be told"
    [month] = told(
        [
            ("2026-03", "69", "", 20, 6),
            ("2026-03", "", "", 8, 1),
            ("2026-03", "69", "traiteur", 6, 6),
        ]
    )
    assert month.departments == {"69": Count(20, None)}, "7 - 6 would be told"
    assert month.gaps == ()


_COUNTED = st.lists(
    st.tuples(st.just("2026-03"), st.sampled_from(["", "01", "38", "69"]), st.just(""), st.integers(1, 12))
    .flatmap(lambda one: st.tuples(*map(st.just, one), st.integers(0, one[3]))),
    unique_by=lambda one: one[1],
)  # fmt: skip


@given(_COUNTED)
def test_no_small_number_is_told_or_can_be_reckoned(counted: list[Counted]) -> None:
    for month in told(counted):
        for of in ("searches", "zero"):
            total = getattr(month.count, of)
            shown = [
                number
                for one in month.departments.values()
                if (number := getattr(one, of)) is not None
            ]
            assert all(not number or number >= MIN_SHOWN for number in (*shown, total or 0))
            # Only departments with a shown number of searches stand there: what is left is several
            # others together.
            if total is not None and any(shown):
                assert not 0 < total - sum(shown) < MIN_SHOWN
        truth = {department: (searches, zero) for _, department, _, searches, zero in counted}
        for department, count in month.departments.items():
            assert count.searches == truth[department][0]
            assert count.zero in (None, truth[department][1])


@given(
    st.lists(
        st.tuples(
            st.integers(0, 400), st.sampled_from("ab"), st.sampled_from(["", "69"]), st.booleans()
        ),
        max_size=12,
    )
)
def test_the_file_tells_each_key_what_was_counted_of_it_up_to_yesterday(
    tmp_path_factory: pytest.TempPathFactory, searches: list[tuple[int, str, str, bool]]
) -> None:
    folder = tmp_path_factory.mktemp("home")
    truth: dict[str, Counter[tuple[str, str, bool]]] = {"a": Counter(), "b": Counter()}
    for back, key, department, zero in sorted(searches, reverse=True):
        day = DAY - timedelta(days=back)
        counts = SearchCounts(folder, 30, lambda day=day: day)
        counts.add([(SEARCH, "")], "192.0.2.1", key, [(department, "", zero)])
        if back and day >= date(2025, 3, 1):
            truth[key][day.isoformat()[:7], department, zero] += 1
    today = SearchCounts(folder, 30, lambda: DAY)
    for key, expected in truth.items():
        found: Counter[tuple[str, str, bool]] = Counter()
        for month, department, _, times, none in today.of_key(key):
            found[month, department, True] += none
            found[month, department, False] += times - none
        assert +found == expected
