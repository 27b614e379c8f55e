"""What the benchmark asks: requests as buyers and pages make them, drawn from one seeded
distribution.

Of 300: 60 % words and a place with every facet, 12 % browsing and filters, 8 % a supplier's name or
number, 12 % suggestions as one types, 8 % the map.
"""

import json
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from urllib.parse import urlencode

SHARES = {"place": 60, "browse": 12, "name": 8, "suggest": 12, "map": 8}
"""Class of request → its share in per cent."""

NEEDS = (
    "nettoyage de bureaux", "entretien des espaces verts", "traiteur", "mise sous pli", "blanchisserie", "menuiserie",
    "peinture intérieure", "déménagement", "collecte de papier", "conditionnement", "maraîchage bio", "imprimerie",
    "couture", "réparation de vélos", "restauration collective", "standard téléphonique", "cleaning", "gardening",
    "recyclage informatique", "second œuvre", "laveur de vitres", "plateaux repas", "numérisation de documents",
)  # fmt: skip
TOWNS = (
    "Lyon", "Nantes", "Lille", "Strasbourg", "Toulouse", "Rennes", "Dijon", "Marseille", "Saint-Denis 93", "Limoges",
    "Le Mans", "59000", "Brest", "Perpignan", "Metz", "Grenoble", "Tours", "Rouen", "Clermont-Ferrand", "Bordeaux",
)  # fmt: skip
KINDS = ("ESAT", "EI", "ACI", "EA", "entreprise adaptée", "ESAT ou EI", "AI ou ACI", "GEIQ")
VIEWS = ("-5,42,9,51", "4.4,45.4,5.4,46.1", "1.5,48.4,3.2,49.2", "-2.5,46.8,-0.9,47.6")
"""West, south, east, north: the country, and around three towns."""

Parameters = dict[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: its class, and its address below the service's."""

    kind: str
    address: str

    @property
    def page(self) -> str:
        """The address of the same search for people; "" for what is no search."""
        path, _, query = self.address.partition("?")
        return f"/?{query}" if path.endswith("/search") else ""


@dataclass(frozen=True, slots=True)
class Named:
    """A supplier as somebody looks for it."""

    name: str
    siret: str


def mix(count: int, named: Sequence[Named], seed: int = 1) -> list[Asked]:
    """So many requests; the same for the same arguments. `named`: suppliers that are there to be
    found.
    """
    draw = random.Random(seed)
    kinds, weights = list(SHARES), list(SHARES.values())
    return [_make(kind, draw, named) for kind in draw.choices(kinds, weights, k=count)]


def named_in(file: Path, count: int = 200) -> list[Named]:
    """The first suppliers of a file of JSON lines."""
    with file.open(encoding="utf-8") as lines:
        records: Iterable[dict[str, str]] = map(json.loads, islice(lines, count))
        return [Named(one["name"], one["siret"]) for one in records if one.get("siret")]


def _make(kind: str, draw: random.Random, named: Sequence[Named]) -> Asked:
    path, parameters = _MAKERS[kind](draw, named)
    return Asked(kind, f"/api/v1/{path}?{urlencode(parameters)}")


def _phrase(draw: random.Random) -> str:
    """Words and a place; one need in thirty has a typo."""
    need, town = draw.choice(NEEDS), draw.choice(TOWNS)
    if draw.random() < 1 / 30:
        at = draw.randrange(1, len(need) - 1)
        need = need[:at] + need[at + 1 :]
    phrase = draw.choices(
        (f"{need} à {draw.choice((10, 20, 30, 50, 100))} km de {town}", f"{need} {town}"), (55, 45)
    )[0]
    return f"{phrase}, {draw.choice(KINDS)}" if draw.random() < 0.3 else phrase


def _place(draw: random.Random, _: Sequence[Named]) -> tuple[str, Parameters]:
    page = {"page": "2"} if draw.random() < 0.1 else {}
    return "search", {"q": _phrase(draw), **page}


def _browse(draw: random.Random, _: Sequence[Named]) -> tuple[str, Parameters]:
    return "search", draw.choice(
        (
            {"page": str(draw.randint(1, 5))},
            {"q": draw.choice(NEEDS)},
            {"q": f"{draw.choice(KINDS)} près de {draw.choice(TOWNS)}"},
            {
                "sector": "hygiene-et-proprete",
                "place": f"department:{draw.randint(21, 89)}",
                "coverage": "serves",
            },
            {
                "kind_group": "handicap",
                "certification": "iso-9001",
                "region": draw.choice(("84", "11", "76")),
            },
            {"q": f"{draw.choice(NEEDS)} toute la France"},
        )
    )


def _name(draw: random.Random, named: Sequence[Named]) -> tuple[str, Parameters]:
    one = draw.choice(named)
    return "search", {"q": one.siret if draw.random() < 0.3 else one.name}


def _suggest(draw: random.Random, named: Sequence[Named]) -> tuple[str, Parameters]:
    whole = draw.choice(
        (draw.choice(NEEDS), draw.choice(TOWNS), _phrase(draw), draw.choice(named).name)
    )
    return "suggest", {"q": whole[: draw.randint(2, max(2, len(whole)))]}


def _map(draw: random.Random, _: Sequence[Named]) -> tuple[str, Parameters]:
    view = {"bbox": draw.choice(VIEWS), "zoom": str(draw.randint(5, 11))}
    return "map", {"q": _phrase(draw), **view} if draw.random() < 0.6 else view


_MAKERS: dict[str, Callable[[random.Random, Sequence[Named]], tuple[str, Parameters]]] = {
    "place": _place,
    "browse": _browse,
    "name": _name,
    "suggest": _suggest,
    "map": _map,
}
