"""The written material: complete, varied, and French enough to be read."""

import re
from collections import Counter

from discovery.mappings import load_mappings
from discovery.places import normalise
from tools.sample.material import material

VOCABULARY = load_mappings().vocabulary
MATERIAL = material()
FACTS = {"city", "where", "year", "people"}
SLOTS = FACTS | {
    "inf",
    "Inf",
    "nous",
    "ant",
    "offer",
    "Offer",
    "offer2",
    "offer3",
    "for_whom",
    "Say",
}


def test_every_sector_is_written_for() -> None:
    assert set(MATERIAL.trades) == set(VOCABULARY.sectors)
    assert {trade.sector: trade.group for trade in MATERIAL.trades.values()} == {
        sector.value: sector.group for sector in VOCABULARY.sectors.values()
    }


def test_no_phrase_serves_twice() -> None:
    phrases = Counter(
        phrase
        for trade in MATERIAL.trades.values()
        for phrase in (*trade.offers, *(act.infinitive for act in trade.acts), *trade.says)
    )
    assert [phrase for phrase, count in phrases.items() if count > 1] == []


def test_many_trades_are_told_without_their_label() -> None:
    told = 0
    for trade in MATERIAL.trades.values():
        label = normalise(VOCABULARY.sectors[trade.sector].label("fr"))
        told += all(label not in normalise(said) for said in trade.says)
    assert told > 0.9 * len(MATERIAL.trades)


def test_every_slot_can_be_filled() -> None:
    def slots(sentences: list[str]) -> set[str]:
        return {slot for sentence in sentences for slot in re.findall(r"\{([^}]*)\}", sentence)}

    phrases = MATERIAL.phrases
    for name in ("trades", "lending", "closings", "short", "offer_notes"):
        assert slots(phrases[name]) <= SLOTS, name
    assert slots(phrases["for_whom"]) <= FACTS
    for sentences in phrases["openings"].values():
        assert slots(sentences) <= SLOTS


def test_kinds_and_lists_are_of_the_vocabulary() -> None:
    kinds = MATERIAL.kinds.values
    assert {kind.code for kind in kinds} == {
        "ACI",
        "ESAT",
        "EI",
        "AI",
        "EA",
        "ETTI",
        "GEIQ",
        "EITI",
        "EATT",
    }
    assert set(MATERIAL.phrases["openings"]) == {kind.code for kind in kinds}
    for kind in kinds:
        assert set(kind.networks.values) <= set(VOCABULARY.networks)
        assert set(kind.legal_forms.values) <= set(VOCABULARY.legal_forms)
        for types in kind.service_types.values():
            assert set(types.values) <= set(VOCABULARY.service_types)
    for habits in MATERIAL.groups.values():
        assert set(habits.certifications.values) <= set(VOCABULARY.certifications)


def test_a_trades_code_points_to_it() -> None:
    for trade in MATERIAL.trades.values():
        for code in trade.naf:
            assert trade.sector in VOCABULARY.naf[code.replace(".", "")].sectors
