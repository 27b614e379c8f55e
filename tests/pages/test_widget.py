"""The widget's addresses, files and lines: what hosts paste, what browsers are given, who may frame
it.
"""

import gzip
import html
import re
from base64 import b64encode
from hashlib import sha384
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from discovery.app import create_app
from discovery.commands.keys import widget as command
from discovery.context import Services
from discovery.http.keys import Key, edited, hashed
from discovery.mappings import Settings
from discovery.pages.files.bundles import ENTRY, _texts, joined, modules, widget
from discovery.pages.files.bundles import WIDGET_FOLDER as FOLDER
from discovery.pages.widget.view import ATTRIBUTES, Snippet, attributes_of
from discovery.texts import section
from tests.tables import cases

MAX_BYTES = 20_480  # 20 KiB
"""In gzip: the loader, and everything that it loads before the map is asked for."""
SOURCES = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.js")} | {
    "filters.js": modules()["filters.js"]
}

REFUSED = (
    "innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "new Function", "document.write", ".cookie",
    "localStorage", "sessionStorage", "indexedDB", 'createElement("style")', "sendBeacon",
)  # fmt: skip
"""Words of what strict policies forbid, and of what would keep or send something about a visitor.
"""


# Files


def test_it_is_small() -> None:
    made = widget()
    assert len(made.files[ENTRY].packed) + len(made.classic["v1.js"].packed) <= MAX_BYTES


def test_the_loader_is_small_public_and_soon_replaced(client: FlaskClient) -> None:
    response = client.get("/widget/v1.js")
    assert response.mimetype == "text/javascript"
    assert response.cache_control.max_age == 600
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert widget().module.removeprefix("/widget/") in response.text
    assert "{{" not in response.text
    again = client.get("/widget/v1.js", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "name", [ENTRY, "driver.js", "texts.js", "leaflet.js", "leaflet.css", "base.json"]
)
def test_the_modules_never_change(client: FlaskClient, name: str) -> None:
    response = client.get(widget().address + name, headers={"Accept-Encoding": "gzip"})
    assert response.status_code == 200
    assert response.cache_control.immutable
    assert response.cache_control.max_age == 31_536_000
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert gzip.decompress(response.data) == widget().files[name].content
    assert client.get(widget().address + name).data == widget().files[name].content


def test_a_page_that_is_open_during_an_upgrade_still_finds_them(client: FlaskClient) -> None:
    response = client.get(f"/widget/0123456789abcdef/{ENTRY}")
    assert response.status_code == 200
    assert response.cache_control.max_age == 600
    assert not response.cache_control.immutable


def test_the_integrity_is_that_of_the_bytes_served(client: FlaskClient) -> None:
    digest = sha384(client.get(widget().module).data).digest()
    assert widget().integrity == "sha384-" + b64encode(digest).decode()


def test_a_strict_policy_has_nothing_to_refuse() -> None:
    found = {(name, word) for name, text in SOURCES.items() for word in REFUSED if word in text}
    assert found == set()


# Joining


def test_the_one_module_imports_nothing_and_exports_the_entrys() -> None:
    text = widget().files[ENTRY].content.decode()
    assert not re.search(r"^import\s", text, re.MULTILINE)
    assert re.findall(r"^export .*", text, re.MULTILINE) == [
        'export const widget = "supplier-search";'
    ]
    assert not re.search(r"^\s*//|/\*\*", text, re.MULTILINE)


def test_modules_are_joined_each_once_after_what_they_need() -> None:
    sources = {
        "a.js": 'import { b } from "./b.js";\nimport { c } from "./c.js";\n\nexport const a = b + c;\n',
        "b.js": 'import { c } from "./c.js";\n// why\nexport const b = c + "// kept";\n',
        "c.js": "/**\n * Two lines.\n */\nexport const c = 1;\n",
        "other.js": "export const other = 0;\n",
    }
    assert (
        joined(sources, "a.js")
        == 'const c = 1;\nconst b = c + "// kept";\nexport const a = b + c;\n'
    )


@pytest.mark.parametrize(("text", "said"), cases(__file__, "what_can_not_be_joined_is_named"))
def test_what_can_not_be_joined_is_named(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        joined({"a.js": text, "b.js": "export const b = 1;\n"}, "a.js")


# Texts


def test_every_text_is_used_and_every_one_used_exists() -> None:
    code = "\n".join(SOURCES.values())
    used = set(re.findall(r'\bt\(\s*"([a-z_]+)"', code)) | set(
        re.findall(r'zoom\("([a-z_]+)"', code)
    )
    used |= set(re.findall(r'\? "([a-z]+_[a-z_]+)" :', code)) | set(
        re.findall(r'" : "([a-z]+_[a-z_]+)"', code)
    )
    spoken = {"list", "map", "outside", "unlocated", "away"} | {
        f"facet_{name}" for name in section("label.facet", "fr")
    }
    spoken |= {
        f"{kind}_{part}"
        for kind in ("offline", "unreachable", "limited", "origin", "away")
        for part in ("title", "hint")
    }
    assert used | spoken == set(_texts("fr"))


# Lines


def line(**given: str) -> Snippet:
    return Snippet(
        "https://s.example",
        "/widget/x/m.js",
        "sha384-x",
        "Chercher",
        given.pop("key", ""),
        attributes_of(given),
    )


def test_the_line_is_one_script_and_one_element_with_a_link_inside() -> None:
    made = line(network="unapei", region="84", sector="hygiene-et-proprete", view="map", key="wk_1")
    assert made.line == (
        '<script src="https://s.example/widget/v1.js" data-key="wk_1" defer></script>\n'
        '<supplier-search sector="hygiene-et-proprete" network="unapei" region="84" view="map">'
        '<a href="https://s.example/?sector=hygiene-et-proprete&amp;network=unapei&amp;region=84">Chercher</a>'
        "</supplier-search>"
    )
    assert 'integrity="sha384-x" crossorigin="anonymous" data-key="wk_1"' in made.pinned
    assert made.frame.startswith('<iframe src="https://s.example/widget/frame?key=wk_1&amp;sector=')
    assert "style=" not in made.line + made.pinned + made.frame  # a strict policy refuses it


@given(st.dictionaries(st.sampled_from(ATTRIBUTES), st.text(max_size=30)))
def test_any_value_stays_within_its_quotes(values: dict[str, str]) -> None:
    made = line(**values)
    for text in (made.line, made.pinned, made.frame):
        bare = re.sub(r'"[^"<>]*"', '""', text)
        assert (
            bare.count("<")
            == bare.count(">")
            == len(re.findall(r"</?(?:script|supplier-search|a|iframe)\b", bare))
        )
    held = {name: one for name, (one,) in parse_qs(urlsplit(made.frame_address).query).items()}
    assert held == {name: value.strip() for name, value in values.items() if value.strip()}


def test_the_attributes_are_the_elements() -> None:
    text = SOURCES["filters.js"] + SOURCES["query.js"] + SOURCES["attributes.js"]
    lists = re.findall(r"const (?:FILTERS|CHOSEN|PASSED|OWN) = \[([^]]*)\]", text)
    names = {
        "q",
        *(name.replace("_", "-") for name in re.findall(r'"([a-z_-]+)"', " ".join(lists))),
    }
    assert names - {"key"} == set(ATTRIBUTES)


# The frame


@pytest.fixture(scope="module")
def keyed(home: Path, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    path = tmp_path_factory.mktemp("keys") / "keys.json"
    with edited(path) as keys:
        keys += [
            Key("site", hashed("wk_site"), ("https://site.example", "https://*.other.example")),
            Key("gone", hashed("wk_gone"), ("*",), revoked="2026-01-01T00:00:00Z"),
        ]
    return create_app(Settings(home=home, keys=path)).test_client()


def ancestors(response: object) -> str:
    policy: str = response.headers["Content-Security-Policy"]  # type: ignore[attr-defined]
    return re.search(r"frame-ancestors ([^;]*)", policy)[1]  # type: ignore[index]


def test_only_the_keys_sites_may_frame_it(keyed: FlaskClient) -> None:
    framed = keyed.get("/widget/frame?key=wk_site")
    assert ancestors(framed) == "'self' https://site.example https://*.other.example"
    assert "default-src 'self'" in framed.headers["Content-Security-Policy"]
    assert 'key="wk_site"' in framed.text
    assert ancestors(keyed.get("/widget/frame")) == "'self'"
    assert ancestors(keyed.get("/widget")) == "'none'"
    for token in ("wk_gone", "wk_none"):
        refused = keyed.get(f"/widget/frame?key={token}")
        assert refused.status_code == 403
        assert ancestors(refused) == "'none'"


def test_the_frame_carries_attributes_and_works_without_scripts(client: FlaskClient) -> None:
    page = client.get(
        "/widget/frame", query_string={"network": "unapei", "near": '"><script>', "colour": "red"}
    ).text
    assert '<supplier-search heading="1" network="unapei" near="&#34;&gt;&lt;script&gt;">' in page
    assert "colour" not in page
    assert '<input type="hidden" name="network" value="unapei">' in page
    assert '<base target="_blank">' in page
    assert client.get("/widget/frame?lang=en").text.count("Find an inclusive supplier") == 1


# The builder


def lines(page: str) -> dict[str, str]:
    return {
        name: html.unescape(text)
        for name, text in re.findall(r'<pre id="(\w+)".*?<code>(.*?)</code>', page, re.DOTALL)
    }


def test_the_builder_makes_the_line_without_scripts(client: FlaskClient) -> None:
    page = client.get(
        "/widget?network=unapei&kind=ESAT&kind=EI&near=Lyon&radius=30&facets=kind&language=en&view=map"
    ).text
    made = lines(page)
    assert set(made) == {"line", "pinned", "frame", "policy"}
    assert (
        '<supplier-search kind="ESAT,EI" network="unapei" near="Lyon" radius="30" lang="en" facets="kind" view="map">'
        in made["line"]
    )
    assert 'src="http://localhost/widget/v1.js"' in made["line"]
    assert widget().integrity in made["pinned"]
    assert made["policy"] == "script-src http://localhost; connect-src http://localhost"
    assert '<option value="unapei" selected>' in page
    assert 'name="kind" value="ESAT" checked' in page
    address = re.search(r'<a href="([^"]*)"', made["line"])[1]  # type: ignore[index]
    assert client.get(html.unescape(address)).status_code == 200


def test_the_builder_in_english_makes_a_line_for_any_page(client: FlaskClient) -> None:
    page = client.get("/widget?lang=en").text
    assert "The line to copy" in page
    assert "<supplier-search><a" in lines(page)["line"]
    assert "Find an inclusive supplier" in lines(page)["line"]


def test_hostile_values_stay_text(client: FlaskClient) -> None:
    page = client.get(
        "/widget", query_string={"q": '"><img src=x onerror=alert(1)>', "key": "<b>"}
    ).text
    assert "<img src=x" not in page
    assert "<b>" not in page.split("<main")[1]


# The command


def run(services: Services, *arguments: str) -> Result:
    return CliRunner().invoke(command, ["snippet", *arguments], obj=services)


def test_the_command_prints_the_line(services: Services) -> None:
    result = run(
        services,
        "--service",
        "https://s.example/",
        "--key",
        "wk_1",
        "network=unapei",
        "per-page=5",
        "view=map",
    )
    assert result.exit_code == 0
    assert '<script src="https://s.example/widget/v1.js" data-key="wk_1" defer>' in result.output
    assert '<supplier-search network="unapei" per-page="5" view="map">' in result.output
    pinned = run(services, "--service", "https://s.example", "--form", "pinned")
    assert widget().integrity in pinned.output
    assert "<iframe" in run(services, "--service", "https://s.example", "--form", "frame").output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("network=unapei",), "DISCOVERY_PUBLIC_URL"),
        (("--service", "https://s.example", "network"), "NAME=VALUE"),
        (("--service", "https://s.example", "netwrk=unapei"), "near: network"),
        (("--service", "https://s.example", "kind=ESATT"), "kind: "),
        (("--service", "https://s.example", "per-page=many"), "per_page: "),
    ],
)
def test_the_command_says_what_is_wrong(
    services: Services, arguments: tuple[str, ...], said: str
) -> None:
    result = run(services, *arguments)
    assert result.exit_code == 2
    assert said in result.output
