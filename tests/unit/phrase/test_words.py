"""The rules that keep words words, each on both sides: what stays a word, and what is a piece all the same."""

from __future__ import annotations

import pytest

TABLES = {
    "test_de_introduces_no_place": """
# "de" and "des" introduce a place only after a distance, "près", "autour", "ville", "commune", "région", "département"
vente de bois => vente de bois
vente de fromage => vente de fromage
vin de Bordeaux => vin de Bordeaux
savon de Marseille => savon de Marseille
fromage de Savoie => fromage de Savoie
châteaux de la Loire => châteaux de la Loire
produits de Bretagne => produits de Bretagne
tours de magie => tours de magie
garde d'enfants => garde d'enfants
plantation de 2 km de haies => plantation de 2 km de haies
à 5 km de Bois => | Bois (17) | 5
près de Bois => | Bois (17) focus
près du Mans => | Le Mans (72) focus
près d'Avignon => | Avignon (84) focus
autour de Bois => | Bois (17) focus
autour du Puy-en-Velay => | Le Puy-en-Velay (43) focus
ville de Bois => | Bois (17)
commune de Bois => | Bois (17)
région de Lyon => | Lyon (69) focus
région Bretagne => | Bretagne
département du Rhône => | Rhône (69)
département de la Loire => | Loire (42)
# regions and departments stand anywhere, hence after a kind of supplier too
ESAT de Bretagne => | Bretagne |  | ESAT
entreprises adaptées du Rhône => | Rhône (69) |  | EA
ESAT de nettoyage => nettoyage |  |  | ESAT
# … and after a trade, unless the name is a word or tells whence goods are
blanchisserie du Finistère => blanchisserie | Finistère (29)
maraîchers de Loire-Atlantique => maraîchers | Loire-Atlantique (44)
imprimeurs d'Île-de-France => imprimeurs | Île-de-France
nettoyage de bureaux de la Somme => nettoyage de bureaux | Somme (80)
peinture du lot => peinture du lot
saucisson d'Auvergne => saucisson d'Auvergne
nettoyage des locaux de la préfecture du Rhône => nettoyage des locaux de la préfecture du Rhône
# who buys may be where: the town of an authority is a hint
CHU de Nantes, traitement du linge => CHU traitement du linge | Nantes (44) hint
nettoyage des locaux de la mairie de Toulouse => nettoyage des locaux de la mairie | Toulouse (31) hint
Lycée de Dijon : réfection des peintures => Lycée réfection des peintures | Dijon (21) hint
nettoyage pour l'hôtel de ville de Rives => nettoyage pour l'hôtel de ville | Rives (38) hint
nettoyage pour la ville de Rives => nettoyage | Rives (38)
EHPAD de Vannes, blanchisserie => EHPAD blanchisserie | Vannes (56) hint
# a code in one word is no ordinal
Lyon 3 e, collecte de papier => collecte de papier | Lyon 3e (69)
""",
    "test_communes_that_stand_alone": """
# 10,000 inhabitants or an exact hint, at either end of the phrase or of a comma part; 20,000, wherever they stand
nettoyage Roanne => nettoyage | Roanne (42)
Roanne nettoyage => nettoyage | Roanne (42)
nettoyage Roanne bureaux => nettoyage bureaux | Roanne (42)
nettoyage Tarare bureaux => nettoyage Tarare bureaux
# save within a name, or a word
transport Besançon-Gray personnes => transport Besançon-Gray personnes
lycée Saint-Joseph peinture => lycée Saint-Joseph peinture
pose vannes thermostatiques => pose vannes thermostatiques
nettoyage fontaine marbre => nettoyage fontaine marbre
nettoyage, Roanne, bureaux => nettoyage bureaux | Roanne (42)
nettoyage Roanne pour 20 bureaux => nettoyage bureaux | Roanne (42)
traiteur Roanne 20 personnes => traiteur | Roanne (42)
traiteur Cluny => traiteur | Cluny (71)
traiteur à Cluny => traiteur | Cluny (71)
traiteur Cluny 71 => traiteur | Cluny (71)
traiteur Cluny (71) => traiteur | Cluny (71)
traiteur Cluny 71250 => traiteur | Cluny (71)
traiteur Cluny 59 => traiteur Cluny | Nord (59)
menuiserie Saint-Jean-de-Maurienne => menuiserie | Saint-Jean-de-Maurienne (73)
# a name without its article is a word, save a city's
traiteur Le Havre => traiteur | Le Havre (76)
traiteur Havre => traiteur | Le Havre (76)
port => port
moule à gâteau => moule à gâteau
traiteur au Port => traiteur | Le Port (974)
# regions and departments by name stand anywhere
nettoyage Bretagne bureaux => nettoyage bureaux | Bretagne
nettoyage Isère bureaux => nettoyage bureaux | Isère (38)
""",
    "test_words_of_the_vocabulary_or_of_the_index": """
# a place only after "à", "in", "near", "vers", a distance, or with a hint
menuiserie bois => menuiserie bois
à Bois => | Bois (17)
in Bois => | Bois (17)
near Bois => | Bois (17) focus
vers Bois => | Bois (17) focus
à 3 km de Bois => | Bois (17) | 3
Bois (17) => | Bois (17)
poêle à bois => poêle à bois
# Orange is frequent in this index, Tournus too: they need a word or a hint
traiteur orange => traiteur orange
traiteur à Orange => traiteur | Orange (84)
traiteur Orange 84 => traiteur | Orange (84)
traiteur Tournus => traiteur Tournus
traiteur à Tournus => traiteur | Tournus (71)
# a city is frequent because suppliers sit there
traiteur Lyon => traiteur | Lyon (69)
traiteur bretagne => traiteur | Bretagne
# accents tell apart what folding confounds
lavage vitre => lavage vitre
lavage Vitré => lavage | Vitré (35)
maçon => maçon
maçon Mâcon => maçon | Mâcon (71)
# never a misspelt place
papiers => papiers
collecte papiers => collecte papiers
travaux => travaux
petits travaux => petits travaux
accueil => accueil
accueil téléphonique => accueil téléphonique
poteaux bois => poteaux bois
entreprise moyenne => moyenne
traiteur à la carte => traiteur à la carte
moulin => moulin
# departments that are words
traiteur pas cher => traiteur
lot de chaises => lot de chaises
traiteur dans le Lot => traiteur | Lot (46)
manche à balai => manche à balai
salle de réunion => salle de réunion
salle de réunion à la Réunion => salle de réunion | La Réunion (974)
traiteur dans la Manche => traiteur | Manche (50)
traiteur Cher => traiteur | Cher (18)
traiteur Lot (46) => traiteur | Lot (46)
ESAT nord => | Nord (59) |  | ESAT
du Nord au Sud => du Nord au Sud
""",
    "test_numbers": """
# a bare number is a department at the end
blanchisserie 59 => blanchisserie | Nord (59)
blanchisserie 59 ESAT => blanchisserie | Nord (59) |  | ESAT
59 blanchisserie => 59 blanchisserie
blanchisserie 59 lavage => blanchisserie 59 lavage
# in a list of departments
31, 32 et 81 => | Haute-Garonne (31), Gers (32), Tarn (81)
33 ou 40 => | Gironde (33), Landes (40)
33/40/47 => | Gironde (33), Landes (40), Lot-et-Garonne (47)
33 40 => | Gironde (33), Landes (40)
33 et 40 nettoyage => nettoyage | Gironde (33), Landes (40)
# at the start, followed by words, when nothing else is written so
2A nettoyage => nettoyage | Corse-du-Sud (2A)
2b nettoyage => nettoyage | Haute-Corse (2B)
974 traiteur => traiteur | La Réunion (974)
# after "dans le"
dans le 59 => | Nord (59)
traiteur dans le 59 pour demain => traiteur | Nord (59)
dans le 33 et le 40 => | Gironde (33), Landes (40)
département 33 => | Gironde (33)
ESAT du 33 => | Gironde (33) |  | ESAT
# a quantity, a reference, a date, a rate are none of these
55 personnes => 55 personnes
traiteur 55 personnes => traiteur
traiteur pour 55 => traiteur pour 55
10, 20 ou 30 personnes => 10 20 ou 30 personnes
lot 33 => lot 33
lots 12 et 13 => lots 12 et 13
livraison 12/03 => livraison 12/03
24h/24 => 24h/24
ouvert 7j/7 => ouvert
covid-19 => covid-19
45 tours => 45 tours
traiteur 99 => traiteur 99
# post codes
59000 => | Lille (59)
01150 => | 01150
69003 => | Lyon 3e (69)
75116 => | Paris 16e (75)
59000, 80000 => | Lille (59), Amiens (80)
99999 => 99999
10000 flyers => flyers
impression 10000 flyers => impression flyers
norme 14001 => norme 14001
38 000 => 38 000
code postal 690 => | Rhône (69)
1234 => 1234
# identifiers and telephones
784671695 => |  |  |  | 784671695
78467169500103 => |  |  |  | 78467169500103
784 671 695 00103 => |  |  |  | 78467169500103
SIRET 784 671 695 00103 => |  |  |  | 78467169500103
06 12 34 56 78 => 06 12 34 56 78
06.12.34.56.78 => 06.12.34.56.78
+33 6 12 34 56 78 => 33 6 12 34 56 78
123456789012345 => 123456789012345
# a distance alone
500 km => 500 km
livraison 500 km => livraison 500 km
nettoyage dans un rayon de 30 km => nettoyage dans un rayon de 30 km
90 km/h => 90 km/h
20 km² => 20 km²
clôture 500 m => clôture
""",
    "test_a_trade_before_an_area_is_no_village": """
couture Pas-de-Calais => couture | Pas-de-Calais (62)
couture dans le Pas-de-Calais => couture | Pas-de-Calais (62)
bois Charente-Maritime => bois | Charente-Maritime (17)
# the name as it is written, or a hint that tells this very village
La Couture Pas-de-Calais => | La Couture (62)
ESAT à La Couture Pas-de-Calais => | La Couture (62) |  | ESAT
Couture (Pas-de-Calais) => | La Couture (62)
couture 62 => | La Couture (62)
Saint-Denis La Réunion => | Saint-Denis (974)
""",
    "test_people_who_size_an_order_are_no_words": """
un traiteur ESAT à Nantes pour 80 personnes => traiteur | Nantes (44) |  | ESAT
traiteur pour 80 personnes à Nantes, ESAT => traiteur | Nantes (44) |  | ESAT
pour 80 personnes, traiteur Nantes => traiteur | Nantes (44)
traiteur 120 convives Rennes => traiteur | Rennes (35)
buffet pour une centaine de personnes => buffet
buffet pour cinquante personnes => buffet
cocktail de 20 à 30 personnes => cocktail
cocktail pour 10, 20 ou 30 invités => cocktail
repas pour 1 500 couverts => repas
repas pour environ 40 pers. dans le Rhône => repas | Rhône (69)
catering for 50 guests near Lyon => catering | Lyon (69) focus
a caterer for about 80 people in Nantes => caterer | Nantes (44)
# whom a service is for, what is bought, who is asked for
transport de 12 personnes âgées => transport de 12 personnes âgées
transport de personnes à mobilité réduite => transport de personnes à mobilité réduite
services aux personnes => services aux personnes
1 500 repas par jour => repas
salle pour personnes handicapées => salle pour personnes handicapées
# nothing else is asked for, or the reader insists
80 personnes => 80 personnes
"traiteur 80 personnes" => traiteur 80 personnes
""",
    "test_who_does_it_opens_a_request": """
qui nettoie des bureaux partout en Bretagne => nettoie des bureaux | Bretagne
qui fait du nettoyage à Lyon => nettoyage | Lyon (69)
comparer trois blanchisseries près de Lille => blanchisseries | Lille (59) focus
who cleans offices in Lyon => cleans offices | Lyon (69)
un traiteur à Lyon => traiteur | Lyon (69)
une blanchisserie => une blanchisserie
je cherche deux traiteurs => traiteurs
Les Jardins du Cœur Lyon => Les Jardins du Cœur | Lyon (69)
""",
    "test_kinds_of_two_letters": """
# in capitals, or listed with other kinds, or alone
AI nettoyage => nettoyage |  |  | AI
nettoyage EA Lyon => nettoyage | Lyon (69) |  | EA
E.I. nettoyage => nettoyage |  |  | EI
EAs Lyon => | Lyon (69) |  | EA
ai ou aci => |  |  | AI ACI
esat, ea => |  |  | ESAT EA
ei ai aci nettoyage => nettoyage |  |  | EI AI ACI
EA-ESAT => |  |  | EA ESAT
ei => |  |  | EI
ea nantes => | Nantes (44) |  | EA
# in lower case inside a sentence, an address or a word: not
ei nettoyage => ei nettoyage
j'ai => j'ai
j'ai besoin de traduction => traduction
J'AI BESOIN DE TRADUCTION => TRADUCTION
contact@ei-nettoyage.fr => contact@ei-nettoyage.fr
www.ea-lyon.fr => www.ea-lyon.fr
ei-nettoyage => ei-nettoyage
EA-Lyon => EA-Lyon
""",
    "test_quoted_text_is_words": """
"Lyon" nettoyage => Lyon nettoyage
« ESAT Lyon » traiteur => ESAT Lyon traiteur
“nettoyage à Lyon” ESAT => nettoyage à Lyon |  |  | ESAT
"75012" => 75012
"30 km" Lyon => 30 km | Lyon (69)
# a quote that never closes quotes nothing
"Lyon => | Lyon (69)
""",
    "test_what_is_refused_is_no_word": """
traiteur hors Paris => traiteur
nettoyage sans ESAT => nettoyage
tout sauf le Nord => tout
except Lyon =>
""",
    "test_france": """
traiteur toute la France => traiteur |  |  |  | national
traiteur France entière => traiteur |  |  |  | national
traiteur partout en France => traiteur |  |  |  | national
transport national => transport |  |  |  | national
couverture nationale => |  |  |  | national
nationwide laundry => laundry |  |  |  | national
laundry all over France => laundry |  |  |  | national
traiteur en France => traiteur | toute la France
laundry in France => laundry | toute la France
# a name, or where goods come from
parc national => parc national
éducation nationale => éducation nationale
route nationale 7 => route nationale 7
fabriqué en France => fabriqué en France
produits made in France => produits made in France
origine France => origine France
Île-de-France => | Île-de-France
""",
    "test_connectives": """
nettoyage de => nettoyage
nettoyage et repassage => nettoyage et repassage
nettoyage ou repassage Lyon => nettoyage ou repassage | Lyon (69)
nettoyage et ESAT => nettoyage |  |  | ESAT
ESAT pour nettoyage => nettoyage |  |  | ESAT
ESAT qui fait du nettoyage => nettoyage |  |  | ESAT
nettoyage, repassage => nettoyage repassage
nettoyage  de   bureaux => nettoyage de bureaux
(nettoyage) => nettoyage
pêche/pisciculture => pêche/pisciculture
l'entretien des vitres => l'entretien des vitres
Les Jardins du Coeur Lyon => Les Jardins du Coeur | Lyon (69)
bijoux en or => bijoux en or
vitamine D => vitamine D
# nothing but connectives: then they are what is asked for
et => et
à la => à la
# openers and closers
je cherche un traiteur => traiteur
J’ai besoin d’un traiteur => traiteur
nous recherchons des ESAT => |  |  | ESAT
Je recherche un(e) traiteur => traiteur
Bonjour, je cherche un traiteur svp. Merci ! => traiteur
looking for a caterer please => caterer
we need cleaning => cleaning
I’m looking for a caterer => caterer
recherche traiteur => traiteur
recherche et développement => recherche et développement
recherche de fuites => recherche de fuites
bonjour => bonjour
""",
}


def test_de_introduces_no_place(phrase, expected, account):
    assert account(phrase) == expected


def test_communes_that_stand_alone(phrase, expected, account):
    assert account(phrase) == expected


def test_words_of_the_vocabulary_or_of_the_index(phrase, expected, account):
    assert account(phrase) == expected


def test_numbers(phrase, expected, account):
    assert account(phrase) == expected


def test_a_trade_before_an_area_is_no_village(phrase, expected, account):
    assert account(phrase) == expected


def test_people_who_size_an_order_are_no_words(phrase, expected, account):
    assert account(phrase) == expected


def test_who_does_it_opens_a_request(phrase, expected, account):
    assert account(phrase) == expected


def test_kinds_of_two_letters(phrase, expected, account):
    assert account(phrase) == expected


def test_quoted_text_is_words(phrase, expected, account):
    assert account(phrase) == expected


def test_what_is_refused_is_no_word(phrase, expected, account):
    assert account(phrase) == expected


def test_france(phrase, expected, account):
    assert account(phrase) == expected


def test_connectives(phrase, expected, account):
    assert account(phrase) == expected


@pytest.mark.parametrize("word", ["villeurbane", "grenobel"])
def test_a_frequent_word_is_never_misspelt(word, understand):
    assert understand(f"traiteur {word}").pieces[-1].corrected
    assert understand(f"traiteur {word}", frequent={word}.__contains__).text == f"traiteur {word}"


def test_a_frequent_word_is_no_small_town_until_introduced(understand):
    frequent = {"tarare", "roanne"}.__contains__
    assert understand("traiteur Tarare", frequent=frequent).text == "traiteur Tarare"
    assert understand("traiteur à Tarare", frequent=frequent).text == "traiteur"
    assert understand("traiteur Tarare 69", frequent=frequent).text == "traiteur"
    assert understand("traiteur Roanne", frequent=frequent).text == "traiteur"


@pytest.mark.slow
def test_a_town_is_kept_wherever_it_stands(understand, gazetteer):
    trades = ["nettoyage", "traiteur", "blanchisserie", "peinture", "espaces verts", "déménagement", "imprimerie"]
    after = ["bureaux", "mariage", "mairie", "école", "urgent", "locaux", "association", "été"]
    towns = [town for town in gazetteer.communes() if town.population >= 20_000 and not town.parent]
    phrases = [
        (f"{trades[(at + turn) % len(trades)]} {town.name} {after[(at * 3 + turn) % len(after)]}", town.code)
        for at, town in enumerate(towns)
        for turn in range(3)
    ]
    lost = [q for q, code in phrases if f"commune:{code}" not in [piece.value for piece in understand(q).pieces]]
    assert len(phrases) > 1_400
    assert len(lost) / len(phrases) <= 0.03, lost


def test_an_english_article_leads_nowhere(understand):
    assert understand("a nice caterer", lang="en").text == "a nice caterer"
    assert understand("traiteur a nice", lang="fr").text == "traiteur"


def test_accents_tell_a_town_from_a_word_that_the_index_holds_often(account):
    assert account("imprimeur Vitré", frequent={"vitre"}.__contains__) == "imprimeur | Vitré (35)"
    assert account("nettoyage vitre", frequent={"vitre"}.__contains__) == "nettoyage vitre"
