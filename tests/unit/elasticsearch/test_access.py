"""How a cluster lets us in: users, keys, certificates; never shown, and told when they don't fit."""

from base64 import b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner

from discovery.cli import main
from discovery.context import open_engine
from discovery.engine.definition import Definition
from discovery.engine.elasticsearch import catalog
from discovery.engine.elasticsearch.connection import Access, access
from discovery.engine.port import EngineUnavailable, EngineUnreachable, SearchRequest
from discovery.mappings import Settings, SettingsError
from tests.contract.corpus import supplier
from tests.door import Door, certificate
from tests.elasticsearch import GROUP, index_of
from tests.tables import cases
from tests.unit.elasticsearch.test_connection import nowhere

REQUEST = SearchRequest(facets=())
PASSWORD = "hunter2"


def basic(user: str, password: str) -> str:
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


@pytest.mark.parametrize(
    ("given", "urls", "expected"),
    [
        ({"engine": "http://a"}, ["http://a:9200"], Access()),
        (
            {"engine": "http://u:p@a, https://b/es/"},
            ["http://a:9200", "https://b:443/es"],
            Access("u", "p"),
        ),
        ({"engine": "http://u%40x:p%2F%3A@[::1]:1"}, ["http://[::1]:1"], Access("u@x", "p/:")),
        (
            {"engine": "http://u:p@a,http://u:p@b"},
            ["http://a:9200", "http://b:9200"],
            Access("u", "p"),
        ),
        (
            {"engine": "http://a", "engine_user": "u", "engine_password": "p:@"},
            ["http://a:9200"],
            Access("u", "p:@"),
        ),
        ({"engine": "http://a", "engine_api_key": "k"}, ["http://a:9200"], Access(api_key="k")),
    ],
)
def test_addresses_and_the_way_in(given: dict[str, str], urls: list[str], expected: Access) -> None:
    assert access(Settings(**given)) == (urls, expected)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "variable"),
    [
        ({"engine": "http://u:p@a,http://v:p@b"}, "DISCOVERY_ENGINE"),
        ({"engine": "http://u:p@a", "engine_user": "v"}, "DISCOVERY_ENGINE_USER"),
        ({"engine": "http://a", "engine_password": "p"}, "DISCOVERY_ENGINE_PASSWORD"),
        ({"engine": "http://u:p@a", "engine_api_key": "k"}, "DISCOVERY_ENGINE_API_KEY"),
        (
            {"engine": "https://a", "engine_ca": Path("nowhere.pem")},
            "DISCOVERY_ENGINE_CA=nowhere.pem",
        ),
        ({"engine": "https://a", "engine_ca": Path(__file__)}, "DISCOVERY_ENGINE_CA=.*PEM"),
    ],
)
def test_what_can_t_be_meant_is_a_setting_to_change(given: dict[str, str], variable: str) -> None:
    with pytest.raises(SettingsError, match=variable):
        open_engine(Settings(**given))  # type: ignore[arg-type]


def test_no_secret_is_shown() -> None:
    shown = repr(Access("user", PASSWORD, "k3y"))
    assert "user" in shown
    assert PASSWORD not in shown
    assert "k3y" not in shown


@pytest.fixture(scope="module")
def index(packaged: Definition, elasticsearch_url: str) -> str:
    return index_of(packaged, [supplier("a")])


@pytest.mark.slow
@pytest.mark.xdist_group(GROUP)
class TestBehindADoor:
    """A real node behind a door that asks who comes, as a secured cluster does."""

    @pytest.mark.parametrize(
        ("user", "given", "header"),
        [
            ("elastic:hunter2", {}, basic("elastic", PASSWORD)),
            (
                "",
                {"engine_user": "elastic", "engine_password": PASSWORD},
                basic("elastic", PASSWORD),
            ),
            ("", {"engine_api_key": "aWQ6a2V5"}, "ApiKey aWQ6a2V5"),
        ],
    )
    def test_whoever_is_known_passes(
        self, elasticsearch_url: str, index: str, user: str, given: dict[str, str], header: str
    ) -> None:
        with Door(elasticsearch_url, authorization=header).standing() as door:
            settings = Settings(engine=door.url(user), index_prefix=index, **given)  # type: ignore[arg-type]
            assert open_engine(settings).search(REQUEST).total == 1

    def test_the_user_of_one_address_is_that_of_all(
        self, elasticsearch_url: str, index: str
    ) -> None:
        header = basic("elastic", PASSWORD)
        doors = [Door(elasticsearch_url, authorization=header) for _ in range(2)]
        with doors[0].standing(), doors[1].standing():
            engine = f"{doors[0].url()},{nowhere()},{doors[1].url(f'elastic:{PASSWORD}')}"
            searching = open_engine(Settings(engine=engine, index_prefix=index))
            assert [searching.search(REQUEST).total for _ in range(6)] == [1] * 6
        assert all(door.passed for door in doors)

    def test_strangers_are_told_which_settings_to_look_at(
        self, elasticsearch_url: str, index: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        with Door(elasticsearch_url, authorization=basic("elastic", PASSWORD)).standing() as door:
            monkeypatch.setenv("DISCOVERY_HOME", str(tmp_path))
            monkeypatch.setenv("DISCOVERY_INDEX_PREFIX", index)
            monkeypatch.setenv("DISCOVERY_ENGINE", door.url("elastic:wr0ng"))
            checked = CliRunner().invoke(main, ["config", "check"])
            assert checked.exit_code == 2
            assert "does not let us in" in checked.stderr
            assert "DISCOVERY_ENGINE_USER" in checked.stderr
            assert "wr0ng" not in checked.output
            monkeypatch.setenv("DISCOVERY_ENGINE", door.url(f"elastic:{PASSWORD}"))
            checked = CliRunner().invoke(main, ["config", "check"])
            assert checked.exit_code == 0, checked.output
            assert f"Index: 1 suppliers in {index}" in checked.output
            assert PASSWORD not in checked.output

    def test_an_index_that_lacks_is_no_fault_of_the_settings(
        self, elasticsearch_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("DISCOVERY_HOME", str(tmp_path))
        monkeypatch.setenv("DISCOVERY_INDEX_PREFIX", "not-there")
        monkeypatch.setenv("DISCOVERY_ENGINE", elasticsearch_url)
        checked = CliRunner().invoke(main, ["config", "check"])
        assert checked.exit_code == 0, checked.output
        assert "indexer rebuild" in checked.output

    def test_a_certificate_is_believed_when_its_authority_is_named(
        self, elasticsearch_url: str, index: str, tmp_path: Path
    ) -> None:
        pem = certificate(tmp_path)
        with Door(elasticsearch_url, certificate=pem).standing() as door:
            settings = Settings(
                engine=door.url(), index_prefix=index, engine_ca=tmp_path / "certificate.pem"
            )
            assert open_engine(settings).search(REQUEST).total == 1
            with pytest.raises(EngineUnreachable, match="certificate verify failed"):
                open_engine(Settings(engine=door.url(), index_prefix=index)).search(REQUEST)


@pytest.mark.parametrize(
    ("status", "said"), cases(__file__, "what_another_server_answers_is_told_by_its_sort")
)
def test_what_another_server_answers_is_told_by_its_sort(status: int, said: str) -> None:
    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(status)

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        engine = open_engine(Settings(engine=f"http://127.0.0.1:{server.server_address[1]}"))
        with pytest.raises(EngineUnavailable, match=said) as told:
            engine.analysis()
        assert isinstance(told.value, EngineUnreachable) is (status != 429)
        server.shutdown()


def test_who_writes_has_the_time_of_a_refresh_not_that_of_a_search(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A rebuild ended at the three seconds of a search, whose setting it named."""
    monkeypatch.setattr(catalog, "ElasticsearchWriter", lambda connection, *_: connection.seconds)
    monkeypatch.setattr(catalog.ElasticsearchCatalog, "definition_of", lambda *_: None)
    held = catalog.ElasticsearchCatalog(Settings(engine="http://localhost:9200"))
    assert held.writer_of("suppliers-1") == catalog.CALL_SECONDS
