"""Names of indices say what they are, and which of them stays."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.engine.catalog import IndexName, following, ours, previous, surplus
from tests.tables import cases

NOW = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
FINGERPRINT = "0123456789abcdef"

prefixes = st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True)
fingerprints = st.from_regex(r"[0-9a-f]{16}", fullmatch=True)
first, last = datetime(2000, 1, 1), datetime(2999, 1, 1)  # noqa: DTZ001
moments = st.datetimes(min_value=first, max_value=last, timezones=st.just(UTC))


@given(prefixes, fingerprints, moments)
def test_build_and_parse_are_inverse(prefix: str, fingerprint: str, built: datetime) -> None:
    name = IndexName(prefix, fingerprint, built)
    assert IndexName.parse(name.build()) == name


@given(
    st.text(max_size=60) | st.from_regex(r"[a-z-]*[0-9a-f-]*-[0-9]{8}-[0-9]{12}", fullmatch=True)
)
def test_any_other_name_is_none_of_ours(name: str) -> None:
    parsed = IndexName.parse(name)
    assert parsed is None or parsed.build() == name


@pytest.mark.parametrize("name", cases(__file__, "foreign_names"))
def test_foreign_names(name: str) -> None:
    assert IndexName.parse(name) is None
    assert ours("suppliers", [name]) == []


def test_a_prefix_may_hold_hyphens_and_end_like_another() -> None:
    names = [
        IndexName(prefix, FINGERPRINT, NOW).build()
        for prefix in ("suppliers", "suppliers-test", "my-suppliers")
    ]
    assert [ours(prefix, names) for prefix in ("suppliers", "suppliers-test", "my-suppliers")] == [
        [n] for n in names
    ]


@given(prefixes, fingerprints, st.lists(st.tuples(fingerprints, moments), max_size=5), moments)
def test_the_next_is_the_newest_whatever_the_clock_says(
    prefix: str, fingerprint: str, held: list[tuple[str, datetime]], now: datetime
) -> None:
    known = ours(prefix, (IndexName(prefix, *one).build() for one in held))
    name = following(prefix, fingerprint, now, known)
    assert ours(prefix, [name, *known])[-1] == name
    assert name not in known


def names(count: int) -> list[str]:
    return [IndexName("s", FINGERPRINT, NOW + timedelta(days=day)).build() for day in range(count)]


def test_previous_is_the_newest_of_the_older() -> None:
    known = names(4)
    assert previous(known, known[2]) == known[1]
    assert previous(known, known[0]) is None
    assert previous(known, None) == known[-1]
    assert previous([], None) is None


@given(st.integers(1, 6), st.data())
def test_what_serves_and_what_it_replaced_are_never_surplus(
    count: int, data: st.DataObject
) -> None:
    known = names(count)
    serving = data.draw(st.sampled_from(known))
    replaced = data.draw(st.sampled_from([*known, None]))
    kept = [name for name in known if name not in surplus(known, serving, replaced)]
    assert serving in kept
    assert replaced in (None, serving) or replaced in kept
    assert len(kept) == (count if replaced is None else min(count, 2))
