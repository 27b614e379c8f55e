"""Suppliers for pages: the dozen of the API's tests, and a crowd that fills facets and pages."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from discovery.context import Services, make_services
from discovery.engine.embedded.folder import IndexFolder
from discovery.mappings import Settings, load_mappings
from indexer.record import Activity, LocationSource, Offer, Scope, Supplier, Zone
from tests.api.corpus import SUPPLIERS as NAMED
from tests.api.corpus import build_index

TOWNS = (
    ("Lyon", "69003", "69123", "69", "84", 45.7677, 4.8354),
    ("Villeurbanne", "69100", "69266", "69", "84", 45.7663, 4.8797),
    ("Vienne", "38200", "38544", "38", "84", 45.5256, 4.8752),
    ("Grenoble", "38000", "38185", "38", "84", 45.1866, 5.7363),
    ("Nantes", "44000", "44109", "44", "52", 47.2186, -1.5538),
    ("Paris", "75012", "75056", "75", "11", 48.8566, 2.3429),
    ("Saint-Denis", "93200", "93066", "93", "11", 48.9362, 2.3574),
    ("Saint-Denis", "97400", "97411", "974", "04", -20.8823, 55.4504),
    ("Toulouse", "31000", "31555", "31", "76", 43.6045, 1.444),
    ("Marseille", "13001", "13055", "13", "93", 43.2965, 5.3698),
    ("Bordeaux", "33000", "33063", "33", "75", 44.8378, -0.5792),
    ("Rennes", "35000", "35238", "35", "53", 48.1173, -1.6778),
    ("Lille", "59000", "59350", "59", "32", 50.6365, 3.0635),
)
TRADES = {
    "nettoyage-de-locaux": "Nettoyage de bureaux et de vitres, remise en état.",
    "nettoyage-de-vehicules": "Nettoyage de véhicules sans eau, à domicile.",
    "blanchisserie": "Blanchisserie, repassage et location de linge.",
    "creation-et-entretien-des-espaces-verts": "Entretien des espaces verts, tonte et taille de haies.",
    "menuiserie": "Menuiserie, agencement, palettes en bois.",
    "traiteur": "Traiteur, plateaux repas et buffets.",
    "recyclage-papiers-et-fournitures-d-entreprises": "Collecte et recyclage de papier et de cartons.",
}
KINDS = ("EI", "AI", "ACI", "ETTI", "GEIQ", "EA", "EATT", "ESAT")
OPENED = datetime(2025, 6, 1, tzinfo=UTC)
"""When the first of the crowd was listed; one an hour since."""
SIZE = 130
"""More than six pages of twenty."""


def crowd(size: int = SIZE, seed: int = 7) -> Iterator[Supplier]:
    """Varied profiles, some bare, some full; the same every time."""
    dice = random.Random(seed)
    for number in range(size):
        city, post_code, commune, department, region, lat, lon = dice.choice(TOWNS)
        trades = dice.sample(list(TRADES), dice.randrange(1, 4))
        zones = (
            Zone(Scope.COUNTRY),
            Zone(Scope.RADIUS, dice.choice([20, 50, 150])),
            Zone(Scope.PLACES, None, (f"department:{department}",)),
            Zone(),
        )
        activities = (
            Activity(
                trade,
                tuple(dice.sample(["DISP", "PREST", "BUILD"], dice.randrange(1, 3))),
                dice.choice(zones),
            )
            for trade in trades
        )
        yield Supplier(
            id=f"crowd-{number:03}",
            kind=dice.choice(KINDS),
            name=f"Structure {number:03} de {city}",
            slug=f"structure-{number:03}",
            siret=f"888{number:06}00011",
            street=f"{number + 1} rue de l'Essai",
            post_code=post_code,
            city=city,
            commune=commune,
            department=department,
            region=region,
            lat=round(lat + dice.uniform(-0.2, 0.2), 5),
            lon=round(lon + dice.uniform(-0.2, 0.2), 5),
            location_source=dice.choice([LocationSource.GIVEN, LocationSource.COMMUNE]),
            description=" ".join(TRADES[trade] for trade in trades) if dice.random() < 0.8 else "",
            activities=tuple(activities),
            offers=tuple(Offer(TRADES[trade].split(",")[0]) for trade in trades),
            certifications=tuple(
                dice.sample(["rge", "iso-9001", "iso-14001", "ecolabel"], dice.randrange(3))
            ),
            networks=tuple(dice.sample(["coorace", "unapei"], dice.randrange(2))),
            employees_insertion=dice.choice([None, 4, 25, 80, 300]),
            zrr=dice.random() < 0.2,
            qpv=dice.random() < 0.2,
            updated_at=dice.choice([date(2026, 1, 15), date(2024, 6, 30), None]),
            first_listed_at=OPENED + timedelta(hours=number),
        )


SUPPLIERS = (*NAMED, *crowd())


def services_in(folder: Path, **settings: Any) -> Services:
    """Services over an index of the world, built in a home folder."""
    build_index(IndexFolder(folder / "index", "suppliers"), load_mappings(), SUPPLIERS)
    return make_services(Settings(home=folder, sample=True, **settings))
