"""The sitemap on either engine: every live supplier, by id, with the day of its last change."""

import re
from itertools import pairwise

import pytest
from flask.testing import FlaskClient

from discovery.answers.figures import Cached
from discovery.context import Services
from discovery.pages.crawlers import view as crawlers


def listed(client: FlaskClient, part: int) -> list[tuple[str, str]]:
    """(path, day) of each supplier."""
    found = re.findall(
        r"<loc>http://localhost(.*?)</loc>(?:<lastmod>(.*?)</lastmod>)?", read(client, part)
    )
    return [(path, day) for path, day in found]


def read(client: FlaskClient, part: int) -> str:
    answer = client.get(f"/sitemap/suppliers-{part}.xml")
    assert answer.status_code == 200
    return answer.text


def test_every_live_supplier_in_one_order(client: FlaskClient, services: Services) -> None:
    found = listed(client, 1)
    assert len(found) == len(set(found)) == services.status().documents
    documents = [services.engine.get(path.removeprefix("/fournisseurs/")) for path, _ in found]
    ids = [str(document["id"]) for document in documents if document and document["live"]]
    assert len(ids) == len(found)
    assert all(one < other for one, other in pairwise(ids))
    days = [(document["public"].get("updated_at") or "")[:10] for document in documents if document]
    assert days == [day for _, day in found]


def test_parts_follow_each_other(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = listed(client, 1)
    monkeypatch.setattr(crawlers, "PART", 5)
    fresh = Cached(
        lambda search: crawlers.divided(search.index, crawlers.everybody(), crawlers.PART)
    )
    monkeypatch.setitem(client.application.extensions, crawlers.KEPT, fresh)
    count = client.get("/sitemap.xml").text.count("/sitemap/suppliers-")
    assert count == -(-len(whole) // 5) > 1
    parts = [listed(client, part) for part in range(1, count + 1)]
    assert [one for part in parts for one in part] == whole
