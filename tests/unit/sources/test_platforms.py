"""`indexer pull marche` and `le-marche` against doubles made from their contracts: what is read,
left out, refused.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from discovery.mappings import load_mappings
from indexer.record import Status
from indexer.sources import le_marche, marche
from indexer.sources.connector import Connector
from indexer.sources.enabled import CONNECTORS, token_variable
from tests.tables import cases
from tests.unit.sources.conftest import Run, ledger, live, stored
from tests.unit.sources.double import PRIVATE, Paged, of_le_marche, of_marche, serving

TOKEN = "a" * 64


@dataclass
class Platform:
    connector: Connector
    double: Paged
    pull: Run


ENTRIES = {"marche": of_marche, "le-marche": of_le_marche}


@contextmanager
def standing(
    connector: Connector, indexer: Run, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Platform]:
    monkeypatch.setattr(f"{connector.page.__module__}.PAGE_SIZE", 4)
    monkeypatch.setenv(token_variable(connector.name), TOKEN)
    with serving(
        Paged(entries=[ENTRIES[connector.name](number) for number in range(10)])
    ) as double:
        yield Platform(
            connector,
            double,
            partial(
                indexer, "pull", connector.name, "--url", double.url, "--per-minute", "1000000"
            ),
        )


@pytest.fixture(params=ENTRIES)
def platform(
    request: pytest.FixtureRequest, indexer: Run, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Platform]:
    with standing(CONNECTORS[request.param], indexer, monkeypatch) as made:
        yield made


def test_every_page_is_imported_with_the_token_and_a_second_pull_writes_nothing(
    platform: Platform, tmp_path: Path
) -> None:
    done = platform.pull()
    assert (done.exit_code, "created 10" in done.stdout) == (0, True), done.output
    assert {one["Authorization"] for one in platform.double.headers} == {
        f"{platform.connector.token_scheme} {TOKEN}"
    }
    assert len(platform.double.asked) == 3, "pages of four"
    assert min(stored()) == f"{platform.connector.name}-0"
    before = ledger()
    assert "unchanged 10" in platform.pull().stdout
    assert ledger() == before
    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert not [private for private in PRIVATE if private.encode() in kept], "of nobody's own"


def test_who_is_no_longer_there_or_no_longer_active_is_delisted(platform: Platform) -> None:
    platform.pull()
    ended = (
        {"convention_is_active": False, "kind": "EI"}
        if platform.connector.name == "marche"
        else {"is_active": False}
    )
    platform.double.entries[1] |= ended
    del platform.double.entries[9]
    assert platform.pull().exit_code == 0
    assert live() == 8
    gone = {id_ for id_, one in stored().items() if one.status is Status.DELISTED}
    assert gone == {f"{platform.connector.name}-1", f"{platform.connector.name}-9"}


def test_without_its_token_it_is_not_asked(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    variable = token_variable(platform.connector.name)
    monkeypatch.delenv(variable)
    refused = platform.pull()
    assert refused.exit_code == 2
    assert variable in refused.stderr
    assert platform.double.asked == []


class TestMarche:
    def test_what_is_read(self) -> None:
        key, record = marche.keyed(of_marche(1, brand="Le Port", address_line_2="bâtiment B"))
        assert key == "1"
        assert record["address"] == {
            "street": "1 rue du Port, bâtiment B",
            "post_code": "69003",
            "city": "Lyon",
        }
        assert record["location"] == {"lat": 45.75, "lon": 4.85}
        assert (record["brand"], record["naf"], "website" in record) == ("Le Port", "8130Z", False)

    def test_a_branch_has_no_number_of_its_own(self) -> None:
        assert marche.keyed(of_marche(1, siret="123456789"))[1]["siret"] == ""

    @pytest.mark.parametrize(
        "kind", ["AI", "ACI", "EI", "ETTI", "EITI", "EA", "EATT", "ESAT", "GEIQ"]
    )
    def test_a_convention_that_ended_ends_only_those_who_live_by_one(self, kind: str) -> None:
        record = marche.keyed(of_marche(1, kind=kind, convention_is_active=False))[1]
        assert ("status" in record) is (kind in {"AI", "ACI", "EI", "ETTI", "EITI"})

    def test_without_a_point_the_intake_finds_one(self) -> None:
        assert "location" not in marche.keyed(of_marche(1, latitude=None))[1]


class TestLeMarche:
    def test_trades_offers_networks_and_references_are_kept(
        self, indexer: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with standing(CONNECTORS["le-marche"], indexer, monkeypatch) as platform:
            platform.pull()
        one = stored()["le-marche-0"]
        assert [trade.sector for trade in one.activities] == [
            "plomberie",
            "conciergerie-d-entreprise",
            "autre-recyclage",
        ]
        assert {trade.service_types for trade in one.activities} == {("PREST",)}
        assert [offer.name for offer in one.offers] == ["Dépannage de robinets"]
        assert (one.networks, one.client_references, one.website) == (
            ("coorace",),
            ("Une mairie",),
            "https://atelier.example",
        )

    @pytest.mark.parametrize(
        ("names", "ours"), cases(__file__, "labels_are_read_in_their_names_and_in_brackets")
    )
    def test_labels_are_read_in_their_names_and_in_brackets(
        self, names: list[str], ours: list[str]
    ) -> None:
        record = le_marche.keyed(of_le_marche(1, labels_old=[{"name": name} for name in names]))[1]
        assert record["certifications"] == ours

    def test_every_slug_of_the_table_is_a_sector(self) -> None:
        assert set(le_marche.CERTIFIED.values()) <= set(load_mappings().vocabulary.certifications)
        assert set(le_marche.RENAMED.values()) <= set(load_mappings().vocabulary.sectors)

    @pytest.mark.parametrize(("theirs", "ours"), cases(__file__, "their_slugs_and_ours"))
    def test_their_slugs_and_ours(self, theirs: str, ours: str) -> None:
        assert le_marche.sector(theirs) == ours
