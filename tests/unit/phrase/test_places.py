"""Places: namesakes and their hints, districts, short names, typos, areas, roles."""

from __future__ import annotations

import pytest

from discovery.places import normalise
from discovery.places.names import without_article

TABLES = {
    "test_hints": """
Saint-Denis 93 => | Saint-Denis (93)
Saint-Denis (93) => | Saint-Denis (93)
Saint-Denis, 93 => | Saint-Denis (93)
93 Saint-Denis => | Saint-Denis (93)
(93) Saint-Denis => | Saint-Denis (93)
Saint Denis 93200 => | Saint-Denis (93)
93200 Saint-Denis => | Saint-Denis (93)
Saint-Denis (La Réunion) => | Saint-Denis (974)
Saint-Denis (Réunion) => | Saint-Denis (974)
Saint-Denis en Seine-Saint-Denis => | Saint-Denis (93)
Saint-Denis, Île-de-France => | Saint-Denis (93)
commune de Saint-Denis (Réunion) => | Saint-Denis (974)
St-Étienne 42 => | Saint-Étienne (42)
st etienne 42 => | Saint-Étienne (42)
St. Étienne => | Saint-Étienne (42)
Montreuil 93 => | Montreuil (93)
Sainte-Marie 974 => | Sainte-Marie (974)
Sainte Marie (Martinique) => | Sainte-Marie (972)
Grenoble, Isère => | Grenoble (38)
Grenoble en Isère => | Grenoble (38)
Ajaccio 2A => | Ajaccio (2A)
Lyon 69 => | Lyon (69)
Marseille 13 => | Marseille (13)
Lyon Cedex 03 => | Lyon (69)
31000 Toulouse => | Toulouse (31)
# a hint that fits no commune of that name is another place
Lyon, Savoie => | Lyon (69), Savoie (73)
Nantes 35 => | Nantes (44), Ille-et-Vilaine (35)
# with a hint, in the middle of the phrase too
nettoyage Saint-Denis 93 vitres => nettoyage vitres | Saint-Denis (93)
""",
    "test_districts": """
Paris 12e => | Paris 12e (75)
paris 12 => | Paris 12e (75)
Paris 12ème arrondissement => | Paris 12e (75)
Paris 1er => | Paris 1er (75)
Paris 75 => | Paris (75)
Lyon 3 => | Lyon 3e (69)
Lyon 3rd district => | Lyon 3e (69)
Marseille 8e => | Marseille 8e (13)
Paris 21 => | Paris (75), Côte-d'Or (21)
69003 Lyon => | Lyon 3e (69)
Lyon 69003 => | Lyon 3e (69)
mise sous pli Paris 11ème et 12ème => mise sous pli | Paris 11e (75), Paris 12e (75)
Lyon 3, 6 et 7 => | Lyon 3e (69), Lyon 6e (69), Lyon 7e (69)
Paris 5 personnes => | Paris (75)
Paris 3 chambres => chambres | Paris (75)
Paris 1 000 km => | Paris (75) | 500
""",
    "test_lists_are_alternatives": """
nettoyage Lyon ou Grenoble => nettoyage | Lyon (69), Grenoble (38)
Lyon et Villeurbanne nettoyage => nettoyage | Lyon (69), Villeurbanne (69)
Lyon, Grenoble, Chambéry => | Lyon (69), Grenoble (38), Chambéry (73)
Lyon/Grenoble => | Lyon (69), Grenoble (38)
à Lyon ou Cluny => | Lyon (69), Cluny (71)
20 km de Dax et de Pau => | Dax (40), Pau (64) | 20
nettoyage dans le Nord, l'Aisne et la Somme => nettoyage | Nord (59), Aisne (02), Somme (80)
en Bretagne et en Normandie => | Bretagne, Normandie
""",
    "test_areas": """
traiteur ile de france => traiteur | Île-de-France
traiteur PACA => traiteur | Provence-Alpes-Côte d'Azur
provence alpes cote d'azur => | Provence-Alpes-Côte d'Azur
in Brittany and Normandy => | Bretagne, Normandie
traiteur cote d'or => traiteur | Côte-d'Or (21)
val d'oise => | Val-d'Oise (95)
dans l'Ain => | Ain (01)
dans les Landes => | Landes (40)
in the Rhône => | Rhône (69)
Seine et Marne => | Seine-et-Marne (77)
Corse => | Corse
Haute-Corse => | Haute-Corse (2B)
# the regions of before 2016 are their departments
Alsace => | Alsace
# parts of towns, islands
nettoyage Lomme => nettoyage | Lomme
nettoyage Hellemmes bureaux => nettoyage bureaux | Hellemmes
ménage à la Croix-Rousse => ménage | Croix-Rousse
nettoyage Noirmoutier => nettoyage | Île de Noirmoutier
en Haute-Normandie => | Haute-Normandie
# the longer name owns its words
Loire-sur-Rhône nettoyage => nettoyage | Loire-sur-Rhône (69)
traiteur Villefranche-sur-Saône => traiteur | Villefranche-sur-Saône (69)
Bourg-en-Bresse => | Bourg-en-Bresse (01)
""",
    "test_short_names": """
traiteur à Vélizy => traiteur | Vélizy-Villacoublay (78)
nettoyage Levallois => nettoyage | Levallois-Perret (92)
traiteur Aix => traiteur | Aix-en-Provence (13)
à Évry => | Évry-Courcouronnes (91)
traiteur Clermont => traiteur | Clermont-Ferrand (63)
traiteur Clermont 60 => traiteur | Clermont (60)
# a small town too, where something leads to a place
traiteur à Sarlat => traiteur | Sarlat-la-Canéda (24)
couture près de Florac => couture | Florac Trois Rivières (48) focus
menuiserie Carhaix => menuiserie Carhaix
traiteur près de la gare de Lille => traiteur | Lille (59) focus
# a town of some size keeps its name
traiteur Châtillon => traiteur | Châtillon (92)
# words first
salon professionnel => salon professionnel
stand salon => stand salon
maisons bois => maisons bois
ste nouvelle => ste nouvelle
""",
    "test_spellings": """
L'Haÿ-les-Roses => | L'Haÿ-les-Roses (94)
l'hay les roses => | L'Haÿ-les-Roses (94)
Chalon s/Saône => | Chalon-sur-Saône (71)
chalons en champagne => | Châlons-en-Champagne (51)
Saint-Martin-d'Hères => | Saint-Martin-d'Hères (38)
ST ETIENNE => | Saint-Étienne (42)
nettoyage aux Herbiers => nettoyage | Les Herbiers (85)
nettoyage au Mans => nettoyage | Le Mans (72)
nettoyage à La Rochelle => nettoyage | La Rochelle (17)
nettoyage La Rochelle => nettoyage | La Rochelle (17)
""",
    "test_typos": """
Villeurbane => | Villeurbanne (69) typo
plombier Stasbourg => plombier | Strasbourg (67) typo
imprimeurs Mulouse => imprimeurs | Mulhouse (68) typo
traiteur à Grenobel => traiteur | Grenoble (38) typo
traiteur aix en provance => traiteur | Aix-en-Provence (13) typo
traiteur Bretange => traiteur | Bretagne typo
nettoyage Marsseille bureaux => nettoyage Marsseille bureaux
# a town that all know, as it sounds, or two edits from a long name
plombier nante => plombier | Nantes (44) typo
nettoyage monpelier => nettoyage | Montpellier (34) typo
jardinage à st etiene => jardinage | Saint-Étienne (42) typo
menuiserie aixe en provance => menuiserie | Aix-en-Provence (13) typo
# six letters are too few, two edits too many, a first letter is not mistyped
Renes => Renes
Vilurbane => Vilurbane
parcelles agricoles => parcelles agricoles
""",
    "test_focus": """
près de Lyon => | Lyon (69) focus
proche de Lyon => | Lyon (69) focus
à proximité de Lyon => | Lyon (69) focus
à proximité immédiate de la ville de Lyon => | Lyon (69) focus
autour de Lyon => | Lyon (69) focus
aux alentours de Lyon => | Lyon (69) focus
Lyon et alentours => | Lyon (69) focus
vers Lyon => | Lyon (69) focus
le plus près possible de Lyon => | Lyon (69) focus
en périphérie de Lyon => | Lyon (69) focus
à quelques minutes de Lyon => | Lyon (69) focus
au nord de Lyon => | Lyon (69) focus
Lyon ou à proximité => | Lyon (69) focus
Lyon et communes voisines => | Lyon (69) focus
traiteur Lyon centre => traiteur | Lyon (69)
traiteur lyon centre ville => traiteur | Lyon (69)
plateaux repas à Roissy => plateaux repas | Plateau de Roissy
lavage de rames de métro => lavage de rames de métro
near Lyon => | Lyon (69) focus
close to Lyon => | Lyon (69) focus
around Lyon => | Lyon (69) focus
laundry in the Lyon area => laundry | Lyon (69) focus
près de 69003 => | Lyon 3e (69) focus
# with a distance it is a circle; an area has no centre to rank from
près de Lyon, 20 km => | Lyon (69) | 20
autour de Lyon dans un rayon de 20 km => | Lyon (69) | 20
près de la Loire => | Loire (42)
# elsewhere it is a boundary
à Lyon => | Lyon (69)
sur Lyon => | Lyon (69)
dans Lyon => | Lyon (69)
livraison vers Lyon => livraison | Lyon (69) focus
déménagement Paris vers Lyon => déménagement | Paris (75), Lyon (69)
# what is near is no place
près de chez moi => près de chez moi
près de la gare => près de la gare
""",
}


def test_hints(phrase, expected, account):
    assert account(phrase) == expected


def test_districts(phrase, expected, account):
    assert account(phrase) == expected


def test_lists_are_alternatives(phrase, expected, account):
    assert account(phrase) == expected


def test_areas(phrase, expected, account):
    assert account(phrase) == expected


def test_short_names(phrase, expected, account):
    assert account(phrase) == expected


def test_spellings(phrase, expected, account):
    assert account(phrase) == expected


def test_typos(phrase, expected, account):
    assert account(phrase) == expected


def test_focus(phrase, expected, account):
    assert account(phrase) == expected


def place(intent):
    (found,) = [piece for piece in intent.pieces if piece.type == "place"]
    return found


@pytest.mark.parametrize(
    ("q", "value"),
    [
        ("Lyon", "commune:69123"),
        ("Paris 12e", "commune:75112"),
        ("Paris", "commune:75056"),
        ("nettoyage Paris bureaux", "commune:75056"),
        ("département de Paris", "department:75"),
        ("dans le Rhône", "department:69"),
        ("Auvergne-Rhône-Alpes", "region:84"),
        ("en France", "country"),
        ("01150", "postcode:01150"),
        ("59000", "commune:59350"),
        ("69003", "commune:69383"),
        ("2A", "department:2A"),
        ("Vienne", "commune:38544"),
        ("à Vienne", "commune:38544"),
        ("dans la Vienne", "department:86"),
        ("Mayenne", "department:53"),
        ("à Mayenne", "commune:53147"),
        ("Martinique", "department:972"),
    ],
)
def test_values(q, value, understand):
    assert place(understand(q)).value == value


def test_namesakes_are_ranked_by_population(understand, gazetteer):
    found = place(understand("Saint-Denis"))
    sizes = [gazetteer.commune(option.value.removeprefix("commune:")).population for option in found.alternatives[:-1]]
    assert found.label == "Saint-Denis (93)"  # the metropole's, though the one overseas has more inhabitants
    assert sizes == sorted(sizes, reverse=True)
    assert "Saint-Denis (974)" in [option.label for option in found.alternatives]
    assert len(found.alternatives) <= 8


def test_the_hinted_namesake_comes_first_and_the_others_follow(understand):
    found = place(understand("Saint-Denis 93"))
    assert found.label == "Saint-Denis (93)"
    assert found.alternatives[0].label == "Saint-Denis (974)"
    assert found.value not in [option.value for option in found.alternatives]


def test_a_town_and_a_department_of_one_name_are_alternatives(understand):
    town, department = place(understand("Vienne")), place(understand("dans la Vienne"))
    assert "department:86" in [option.value for option in town.alternatives]
    assert "commune:38544" in [option.value for option in department.alternatives]


def test_a_short_name_offers_the_other_towns_that_begin_so(understand):
    found = place(understand("à Aix"))
    assert [option.label for option in found.alternatives][:1] == ["Aix-les-Bains (73)"]
    assert "Aix (19)" in [option.label for option in found.alternatives]


def test_a_former_region_is_an_area(understand):
    pieces = understand("traiteur en Alsace").pieces
    assert [(p.value, p.text) for p in pieces if p.type == "place"] == [("area:alsace", "Alsace")]


def test_only_a_misspelt_name_is_said_to_be_corrected(understand):
    assert place(understand("Villeurbane")).corrected
    assert not place(understand("Villeurbanne")).corrected


class Counting:
    """The gazetteer, counting the questions it is asked, and refusing the walk over its whole table."""

    def __init__(self, gazetteer):
        self.gazetteer, self.asked = gazetteer, 0

    def __getattr__(self, name):
        assert name not in ("communes", "commune_names")
        self.asked += 1
        return getattr(self.gazetteer, name)


def test_look_ups_are_bound_by_the_words_of_the_phrase(understand, gazetteer):
    counting = Counting(gazetteer)
    q = "fourniture et pose de cloisons amovibles pour des bureaux neufs"
    understand(q, gazetteer=counting)
    assert 0 < counting.asked < 50 * len(q.split())


def test_every_name_opens_with_what_the_gazetteer_says(gazetteer):
    """ParseState skips look-ups by `opens`: a name it leaves out would never be found."""
    names = [name for index, name in enumerate(gazetteer.commune_names()) if index % 7 == 0]
    names += [each.name for each in (*gazetteer.departments(), *gazetteer.regions())]
    names += ["Alsace", "PACA", "Brittany", "Asnières", "Annecy-le-Vieux"]
    keys = [without_article(normalise(name)) for name in names]
    assert [key for key in keys if not gazetteer.opens(" ".join(key.split()[:2]))] == []
    assert [key for key in keys if not gazetteer.opens(key.split()[0])] == []
    assert not gazetteer.opens("fourniture")


def test_a_street_is_shown_not_searched_and_said_to_have_no_point(understand):
    intent = understand("nettoyage 8 avenue Jean-Jaurès Grenoble")
    assert intent.text == "nettoyage"
    assert [(p.type, p.text) for p in intent.pieces if p.type == "address"] == [("address", "8 avenue Jean-Jaurès")]
    assert [(note.code, note.text) for note in intent.notes] == [("street", "8 avenue Jean-Jaurès")]
    assert understand("nettoyage 8 avenue Jean-Jaurès Grenoble", literal=["8 avenue Jean-Jaurès"]).notes == ()


def test_near_a_station_is_near_its_town(understand):
    (found,) = [p for p in understand("traiteur près de la gare d'Angers").pieces if p.type == "place"]
    assert (found.label, found.role) == ("Angers (49)", "focus")


@pytest.mark.parametrize(
    ("q", "towns"),
    [
        ("nettoyage Rennes, Vitré et Fougères", ["Rennes (35)", "Vitré (35)", "Fougères (35)"]),
        ("traiteur Vitré", ["Vitré (35)"]),
        ("nettoyage vitre Rennes", ["Rennes (35)"]),
        ("nettoyage Vitre", []),
    ],
)
def test_accents_tell_a_town_from_a_frequent_word(understand, q, towns):
    intent = understand(q, frequent=lambda word: word == "vitre")
    assert [piece.label for piece in intent.pieces if piece.type == "place"] == towns
