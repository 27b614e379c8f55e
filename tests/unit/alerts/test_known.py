"""Who is known, and when digests are due."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from discovery.desk.alerts import Every
from indexer.alerts.subscriptions import DIGEST_BYTES, MORNING, learnt, news, next_due

IDS = st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=8), unique=True)


@given(st.lists(IDS, max_size=5))
def test_nobody_is_news_twice(looks: list[list[str]]) -> None:
    kept, told = b"", []
    for ids in looks:
        found = news(ids, kept)
        assert found == [one for one in ids if one in found], "in their order"
        told += found
        kept = learnt(kept, ids)
        assert news(ids, kept) == []
    everybody = {id_ for ids in looks for id_ in ids}
    assert len(told) == len(everybody)
    assert set(told) == everybody, "and nobody is forgotten"
    assert len(kept) == DIGEST_BYTES * len(everybody)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from(Every),
)
def test_the_next_morning(now: datetime, every: Every) -> None:
    due = next_due(every, now)
    assert (due.hour, due.minute, due.second, due.microsecond) == (MORNING, 0, 0, 0)
    assert timedelta(0) < due - now <= timedelta(days=1 if every is Every.DAY else 7)
    assert every is Every.DAY or due.weekday() == 0
    assert next_due(every, due) - due == timedelta(days=1 if every is Every.DAY else 7)
