"""One reading of CPV codes: alone, in a cell, in a sentence, in a phrase, in a notice."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from discovery.desk.request import read_json
from discovery.mappings import load_mappings
from discovery.mappings.codes import (
    Code,
    cpv_code,
    cpv_codes,
    cpv_codes_of_cell,
    cpv_label,
    cut_cpv_codes,
    meaning_of,
    read_code,
)
from discovery.phrase import Lexicon, parse
from discovery.places import gazetteer
from tests.tables import cases

MAPPINGS = load_mappings()
CODES = st.sampled_from(sorted(cpv_codes()))
PREFIXES = st.builds(lambda code, length: code[:length], CODES, st.integers(2, 6))


def in_phrase(q: str) -> list[str]:
    intent = parse(
        q,
        grammar=MAPPINGS.grammar,
        lexicon=Lexicon.from_vocabulary(MAPPINGS.vocabulary),
        gazetteer=gazetteer(),
        frequent=lambda _: False,
        meanings=lambda kind, code: meaning_of(kind, code, MAPPINGS.codes, MAPPINGS.vocabulary),
    )
    return [piece.value for piece in intent.pieces if piece.type == "cpv"]


@pytest.mark.slow
@given(CODES, st.sampled_from(["{}", "{}-4", "CPV {}", "CPV : {}-4", "cpv n° {}"]))
@example("03110000", "CPV {}")
def test_a_whole_code_is_the_same_wherever_it_stands(code: str, form: str) -> None:
    written = form.format(code)
    (lot,) = read_json({"lots": [{"cpv": [written]}]}, MAPPINGS)
    assert cpv_code(written) == code
    assert read_code(written) == Code("cpv", code)
    assert cpv_codes_of_cell(written) == ((code,), "")
    assert cut_cpv_codes(f"Nettoyage {written} ici")[1] == (code,)
    assert in_phrase(written) == [code]
    assert lot.cpv == (code,)


@pytest.mark.slow
@given(PREFIXES, st.sampled_from(["CPV {}", "cpv : {}"]))
def test_so_is_the_beginning_of_one_that_is_said_to_be(start: str, form: str) -> None:
    written = form.format(start)
    (lot,) = read_json({"lots": [{"cpv": [written]}]}, MAPPINGS)
    assert cpv_code(written) == cpv_code(start, said=True) == start
    assert lot.cpv == (start,)
    assert cut_cpv_codes(f"Nettoyage {written}")[1] == (start,)
    assert in_phrase(written) == [start]
    known = ((start,), "") if cpv_label(start) else ((), start)
    assert cpv_codes_of_cell(start) == cpv_codes_of_cell(written) == known


@pytest.mark.slow
@given(CODES.filter(lambda code: code.startswith("0")))
def test_a_zero_that_a_spreadsheet_dropped_is_found_again_everywhere(code: str) -> None:
    short = code[1:]
    assert cpv_code(short, said=True) == cpv_code(f"CPV {short}") == code
    assert cpv_codes_of_cell(short) == ((code,), "")
    assert cut_cpv_codes(f"CPV {short}")[1] == (code,)
    assert in_phrase(f"CPV {short}") == [code]


@pytest.mark.parametrize(
    "text",
    ["", "9091", "1", "909100000", "90910000-", "CPV", "CPV 1", "٩٠٩١٠٠٠٠", "90 91", "9091-2"],
)
def test_what_has_not_the_form_of_a_code_is_none(text: str) -> None:
    assert cpv_code(text) is None


@pytest.mark.parametrize(
    ("text", "left", "codes"), cases(__file__, "codes_are_cut_out_of_a_sentence")
)
def test_codes_are_cut_out_of_a_sentence(text: str, left: str, codes: list[str]) -> None:
    found = cut_cpv_codes(text)
    assert (" ".join(found[0].split()), found[1]) == (left, tuple(codes))


@pytest.mark.parametrize("part", [" ", "( ", "cpv ", "code ", "90910000 ", "cpv 90910000, "])
def test_a_long_text_of_one_part_is_cut_in_one_go(part: str) -> None:
    """A pattern that went back and forth would not end here."""
    assert cut_cpv_codes(part * (200_000 // len(part)) + "é")[0].endswith("é")


@pytest.mark.parametrize(
    ("cell", "read", "unknown"), cases(__file__, "codes_as_people_write_them_in_cells")
)
def test_codes_as_people_write_them_in_cells(cell: str, read: list[str], unknown: str) -> None:
    assert cpv_codes_of_cell(cell) == (tuple(read), unknown)
