"""What the log may keep of what was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.model.masking import masked


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
        ("06/12/34/56/78", "[phone]"),
        ("06–12–34–56–78", "[phone]"),
        ("06_12_34_56_78", "[phone]"),
        ("06 - 12 - 34 - 56 - 78", "[phone]"),
        ("06\u202f12\u00a034\t56  78", "[phone]"),
        ("06 123 456 78", "[phone]"),
        ("0 612 34 56 78", "[phone]"),
        ("+33 (0)6.12.34.56.78", "[phone]"),
        ("732/829/320", "[number]"),
        ("732_829_320_00074", "[number]"),
        ("732 829 320 / 00074", "[number]"),
        ("732  829  320", "[number]"),
        ("FR76 3000 6000 0112 3456 7890 189", "FR[number]"),
        ("1 85 05 78 006 084 36", "[number]"),
        ("０６ １２ ３４ ５６ ７８", "[number]"),
        ("jean.martin[at]asso.example", "[e-mail]"),
        ("jean arobase asso.example", "[e-mail]"),
        ("jean @ asso.example", "[e-mail]"),
        ("75, 77, 78, 91, 92, 93", "75, 77, 78, 91, 92, 93"),
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


@given(
    st.integers(0, 999_999_999), st.lists(st.sampled_from(["", " ", ".", "-", "/", "_", "\u202f", " - "]), min_size=9)
)
def test_no_telephone_passes_however_its_digits_are_parted(last: int, parts: list[str]) -> None:
    digits = "0" + str(last + 100_000_000)[-9:].replace("0", "1", 1) if last % 2 else f"06{last:09d}"[:10]
    typed = "".join(digit + part for digit, part in zip(digits, [*parts[:9], ""], strict=True))
    assert not any(character.isdigit() for character in masked(f"appeler {typed} demain"))
