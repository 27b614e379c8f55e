"""Prefixes written before the rules: what is meant is among the first three."""

from pathlib import Path

from discovery.places import Gazetteer
from discovery.search.suggest import AreaNames, SuggestService

LINES = Path(__file__).with_name("prefixes.tsv").read_text(encoding="utf-8").splitlines()
PREFIXES = [line.split("\t") for line in LINES if not line.startswith("#")]
FIRST, RIGHT = 3, 71


def test_prefixes_are_met_by_the_first_three(service: SuggestService) -> None:
    missed = []
    for typed, label in PREFIXES:
        found = service.suggest(typed, types=("place", "sector", "kind"))[:FIRST]
        if label not in [one.value if one.type == "kind" else one.label for one in found]:
            missed.append(typed)
    assert len(PREFIXES) - len(missed) >= RIGHT, missed


def test_the_kind_of_a_place_is_told(service: SuggestService) -> None:
    for typed, value, detail in (
        ("rennes métropole", "epci:243500139", "métropole · Ille-et-Vilaine, Bretagne"),
        (
            "est ensemble",
            "ept:200057875",
            "établissement public territorial · Seine-Saint-Denis, Île-de-France",
        ),
        ("pays d'auge", "area:pays-d-auge", "territoire · Calvados, Normandie"),
    ):
        assert (value, detail) in [
            (one.value, one.detail) for one in service.suggest(typed, types=("place",))
        ]


def test_a_body_comes_first_by_its_own_name(gazetteer: Gazetteer) -> None:
    names, priors = AreaNames(gazetteer), dict[bool, float]()
    for place, name, key in gazetteer.grouping_names():
        grouping = gazetteer.grouping(place)
        assert grouping is not None
        for found, spelt, prior in names.starting(key):
            if (found, spelt, grouping.kind) == (place, key, "CC"):
                own = name == grouping.name
                assert priors.setdefault(own, prior) == prior
        if len(priors) == 2:
            break
    assert priors[True] > priors[False]
