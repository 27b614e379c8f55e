"""What a service makes when it starts, so that no first request waits for it."""

from pathlib import Path

import pytest

from discovery.app import application, warm
from discovery.context import make_services
from discovery.engine.embedded.snapshot import Reader
from discovery.mappings import Mappings, Settings
from discovery.pages.maps import outline_map, zone_map
from discovery.phrase.spelling.names import _towns
from discovery.places import Gazetteer
from discovery.places.name_index import NearKeys
from discovery.search.service import SearchService

TYPO = "/api/v1/search?q=netoyage+de+buraux"


def test_the_first_typo_finds_its_dictionaries_made(
    home: Path, mappings: Mappings, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = make_services(Settings(home=home), mappings=mappings)
    services.warm()
    made: list[str] = []
    monkeypatch.setattr(NearKeys, "__init__", lambda *_: made.append("spellings"))
    found = application(services).test_client().get(TYPO).get_json()
    assert found["query"]["did_you_mean"] == "nettoyage de bureaux"
    assert made == []


def test_the_first_home_page_finds_what_it_shows_gathered(
    home: Path, mappings: Mappings, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = application(make_services(Settings(home=home), mappings=mappings))
    warm(app)
    monkeypatch.setattr(SearchService, "search", lambda *_, **__: pytest.fail("searched"))
    assert [app.test_client().get(f"/?lang={lang}").status_code for lang in ("fr", "en")] == [
        200,
        200,
    ]
    assert app.test_client().get("/stats").status_code == 200


def test_the_first_word_that_nobody_has_finds_the_towns_it_may_mean(
    home: Path, mappings: Mappings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All communes were decoded for it, half a second in each worker."""
    services = make_services(Settings(home=home), mappings=mappings)
    _towns.cache_clear()
    services.warm()
    monkeypatch.setattr(Gazetteer, "communes", lambda *_: pytest.fail("gone through"))
    address = "/api/v1/search?q=nettoyage+zzyzzx+vilurbane"
    assert application(services).test_client().get(address).status_code == 200


def test_the_first_map_finds_outlines_and_towns_made(
    home: Path, mappings: Mappings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tenth of a second in each worker."""
    app = application(make_services(Settings(home=home), mappings=mappings))
    zone_map.largest.cache_clear()
    zone_map.outline_box.cache_clear()
    for drawn in (outline_map.shapes, outline_map.regions, outline_map.whole_regions):
        drawn.cache_clear()
    warm(app)
    known = zone_map.outline_box.cache_info().misses
    monkeypatch.setattr(Gazetteer, "communes", lambda *_: pytest.fail("gone through"))
    monkeypatch.setattr(outline_map, "path", lambda *_: pytest.fail("drawn"))
    for path in ("/sourcing?q=nettoyage", "/?q=nettoyage&view=map", "/stats"):
        assert app.test_client().get(path).status_code == 200
    assert zone_map.outline_box.cache_info().misses == known


def test_an_answer_looks_at_the_index_a_few_times_however_many_hits(
    home: Path, mappings: Mappings, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = make_services(Settings(home=home), mappings=mappings)
    services.warm()
    client = application(services).test_client()
    looks: list[int] = []
    look = Reader.look

    def counted(reader: Reader):  # type: ignore[no-untyped-def]
        looks.append(1)
        return look(reader)

    monkeypatch.setattr(Reader, "look", counted)
    numbers = []
    for size in (1, 20):
        looks.clear()
        found = client.get(f"/api/v1/search?q=nettoyage&per_page={size}").get_json()
        numbers.append((len(found["results"]), len(looks)))
    (few, looks_for_few), (many, looks_for_many) = numbers
    assert few < many
    assert looks_for_few == looks_for_many


def test_texts_met_again_are_not_analysed_again(home: Path, mappings: Mappings) -> None:
    services = make_services(Settings(home=home), mappings=mappings)
    client = application(services).test_client()
    ratio = 'discovery_cache_hit_ratio{cache="texts"}'
    assert ratio not in client.get("/metrics").text
    for _ in range(4):
        client.get("/api/v1/search?q=nettoyage")
    [line] = [line for line in client.get("/metrics").text.splitlines() if line.startswith(ratio)]
    assert float(line.split()[1]) >= 0.7, "all but the first time"
