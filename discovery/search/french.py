"""French grammar of places: "dans le Rhône", "en Bretagne", "au Mans", "d'Arles". Names are INSEE's."""

from __future__ import annotations

from discovery.gazetteer import Place
from discovery.gazetteer.names import of as tied


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split(","))


_PREPOSITIONS = (
    (
        "dans le ",
        _names(
            "Calvados,Cantal,Cher,Doubs,Finistère,Gard,Gers,Jura,Loir-et-Cher,Loiret,Lot,Lot-et-Garonne,"
            "Maine-et-Loire,Morbihan,Nord,Pas-de-Calais,Puy-de-Dôme,Bas-Rhin,Haut-Rhin,Rhône,Tarn,Tarn-et-Garonne,"
            "Territoire de Belfort,Val-d'Oise,Val-de-Marne,Var,Vaucluse,Grand Est"
        ),
    ),
    ("dans la ", _names("Creuse,Drôme,Loire,Manche,Marne,Meuse,Nièvre,Sarthe,Somme,Vienne")),
    (
        "dans les ",
        _names(
            "Alpes-de-Haute-Provence,Alpes-Maritimes,Ardennes,Bouches-du-Rhône,Côtes-d'Armor,Deux-Sèvres,"
            "Hautes-Alpes,Hautes-Pyrénées,Hauts-de-Seine,Landes,Pyrénées-Atlantiques,Pyrénées-Orientales,Vosges,"
            "Yvelines,Hauts-de-France,Pays de la Loire"
        ),
    ),
    (
        "dans l'",
        _names("Ain,Aisne,Allier,Ardèche,Ariège,Aube,Aude,Aveyron,Essonne,Eure,Hérault,Indre,Isère,Oise,Orne,Yonne"),
    ),
    (
        "à ",
        _names("Paris,La Réunion,Mayotte,Saint-Barthélemy,Saint-Martin,Saint-Pierre-et-Miquelon,Wallis et Futuna"),
    ),
)


def inside(place: Place, name: str, lang: str = "fr") -> str:
    """ "dans le Rhône", "en Bretagne", "à Lyon", "dans toute la France"; in English the bare name."""
    if lang != "fr":
        return "all of France" if place.type == "country" else name
    match place.type:
        case "country":
            return "dans toute la France"
        case "department" | "region":
            for preposition, names in _PREPOSITIONS:
                if name in names:
                    return preposition + name
            return f"en {name}"  # feminine names: en Savoie, en Loire-Atlantique, en Occitanie
        case "arrondissement":
            return f"dans l'{name}"
        case "epci" if name.startswith(("CC ", "CA ", "CU ", "Métropole ", "Eurométropole ")):
            return f"dans la {name}"
        case "area":
            return f"dans la zone « {name} »"
        case _:
            return _at(name)


def of(name: str, lang: str = "fr") -> str:
    """A town after "de": "de Lyon", "d'Arles", "du Mans"; the bare name in English."""
    return tied(name) if lang == "fr" else name


def _at(name: str) -> str:
    """à + Le = au, à + Les = aux; "La" and "L'" stay."""
    if name.startswith("Le "):
        return f"au {name[3:]}"
    return f"aux {name[4:]}" if name.startswith("Les ") else f"à {name}"
