import pytest

from tools.sample.french import gerund, stem
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


def test_every_act_is_conjugated() -> None:
    for trade in material().trades.values():
        for act in trade.acts:
            assert act.we.split()[0].rstrip(",").endswith("ons"), act
            assert act.gerund.split()[0].rstrip(",").endswith("ant"), act
