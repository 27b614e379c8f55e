"""What others tell of a supplier's trades: sectors by their strength, words, and what is shown of
it.
"""

from dataclasses import replace
from datetime import date

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.mappings import load_mappings
from discovery.mappings.crosswalk import Codes, Meaning
from indexer.document.build import DocumentBuilder
from indexer.document.evidence import MIN_STRENGTH, EvidenceReader
from indexer.record import Activity, Contract, Job, Supplier
from tests.examples import some
from tests.unit.document.conftest import built
from tools.shares import shares, table, usual

MAPPINGS = load_mappings()
KINDS = MAPPINGS.vocabulary.evidence
GREEN, GARDENS, LINEN = (
    "creation-et-entretien-des-espaces-verts",
    "entretien-des-jardins",
    "blanchisserie",
)
CODES = Codes(
    cpv={"7731": Meaning("7731", (GREEN,), (GARDENS,)), "9831": Meaning("9831", (LINEN,))},
    rome={
        "A1203": Meaning("A1203", (GREEN,), (GARDENS,)),
        "A1202": Meaning("A1202", (), (GARDENS,)),
    },
)
BARE = Supplier(id="a", name="Atelier", kind="EI")
TOLD = replace(
    BARE,
    jobs=(Job("A1203", "Jardinier", "les-emplois", date(2026, 11, 12)),),
    contracts=(
        Contract("Linge de l'hôpital", "98310000", "CHU", "decp", date(2024, 5, 2), 90_000, False),
        Contract("Tonte du stade", "77310000", "Ville", "decp", date(2025, 3, 1), 12_000, True),
    ),
)


def strengths(supplier: Supplier, codes: Codes = CODES) -> dict[str, float]:
    return {
        one.sector: one.strength for one in EvidenceReader(MAPPINGS.vocabulary, codes)(supplier)
    }


def test_the_surest_kind_of_evidence_is_the_strongest() -> None:
    """Contracts, then jobs, then the registered code; of what is only related one alone is not
    enough.
    """
    assert KINDS["contract"].strength > KINDS["job"].strength > KINDS["naf"].strength > MIN_STRENGTH
    assert all(one.related < MIN_STRENGTH for one in KINDS.values())


def test_a_code_tells_of_its_sectors_and_alone_too_little_of_related_ones() -> None:
    assert strengths(replace(BARE, jobs=(Job("A1203"),))) == {GREEN: KINDS["job"].strength}


def test_two_codes_that_are_related_are_enough_and_one_code_twice_is_not() -> None:
    once = Job("A1202")
    assert strengths(replace(BARE, jobs=(once, replace(once, title="Autre poste")))) == {}
    both = strengths(replace(BARE, jobs=(once, Job("A1203"))))
    assert both[GARDENS] == pytest.approx(1 - (1 - KINDS["job"].related) ** 2)


@settings(max_examples=some(60), deadline=None)
@given(
    jobs=st.lists(st.sampled_from(["A1203", "A1202", "Z9999"]), max_size=4),
    cpv=st.lists(st.sampled_from(["77310000", "98310000", "00000000"]), max_size=4),
    more=st.sampled_from(["A1203", "A1202"]),
)
def test_more_evidence_never_makes_less_sure(jobs: list[str], cpv: list[str], more: str) -> None:
    supplier = replace(
        BARE, jobs=tuple(map(Job, jobs)), contracts=tuple(Contract("x", one) for one in cpv)
    )
    before, after = (
        strengths(supplier),
        strengths(replace(supplier, jobs=(*supplier.jobs, Job(more)))),
    )
    assert all(MIN_STRENGTH <= value <= 1 for value in after.values())
    assert all(after[sector] >= value for sector, value in before.items())


def test_the_document_holds_kinds_sectors_with_their_groups_and_words(
    builder: DocumentBuilder,
) -> None:
    document = built(builder, replace(TOLD, naf="81.21Z"))
    assert document["evidence"] == ["contract", "job", "naf"]
    assert {GREEN, LINEN, "espaces-verts-exterieurs", "entretien-du-linge"} <= set(
        document["evidence_sectors"]
    )
    words = " ".join(document["evidence_terms"])
    assert all(one in words for one in ("Jardinier", "Tonte du stade", "Linge de l'hôpital"))
    assert [one.get("sector") for one in document["activities"]] == [None], (
        "evidence, never a declared activity"
    )


def test_what_is_shown_says_who_says_so_and_when(builder: DocumentBuilder) -> None:
    public = built(builder, TOLD)["public"]
    assert [one["object"] for one in public["contracts"]] == [
        "Tonte du stade",
        "Linge de l'hôpital",
    ], "newest first"
    assert public["jobs"] == [
        {"rome": "A1203", "title": "Jardinier", "source": "les-emplois", "date": "2026-11-12"}
    ]
    assert {(one["type"], one["source"], one["date"]) for one in public["evidence"]} >= {
        ("contract", "decp", "2025-03-01"),
        ("contract", "decp", "2024-05-02"),
    }


def test_a_contract_without_a_known_code_is_proof_and_no_trade(builder: DocumentBuilder) -> None:
    document = built(builder, replace(BARE, contracts=(Contract("Divers travaux"),)))
    assert document["evidence"] == ["contract"]
    assert "evidence_sectors" not in document
    assert document["evidence_terms"] == ["Divers travaux"]


def test_shares_of_structures_with_a_trade_are_counted_by_kind_and_strongest_witness() -> None:
    declares = replace(BARE, kind="ESAT", activities=(Activity(LINEN),))
    counts = shares([BARE, TOLD, declares], EvidenceReader(MAPPINGS.vocabulary, CODES))
    assert counts == {
        "EI": {"structures": 2, "any": 1, "contract": 1},
        "ESAT": {"structures": 1, "any": 1, "declared": 1},
    }
    assert [*table(counts, ["contract"])][2:] == [
        "| EI | 2 | 50.0 % | 0.0 % | 50.0 % |",
        "| ESAT | 1 | 100.0 % | 100.0 % | 0.0 % |",
        "| all | 3 | 66.7 % | 33.3 % | 33.3 % |",
    ]


def test_what_a_kind_commonly_does_is_counted_where_it_is_known_with_twenty_of_all_kinds() -> None:
    """One ESAT of two structures that are known washes; of no AI anything is known."""
    known = [
        replace(BARE, kind="ESAT", activities=(Activity(LINEN),)),
        replace(BARE, activities=(Activity("traiteur"),)),
    ]
    lines = [
        *usual([*known, BARE], EvidenceReader(MAPPINGS.vocabulary, CODES), MAPPINGS.vocabulary)
    ]
    kinds = {
        one["kind"]: (one["known"], one["percent"]) for one in yaml.safe_load("\n".join(lines))
    }
    assert kinds["ESAT"] == (1, {"entretien-du-linge": 52, "restauration": 48})
    assert kinds["EI"] == (1, {"restauration": 52, "entretien-du-linge": 48})
    assert kinds["AI"] == (0, {"restauration": 50, "entretien-du-linge": 50})
