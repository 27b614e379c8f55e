"""What the log may keep of what was typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.guard.masking import masked


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("73282932000074", "[number]"),
        ("siret 732 829 320 00074 traiteur", "siret [number] traiteur"),
        ("732.829.320", "[number]"),
        ("jean.martin@asso.example cherche", "[e-mail] cherche"),
        ("06 12 34 56 78", "[phone]"),
        ("tel 0612345678, Lyon", "tel [phone], Lyon"),
        ("04.72.00.00.00", "[phone]"),
        ("+33 6 12 34 56 78", "[phone]"),
        ("0033612345678", "[phone]"),
        ("nettoyage à 30 km de Lyon 69003", "nettoyage à 30 km de Lyon 69003"),
        ("ISO 14001, 55 personnes, 31, 32 et 81", "ISO 14001, 55 personnes, 31, 32 et 81"),
        ("", ""),
    ],
)
def test_numbers_and_addresses_are_masked_and_trades_are_not(typed: str, kept: str) -> None:
    assert masked(typed) == kept


@given(st.text(max_size=60))
def test_masking_is_done_once_for_all(text: str) -> None:
    assert masked(masked(text)) == masked(text)


@given(st.text(max_size=20), st.from_regex(r"[1-9]\d{13}", fullmatch=True), st.text(max_size=20))
def test_no_siret_passes(before: str, siret: str, after: str) -> None:
    assert siret not in masked(f"{before} {siret} {after}")
