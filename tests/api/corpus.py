"""A dozen invented suppliers, through the real document builder into a real index."""

from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

from discovery.engine.definition import define
from discovery.engine.embedded.folder import IndexFolder
from discovery.engine.port import Action, Document, WriteStatus
from discovery.mappings import Mappings
from discovery.places import Gazetteer
from indexer.document.build import DocumentBuilder
from indexer.record import Activity, LocationSource, Offer, Scope, Status, Supplier, Zone

FRANCE = Zone(Scope.COUNTRY)
BUILT = datetime(2026, 3, 1, tzinfo=UTC)


def around(radius_km: int) -> Zone:
    return Zone(Scope.RADIUS, radius_km=radius_km)


def at(*places: str) -> Zone:
    return Zone(Scope.PLACES, places=places)


def does(sector: str, zone: Zone, *services: str) -> Activity:
    return Activity(sector, services or ("PREST",), zone)


_TOWNS = {
    "Lyon": ("69003", "69123", "69", "84", 45.7677, 4.8354),
    "Villeurbanne": ("69100", "69266", "69", "84", 45.7663, 4.8797),
    "Vienne": ("38200", "38544", "38", "84", 45.5256, 4.8752),
    "Grenoble": ("38000", "38185", "38", "84", 45.1866, 5.7363),
    "Nantes": ("44000", "44109", "44", "52", 47.2186, -1.5538),
    "Paris": ("75012", "75056", "75", "11", 48.8566, 2.3429),
}


def seated(id: str, kind: str, name: str, town: str | None, **fields: object) -> Supplier:
    """A supplier with its seat; everything else as given."""
    given: dict[str, object] = {
        "slug": f"{id}-fiche",
        "street": "1 rue de l'Essai",
        "updated_at": date(2026, 1, 15),
    }
    if town is not None:
        post_code, commune, department, region, lat, lon = _TOWNS[town]
        given |= {
            "post_code": post_code,
            "city": town,
            "commune": commune,
            "department": department,
            "region": region,
            "lat": lat,
            "lon": lon,
            "location_source": LocationSource.GIVEN,
        }
    return Supplier(id=id, kind=kind, name=name, **{**given, **fields})  # type: ignore[arg-type]


CLEANING, GREEN = "nettoyage-de-locaux", "creation-et-entretien-des-espaces-verts"

SUPPLIERS: tuple[Supplier, ...] = (
    seated(
        "propre-lyon",
        "ESAT",
        "ESAT Les Mains Claires",
        "Lyon",
        siret="99900000100019",
        brand="Mains Claires",
        legal_form="ASSOCIATION",
        naf="88.10C",
        description="Nettoyage de bureaux et de vitres pour les entreprises de la métropole. "
        "Nos équipes assurent aussi l'entretien des parties communes, avec des produits écologiques.",
        website="https://mains-claires.example",
        activities=(does(CLEANING, around(30)), does("blanchisserie", at("department:69"))),
        offers=(
            Offer("Nettoyage de bureaux", "Passage quotidien ou hebdomadaire."),
            Offer("Vitrerie"),
        ),
        certifications=("rge", "iso-9001"),
        networks=("unapei",),
        client_references=("Mairie de l'Essai",),
        employees_insertion=60,
        employees_permanent=12,
        turnover=850_000,
        year_founded=1998,
        qpv=True,
        email="contact@mains-claires.example",
        phone="0400000000",
        contact_public=True,
        first_listed_at=datetime(2025, 5, 4, 10, 0, tzinfo=UTC),
        former_slugs=("ancienne-adresse",),
    ),
    seated(
        "eclat-villeurbanne",
        "EI",
        "Éclat Services",
        "Villeurbanne",
        siret="99900000200017",
        description="Nettoyage industriel et nettoyage de locaux, remise en état après chantier.",
        activities=(does(CLEANING, around(50)),),
        website="javascript:alert(1)",
        email="prive@eclat.example",
    ),
    seated(
        "vert-vienne",
        "ACI",
        "Jardins de l'Essai",
        "Vienne",
        siret="99900000300015",
        description="Entretien des espaces verts, taille de haies, jardinage écologique.",
        activities=(does(GREEN, at("department:38", "commune:69123")),),
    ),
    seated(
        "bois-grenoble",
        "EA",
        "Ateliers du Bois Neuf",
        "Grenoble",
        siret="99900000400013",
        description="Menuiserie, palettes et caisses en bois, sous-traitance industrielle.",
        activities=(does("menuiserie", FRANCE, "BUILD"),),
        certifications=("iso-9001",),
        networks=("union-nationale-des-entreprises-adaptees",),
    ),
    seated(
        "linge-nantes",
        "ESAT",
        "ESAT <b>Les Draps</b> & Cie",
        "Nantes",
        siret="99900000500010",
        description="Blanchisserie <script>alert('x')</script> et repassage du linge d'hôtel.",
        activities=(does("blanchisserie", around(40)),),
    ),
    seated(
        "interim-lyon",
        "ETTI",
        "Élan Intérim",
        "Lyon",
        siret="99900000600018",
        description="Intérim d'insertion : agents de nettoyage, manutention, logistique.",
        activities=(does(CLEANING, at("department:69"), "DISP"),),
    ),
    seated(
        "interim-lyon-bis",
        "AI",
        "Élan Coup de Main",
        "Lyon",
        siret="99900000600018",
        description="Ménage et petits travaux chez les particuliers.",
        activities=(does(CLEANING, at("commune:69123"), "DISP"),),
    ),
    seated(
        "traiteur-paris",
        "EI",
        "La Table Partagée",
        "Paris",
        siret="99900000700016",
        description="Traiteur, plateaux repas et cocktails.",
        activities=(does("traiteur", at("region:11")),),
    ),
    seated(
        "sans-point",
        "ACI",
        "Recyclerie sans adresse",
        None,
        description="Collecte et réemploi de papier.",
        activities=(does("recyclage-papiers-et-fournitures-d-entreprises", FRANCE),),
        updated_at=None,
    ),
    seated("nu", "EI", "Structure sans détail", "Lyon", updated_at=None, slug="nu"),
    seated("ferme", "EI", "Structure fermée", "Lyon", closed=True),
    seated(
        "parti",
        "EI",
        "Structure partie",
        "Lyon",
        status=Status.DELISTED,
        former_slugs=("parti-avant",),
    ),
    seated(
        "fondu",
        "ESAT",
        "Ancien nom",
        "Lyon",
        status=Status.DELISTED,
        former_slugs=("fondu-avant",),
        merged_into="propre-lyon",
    ),
    seated(
        "fondu-deux-fois",
        "ESAT",
        "Plus ancien",
        "Lyon",
        status=Status.DELISTED,
        merged_into="fondu",
    ),
    seated("fondu-dans-rien", "EI", "Seul", "Lyon", status=Status.DELISTED, merged_into="personne"),
    seated(
        "fondu-en-soi", "EI", "Boucle", "Lyon", status=Status.DELISTED, merged_into="fondu-en-soi"
    ),
    seated("cache", "OPCS", "Jamais montré", "Lyon"),
)

LISTED = tuple(
    one.id
    for one in SUPPLIERS
    if one.status is Status.LIVE and not one.closed and one.kind != "OPCS"
)
"""Those that are found: neither hidden nor withdrawn."""


def documents(mappings: Mappings, suppliers: tuple[Supplier, ...] = SUPPLIERS) -> list[Document]:
    """The suppliers as they are indexed; some never are."""
    builder = DocumentBuilder(mappings.vocabulary, Gazetteer.load(), mappings.codes)
    return [document for document in map(builder.build, suppliers) if document is not None]


def build_index(
    folder: IndexFolder, mappings: Mappings, suppliers: tuple[Supplier, ...] = SUPPLIERS
) -> Path:
    """Index the suppliers and make the index the one that serves."""
    definition = define(mappings)
    name = folder.create(definition, BUILT)
    actions = [Action(document["id"], 1, document) for document in documents(mappings, suppliers)]
    with closing(folder.writer_of(name)) as writer:
        outcomes = writer.bulk(actions)
    assert all(outcome.status is WriteStatus.INDEXED for outcome in outcomes), outcomes
    folder.promote(name)
    return folder.file(name)
