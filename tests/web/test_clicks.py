"""A trial as people meet it: one list of two rankings, whose pages fit together; clicks that the log tells of."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from discovery.app import application
from discovery.commands.config import problems
from discovery.config import SettingsError
from discovery.context import Services
from discovery.relevance.trial import Votes, votes
from discovery.search.team_draft import BOTH
from tests.web.reading import Page, Reader

TRIAL = "balanced:nearest"
LYON = "nettoyage Lyon"

Settled = Callable[..., Reader]


@pytest.fixture
def settled(services: Services) -> Settled:
    """The pages under other settings."""

    def settle(**settings: Any) -> Reader:
        changed = replace(services, settings=replace(services.settings, **settings))
        return Reader(application(changed).test_client())

    return settle


@pytest.fixture
def trying(settled: Settled) -> Reader:
    return settled(events=True, trial=TRIAL)


def ids(page: Page) -> list[str]:
    return [card.attributes["data-id"] for card in page.root.every("li", class_="card")]


def query_id(page: Page) -> str:
    return page.root.first("ol", class_="results").attributes.get("data-query", "")


def everyone(reader: Reader, **parameters: str) -> list[str]:
    """The three pages of ten, one after the other."""
    return [id_ for page in "123" for id_ in ids(reader.search(LYON, per_page="10", page=page, **parameters))]


def logged(capfd: pytest.CaptureFixture[str]) -> list[str]:
    return capfd.readouterr().err.splitlines()


def test_nothing_of_it_unless_a_deployer_says_so(reader: Reader, settled: Settled) -> None:
    plain = reader.search(LYON)
    assert query_id(plain) == ""
    assert ids(settled(events=True).search(LYON)) == ids(plain)


def test_pages_of_a_trial_hold_everybody_once(reader: Reader, trying: Reader) -> None:
    drafted, plain = everyone(trying), everyone(reader)
    assert sorted(drafted) == sorted(plain)
    assert len(set(drafted)) == len(drafted)
    assert drafted not in (plain, everyone(reader, profile="nearest"))


def test_the_same_page_twice_is_the_same_bytes(trying: Reader) -> None:
    """So that caches keep it, and an address shows the same to whom it is sent."""
    one, two = trying.search(LYON), trying.search(LYON)
    assert one.response.headers["ETag"] == two.response.headers["ETag"]
    assert query_id(one) == query_id(trying.search(LYON, page="2")) != query_id(trying.search("traiteur"))


def test_addresses_name_no_profile(trying: Reader) -> None:
    assert not any("profile=" in link for link in trying.search(LYON, per_page="10").links())


@pytest.mark.parametrize("parameters", [{"sort": "name"}, {"profile": "trusted"}, {"page": "6"}])
def test_who_chooses_an_order_or_goes_deep_takes_no_part(
    parameters: dict[str, str], reader: Reader, trying: Reader, capfd: pytest.CaptureFixture[str]
) -> None:
    assert ids(trying.search(LYON, **parameters)) == ids(reader.search(LYON, **parameters))
    assert votes(logged(capfd)) == {}


def test_from_clicks_to_votes(trying: Reader, capfd: pytest.CaptureFixture[str]) -> None:
    logged(capfd)
    page = trying.search(LYON)
    line = json.loads(logged(capfd)[-1])
    assert (line["trial"], len(line["teams"])) == (TRIAL, len(ids(page)))
    assert "nettoyage" not in json.dumps(line)
    place = next(at for at, team in enumerate(line["teams"], 1) if team != BOTH)
    click(trying.client, query_id(page), ids(page)[place - 1], place)
    expected = {"one" if line["teams"][place - 1] == "A" else "other": 1}
    assert votes([json.dumps(line), *logged(capfd)]) == {TRIAL: Votes(1, **expected)}


def click(client: FlaskClient, query: str, id_: str, ordinal: int) -> None:
    """As `clicks.js` reports it."""
    attributes = {"object": {"object_id": id_}, "position": {"ordinal": ordinal}}
    body = {"action_name": "click", "query_id": query, "event_attributes": attributes}
    assert client.post("/api/v1/events", json=body, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 204


def test_a_search_without_words_or_answers_compares_nothing(trying: Reader, capfd: pytest.CaptureFixture[str]) -> None:
    trying.search(kind="ESAT")
    trying.search("zzyzx")
    assert votes(logged(capfd)) == {}


def test_a_trial_that_cannot_be_is_told_at_start_and_by_the_check(services: Services, tmp_path: Path) -> None:
    for settings, told in (
        ({"trial": TRIAL}, "DISCOVERY_EVENTS"),
        ({"trial": "balanced:new", "events": True}, "“new”; there are balanced, nearest"),
    ):
        changed = replace(services.settings, home=tmp_path, **settings)  # type: ignore[arg-type]
        with pytest.raises(SettingsError, match=told):
            application(replace(services, settings=changed))
        assert any(told in line for line in problems(changed))


def test_a_profile_that_went_away_ends_the_trial_and_no_search(
    services: Services, reader: Reader, capfd: pytest.CaptureFixture[str]
) -> None:
    """Files of profiles are read again while the service runs."""
    settings = replace(services.settings, events=True, trial=TRIAL)
    left = services.search.with_profile(services.mappings.profile())
    app = application(replace(services, settings=settings, search=left))
    profiles = {name: one for name, one in services.mappings.profiles.items() if name != "nearest"}
    left._live = lambda: replace(services.mappings, profiles=profiles)
    assert ids(Reader(app.test_client()).search(LYON)) == ids(reader.search(LYON))
    assert votes(logged(capfd)) == {}


def test_the_privacy_page_says_it(reader: Reader, trying: Reader) -> None:
    assert "What is opened in a list" in trying.open("/confidentialite?lang=en").root.text
    assert "What is opened in a list" not in reader.open("/confidentialite?lang=en").root.text
