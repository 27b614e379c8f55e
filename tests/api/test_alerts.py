"""`POST /api/v1/alerts`: what is handed over to whoever writes the mails, and what is refused."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from discovery.app import application
from discovery.context import Services
from discovery.desk.alerts import Asked, Signer, Spool

SENT = {"email": "ann@mail.example", "every": "week"}


@pytest.fixture
def opened(services: Services, tmp_path: Path) -> Services:
    return replace(services, settings=replace(services.settings, alerts=tmp_path / "handed"))


@pytest.fixture
def offering(opened: Services) -> FlaskClient:
    return application(opened).test_client()


def handed(opened: Services) -> list[Asked]:
    folder = opened.settings.alerts
    assert folder is not None
    read = (Signer(opened.settings.secret).asked(text) for _, text in Spool(folder).waiting())
    return [one for one in read if one is not None]


def test_a_search_is_handed_over_without_its_page(offering: FlaskClient, opened: Services) -> None:
    assert (
        offering.post("/api/v1/alerts?place=commune:69123&sort=name&page=3", json=SENT).status_code
        == 200
    )
    [asked] = handed(opened)
    assert asked.address == SENT["email"]
    assert "place=commune" in asked.search
    assert "page" not in asked.search


@pytest.mark.parametrize(
    ("search", "sent", "parameter"),
    [
        ("kind=nobody", SENT, "kind"),
        ("", SENT | {"email": "ann"}, "email"),
        ("", SENT | {"every": "hour"}, "every"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_handed_over(
    search: str, sent: dict[str, str], parameter: str, offering: FlaskClient, opened: Services
) -> None:
    answer = offering.post(f"/api/v1/alerts?{search}", json=sent)
    assert answer.status_code == 422
    assert [one["parameter"] for one in answer.get_json()["errors"]] == [parameter]
    assert handed(opened) == []


def test_none_are_offered_without_a_folder(client: FlaskClient) -> None:
    assert client.post("/api/v1/alerts?q=nettoyage", json=SENT).status_code == 404
