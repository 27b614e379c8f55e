"""What buyers type, and what they mean: each line a phrase, and how it must be read."""

from __future__ import annotations

TABLES = {
    "test_buyers_phrases": """
# trades and places
entretien espaces verts Toulouse et Blagnac => entretien espaces verts | Toulouse (31), Blagnac (31)
entretien d'espaces verts dans les Landes => entretien d'espaces verts | Landes (40)
entretien espaces verts 33 => entretien espaces verts | Gironde (33)
tonte pelouse Rennes => tonte pelouse | Rennes (35)
taille de haies autour de Quimper => taille de haies | Quimper (29) focus
élagage dans le Finistère (29) => élagage | Finistère (29)
blanchisserie industrielle Loire-Atlantique => blanchisserie industrielle | Loire-Atlantique (44)
location de linge à Saint-Nazaire => location de linge | Saint-Nazaire (44)
mise sous pli Paris 75 => mise sous pli | Paris (75)
mise sous pli Paris 11ème et 12ème => mise sous pli | Paris 11e (75), Paris 12e (75)
routage courrier 92, 93, 94 => routage courrier | Hauts-de-Seine (92), Seine-Saint-Denis (93), Val-de-Marne (94)
numérisation de documents Île-de-France => numérisation de documents | Île-de-France
archivage toute la France => archivage |  |  |  | national
traiteur bio à Strasbourg => traiteur bio | Strasbourg (67)
traiteur cocktail Bordeaux 150 personnes => traiteur cocktail 150 personnes | Bordeaux (33)
plateaux repas Paris 8e pour 12 personnes => plateaux repas 12 personnes | Paris 8e (75)
restauration collective Nord-Pas-de-Calais => restauration collective | Nord (59), Pas-de-Calais (62)
paniers bio Marseille => paniers bio | Marseille (13)
maraîchage bio près d'Avignon => maraîchage bio | Avignon (84) focus
menuiserie bois Besançon => menuiserie bois | Besançon (25)
fabrication de palettes Grand Est => fabrication de palettes | Grand Est
palettes bois 54000 => palettes bois | Nancy (54)
second œuvre bâtiment Rouen => second œuvre bâtiment | Rouen (76)
peinture intérieure 76 => peinture intérieure | Seine-Maritime (76)
rénovation appartement Le Havre => rénovation appartement | Le Havre (76)
plomberie Lille Roubaix Tourcoing => plomberie | Lille (59), Roubaix (59), Tourcoing (59)
électricité Lyon 7 => électricité | Lyon 7e (69)
démolition Saint-Étienne => démolition | Saint-Étienne (42)
déménagement de bureaux Nantes 44 => déménagement de bureaux | Nantes (44)
déménagement Paris vers Lyon => déménagement | Paris (75), Lyon (69)
transport de personnes handicapées Montpellier => transport de personnes handicapées | Montpellier (34)
transport de marchandises entre Lyon et Paris => transport de marchandises | Lyon (69), Paris (75)
collecte papier carton Seine-Saint-Denis => collecte papier carton | Seine-Saint-Denis (93)
recyclage DEEE Bretagne => recyclage DEEE | Bretagne
recyclage informatique 31 => recyclage informatique | Haute-Garonne (31)
collecte de biodéchets Grenoble 38000 => collecte de biodéchets | Grenoble (38)
reconditionnement d'ordinateurs Hauts-de-Seine => reconditionnement d'ordinateurs | Hauts-de-Seine (92)
sous-traitance industrielle Auvergne-Rhône-Alpes => sous-traitance industrielle | Auvergne-Rhône-Alpes
conditionnement cosmétique Centre-Val de Loire => conditionnement cosmétique | Centre-Val de Loire
assemblage électronique Angers => assemblage électronique | Angers (49)
câblage à 50km d'Orléans => câblage | Orléans (45) | 50
soudure Saint-Nazaire rayon 40 km => soudure | Saint-Nazaire (44) | 40
couture masques Troyes => couture masques | Troyes (10)
confection textile Roubaix (59) => confection textile | Roubaix (59)
impression flyers Toulouse => impression flyers | Toulouse (31)
imprimerie Nancy => imprimerie | Nancy (54)
création site internet Montpellier => création site internet | Montpellier (34)
saisie de données => saisie de données
centre d'appels Calais => centre d'appels | Calais (62)
standard téléphonique externalisé => standard téléphonique externalisé
ménage à domicile Vannes => ménage à domicile | Vannes (56)
garde d'enfants => garde d'enfants
garde d'enfants à Tours => garde d'enfants | Tours (37)
aide à domicile Pau => aide à domicile | Pau (64)
jardinage chez particulier Bayonne => jardinage chez particulier | Bayonne (64)
nettoyage voiture sans eau Annecy => nettoyage voiture sans eau | Annecy (74)
lavage de véhicules 06 => lavage de véhicules | Alpes-Maritimes (06)
lavage auto Nice => lavage auto | Nice (06)
gardiennage Cannes => gardiennage | Cannes (06)
objets publicitaires => objets publicitaires
cadeaux d'affaires Noël => cadeaux d'affaires Noël
miel et confitures => miel et confitures
vin de Bordeaux => vin de Bordeaux
savon de Marseille => savon de Marseille
fromage de Savoie => fromage de Savoie

# kinds, networks, certificates
ESAT Lyon => | Lyon (69) |  | ESAT
esat 69 => | Rhône (69) |  | ESAT
ESAT 75012 => | Paris 12e (75) |  | ESAT
esat dans le 13 => | Bouches-du-Rhône (13) |  | ESAT
EA Toulouse => | Toulouse (31) |  | EA
entreprise adaptée Toulouse informatique => informatique | Toulouse (31) |  | EA
entreprises adaptées et ESAT en Occitanie => | Occitanie |  | EA ESAT
ACI maraîchage Ain => maraîchage | Ain (01) |  | ACI
chantier d'insertion espaces verts Isère => espaces verts | Isère (38) |  | ACI
chantiers d'insertion Drôme Ardèche => | Drôme (26), Ardèche (07) |  | ACI
association intermédiaire Brest => | Brest (29) |  | AI
associations intermédiaires 29 => | Finistère (29) |  | AI
ETTI Marseille => | Marseille (13) |  | ETTI
entreprise de travail temporaire d'insertion Lille => | Lille (59) |  | ETTI
intérim Lyon => | Lyon (69) |  |  | DISP
intérim BTP Lyon => BTP | Lyon (69) |  |  | DISP
GEIQ propreté => propreté |  |  | GEIQ
GEIQ BTP Pays de la Loire => BTP | Pays de la Loire |  | GEIQ
SIAE Paris => | Paris (75) |  |  | iae
structures d'insertion nettoyage Paris => nettoyage | Paris (75) |  |  | iae
structure IAE Nord => structure | Nord (59) |  |  | iae
secteur adapté Normandie => | Normandie |  |  | handicap
STPA Bourgogne => | Côte-d'Or (21), Nièvre (58), Saône-et-Loire (71), Yonne (89) |  |  | handicap
travailleurs handicapés espaces verts Caen => espaces verts | Caen (14) |  |  | handicap
régie de quartier Nantes => régie de quartier | Nantes (44)
travail en prison imprimerie => imprimerie |  |  | SEP
produits fabriqués en prison => produits |  |  | SEP
Unapei Hauts-de-France => | Hauts-de-France |  |  | unapei
réseau Cocagne => |  |  |  | reseau-cocagne
entreprise RGE Bretagne isolation => entreprise isolation | Bretagne |  |  | rge
isolation combles RGE près de Morlaix => isolation combles | Morlaix (29) focus |  |  | rge
ISO 9001 usinage => usinage |  |  |  | iso-9001
certifié ISO 14001 nettoyage Lyon => nettoyage | Lyon (69) |  |  | iso-14001
Qualiopi formation => formation |  |  |  | qualiopi
label bio maraîcher => maraîcher |  |  |  | bio
B Corp traiteur => traiteur |  |  |  | b-corp

# whole sentences
Nous recherchons une entreprise de nettoyage sur Lyon => entreprise de nettoyage | Lyon (69)
nous cherchons des ESAT en Vendée pour du conditionnement => conditionnement | Vendée (85) |  | ESAT
J'ai besoin d'un traiteur pour 80 personnes à Villeurbanne => traiteur pour 80 personnes | Villeurbanne (69)
besoin de déménageurs à Montreuil 93 => déménageurs | Montreuil (93)
il me faut un plombier à Saint-Malo => plombier | Saint-Malo (35)
on a besoin d'intérimaires à Dunkerque => | Dunkerque (59) |  |  | DISP
Bonjour, je recherche des jardiniers près de Chambéry. Merci => jardiniers | Chambéry (73) focus
trouver une blanchisserie à moins de 20 km de Saint-Brieuc => blanchisserie | Saint-Brieuc (22) | 20
qui peut faire du nettoyage à Dijon ? => nettoyage | Dijon (21)

# in English
looking for office cleaning in Paris => office cleaning | Paris (75)
We are looking for a laundry within 20 km of Nantes => laundry | Nantes (44) | 20
I need a caterer near Bordeaux for 50 people => caterer 50 people | Bordeaux (33) focus
find gardeners around Rennes => gardeners | Rennes (35) focus
printing services in Brittany => printing services | Bretagne
sheltered workshop packaging Normandy => packaging | Normandie |  | ESAT
adapted companies in the Rhône => | Rhône (69) |  | EA
work integration enterprise in Lille or Roubaix => | Lille (59), Roubaix (59) |  | EI
catering Paris 15 => catering | Paris 15e (75)
disability-inclusive company IT services nationwide => IT services |  |  | EA | national
window cleaning 20 miles around Toulouse => window cleaning | Toulouse (31) | 32
moving company in Saint-Étienne => moving company | Saint-Étienne (42)
temp workers Lyon => | Lyon (69) |  |  | DISP
cleaning services all over France => cleaning services |  |  |  | national
laundry in 69003 => laundry | Lyon 3e (69)
furniture made in France => furniture made in France
ESAT or EA in Occitanie => | Occitanie |  | ESAT EA

# kinds alone and in lists
ESAT => |  |  | ESAT
esat ea => |  |  | ESAT EA
EI, AI, ACI => |  |  | EI AI ACI
EI AI ACI ETTI Bretagne => | Bretagne |  | EI AI ACI ETTI
ei ou ai à Nantes => | Nantes (44) |  | EI AI
EA/ESAT 35 => | Ille-et-Vilaine (35) |  | EA ESAT
AI nettoyage Rennes => nettoyage | Rennes (35) |  | AI
E.I. espaces verts => espaces verts |  |  | EI
E.A. Nantes => | Nantes (44) |  | EA

# places alone, in every spelling
Paris => | Paris (75)
paris => | Paris (75)
PARIS => | Paris (75)
Lyon 3ème => | Lyon 3e (69)
Lyon 3 nettoyage => nettoyage | Lyon 3e (69)
lyon, marseille, toulouse => | Lyon (69), Marseille (13), Toulouse (31)
nettoyage lyon marseille => nettoyage | Lyon (69), Marseille (13)
Lyon / Grenoble / Chambéry => | Lyon (69), Grenoble (38), Chambéry (73)
traiteur Aix => traiteur | Aix-en-Provence (13)
traiteur Aix-en-Provence => traiteur | Aix-en-Provence (13)
traiteur St Denis => traiteur | Saint-Denis (974)
traiteur St-Denis 97400 => traiteur | Saint-Denis (974)
Saint-Pierre => | Saint-Pierre (974)
Saint-Pierre 974 => | Saint-Pierre (974)
Saint-Martin-d'Hères => | Saint-Martin-d'Hères (38)
Boulogne => | Boulogne-Billancourt (92)
Boulogne-Billancourt 92100 => | Boulogne-Billancourt (92)
Boulogne sur Mer => | Boulogne-sur-Mer (62)
Châlons-en-Champagne => | Châlons-en-Champagne (51)
chalons en champagne nettoyage => nettoyage | Châlons-en-Champagne (51)
Chalon s/Saône => | Chalon-sur-Saône (71)
L'Haÿ-les-Roses => | L'Haÿ-les-Roses (94)
l'hay les roses ESAT => | L'Haÿ-les-Roses (94) |  | ESAT
Évry => | Évry-Courcouronnes (91)
Cergy Pontoise => | Cergy (95), Pontoise (95)
Nîmes => | Nîmes (30)
NIMES => | Nîmes (30)
Ajaccio 2A => | Ajaccio (2A)
Corse => | Corse
Haute-Corse => | Haute-Corse (2B)
en Corse du Sud => | Corse-du-Sud (2A)
Martinique => | Martinique (972)
en Guadeloupe => | Guadeloupe (971)
Mayotte => | Mayotte (976)
Guyane nettoyage => nettoyage | Guyane (973)
La Réunion traiteur => traiteur | La Réunion (974)
97400 => | Saint-Denis (974)
ile de la réunion => | La Réunion (974)
Vienne => | Vienne (38)
traiteur Vienne => traiteur | Vienne (38)
traiteur dans la Vienne => traiteur | Vienne (86)
traiteur à Vienne => traiteur | Vienne (38)
Nantes Métropole => | Nantes (44) focus
métropole de Lyon => | Lyon (69) focus
région parisienne => | Île-de-France

# numbers that are no place
impression 3D => impression 3D
1 500 repas par jour => 1 500 repas par jour
200 kits => 200 kits
lot 12 => lot 12
lots 12 et 13 => lots 12 et 13
marché 2024-15 => marché 2024-15
norme NF 13 => norme NF 13
type 59 => type 59
du lundi au vendredi => du lundi au vendredi
livraison avant le 15 => livraison avant le 15
2 500 m2 de bureaux => 2 500 m2 de bureaux
10 ha => 10 ha
50 km => 50 km
nettoyage à moins de 10 km => nettoyage à moins de 10 km
""",
}


def test_buyers_phrases(phrase, expected, account):
    assert account(phrase) == expected
