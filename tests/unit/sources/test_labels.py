"""Labels from lists of all who hold them (rge, ess, esus), told to suppliers that are there;
against doubles.
"""

import json
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from discovery.cli import main as discovery
from discovery.mappings import load_mappings
from indexer.intake.facts import labelled
from indexer.record import Provenance, Supplier
from indexer.sources.enabled import CONNECTORS
from tests.unit.sources.conftest import Given, Run, ledger, stored
from tests.unit.sources.double import PRIVATE, Double, Holders, Rge, cut, serving
from tools.sample.supplier import siret

OTHERS = [siret(number, 77) for number in range(9)]


@pytest.fixture
def suppliers(given: Given) -> list[str]:
    """The SIRETs of three: the second says itself that it holds RGE, the third begins with a zero."""
    numbers = [siret(1, 42), siret(2, 42), "00200000800017"]
    rows = [
        f"{one},Atelier {at} (exemple),EI,35000,Rennes,{'rge' * (at == 1)}"
        for at, one in enumerate(numbers)
    ]
    head = "siret,name,kind,address.post_code,address.city,certifications"
    given("given.csv", "\n".join([head, *rows]) + "\n")
    return numbers


@pytest.fixture
def rge(suppliers: list[str]) -> Iterator[Rge]:
    with serving(Rge(sirets=[*OTHERS[:6], *suppliers[:2], *OTHERS[6:]])) as double:
        yield double


@pytest.fixture
def pull(rge: Rge, indexer: Run) -> Run:
    return pulling(indexer, "rge", rge)


def pulling(indexer: Run, name: str, double: Double) -> Run:
    return partial(indexer, "pull", name, "--url", double.url, "--per-minute", "1000000")


def holders(source: str) -> set[str]:
    return {
        one.siret for one in stored().values() if source in {each.source for each in one.provenance}
    }


def found(phrase: str) -> list[dict[str, Any]]:
    answer = CliRunner().invoke(discovery, ["search", phrase, "--json"], catch_exceptions=False)
    results: list[dict[str, Any]] = json.loads(answer.stdout)["results"]
    return results


def test_every_page_is_followed_and_who_is_listed_holds_the_label(
    pull: Run, rge: Rge, suppliers: list[str]
) -> None:
    done = pull()
    assert (done.exit_code, "updated 2, unchanged 1" in done.stdout) == (0, True), done.output
    assert [one.get("after") for one in rge.asked] == [None, "4", "8"]
    assert holders("rge") == set(suppliers[:2])
    told = {one["siret"]: one for one in found("RGE à Rennes")}
    assert set(told) == set(suppliers[:2])
    assert {each["slug"] for one in told.values() for each in one["certifications"]} == {"rge"}


def test_a_second_pull_writes_nothing_and_a_label_that_ended_goes_unless_another_source_tells_it(
    pull: Run, rge: Rge, suppliers: list[str]
) -> None:
    pull()
    before = ledger()
    assert "unchanged 3" in pull().stdout
    assert ledger() == before
    for gone in suppliers[:2]:
        rge.sirets.remove(gone)
    assert pull().exit_code == 0
    assert holders("rge") == set()
    assert [one["siret"] for one in found("RGE à Rennes")] == [suppliers[1]], "which says so itself"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        *(
            (answer, "the contract changed")
            for answer in ([], {}, {"results": {}}, {"results": [1]})
        ),
        ({"results": [{"siren": "1"}]}, "an entry has no siret"),
        (
            {"results": [{"siret": OTHERS[0]}], "next": "http://elsewhere.example/lines"},
            "another host",
        ),
    ],
)
def test_what_is_no_page_of_the_contract_changes_nothing(
    answer: Any, said: str, pull: Run, rge: Rge
) -> None:
    before = ledger()
    rge.body = lambda _asked: answer  # type: ignore[assignment, method-assign]
    failed = pull()
    assert (failed.exit_code, said in failed.stderr) == (2, True), failed.stderr
    assert ledger() == before


@pytest.mark.parametrize(
    ("name", "column", "sign", "encoding"),
    [
        ("ess", "siren", ";", "utf-8"),
        ("esus", "numero_siren", ",", "utf-8-sig"),
        ("ess", "siren", ";", "cp1252"),
    ],
)
def test_a_list_by_siren_tells_of_every_establishment(
    name: str,
    column: str,
    sign: str,
    encoding: str,
    indexer: Run,
    suppliers: list[str],
    tmp_path: Path,
) -> None:
    sirens = [suppliers[0][:9], suppliers[2][:9].lstrip("0"), OTHERS[0][:9], "", "n.c."]
    double = Holders(column=column, sirens=sirens, sign=sign, encoding=encoding, faults=[cut])
    with serving(double):
        assert pulling(indexer, name, double)().exit_code == 0
    assert holders(name) == {suppliers[0], suppliers[2]}, "a lost zero is put back"
    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert PRIVATE[0].encode() not in kept


def test_a_file_of_another_form_is_told(indexer: Run, suppliers: list[str]) -> None:
    with serving(Holders(column="numéro", sirens=["1"])) as double:
        pull = pulling(indexer, "ess", double)
        assert "no column `siren`" in pull().stderr
        double.column, double.sirens = "siren", ["n.c."]
        assert "not one SIREN" in pull().stderr
        double.body = lambda _asked: b"PK\x03\x04 a workbook"  # type: ignore[assignment, method-assign]
        assert "save it as CSV" in pull().stderr
    assert holders("ess") == set()


def test_a_label_of_a_list_without_a_licence_is_left_out_of_open_data_and_not_its_holder(
    pull: Run, suppliers: list[str], tmp_path: Path
) -> None:
    pull()
    shown = CliRunner().invoke(discovery, ["dump", str(tmp_path / "out")], catch_exceptions=False)
    assert "3 suppliers" in shown.stdout
    lines = (tmp_path / "out/suppliers.jsonl").read_text(encoding="utf-8").splitlines()
    told = {record["siret"]: record for record in map(json.loads, lines)}
    assert told[suppliers[0]]["certifications"] == told[suppliers[0]]["sources"] == []


def test_every_list_has_its_label() -> None:
    origins = load_mappings().vocabulary.sources
    listed = {name for name, one in CONNECTORS.items() if one.parts == "listed"}
    assert (
        {name for name, one in origins.items() if one.certification}
        == listed
        == {"rge", "ess", "esus"}
    )


@given(has=st.lists(st.booleans(), max_size=6), own=st.booleans())
def test_only_the_last_word_of_a_list_counts(has: list[bool], own: bool) -> None:
    others = (Provenance("decp", date(2026, 1, 1), ("naf",)),)
    one = Supplier(
        id="a", name="A", kind="EI", provenance=others, certifications=("rge",) if own else ()
    )
    after = one
    for at, each in enumerate(has):
        after = labelled(after, "rge", date(2026, 2, 1 + at), has=each)
    last = bool(has and has[-1])
    assert {each.source for each in after.provenance} == ({"decp", "rge"} if last else {"decp"})
    assert after.certifications == one.certifications
    assert labelled(after, "rge", date(2026, 3, 1), has=last).provenance == after.provenance
