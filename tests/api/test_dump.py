"""Open data: what is published, what never is, and that its description is true of it."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from pyshacl import validate
from rdflib import SH, Graph

from discovery.answers.open_data import FIELDS
from discovery.app import create_app
from discovery.cli import main as discovery
from discovery.mappings import Settings
from discovery.pages.static.view import MEDIA
from indexer.cli import main as indexer

HERE = Path(__file__).parent
PRIVATE = ("jeanne.privee@private.example", "06 39 98 12 34", "0639981234")
LYON = {"post_code": "69003", "city": "Lyon"}
OPEN = [
    {"id": "own", "name": "=Atelier du Bocage", "kind": "EI", "address": LYON, "email": PRIVATE[0], "phone": PRIVATE[1],
     "contact_public": True, "description": f"Nous nettoyons. Contact : {PRIVATE[0]}, {PRIVATE[1]}.",
     "activities": [{"sector": "nettoyage-de-locaux"}, {"sector": "blanchisserie"}],
     "jobs": [{"rome": "K2204"}, {"rome": "A1203"}]},
    {"id": "finess-1", "name": "ESAT des Ardoises", "kind": "ESAT", "address": LYON, "source": "finess",
     "phone": PRIVATE[1], "location": {"lat": 45.75, "lon": 4.85}},
]  # fmt: skip
CLOSED = [
    {"id": "market", "name": "Atelier fermé", "kind": "EI", "address": LYON, "source": "le-marche"},
    {"id": "hires", "name": "Atelier qui recrute", "kind": "EI", "address": LYON,
     "jobs": [{"rome": "A1203", "source": "les-emplois"}]},
]  # fmt: skip


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DISCOVERY_HOME", str(tmp_path / "home"))
    for name in ("DATABASE_URL", "ENGINE", "BROKER_URL", "MAPPINGS", "INDEX_PREFIX"):
        monkeypatch.delenv(f"DISCOVERY_{name}", raising=False)
    file = tmp_path / "in.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in (*OPEN, *CLOSED)), encoding="utf-8")
    assert CliRunner().invoke(indexer, ["import", str(file)]).exit_code == 0
    return tmp_path / "home"


@pytest.fixture
def dump(home: Path) -> Callable[..., Result]:
    return lambda *words: CliRunner().invoke(discovery, ["dump", *words], catch_exceptions=False)


@pytest.fixture
def client(home: Path) -> FlaskClient:
    return create_app(Settings(home=home)).test_client()


def records(folder: Path) -> list[dict[str, Any]]:
    return [
        json.loads(line)
        for line in (folder / "suppliers.jsonl").read_text(encoding="utf-8").splitlines()
    ]


def test_who_may_be_published_is_in_every_form_alike(
    dump: Callable[..., Result], home: Path
) -> None:
    assert "2 suppliers in" in dump().stdout
    folder = home / "open-data"
    told = records(folder)
    assert [one["id"] for one in told] == ["finess-1", "own"]
    assert all(list(one) == [*FIELDS] for one in told)
    assert told[0]["sources"] == ["finess"]
    assert told[1]["sectors"] == ["nettoyage-de-locaux", "blanchisserie"]
    assert told[1]["inferred_sectors"] == ["creation-et-entretien-des-espaces-verts"]
    rows = list(csv.DictReader(io.StringIO((folder / "suppliers.csv").read_bytes().decode())))
    assert [row["id"] for row in rows] == ["finess-1", "own"]
    assert rows[1]["sectors"] == "nettoyage-de-locaux|blanchisserie"
    assert rows[1]["name"].startswith("'="), "no spreadsheet computes it"
    places = json.loads((folder / "suppliers.geojson").read_bytes())
    assert [one["id"] for one in places["features"]] == ["finess-1", "own"]
    assert places["features"][0]["geometry"] == {"type": "Point", "coordinates": [4.85, 45.75]}


def test_no_address_and_no_telephone_not_even_of_who_agreed(
    dump: Callable[..., Result], home: Path
) -> None:
    dump()
    for file in (home / "open-data").iterdir():
        assert all(private not in file.read_text(encoding="utf-8") for private in PRIVATE), (
            file.name
        )
    own = next(one for one in records(home / "open-data") if one["id"] == "own")
    assert own["description"] == "Nous nettoyons. Contact : [e-mail], [phone]."


def test_who_comes_from_a_source_without_an_open_licence_is_left_out(
    dump: Callable[..., Result], home: Path
) -> None:
    assert "2 left out" in dump().stdout
    text = (home / "open-data/suppliers.jsonl").read_text(encoding="utf-8")
    assert all(str(one["id"]) not in text for one in CLOSED)  # type: ignore[index]


def test_the_schema_describes_the_table(dump: Callable[..., Result], tmp_path: Path) -> None:
    dump(str(tmp_path / "out"))
    schema = json.loads((tmp_path / "out/schema.json").read_bytes())
    kinds = {"string": str, "number": float, "boolean": bool, "array": list, "date": str}
    for one in records(tmp_path / "out"):
        for field in schema["fields"]:
            value = one[field["name"]]
            assert value is None or isinstance(value, kinds[field["type"]]), field
            assert value is not None or not field["constraints"]["required"]
    assert schema["primaryKey"] == "id"
    assert schema["fields"][0]["description"] == "Identifiant stable dans ce service"


@pytest.fixture(scope="module")
def judged() -> Callable[[dict[str, Any]], list[str]]:
    """What DCAT-AP's rules say against a catalogue: the properties at fault."""
    shapes = Graph().parse(HERE / "dcat_ap.ttl")

    def judge(about: dict[str, Any]) -> list[str]:
        graph = Graph().parse(
            data=json.dumps(about), format="json-ld", publicID="https://here.example/open-data/"
        )
        _, report, _ = validate(graph, shacl_graph=shapes)
        return sorted(
            {
                str(path).rpartition("/")[2].rpartition("#")[2]
                for path in report.objects(None, SH.resultPath)
            }
        )

    return judge


def test_the_catalogue_keeps_to_dcat_ap(
    dump: Callable[..., Result], home: Path, judged: Callable[[dict[str, Any]], list[str]]
) -> None:
    dump()
    about = json.loads((home / "open-data/catalogue.jsonld").read_bytes())
    assert judged(about) == []
    (source,) = about["dcat:dataset"]["dct:source"]
    assert source["dct:license"] == about["dct:license"]
    for one in about["dcat:dataset"]["dcat:distribution"]:
        name = one["@id"].rpartition("/")[2]
        file = home / "open-data" / name
        assert int(one["dcat:byteSize"]["@value"]) == file.stat().st_size
        assert one["dcat:mediaType"]["@id"].endswith(MEDIA[name])


def test_the_rules_see_what_lacks(
    dump: Callable[..., Result], home: Path, judged: Callable[[dict[str, Any]], list[str]]
) -> None:
    dump()
    content = (home / "open-data/catalogue.jsonld").read_bytes()

    def without(name: str, *path: str | int) -> dict[str, Any]:
        about = json.loads(content)
        part = about
        for step in path:
            part = part[step]
        del part[name]
        return dict(about)

    assert judged(without("dct:publisher")) == ["publisher"]
    assert judged(without("dct:description", "dcat:dataset", "dct:source", 0)) == ["description"]
    assert judged(without("dcat:accessURL", "dcat:dataset", "dcat:distribution", 1)) == [
        "accessURL"
    ]
    assert "dataset" in judged(without("dcat:dataset"))


@pytest.mark.parametrize("at_once", [1, 2, 5, 100])
def test_everybody_is_there_once_however_few_are_held_at_once(
    at_once: int, dump: Callable[..., Result], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine is asked on and on, behind the last one, until nobody is left."""
    dump()
    whole = (home / "open-data" / "suppliers.jsonl").read_bytes()
    monkeypatch.setattr("discovery.search.listing.KEYS_AT_ONCE", at_once)
    dump()
    assert (home / "open-data" / "suppliers.jsonl").read_bytes() == whole
    assert len(whole.splitlines()) == len(OPEN)


def test_a_dump_again_replaces_it_and_leaves_no_parts(
    dump: Callable[..., Result], home: Path
) -> None:
    dump()
    before = (home / "open-data/suppliers.jsonl").read_bytes()
    dump()
    assert (home / "open-data/suppliers.jsonl").read_bytes() == before
    assert sorted(file.name for file in (home / "open-data").iterdir()) == sorted(MEDIA)


def test_the_page_lists_the_files_and_serves_them(
    dump: Callable[..., Result], client: FlaskClient, home: Path
) -> None:
    assert "Aucun fichier" in client.get("/open-data").get_data(as_text=True)
    assert client.get("/open-data/suppliers.csv").status_code == 404
    dump()
    page = client.get("/open-data").get_data(as_text=True)
    for name, media in MEDIA.items():
        assert f'href="/open-data/{name}"' in page
        answer = client.get(f"/open-data/{name}")
        assert answer.mimetype == media
        assert answer.get_data() == (home / "open-data" / name).read_bytes()
        again = client.get(f"/open-data/{name}", headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
        part = client.get(f"/open-data/{name}", headers={"Range": "bytes=0-9"})
        assert (part.status_code, part.get_data()) == (206, answer.get_data()[:10])


def test_nothing_else_is_served(client: FlaskClient, dump: Callable[..., Result]) -> None:
    dump()
    for name in ("..%2Fstore.sqlite", "secret", "suppliers.csv.part", "../store.sqlite"):
        assert client.get(f"/open-data/{name}").status_code == 404, name
