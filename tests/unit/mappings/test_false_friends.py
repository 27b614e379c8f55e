"""Evidence is by whole words: fifty names and phrases that only look as if they told a trade give
no reason for one.
"""

import re

import pytest

from discovery.mappings.vocabulary import Vocabulary
from tests.tables import cases

FRIENDS = re.split(
    r";\s",
    """\
Compostelle; Chemins de Compostelle; Association Hotel Social; L'Hôtel Dieu; Hôtel de ville; La Poste;
Atelier de la Poste; Cabinet comptable Martin; Fauteuil roulant services; Removals and Co;
Le Jardin des Lettres; Jardin d'enfants; La Main Verte; La Table de Cana; Fer de Lance; Peintres en herbe;
Verre et vie; Bois l'abbé; Le Moulin de la Source; ESAT du Château; Terre d'asile; La Cuisine des Anges;
Emploi Services; Maison des Jeunes; Ferme de la Vallée; Bureau d'accueil; Les Papillons Blancs;
Composition du Midi; Déménager sa vie; Le Pont; Cap Emploi; La Pierre Blanche; Clef de sol; Cantine musicale;
L'Atelier des possibles; Sécurité sociale; Assurance maladie; Service civique; Poste restante;
Restaurants du coeur; Les Compagnons du devoir; Marché de Noël; Communication non violente; Toit et joie;
Un toit pour tous; Carton plein; Palette de couleurs; Arbre de vie; Le fil d'Ariane; Four solaire; La Clé;
Le Trait d'union; Les Fripons; Soudure sociale; Hôtel d'entreprises; Imprimerie nationale""",
)


def test_there_are_fifty() -> None:
    assert len({*FRIENDS}) >= 50


@pytest.mark.parametrize("name", FRIENDS)
def test_a_false_friend_tells_no_trade(name: str, vocabulary: Vocabulary) -> None:
    assert [*vocabulary.own_words.of(name, name=True)] == []


@pytest.mark.parametrize(("name", "words"), cases(__file__, "a_true_friend_still_does"))
def test_a_true_friend_still_does(name: str, words: str, vocabulary: Vocabulary) -> None:
    assert [told for told, _ in vocabulary.own_words.of(name, name=True)] == [words]
