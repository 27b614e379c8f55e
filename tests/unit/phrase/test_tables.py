"""Phrases and how they are read: a row of a file of `tables`, one test a file.

`account`: `phrase => words | places | km | kinds | other`. `pieces`: `phrase => words | piece;
piece…`, in the order of the phrase, `~km` approximate, `!` not understood. `needs`: the words of
one need after another, parted by ` / `. Sectors are tested apart.

`readings.txt`: all of a reading (`whole_of`), of phrases that between them take every turn of the
room three times, and of jumbled ones by which each of its decisions, and each bound that is met
exactly, falls either way twice. UPDATE_GOLDEN=1 writes it anew; what changes is to be read in the
diff.
"""

import os
from pathlib import Path

import pytest

from tests.unit.phrase.conftest import (
    TABLES,
    account_of,
    needs_of,
    pieces_of,
    rows,
    understand_phrase,
    whole_of,
)

READINGS = Path(__file__).parent / "readings.txt"
TOLD = {"account": account_of, "needs": needs_of, "pieces": pieces_of}


@pytest.mark.parametrize("table", TABLES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_phrase_is_read_as_its_row_says(table: Path) -> None:
    told = TOLD[table.parent.name]
    read = [
        (line, phrase, told(understand_phrase(phrase)), expected)
        for line, phrase, expected in rows(table)
    ]
    wrong = [f"{table.name}:{line}: {phrase} => {now}  (not: {expected})" for line, phrase, now, expected in read
             if now != expected]  # fmt: skip
    assert not wrong, "\n".join(wrong)


def test_all_of_a_reading_is_as_recorded() -> None:
    phrases = [phrase for _, phrase, _ in rows(READINGS)]
    written = "".join(
        f"{phrase} => {whole_of(understand_phrase(phrase))}".rstrip() + "\n" for phrase in phrases
    )
    if os.environ.get("UPDATE_GOLDEN"):
        READINGS.write_text(written, encoding="utf-8")
    recorded = READINGS.read_text(encoding="utf-8").splitlines()
    wrong = [
        f"{now}\n  was {then}"
        for now, then in zip(written.splitlines(), recorded, strict=True)
        if now != then
    ]
    assert not wrong, "UPDATE_GOLDEN=1 records them anew:\n" + "\n".join(wrong)


def test_every_table_has_rows_and_each_phrase_stands_in_one_of_a_kind() -> None:
    for kind in TOLD:
        phrases = [
            phrase for table in TABLES if table.parent.name == kind for _, phrase, _ in rows(table)
        ]
        assert len(phrases) > 50
        assert sorted(phrases) == sorted(set(phrases))
