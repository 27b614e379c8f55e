"""Facts about suppliers that are there: contracts won (decp), registered codes (sirene); against
doubles.
"""

from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from indexer.record import Contract, Status
from tests.unit.sources.conftest import Given, Run, ledger, stored
from tests.unit.sources.double import PRIVATE, Decp, Sirene, contract, serving
from tools.sample.supplier import siret

MANY = 120


@pytest.fixture
def suppliers(given: Given) -> list[str]:
    """The SIRETs of three suppliers; the first two share one, as an ACI and an EI of one house do."""
    numbers = [siret(1, 42), siret(1, 42), siret(2, 42)]
    rows = [
        f"{number},Atelier {at} (exemple),{kind},35000,Rennes"
        for at, (number, kind) in enumerate(zip(numbers, ("ACI", "EI", "EI"), strict=True))
    ]
    given("given.csv", "siret,name,kind,address.post_code,address.city\n" + "\n".join(rows) + "\n")
    return [numbers[0], numbers[2]]


@pytest.fixture
def decp(suppliers: list[str]) -> Iterator[Decp]:
    won = [contract(number, suppliers[0], uid=f"{number:03}") for number in range(MANY)]
    with serving(Decp(contracts=won)) as it:
        yield it


@pytest.fixture
def pull(decp: Decp, indexer: Run) -> Run:
    return partial(indexer, "pull", "decp", "--url", decp.url, "--per-minute", "1000000")


def contracts() -> dict[str, tuple[Contract, ...]]:
    return {one.id: one.contracts for one in stored().values()}


def of_both(done: Result, suppliers: list[str]) -> tuple[Contract, ...]:
    """The contracts that a pull gave both suppliers of the first establishment, which are the same."""
    assert (done.exit_code, "updated 2, unchanged 1" in done.stdout) == (0, True), done.output
    found = contracts()
    aci, ei = (found[f"{suppliers[0]}-{kind}"] for kind in ("ACI", "EI"))
    assert aci == ei
    return aci


def test_contracts_become_facts_of_every_supplier_of_the_establishment(
    pull: Run, decp: Decp, suppliers: list[str]
) -> None:
    aci = of_both(pull(), suppliers)
    assert len(aci) == MANY, "three pages of them, none twice, none lost"
    assert aci[0] == Contract(
        object="Entretien des espaces verts, tranche 0",
        cpv="77310000",
        buyer="COMMUNE DE RENNES",
        source="decp",
        won=date(2026, 1, 15),
        amount=45000,
        reserved=True,
    )
    assert contracts()[f"{suppliers[1]}-EI"] == ()


def test_a_second_pull_writes_nothing_and_what_is_withdrawn_goes(
    pull: Run, decp: Decp, suppliers: list[str]
) -> None:
    pull()
    before = ledger()
    assert "unchanged 3" in pull().stdout
    assert ledger() == before
    decp.contracts[0]["donneesActuelles"] = False
    assert pull().exit_code == 0
    assert len(contracts()[f"{suppliers[0]}-ACI"]) == MANY - 1


def test_old_contracts_are_left_out_and_further_pages_of_them_not_asked_for(
    pull: Run, decp: Decp, suppliers: list[str]
) -> None:
    decp.contracts = [
        contract(number, suppliers[0], dateNotification="2019-03-01") for number in range(MANY)
    ]
    decp.contracts.append(contract(999, suppliers[0]))
    pull()
    assert len(contracts()[f"{suppliers[0]}-EI"]) == 1
    assert [
        asked.get("page") for asked in decp.asked if asked["titulaire_id__exact"] == suppliers[0]
    ] == ["1", "2"]


def test_contracts_of_another_source_stay(
    pull: Run, decp: Decp, indexer: Run, tmp_path: Path
) -> None:
    file = tmp_path / "own.jsonl"
    own = '{"object": "Blanchisserie", "source": "canonical"}'
    file.write_text(
        f'{{"siret": "{siret(1, 42)}", "name": "Atelier", "kind": "EI", "address": {{"post_code": "35000", "city": '
        f'"Rennes"}}, "contracts": [{own}]}}\n',
        encoding="utf-8",
    )
    indexer("import", str(file))
    pull()
    found = contracts()[f"{siret(1, 42)}-EI"]
    assert [one.object for one in found[:2]] == [
        "Blanchisserie",
        "Entretien des espaces verts, tranche 0",
    ]
    assert len(found) == MANY + 1


def test_a_register_that_lost_a_third_takes_nothing_back(pull: Run, decp: Decp) -> None:
    pull()
    before = ledger()
    del decp.contracts[: MANY // 3]
    alarmed = pull()
    assert alarmed.exit_code == 1
    assert "no fact is taken back" in alarmed.stderr
    assert ledger() == before
    assert pull("--force").exit_code == 0
    assert ledger() != before


@pytest.mark.parametrize("field", ["uid", "objet", "codeCPV", "dateNotification", "acheteur_nom"])
def test_a_changed_field_is_told_and_changes_nothing(field: str, pull: Run, decp: Decp) -> None:
    del decp.contracts[-1][field]
    if field == "dateNotification":
        decp.contracts[-1]["date"] = "2026-01-01"

        def sort(asked: Any) -> Any:
            return {"data": decp.contracts[-1:], "meta": {"total": 1}}

        decp.body = sort  # type: ignore[method-assign]
    before = ledger()
    failed = pull()
    assert failed.exit_code == 2
    assert f"has no {field}; the contract changed" in failed.stderr
    assert ledger() == before


@pytest.mark.parametrize(
    "answer", [[], {}, {"data": {}, "meta": {"total": 1}}, {"data": [], "meta": {}}]
)
def test_an_answer_that_is_no_page_is_told(answer: Any, pull: Run, decp: Decp) -> None:
    decp.body = lambda _asked: answer  # type: ignore[assignment, method-assign]
    assert "the contract changed" in pull().stderr


@pytest.fixture
def sirene(suppliers: list[str]) -> Iterator[Sirene]:
    known = {"activite_principale": "81.30Z", "etat_administratif": "A", "adresse": "1 RUE DU PORT"}
    with serving(Sirene(known={number: dict(known) for number in suppliers})) as it:
        yield it


@pytest.fixture
def register(sirene: Sirene, indexer: Run) -> Run:
    return partial(indexer, "pull", "sirene", "--url", sirene.url, "--per-minute", "1000000")


def test_registered_codes_come_from_sirene_and_nothing_of_the_people(
    register: Run, tmp_path: Path
) -> None:
    done = register()
    assert "updated 3" in done.stdout, done.output
    assert {(one.naf, one.naf_nomenclature) for one in stored().values()} == {("81.30Z", "NAFRev2")}
    assert "unchanged 3" in register().stdout
    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert PRIVATE[2].encode() not in kept


def test_a_register_that_closes_many_at_once_is_believed_by_force_alone(
    indexer: Run, tmp_path: Path
) -> None:
    numbers = [siret(number, 43) for number in range(1, 13)]
    rows = [f"{number},Atelier {at} (exemple),EI,35000,Rennes" for at, number in enumerate(numbers)]
    (tmp_path / "given.csv").write_text(
        "\n".join(["siret,name,kind,address.post_code,address.city", *rows]) + "\n"
    )
    assert indexer("import", str(tmp_path / "given.csv")).exit_code == 0
    before = ledger()
    closed = {
        "activite_principale": "81.30Z",
        "etat_administratif": "F",
        "adresse": "1 RUE DU PORT",
    }
    with serving(Sirene(known={number: dict(closed) for number in numbers})) as double:
        pull = partial(indexer, "pull", "sirene", "--url", double.url, "--per-minute", "1000000")
        refused = pull()
        assert refused.exit_code == 2
        assert "12 of 12 establishments closed" in refused.stderr
        assert ledger() == before
        assert pull("--force").exit_code == 0
        assert all(one.closed for one in stored().values())
        assert pull().exit_code == 0, "what is known to be closed closes nobody"


def test_a_closed_establishment_is_shown_no_more_until_the_register_says_otherwise(
    register: Run, indexer: Run, sirene: Sirene, suppliers: list[str], tmp_path: Path
) -> None:
    """Whatever lists go on to name it."""
    known = sirene.known[suppliers[1]]
    known |= {"etat_administratif": "F", "date_creation": "1998-05-01"}
    register()
    assert indexer("import", str(tmp_path / "given.csv")).exit_code == 0
    closed = stored()[f"{suppliers[1]}-EI"]
    assert (closed.closed, closed.year_founded, closed.status) == (True, 1998, Status.LIVE)
    assert ["closed" in one.fields for one in closed.provenance if one.source == "sirene"] == [True]
    assert "store: 2 live, 1 delisted" in indexer("status").stdout
    known["etat_administratif"] = "A"
    register()
    assert stored()[f"{suppliers[1]}-EI"].closed is False
    assert "store: 3 live" in indexer("status").stdout


@pytest.mark.parametrize("field", ["activite_principale", "etat_administratif"])
def test_a_changed_field_of_the_register_is_told(field: str, register: Run, sirene: Sirene) -> None:
    for known in sirene.known.values():
        del known[field]
    assert f"has no {field}" in register().stderr
