from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from discovery.declared import schema_of
from discovery.http.keys import Key, KeyRing, edited, hashed, new_token, origin_of
from tests.tables import cases

SITE = Key(
    "site",
    hashed("wk_site"),
    ("https://www.example.org",),
    {"network": ("unapei",)},
    columns=("url", "id"),
)


def test_a_token_finds_its_key_and_no_other(tmp_path: Path) -> None:
    tokens = [new_token() for _ in range(5)]
    keys = [Key(str(number), hashed(token), ("*",)) for number, token in enumerate(tokens)]
    with edited(tmp_path / "keys") as kept:
        kept += keys
    ring = KeyRing(tmp_path / "keys")
    assert [ring.find(token) for token in tokens] == keys
    assert len(set(tokens)) == 5
    for other in ("", "wk_", tokens[0][:-1], tokens[0] + "a", hashed(tokens[0]), "\ud800", "\0"):
        assert ring.find(other) is None


@pytest.mark.parametrize(
    ("given_", "kept"), cases(__file__, "origins_are_kept_as_browsers_send_them")
)
def test_origins_are_kept_as_browsers_send_them(given_: str, kept: str) -> None:
    assert origin_of(given_) == kept
    assert origin_of(kept) == kept


@pytest.mark.parametrize(
    "wrong",
    ["example.org", "https://", "ftp://x.org", "https://x.org/page", "https://x.org?q", "null", "", "https://a b",
     "https://*", "https://x.*", "https://u:p@x.org", "https://x.org:99999", "https://x.org:port", "http://[::1"],
)  # fmt: skip
def test_what_is_no_origin_is_told(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"write it as https://www\.example\.org"):
        origin_of(wrong)


@pytest.mark.parametrize(
    ("allowed", "origin", "allows"), cases(__file__, "a_key_is_for_pages_of_its_origins")
)
def test_a_key_is_for_pages_of_its_origins(allowed: str, origin: str, allows: bool) -> None:
    assert Key("k", hashed("t"), (allowed,)).allows(origin) is allows


@given(st.text(max_size=60))
def test_any_text_is_an_origin_or_told(text: str) -> None:
    try:
        kept = origin_of(text)
    except ValueError:
        return
    assert origin_of(kept) == kept


@pytest.mark.parametrize("changed", cases(__file__, "a_wrong_member_is_a_fault"))
def test_a_wrong_member_is_a_fault(changed: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        schema_of(Key)().load({**asdict(SITE), **changed})
