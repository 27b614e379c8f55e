"""The test servers themselves: a missing one is a skip for a developer, and a failure in CI."""

from __future__ import annotations

import pytest

from tests import servers


def test_absent_for_a_developer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="not installed"):
        servers._absent("PostgreSQL is not installed here")


def test_absent_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="CI=true"):
        servers._absent("PostgreSQL is not installed here")


@pytest.mark.postgresql
def test_each_database_is_new_and_gone_afterwards(postgresql_server: str, postgresql_url: str) -> None:
    assert postgresql_url.startswith(postgresql_server)
    assert postgresql_url.rpartition("/")[2] not in ("", "postgres")
