"""`indexer pull finess` against a double of its file: what is read of a line, in which encoding,
what is refused.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from indexer.sources.finess import COLUMNS
from tests.unit.sources.conftest import Run, ledger, stored
from tests.unit.sources.double import PRIVATE, Finess, establishment, serving

ROWS = [
    establishment(1),
    establishment(2, rslongue="ATELIER DE LA CÔTE D'OPALE (EXEMPLE)", categetab="247"),
    establishment(3, departement="9D", commune="411", ligneacheminement="97400 ST DENIS"),
    establishment(4, departement="2A", commune="004", ligneacheminement="20000 AJACCIO"),
    establishment(5, categetab="500", rs="MAISON DE RETRAITE (EXEMPLE)"),
]


@pytest.fixture
def double() -> Iterator[Finess]:
    with serving(Finess(rows=list(ROWS))) as it:
        yield it


@pytest.fixture
def run(double: Finess, indexer: Run) -> Run:
    return partial(indexer, "pull", "finess", "--url", double.url, "--per-minute", "1000000")


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_esat_and_adapted_companies_are_imported_whatever_the_encoding(
    encoding: str, run: Run, double: Finess, tmp_path: Path
) -> None:
    double.encoding = encoding
    done = run()
    assert done.exit_code == 0, done.output
    found = stored()
    assert sorted(found) == [f"finess-69000000{number}" for number in (1, 2, 3, 4)]
    first, second = found["finess-690000001"], found["finess-690000002"]
    assert (first.kind, first.name, first.street, first.commune) == (
        "ESAT",
        "ESAT 1 (Exemple)",
        "440 Rue Lavoisier",
        "69383",
    )
    assert (second.kind, second.name, second.naf) == (
        "EA",
        "Atelier de la Côte d'Opale (Exemple)",
        "88.10C",
    )
    assert [found[f"finess-69000000{number}"].commune for number in (3, 4)] == ["97411", "2A004"]
    kept = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    assert all(PRIVATE[1].encode() not in content for content in kept)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda text: text.partition("\n")[2], "first line does not say"),
        (
            lambda text: text.replace(";LAVOISIER;", ";", 1),
            f"line 2: {len(COLUMNS) - 1} columns instead",
        ),
        (lambda text: text[: len(text) * 2 // 3], "columns instead"),
        (
            lambda text: text.replace(";246;", ";900;").replace(";247;", ";901;"),
            "not one ESAT or EA",
        ),
        (lambda _text: "", "first line does not say"),
        (lambda _text: "<html>Maintenance</html>", "first line does not say"),
    ],
    ids=["no title", "a column less", "cut", "other categories", "empty", "a page"],
)
def test_another_file_than_the_contract_says_changes_nothing(
    spoil: Callable[[str], str],
    said: str,
    run: Run,
    double: Finess,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run()
    before = ledger()
    whole = double.body({}).decode()
    monkeypatch.setattr(double, "body", lambda _asked: spoil(whole).encode())
    failed = run()
    assert failed.exit_code == 2
    assert said in failed.stderr
    assert ledger() == before
