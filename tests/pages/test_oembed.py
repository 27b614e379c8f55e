"""What programs of other sites are told: the frame by oEmbed, lists of suppliers by schema.org."""

import json
import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from discovery.pages.frame.responding import item_list
from tests.pages.reading import Reader
from tests.tables import cases

FRAME = "http://localhost/widget/frame?q=nettoyage&kind=ESAT"


def asked(client: FlaskClient, url: str, **more: str) -> dict[str, Any]:
    answer = client.get("/oembed", query_string={"url": url, **more})
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    found: dict[str, Any] = answer.get_json()
    return found


def test_a_frame_tells_where_to_ask_and_gets_itself(client: FlaskClient) -> None:
    page = client.get(FRAME).text
    [href] = re.findall(r'type="application/json\+oembed" href="([^"]+)"', page)
    told = client.get(unescape(href)).get_json()
    assert (told["version"], told["type"], told["provider_url"]) == (
        "1.0",
        "rich",
        "http://localhost",
    )
    [source] = re.findall(r'src="([^"]+)"', told["html"])
    assert parse_qs(urlsplit(unescape(source)).query) == {"q": ["nettoyage"], "kind": ["ESAT"]}
    assert client.get(unescape(source)).status_code == 200


@pytest.mark.parametrize(
    ("more", "size"),
    [
        ({}, (800, 900)),
        ({"maxwidth": "320", "maxheight": "400"}, (320, 400)),
        ({"maxwidth": "9999"}, (800, 900)),
        ({"maxwidth": "0", "maxheight": "-1"}, (800, 900)),
        ({"maxwidth": "٣", "maxheight": "9" * 5000}, (800, 900)),
    ],
)
def test_a_site_says_how_much_room_it_has(
    more: dict[str, str], size: tuple[int, int], client: FlaskClient
) -> None:
    told = asked(client, FRAME, **more)
    assert (told["width"], told["height"]) == size
    assert f'width="{size[0]}" height="{size[1]}"' in told["html"]


@pytest.mark.parametrize("url", cases(__file__, "other_addresses_have_none"))
def test_other_addresses_have_none(url: str, client: FlaskClient) -> None:
    assert client.get("/oembed", query_string={"url": url}).status_code == 404


def test_what_is_asked_cannot_leave_the_attribute(client: FlaskClient) -> None:
    told = asked(client, 'http://localhost/widget/frame?q="><script>alert(1)</script>')
    assert "<script" not in told["html"]
    assert told["html"].count("<") == 2


def test_a_list_that_search_engines_may_keep_is_told_to_them(reader: Reader) -> None:
    page = reader.open("/?sector=hygiene-et-proprete")
    [script] = page.root.every("script", type="application/ld+json")
    told = json.loads(script.text)
    assert (told["@type"], told["numberOfItems"]) == ("ItemList", page.total)
    entries = told["itemListElement"]
    assert [one["position"] for one in entries] == list(range(1, len(page.names) + 1))
    shown = [
        card.first("h2").first("a").attributes["href"]
        for card in page.root.every("li", class_="card")
    ]
    assert [urlsplit(one["url"]).path for one in entries] == [urlsplit(one).path for one in shown]
    assert all(one["url"].startswith("http://localhost/fournisseurs/") for one in entries)


def test_nothing_ends_the_script() -> None:
    assert "</" not in item_list(["https://x.example/</script>"], 1, 1)
