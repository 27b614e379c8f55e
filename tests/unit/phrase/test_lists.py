"""Two lists written before the rules: places that people name, and phrases that name none."""

from pathlib import Path

from tests.unit.phrase.conftest import Understand

DATA = Path(__file__).parent / "data"


def lines(name: str) -> list[str]:
    return [
        line
        for line in (DATA / name).read_text(encoding="utf-8").splitlines()
        if line and line[0] != "#"
    ]


def places(understand: Understand, phrase: str) -> str:
    return " + ".join(piece.label for piece in understand(phrase).pieces if piece.type == "place")


def test_places_with_traps_are_read_right(understand: Understand) -> None:
    rows = [line.partition("\t") for line in lines("places.tsv")]
    wrong = [
        f"{phrase}: {found or 'none'}, not {wanted or 'none'}"
        for phrase, _, wanted in rows
        if (found := places(understand, phrase)) != wanted
    ]
    assert len(rows) >= 115
    assert len(wrong) <= 0.05 * len(rows), wrong


def test_common_words_and_numbers_are_no_places(understand: Understand) -> None:
    phrases = lines("traps.txt")
    assert len(phrases) >= 300
    assert [phrase for phrase in phrases if places(understand, phrase)] == []
