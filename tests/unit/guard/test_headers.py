from __future__ import annotations

import pytest

from discovery.guard.headers import page_policy


def test_nothing_inline_nothing_framed() -> None:
    policy = page_policy()
    assert "unsafe-inline" not in policy
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize(
    ("tiles", "allowed"),
    [
        ("https://tiles.example/{z}/{x}/{y}.png", "img-src 'self' data: https://tiles.example;"),
        ("https://{s}.tiles.example/{z}/{x}/{y}.png", "img-src 'self' data: https://*.tiles.example;"),
        ("", "img-src 'self' data:;"),
    ],
)
def test_the_map_s_tiles_may_be_loaded(tiles: str, allowed: str) -> None:
    assert allowed in page_policy(tiles)
