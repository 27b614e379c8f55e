"""`indexer pull le-marche-db` against a real PostgreSQL with tables as the marketplace's public
code makes them.
"""

import struct
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from indexer.record import Activity, Scope, Status, Zone
from indexer.sources import le_marche_db
from indexer.sources.enabled import address_variable
from indexer.sources.fetch import SourceError
from indexer.store.engine import open_store
from tests.unit.sources.conftest import Run, ledger, live, stored
from tests.unit.sources.double import PRIVATE
from tests.unit.sources.double import siret as numbered  # type: ignore[attr-defined]

pytestmark = [pytest.mark.postgresql, pytest.mark.xdist_group("postgresql")]

TABLES = """
CREATE TABLE siaes_siae (id serial PRIMARY KEY, siret text, name text, brand text DEFAULT '', kind text DEFAULT 'EI',
  naf text DEFAULT '', legal_form text DEFAULT '', description text DEFAULT '', website text DEFAULT '',
  contact_website text DEFAULT '', address text DEFAULT '1 rue du Port', post_code text DEFAULT '69003',
  city text DEFAULT 'Lyon', coords text, is_active boolean DEFAULT true, is_delisted boolean DEFAULT false,
  is_qpv boolean DEFAULT false, is_zrr boolean DEFAULT false, year_constitution integer, ca integer,
  employees_insertion_count integer, employees_permanent_count integer,
  updated_at timestamptz DEFAULT '2026-10-01 12:00+00',
  contact_first_name text, contact_email text, contact_phone text, admin_name text, admin_email text);
CREATE TABLE sectors_sector (id serial PRIMARY KEY, slug text);
CREATE TABLE siaes_siaeactivity (id serial PRIMARY KEY, siae_id integer, sector_id integer, presta_type text[],
  geo_range text, geo_range_custom_distance integer);
CREATE TABLE perimeters_perimeter (id serial PRIMARY KEY, kind text, insee_code text);
CREATE TABLE siaes_siaeactivity_locations (id serial PRIMARY KEY, siaeactivity_id integer, perimeter_id integer);
CREATE TABLE siaes_siaeoffer (id serial PRIMARY KEY, siae_id integer, name text, description text);
CREATE TABLE siaes_siaeclientreference (id serial PRIMARY KEY, siae_id integer, name text);
CREATE TABLE labels_label (id serial PRIMARY KEY, name text);
CREATE TABLE siaes_siaelabel (id serial PRIMARY KEY, siae_id integer, label_id integer);
CREATE TABLE networks_network (id serial PRIMARY KEY, slug text);
CREATE TABLE siaes_siae_networks (id serial PRIMARY KEY, siae_id integer, network_id integer);
INSERT INTO sectors_sector (slug) VALUES ('plomberie-12'), ('conciergerie-dentreprise'), ('autre-85');
INSERT INTO perimeters_perimeter (kind, insee_code) VALUES
  ('CITY', '38185'), ('DEPARTMENT', '69'), ('REGION', 'R84'), ('REGION', 'R97');
INSERT INTO labels_label (name) VALUES ('Entreprise solidaire (ESUS)'), ('Un label à nous');
INSERT INTO networks_network (slug) VALUES ('coorace');
CREATE ROLE reader LOGIN;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader;
REVOKE SELECT ON siaes_siae FROM reader;
"""
READ = (
    "id, siret, name, brand, kind, naf, legal_form, description, website, contact_website, address, post_code, city, "
    "coords, is_active, is_delisted, is_qpv, is_zrr, year_constitution, ca, employees_insertion_count, "
    "employees_permanent_count, updated_at"
)
POINT = struct.pack("<BII2d", 1, 0x20000001, 4326, 4.85, 45.75).hex().upper()
EMAIL, PHONE, PERSON = PRIVATE

Pull = Callable[..., Any]


@pytest.fixture
def marketplace(postgresql_url: str) -> Iterator[Engine]:
    """Ten suppliers; the first says everything. The role `reader` may read what is asked for, and
    no more.
    """
    engine = open_store(postgresql_url)
    private = {"email": EMAIL, "phone": PHONE, "person": PERSON, "point": POINT}
    with engine.begin() as connection:
        for statement in TABLES.split(";\n"):
            if statement.strip():
                connection.exec_driver_sql(statement)
        connection.exec_driver_sql(f"GRANT SELECT ({READ}) ON siaes_siae TO reader")
        for number in range(10):
            row = {"siret": numbered(number, 46), "name": f"Atelier {number} (exemple)", **private}
            connection.execute(
                text("""INSERT INTO siaes_siae (siret, name, coords, contact_first_name, contact_email, contact_phone,
                        admin_name, admin_email)
                        VALUES (:siret, :name, :point, :person, :email, :phone, :person, :email)"""),
                row,
            )
        connection.exec_driver_sql("""
            UPDATE siaes_siae SET brand = 'Le Port', legal_form = 'SARL', ca = 850000, year_constitution = 1998,
              employees_insertion_count = 12, is_qpv = true, contact_website = 'https://port.example' WHERE id = 1;
            INSERT INTO siaes_siaeactivity (siae_id, sector_id, presta_type, geo_range, geo_range_custom_distance)
              VALUES (1, 1, '{PREST,BUILD}', 'COUNTRY', NULL), (1, 2, '{PREST}', 'CUSTOM', 40),
              (1, 3, '{DISP}', 'ZONES', NULL), (2, 1, '{PREST}', 'CUSTOM', NULL), (3, 1, '{PREST}', 'ZONES', NULL);
            INSERT INTO siaes_siaeactivity_locations (siaeactivity_id, perimeter_id)
              VALUES (3, 1), (3, 2), (3, 3), (5, 4);
            INSERT INTO siaes_siaeoffer (siae_id, name, description) VALUES (1, 'Robinets', 'Dans la journée.');
            INSERT INTO siaes_siaeclientreference (siae_id, name) VALUES (1, 'Une mairie'), (1, '');
            INSERT INTO siaes_siaelabel (siae_id, label_id) VALUES (1, 1), (1, 2);
            INSERT INTO siaes_siae_networks (siae_id, network_id) VALUES (1, 1);""")
    yield engine
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP OWNED BY reader; DROP ROLE reader")
    engine.dispose()


@pytest.fixture
def pull(marketplace: Engine, indexer: Run, monkeypatch: pytest.MonkeyPatch) -> Pull:
    monkeypatch.setattr(le_marche_db, "PAGE_SIZE", 4)
    address = marketplace.url.set(drivername="postgresql", username="reader")
    monkeypatch.setenv(
        address_variable("le-marche-db"), address.render_as_string(hide_password=False)
    )
    return partial(indexer, "pull", "le-marche-db")


def test_whole_records_with_their_zones_and_a_second_pull_writes_nothing(
    pull: Pull, tmp_path: Path
) -> None:
    done = pull()
    assert (done.exit_code, "created 10" in done.stdout) == (0, True), done.output
    one = stored()["le-marche-1"]
    assert one.activities == (
        Activity("plomberie", ("PREST", "BUILD"), Zone(Scope.COUNTRY)),
        Activity("conciergerie-d-entreprise", ("PREST",), Zone(Scope.RADIUS, 40)),
        Activity(
            "autre-recyclage",
            ("DISP",),
            Zone(Scope.PLACES, None, ("commune:38185", "department:69", "region:84")),
        ),
    )
    assert (one.lat, one.lon, one.legal_form, one.turnover, one.year_founded) == (
        45.75,
        4.85,
        "SARL",
        850000,
        1998,
    )
    assert (one.employees_insertion, one.employees_permanent, one.qpv) == (12, None, True)
    assert (one.certifications, one.networks) == (("esus",), ("coorace",))
    assert (one.client_references, [offer.name for offer in one.offers]) == (
        ("Une mairie",),
        ["Robinets"],
    )
    assert one.website == "https://port.example"
    before = ledger()
    assert "unchanged 10" in pull().stdout
    assert ledger() == before
    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert not [private for private in PRIVATE if private.encode() in kept]


def test_who_is_gone_hidden_or_no_longer_active_is_delisted(
    pull: Pull, marketplace: Engine
) -> None:
    pull()
    with marketplace.begin() as connection:
        connection.exec_driver_sql("""UPDATE siaes_siae SET is_active = false WHERE id = 2;
                                      UPDATE siaes_siae SET is_delisted = true WHERE id = 3;
                                      DELETE FROM siaes_siae WHERE id = 10""")
    assert pull().exit_code == 0
    assert live() == 7
    assert {id_ for id_, one in stored().items() if one.status is Status.DELISTED} == {
        f"le-marche-{number}" for number in (2, 3, 10)
    }


@pytest.mark.parametrize(
    "changed", ["siaes_siae DROP COLUMN kind", "labels_label RENAME TO labels"]
)
def test_a_table_that_changed_is_told_and_changes_nothing(
    pull: Pull, marketplace: Engine, changed: str
) -> None:
    with marketplace.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {changed}")
    said = pull().stderr
    assert "le-marche-db: " in said
    assert "does not exist; the contract changed, nothing was imported" in said
    assert stored() == {}


def test_its_address_is_a_secret(
    indexer: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    variable = address_variable("le-marche-db")
    assert variable in indexer("pull", "le-marche-db").stderr
    (tmp_path / "sources.yaml").write_text(
        'sources:\n  le-marche-db: {url: "https://x.example"}\n', encoding="utf-8"
    )
    assert "sources.le-marche-db.url" in indexer("sources", "check").stderr
    (tmp_path / "sources.yaml").write_text("sources:\n  le-marche-db: {}\n", encoding="utf-8")
    assert variable in indexer("sources", "check").stderr
    monkeypatch.setenv(variable, "postgresql://reader:hidden-word@127.0.0.1:9/none")
    away = indexer("pull", "le-marche-db")
    assert "the database does not answer" in away.stderr
    told = away.output + indexer("sources", "list").output + indexer("sources", "check").output
    assert "hidden-word" not in told
    assert f"address ({variable} or …_FILE): set" in told
    monkeypatch.setenv(variable, "sqlite:///none.db")
    assert "none of PostgreSQL" in indexer("pull", "le-marche-db").stderr


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("reference", [True, False])
def test_a_point_is_read_in_any_of_its_forms(order: str, reference: bool) -> None:
    kind = struct.pack(f"{order}II", 0x20000001, 4326) if reference else struct.pack(f"{order}I", 1)
    found = le_marche_db.point(
        (bytes([order == "<"]) + kind + struct.pack(f"{order}2d", -1.5, 47.25)).hex()
    )
    assert found == {"lat": 47.25, "lon": -1.5}
    assert le_marche_db.point(None) is None
    with pytest.raises(SourceError, match="no point of PostGIS"):
        le_marche_db.point("POINT(1 2)")
