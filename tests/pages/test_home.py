"""The page that one comes to: what it proposes finds somebody in this index, and in the next one."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from discovery.answers.figures import AT_MOST_SECONDS, Cached
from discovery.app import create_app
from discovery.context import Services
from discovery.engine.embedded.folder import IndexFolder
from discovery.mappings import Settings, load_mappings
from discovery.pages.frame.responding import environment
from discovery.pages.home.home import MIN_HITS, SHOWN, drawn_trades, gather
from discovery.search.service import SearchService
from tests.api.corpus import build_index
from tests.pages.reading import Page, Reader, parameters
from tests.pages.world import SUPPLIERS, services_in
from tools.bench.floors import Recorded


def hrefs(page: Page, name: str) -> list[str]:
    return [one.attributes["href"] for one in page.root.first("ul", class_=name).every("a")]


@pytest.mark.parametrize("address", ["/", "/?lang=en", "/?q=&near=&radius="])
def test_it_promises_and_lists_nobody(reader: Reader, address: str) -> None:
    page = reader.open(address)
    assert [one.text for one in page.root.every("h1")] == [page.heading]
    assert page.names == []
    assert not page.root.first("main").every("nav")
    assert (
        page.root.first("main")
        .first("form", id="search")
        .first("input", name="q")
        .attributes["value"]
        == ""
    )


@pytest.mark.parametrize("address", ["/", "/?lang=en"])
def test_each_phrase_to_try_is_understood_and_finds_some(reader: Reader, address: str) -> None:
    phrases = hrefs(reader.open(address), "examples")
    assert len(phrases) == len(set(phrases)) == 3
    for phrase in phrases:
        page = reader.open(phrase)
        assert " de A" not in parameters(phrase)["q"][0], "d'Argenteuil"
        assert page.total >= MIN_HITS
        assert page.chips("understood")
    places = {parameters(one)["q"][0].split()[-1] for one in phrases}
    assert len(places) == 3


@pytest.mark.parametrize("address", ["/", "/?lang=en"])
def test_a_trade_says_how_many_its_page_lists(reader: Reader, address: str) -> None:
    trades = reader.open(address).root.first("ul", class_="trades").every("a")
    assert 1 < len(trades) <= SHOWN
    for trade in trades:
        assert reader.open(trade.attributes["href"]).total == int(trade.first("b").text)
    assert all(one.every("svg") for one in trades)


def test_every_trade_that_may_come_first_has_a_drawing_of_its_own(services: Services) -> None:
    drawing = environment("fr").get_template("drawings.html").module.drawing  # type: ignore[attr-defined]
    made = {slug: str(drawing(slug)) for slug in drawn_trades()}
    assert len(set(made.values())) == len(drawn_trades())
    assert set(drawn_trades()) <= services.mappings.vocabulary.sectors.keys()
    assert str(drawing("apiculture")) not in made.values()


@pytest.mark.slow
def test_another_index_is_drawn_from_once_it_is_there(tmp_path: Path) -> None:
    now = [0.0]
    kept = Cached(lambda search: gather(search, "fr"), lambda: now[0])
    services = services_in(tmp_path)
    before = kept.of(services.search)
    fewer = tuple(one for one in SUPPLIERS if one.department == "69")
    build_index(IndexFolder(tmp_path / "index", "suppliers"), load_mappings(), fewer)
    now[0] = AT_MOST_SECONDS + 1
    after = kept.of(services.search)
    assert 0 < after["total"] < before["total"]
    assert (after["trades"], after["examples"]) != (before["trades"], before["examples"])
    assert after == gather(services.search, "fr")


def test_all_that_it_is_made_of_is_asked_in_few_calls(services: Services) -> None:
    engine = Recorded(services.engine)
    asking = SearchService(engine, services.mappings, services.gazetteer)  # type: ignore[arg-type]
    with asking.at_once() as search:
        home = gather(search, "fr")
    assert len(home["examples"]) == 3
    asked = engine.taken()
    assert len(asked) <= 3 + 2 * len(drawn_trades()), (
        "all trades are counted at once, and all that is tried of one"
    )
    with services.engine.searcher():
        pass  # what was asked of one state is asked again of the engine, when that state is left
    assert [type(call()) for call in asked] == [type(call()) for call in asked]


def test_it_says_of_how_many_a_trade_is_known(reader: Reader, client: FlaskClient) -> None:
    answers = [client.get(f"/api/v1/search?{asked}").get_json() for asked in ("", "trades=unknown")]
    everyone, untold = (answer["total"]["value"] for answer in answers)
    assert 0 < untold < everyone
    assert (
        f" · {everyone - untold} aux métiers connus · "
        in reader.open("/").root.first("section", class_="figures-line").text
    )


def test_an_empty_index_still_has_a_page(tmp_path: Path) -> None:
    build_index(IndexFolder(tmp_path / "index", "suppliers"), load_mappings(), ())
    client: FlaskClient = create_app(Settings(home=tmp_path)).test_client()
    page = Reader(client).open("/")
    assert page.status == 200
    assert not page.root.every("ul", class_="trades")
    assert Reader(client).search("nettoyage").status == 200
