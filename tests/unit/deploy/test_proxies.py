"""The proxies' files say of bodies what the service says of them."""

import re
from pathlib import Path

from discovery.http.requests import MAX_BODY, POLICIES

DEPLOY = Path(__file__).parents[3] / "deploy"
LARGER = {path: row.max_body for row in POLICIES for path in row.paths if row.max_body != MAX_BODY}


def test_nginx_takes_bodies_by_path_as_the_service_does() -> None:
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    found = {}
    for paths, inside in re.findall(r"location ~ \^/\(([^)]+)\) \{(.*?)\n    \}", text, re.DOTALL):
        if size := re.search(r"client_max_body_size (\d+);", inside):
            found |= {f"/{path}": int(size[1]) for path in paths.split("|")}
    assert found == LARGER
    assert re.findall(r"^    client_max_body_size (\d+);", text, re.MULTILINE) == [str(MAX_BODY)]


def test_caddy_takes_bodies_by_path_as_the_service_does() -> None:
    text = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    sizes = {
        name: int(size)
        for name, size in re.findall(r"request_body @(\w+) \{\s+max_size (\d+)", text)
    }
    paths = {
        name: found.split()
        for name, found in re.findall(r"^\t@(\w+) (?:not )?path (.+)$", text, re.MULTILINE)
    }
    assert sizes.pop("others") == MAX_BODY
    assert sorted(paths.pop("others")) == sorted(f"{path}*" for path in LARGER)
    assert {
        path.removesuffix("*"): sizes[name] for name, some in paths.items() for path in some
    } == LARGER
