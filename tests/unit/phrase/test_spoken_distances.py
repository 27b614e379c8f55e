"""Distances however people say them. Accounts as in `test_ignored`; `~km` is told to be approximate."""

from __future__ import annotations

TABLES = {
    "test_spoken": """
traiteur à trente kilomètres de Lyon => traiteur | km 30; Lyon (69)
paysagiste à une heure de Digne => paysagiste | ~km 50; Digne-les-Bains (04)
paysagiste à 1 h de route de Digne => paysagiste | ~km 50; Digne-les-Bains (04)
traiteur à vingt-cinq km de Lyon => traiteur | km 25; Lyon (69)
traiteur à une trentaine de kilomètres de Lyon => traiteur | km 30; Lyon (69)
traiteur à quatre-vingt-dix kilomètres de Lyon => traiteur | km 90; Lyon (69)
traiteur à cent cinquante km de Lyon => traiteur | km 150; Lyon (69)
traiteur dans un rayon de cinquante kilomètres autour de Lyon => traiteur | km 50; Lyon (69)
traiteur à 30 bornes de Lyon => traiteur | km 30; Lyon (69)
traiteur à 30 kms de Lyon => traiteur | km 30; Lyon (69)
traiteur 30kms autour de Lyon => traiteur | km 30; Lyon (69)
traiteur à dix lieues de Lyon => traiteur | km 40; Lyon (69)
caterer within twenty miles of Lyon => caterer | km 32; Lyon (69)
caterer within 10 miles of Lyon => caterer | km 16; Lyon (69)
traiteur à moins de 20 km de Lyon => traiteur | km 20; Lyon (69)
traiteur à 2000 m de Lyon => traiteur | km 2; Lyon (69)
""",
    "test_travel_times": """
blanchisserie à une demi-heure d'Amiens => blanchisserie | ~km 25; Amiens (80)
blanchisserie à une demi heure d'Amiens => blanchisserie | ~km 25; Amiens (80)
blanchisserie à 30 minutes d'Amiens => blanchisserie | ~km 25; Amiens (80)
blanchisserie à 30 min d'Amiens => blanchisserie | ~km 25; Amiens (80)
blanchisserie à moins de 30 minutes d'Amiens => blanchisserie | ~km 25; Amiens (80)
blanchisserie à une heure d'Amiens => blanchisserie | ~km 50; Amiens (80)
blanchisserie à une heure et demie d'Amiens => blanchisserie | ~km 75; Amiens (80)
blanchisserie à 1h d'Amiens => blanchisserie | ~km 50; Amiens (80)
blanchisserie à 1h30 d'Amiens => blanchisserie | ~km 75; Amiens (80)
blanchisserie à un quart d'heure d'Amiens => blanchisserie | ~km 12; Amiens (80)
blanchisserie à 20 minutes en voiture de Lyon => blanchisserie | ~km 17; Lyon (69)
blanchisserie à 30 minutes à vélo de Lyon => blanchisserie | ~km 6; Lyon (69)
laundry half an hour from Amiens => laundry | ~km 25; Amiens (80)
laundry within 30 minutes of Lyon => laundry | ~km 25; Lyon (69)
laundry within an hour of Lyon => laundry | ~km 50; Lyon (69)
""",
    "test_vague_nearness": """
traiteur pas loin de Lyon => traiteur | Lyon (69) focus
traiteur pas trop loin de Lyon => traiteur | Lyon (69) focus
traiteur dans le coin de Lyon => traiteur | Lyon (69) focus
traiteur aux alentours de Lyon => traiteur | Lyon (69) focus
traiteur alentours de Lyon => traiteur | Lyon (69) focus
traiteur aux environs de Lyon => traiteur | Lyon (69) focus
traiteur environs Lyon => traiteur | Lyon (69) focus
traiteur dans les parages de Lyon => traiteur | Lyon (69) focus
traiteur à deux pas de Lyon => traiteur | Lyon (69) focus
traiteur du côté de Lyon => traiteur | Lyon (69) focus
traiteur au plus près de Lyon => traiteur | Lyon (69) focus
traiteur le plus proche de Lyon => traiteur | Lyon (69) focus
caterer around Lyon => caterer | Lyon (69) focus
caterer close to Lyon => caterer | Lyon (69) focus
caterer not far from Lyon => caterer | Lyon (69) focus
""",
    "test_no_distance": """
trente kilomètres => trente kilomètres
clôture 500 m => clôture | quantity 500 m
plantation de 2 km de haies => plantation de 2 km de haies
ménage 2 heures par semaine => ménage | frequency 2 heures par semaine
traiteur 24 heures du Mans => traiteur 24 heures | Le Mans (72)
nettoyage en une heure => nettoyage | date en une heure
""",
}


def test_spoken(phrase, expected, pieces):
    assert pieces(phrase) == expected


def test_travel_times(phrase, expected, pieces, understand):
    assert pieces(phrase) == expected
    assert "radius_approximate" in {note.code for note in understand(phrase).notes}


def test_vague_nearness(phrase, expected, pieces, understand):
    assert pieces(phrase) == expected
    assert not understand(phrase).approximate_radius


def test_no_distance(phrase, expected, pieces):
    assert pieces(phrase) == expected
