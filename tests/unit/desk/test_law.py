"""What the law asks and allows, by date, nature, amount and buyer, as its official texts say."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from discovery.desk.figures import Asked, buyer_of, nature_of, ruled
from discovery.desk.lot import Lot
from discovery.mappings import load_mappings
from discovery.mappings.purchases import Buyer, Nature, past_rules
from tests.tables import cases

MAPPINGS = load_mappings()
LAW = MAPPINGS.law


@pytest.mark.parametrize(
    ("day", "buyer", "nature", "euros", "told"), cases(__file__, "what_the_law_says")
)
def test_what_the_law_says(
    day: date, buyer: Buyer | None, nature: Nature, euros: float | None, told: dict[str, str]
) -> None:
    found = ruled(Asked(nature, euros, buyer), LAW, day)
    assert {one.rule.name: one.outcome for one in found} == told
    assert not any(one.past for one in found)
    assert not any("{" in one.text(lang) for one in found for lang in ("fr", "en"))


def test_a_rule_past_its_day_is_told_as_such_and_is_a_fault_to_see_to() -> None:
    later = date(2028, 1, 1)
    (obligation,) = (
        one for one in ruled(Asked("services", 500_000, "local"), LAW, later) if one.past
    )
    assert obligation.rule.name == "obligation"
    assert [line.split(" ended")[0] for line in past_rules(LAW, later)] == [
        "law.yaml: the rule obligation (L2112-2-1)"
    ]


def test_no_rule_is_past_today() -> None:
    """Red from the day on that a rule ends: read the law again, and write the rule that follows."""
    assert past_rules(LAW, datetime.now(UTC).date()) == []


def test_a_lot_is_works_or_social_only_by_all_of_its_trades() -> None:
    for sectors, nature in (
        (["plomberie", "menuiserie"], "works"),
        (["plomberie", "traiteur"], "services"),
        (["sport"], "social"),
        ([], "services"),
    ):
        assert nature_of(sectors, LAW, MAPPINGS.vocabulary) == nature


@pytest.mark.parametrize(
    ("text", "buyer"),
    [
        ("La ville de Lyon lance un marché", "local"),
        ("Préfecture du Rhône", "state"),
        ("Nettoyage de bureaux", None),
    ],
)
def test_the_notice_tells_who_buys(text: str, buyer: Buyer | None) -> None:
    assert buyer_of(replace(Lot("Lot"), whole=Lot(text)), LAW) == buyer
