from __future__ import annotations

import pytest

from tools.sample.french import capital, gerund, stem, we
from tools.sample.material import material


@pytest.mark.parametrize(
    ("infinitive", "first_plural"),
    [
        ("laver", "lavons"),
        ("ranger", "rangeons"),
        ("remplacer", "remplaçons"),
        ("nettoyer", "nettoyons"),
        ("remplir", "remplissons"),
        ("tenir", "tenons"),
        ("cueillir", "cueillons"),
        ("servir", "servons"),
        ("couvrir", "couvrons"),
        ("recevoir", "recevons"),
        ("vendre", "vendons"),
        ("apprendre", "apprenons"),
        ("repeindre", "repeignons"),
        ("coudre", "cousons"),
        ("moudre", "moulons"),
        ("faire", "faisons"),
        ("extraire", "extrayons"),
        ("conduire", "conduisons"),
        ("cuire", "cuisons"),
        ("écrire", "écrivons"),
        ("abattre", "abattons"),
        ("suivre", "suivons"),
    ],
)
def test_the_first_person_plural(infinitive: str, first_plural: str) -> None:
    assert stem(infinitive) + "ons" == first_plural
    assert gerund(infinitive) == first_plural.removesuffix("ons") + "ant"


def test_only_the_coordinated_verbs_are_conjugated() -> None:
    assert we("tondre, tailler et planter pour mieux fleurir") == "tondons, taillons et plantons pour mieux fleurir"
    assert gerund("laver et plier des draps") == "lavant et pliant des draps"


def test_what_cannot_be_conjugated_is_said() -> None:
    with pytest.raises(ValueError, match="plâtre"):
        stem("plâtre")


def test_every_act_is_conjugated() -> None:
    for trade in material().trades.values():
        for act in trade.acts:
            assert act.we.split()[0].rstrip(",").endswith("ons"), act
            assert act.gerund.split()[0].rstrip(",").endswith("ant"), act


def test_capitals() -> None:
    assert capital("œufs de poules") == "Œufs de poules"
    assert capital("") == ""
