"""What the benchmark asks: phrases as buyers type them and parameters as pages send them, mixed in stated shares."""

from __future__ import annotations

import random
from collections.abc import Iterator
from urllib.parse import urlencode

NEEDS = (
    "nettoyage de bureaux", "entretien des espaces verts", "traiteur", "mise sous pli", "blanchisserie", "menuiserie",
    "peinture intérieure", "déménagement", "collecte de papier", "conditionnement", "maraîchage bio", "imprimerie",
    "couture", "réparation de vélos", "restauration collective", "standard téléphonique", "cleaning", "gardening",
    "recyclage informatique", "second œuvre", "laveur de vitres", "plateaux repas", "numérisation de documents",
)  # fmt: skip
TOWNS = (
    "Lyon", "Nantes", "Lille", "Strasbourg", "Toulouse", "Rennes", "Dijon", "Marseille", "Saint-Denis 93", "Limoges",
    "Le Mans", "59000", "Brest", "Perpignan", "Metz",
)  # fmt: skip
KINDS = ("ESAT", "EI", "ACI", "EA", "entreprise adaptée", "ESAT ou EI", "AI ou ACI", "GEIQ")


def mixed(seed: int = 1) -> Iterator[tuple[str, dict[str, str]]]:
    """(class, parameters) for ever: words, circles, places, kinds, filters, browsing, typos."""
    draw = random.Random(seed)
    while True:
        need, town, kind = draw.choice(NEEDS), draw.choice(TOWNS), draw.choice(KINDS)
        km = draw.choice((10, 20, 30, 50, 100))
        yield draw.choices(
            (
                ("words", {"q": need}),
                ("circle", {"q": f"{need} à {km} km de {town}"}),
                ("circle, kinds", {"q": f"{need} à {km} km de {town}, {kind}"}),
                ("place", {"q": f"{need} {town}"}),
                ("kind near", {"q": f"{kind} près de {town}"}),
                ("sector, zone", {"sector": "hygiene-et-proprete", "place": "department:69", "coverage": "serves"}),
                ("filters", {"kind_group": "handicap", "certification": "iso-9001", "region": "84"}),
                ("browse", {"page": str(draw.randint(1, 5))}),
                ("typo", {"q": f"{need[:-2]}{need[-1]}"}),
                ("national", {"q": f"{need} toute la France"}),
            ),
            weights=(18, 18, 16, 16, 10, 6, 6, 4, 3, 3),
        )[0]


def address(parameters: dict[str, str]) -> str:
    return f"/api/v1/search?{urlencode(parameters)}"
