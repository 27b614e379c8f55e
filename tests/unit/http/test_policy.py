"""What holds for an address, by its path alone."""

from dataclasses import fields

import pytest

from discovery.http.requests import POLICIES, policy_of
from discovery.mappings import Settings
from tests.tables import cases


@pytest.mark.parametrize(("path", "rate"), cases(__file__, "every_path_counts_for_a_limit"))
def test_every_path_counts_for_a_limit(path: str, rate: str) -> None:
    assert policy_of(path).rate == rate


@pytest.mark.parametrize(
    ("path", "held"),
    [("/", ""), ("/feed.atom", "shared"), ("/api/static/x.css", "data shared"), ("/api/docs", "data shared"),
     ("/api/v1/search", "data keyed shared"), ("/api/v1/needs", "data keyed posted shared"), ("/mcp", "data"),
     ("/api/v1/programme", "data keyed posted shared"), ("/metrics", "data watched"), ("/sitemap/1.xml", "")],
)  # fmt: skip
def test_who_may_read_a_path_and_send_to_it(path: str, held: str) -> None:
    policy = policy_of(path)
    assert [
        name for name in ("data", "keyed", "posted", "shared", "watched") if getattr(policy, name)
    ] == held.split()


def test_every_row_holds_for_something() -> None:
    """No row stands behind one that takes all its paths."""
    for row in POLICIES:
        for path in row.paths:
            assert policy_of(path) is row, path


def test_every_limit_is_a_setting() -> None:
    names = {"api": "rate_limit", "page": "rate_limit_pages", "file": "rate_limit_pages"}
    settings = {one.name for one in fields(Settings)}
    assert {
        names.get(row.rate, f"rate_limit_{row.rate}") for row in POLICIES if row.rate
    } <= settings
