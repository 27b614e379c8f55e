"""The pages' scripts, as they are served."""

import re

import pytest
from flask.testing import FlaskClient

from discovery.pages.files import bundles as page_files
from discovery.pages.files.bundles import widget


def test_a_page_names_its_script_and_gets_it(client: FlaskClient) -> None:
    found = re.findall(r'<script type="module" src="([^"]+)"', client.get("/").text)
    assert found == [page_files.address("page.js")]
    answer = client.get(found[0])
    assert answer.status_code == 200
    assert answer.mimetype == "text/javascript"
    assert answer.cache_control.immutable
    assert "import " not in "".join(
        line for line in answer.text.splitlines() if line.startswith("import ")
    )


def test_a_former_address_gets_todays_file_for_a_while(client: FlaskClient) -> None:
    answer = client.get("/page/0123456789abcdef/page.js")
    assert answer.data == client.get(page_files.address("page.js")).data
    assert not answer.cache_control.immutable
    assert answer.cache_control.max_age == 600


def test_an_unknown_file_is_said_to_be_none(client: FlaskClient) -> None:
    assert client.get("/page/0123456789abcdef/other.js").status_code == 404
    with pytest.raises(KeyError):
        page_files.address("other.js")


def test_the_map_finds_what_it_loads_beside_the_page(client: FlaskClient) -> None:
    folder = page_files.page_files().address
    assert (
        folder != widget().address
    )  # the pages' own change must not break the integrity that sites have pinned
    for name, kind in (
        ("leaflet.js", "text/javascript"),
        ("leaflet.css", "text/css"),
        ("base.json", "application/json"),
    ):
        assert client.get(folder + name).mimetype == kind
