"""Hours, posts and deductions: published examples are reproduced."""

from dataclasses import replace

import pytest

from discovery.desk.figures import deducted, insertion_hours, labour_share, pact_hours, reckoned
from discovery.desk.lot import Lot
from discovery.mappings import load_mappings
from tests.tables import cases

MAPPINGS = load_mappings()
FIGURES = MAPPINGS.figures


def test_published_examples_of_hours() -> None:
    assert round(insertion_hours(1_000_000, 50, 5, 30)) == 833
    assert round(insertion_hours(1_500_000, 70, 100, 30)) == 35_000


@pytest.mark.parametrize(
    ("labour", "contribution", "rate", "deduction"), cases(__file__, "what_a_purchase_deducts")
)
def test_what_a_purchase_deducts(
    labour: float, contribution: float, rate: float, deduction: float
) -> None:
    assert deducted(labour, contribution, rate, FIGURES) == deduction


def test_staff_taken_over_leaves_less_for_a_clause() -> None:
    """A contract of 400,000 € over 4 years is 4,000 hours a year at 25 €; 2,000 are taken over:
    half is left.
    """
    assert pact_hours(400_000, 4, 0, 5, FIGURES) == 800
    assert pact_hours(400_000, 4, 2_000, 5, FIGURES) == 400
    assert pact_hours(400_000, 4, 4_000, 5, FIGURES) is None
    assert pact_hours(60_000, 1, 0, 5, FIGURES) is None  # 120 hours


def test_a_lot_is_reckoned_by_its_trade_its_length_and_what_it_asks() -> None:
    works = Lot("Peinture", amount=1_000_000.0)
    found = reckoned(works, ["peinture-revetement-des-murs"], FIGURES, MAPPINGS.vocabulary)
    assert found is not None
    assert found.hours is not None
    assert round(found.hours) == 833
    asked = reckoned(replace(works, hours=5_000, months=24), [], FIGURES, MAPPINGS.vocabulary)
    assert asked is not None
    assert asked.asked
    assert round(asked.posts or 0, 2) == round(5_000 / 2 / 1_607, 2)
    yearly = reckoned(
        replace(works, hours=2_500, hours_per=12, months=24), [], FIGURES, MAPPINGS.vocabulary
    )
    assert yearly == asked, "so many a year, as many years as the contract lasts"
    assert reckoned(Lot("Peinture"), [], FIGURES, MAPPINGS.vocabulary) is None
    assert labour_share(["hygiene-et-proprete"], FIGURES, MAPPINGS.vocabulary) == 85
    assert labour_share(["nettoyage-de-locaux"], FIGURES, MAPPINGS.vocabulary) == 85
