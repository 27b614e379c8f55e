"""What sizes, dates, prices or words a request and names no trade: pieces of their own, shown and never searched.

Accounts are `words | piece; piece…`, in the order of the phrase, sectors apart.
"""

# A phrase and its account are one line.
# ruff: noqa: E501

from __future__ import annotations

import pytest

from tests.unit.phrase.conftest import Understand

TABLES = {
    "test_quantities": """
traiteur pour 80 personnes => traiteur | quantity pour 80 personnes
traiteur 80 personnes => traiteur | quantity 80 personnes
traiteur pour environ 40 convives => traiteur | quantity pour environ 40 convives
traiteur pour une centaine de personnes => traiteur | quantity pour une centaine de personnes
traiteur pour une trentaine d'invités à Dijon => traiteur | quantity pour une trentaine d'invités; Dijon (21)
cocktail 20 à 30 personnes => cocktail | quantity 20 à 30 personnes
buffet entre 50 et 60 personnes => buffet | quantity entre 50 et 60 personnes
buffet pour 60 personnes sans gluten => buffet | quantity pour 60 personnes; ! sans gluten
plateaux repas pour douze personnes => plateaux repas | quantity pour douze personnes
repas pour vingt-cinq enfants => repas | quantity pour vingt-cinq enfants
catering for 50 people => catering | quantity for 50 people
catering for about 120 guests in Nantes => catering | quantity for about 120 guests; Nantes (44)
transport de 12 personnes âgées => transport de 12 personnes âgées
nettoyage de bureaux 320 m² => nettoyage de bureaux | surface 320 m²
nettoyage de bureaux 320 m2 => nettoyage de bureaux | surface 320 m2
nettoyage de bureaux, 1 200 m², Angers => nettoyage de bureaux | surface 1 200 m²; Angers (49)
nettoyage de bureaux d'une surface de 450 m² => nettoyage de bureaux | surface d'une surface de 450 m²
nettoyage d'un local de 90 mètres carrés => nettoyage d'un local | surface de 90 mètres carrés
tonte de 3 hectares => tonte | surface de 3 hectares
tonte 2,5 ha => tonte | surface 2,5 ha
office cleaning 2000 sqm => office cleaning | surface 2000 sqm
collecte de 12 tonnes de papier => collecte de papier | quantity de 12 tonnes
débarras de 30 m3 => débarras | quantity de 30 m3
broyage de 500 kg d'archives => broyage d'archives | quantity de 500 kg
impression de 10000 flyers => impression flyers | quantity 10000
impression 500 affiches => impression affiches | quantity 500
200 plateaux repas Lyon => plateaux repas | quantity 200; Lyon (69)
déménagement de 15 postes => déménagement postes | quantity 15
nettoyage de 8 logements => nettoyage logements | quantity 8
saisie de 3000 dossiers => saisie dossiers | quantity 3000
blanchisserie 200 kg par semaine => blanchisserie | quantity 200 kg; frequency par semaine
fabrication de 1000 sacs en tissu => fabrication sacs en tissu | quantity 1000
nettoyage fin de chantier 1200m2 => nettoyage fin de chantier | surface 1200m2
restauration collective 300 couverts/jour => restauration collective | quantity 300 couverts; frequency jour
# never a number of a trade or a place
légumes 4e gamme => légumes 4e gamme
impression 3D => impression 3D
tri 5 flux => tri 5 flux
nettoyage Ajaccio 2A => nettoyage | Ajaccio (2A)
collecte de cartons 31, 32 et 81 => collecte de cartons | Haute-Garonne (31); Gers (32); Tarn (81)
blanchisserie 59000 => blanchisserie | Lille (59)
blanchisserie 59 => blanchisserie | Nord (59)
papier A4 => papier A4
784 671 695 00103 => | siret
ISO 9001 usinage => usinage | certification iso-9001
permis B => permis B
déménagement Paris 12e => déménagement | Paris 12e (75)
# a quantity alone is what is asked for
80 personnes => 80 personnes
""",
    "test_frequencies": """
nettoyage de bureaux deux fois par semaine => nettoyage de bureaux | frequency deux fois par semaine
nettoyage de bureaux 2 fois par mois => nettoyage de bureaux | frequency 2 fois par mois
nettoyage 3x par semaine => nettoyage | frequency 3x par semaine
ménage une fois par semaine Lyon => ménage | frequency une fois par semaine; Lyon (69)
ménage tous les jours => ménage | frequency tous les jours
ménage chaque lundi => ménage | frequency chaque lundi
ménage toutes les semaines à Brest => ménage | frequency toutes les semaines; Brest (29)
entretien hebdomadaire des locaux => entretien des locaux | frequency hebdomadaire
tonte mensuelle => tonte | frequency mensuelle
livraison quotidienne de repas => livraison de repas | frequency quotidienne
cleaning twice a week => cleaning | frequency twice a week
cleaning once a month in Lille => cleaning | frequency once a month; Lille (59)
cleaning every day => cleaning | frequency every day
gardiennage 7j/7 => gardiennage | frequency 7j/7
gardiennage 24h/24 => gardiennage | frequency 24h/24
gardiennage 24h/24 et 7j/7 à Metz => gardiennage | frequency 24h/24; frequency 7j/7; Metz (57)
nettoyage 5 jours sur 7 => nettoyage | frequency 5 jours sur 7
nettoyage de locaux 5 jours par semaine => nettoyage de locaux | frequency 5 jours par semaine
""",
    "test_dates": """
urgent nettoyage de bureaux => nettoyage de bureaux | date urgent
traiteur le 12 juin => traiteur | date le 12 juin
traiteur le 12 juin 2026 => traiteur | date le 12 juin 2026
traiteur 12 juin => traiteur | date 12 juin
traiteur le 1er septembre => traiteur | date le 1er septembre
traiteur pour le 4 juillet à Laval => traiteur | date pour le 4 juillet; Laval (53)
traiteur le jeudi 12 mars => traiteur | date le jeudi 12 mars
traiteur du 3 au 5 mai => traiteur | date du 3 au 5 mai
traiteur le 12/06/2026 => traiteur | date le 12/06/2026
traiteur 12/06/26 => traiteur | date 12/06/26
traiteur le 12-06-2026 => traiteur | date le 12-06-2026
nettoyage à partir de septembre 2026 => nettoyage | date à partir de septembre 2026
nettoyage à compter du 1er janvier 2027 => nettoyage | date à compter du 1er janvier 2027
nettoyage avant fin mars => nettoyage | date avant fin mars
nettoyage avant le 15 avril => nettoyage | date avant le 15 avril
nettoyage début septembre => nettoyage | date début septembre
nettoyage mi-octobre => nettoyage | date mi-octobre
nettoyage en juin => nettoyage | date en juin
nettoyage en juin 2026 Tours => nettoyage | date en juin 2026; Tours (37)
nettoyage dès janvier => nettoyage | date dès janvier
nettoyage de janvier à mars => nettoyage | date de janvier à mars
nettoyage 2026-2029 => nettoyage | date 2026-2029
nettoyage année 2026 => nettoyage | date année 2026
nettoyage pour 2027 => nettoyage | date pour 2027
traiteur vendredi => traiteur | date vendredi
traiteur samedi prochain => traiteur | date samedi prochain
traiteur la semaine prochaine => traiteur | date la semaine prochaine
traiteur demain à Reims => traiteur | date demain; Reims (51)
traiteur à 12h30 => traiteur | date à 12h30
traiteur le 3 mai à 18 h => traiteur | date le 3 mai à 18 h
traiteur de 9h à 17h => traiteur | date de 9h à 17h
traiteur urgent => traiteur | date urgent
plombier en urgence => plombier | date en urgence
peinture dès que possible => peinture | date dès que possible
peinture sous 15 jours => peinture | date sous 15 jours
peinture dans un délai de 3 semaines => peinture | date dans un délai de 3 semaines
nettoyage pendant 3 mois => nettoyage | date pendant 3 mois
nettoyage pour une durée de 4 ans => nettoyage | date pour une durée de 4 ans
nettoyage durée 12 mois => nettoyage | date durée 12 mois
nettoyage d'ici la fin du mois => nettoyage | date d'ici la fin du mois
catering on June 12 => catering | date on June 12
catering on 12 June 2026 => catering | date on 12 June 2026
catering next week => catering | date next week
cleaning by the end of March => cleaning | date by the end of March
gardening starting in September => gardening | date starting in September
mise sous pli avant le 20/11 => mise sous pli | date avant le 20/11
traiteur mardi prochain à midi => traiteur | date mardi prochain; date à midi
dépannage dans les 48h => dépannage | date dans les 48h
# not dates
marché de Noël => marché de Noël
cadeaux d'affaires Noël => cadeaux d'affaires Noël
collecte 33 ou 40 => collecte | Gironde (33); Landes (40)
dépannage électrique => dépannage électrique
""",
    "test_budgets": """
traiteur budget 1 500 € => traiteur | budget budget 1 500 €
traiteur budget 1500€ => traiteur | budget budget 1500€
traiteur budget de 2000 euros => traiteur | budget budget de 2000 euros
traiteur, budget max 800 euros TTC, Caen => traiteur | budget budget max 800 euros TTC; Caen (14)
nettoyage moins de 40 k€ HT => nettoyage | budget moins de 40 k€ HT
nettoyage 15 k€ => nettoyage | budget 15 k€
nettoyage entre 1000 et 2000 euros => nettoyage | budget entre 1000 et 2000 euros
nettoyage jusqu'à 90 000 € HT => nettoyage | budget jusqu'à 90 000 € HT
plateaux repas 12 € par personne => plateaux repas | budget 12 € par personne
plateaux repas à moins de 15 euros => plateaux repas | budget à moins de 15 euros
plateaux repas 12,50 € => plateaux repas | budget 12,50 €
travaux 2 M€ => travaux | budget 2 M€
traiteur pas cher => traiteur | budget pas cher
traiteur, pas cher, pas cher => traiteur | budget pas cher; budget pas cher
traiteur pas cher à Nancy => traiteur | budget pas cher; Nancy (54)
catering budget of 900 euros => catering | budget budget of 900 euros
catering under 500 € => catering | budget under 500 €
catering £300 => catering | budget 300
""",
    "test_references": """
lot n° 4 espaces verts => espaces verts | reference lot n° 4
Lot 2 : nettoyage de locaux => nettoyage de locaux | reference Lot 2
lot n°4 : plomberie => plomberie | reference lot n°4
lots 1 à 3 nettoyage => nettoyage | reference lots 1 à 3
lots 1 et 2 : peinture => peinture | reference lots 1 et 2
lot A : élagage => élagage | reference lot A
Lot 03 - menuiserie => menuiserie | reference Lot 03
19v1411 nettoyage de locaux => nettoyage de locaux | reference 19v1411
2024M015 nettoyage de locaux => nettoyage de locaux | reference 2024M015
MAPA 2024-12 nettoyage => nettoyage | reference MAPA 2024-12
accord-cadre n° 2023-018 nettoyage => nettoyage | reference accord-cadre n° 2023-018
marché n°2024-05 : entretien des espaces verts => entretien des espaces verts | reference marché n°2024-05
AO 2025/14 gardiennage => gardiennage | reference AO 2025/14
réf. 4512 impression => impression | reference réf. 4512
n° 2024-015 collecte de papier => collecte de papier | reference n° 2024-015
# not references
lot de chaises => lot de chaises
traiteur dans le Lot => traiteur | Lot (46)
traiteur Lot (46) => traiteur | Lot (46)
""",
    "test_legal": """
relance après déclaration sans suite : peinture => après déclaration peinture | legal relance; legal sans suite
marché réservé nettoyage => nettoyage | legal marché réservé
Marché réservé L2113-12 : entretien des espaces verts => entretien des espaces verts | legal Marché réservé; legal L2113-12
lot réservé peinture Tours => peinture | legal lot réservé; Tours (37)
article L2113-12 blanchisserie => blanchisserie | legal article L2113-12
articles L. 2113-12 et L. 2113-13 blanchisserie => blanchisserie | legal articles L. 2113-12; legal L. 2113-13
blanchisserie (art. L2113-15) => blanchisserie | legal art. L2113-15
nettoyage avec clause d'insertion 5 % => nettoyage | legal clause d'insertion 5 %
nettoyage clause sociale => nettoyage | legal clause sociale
accord-cadre à bons de commande nettoyage de vitres => nettoyage de vitres | legal accord-cadre à bons de commande
appel d'offres ouvert traiteur => traiteur | legal appel d'offres ouvert
procédure adaptée - élagage => élagage | legal procédure adaptée
relance gardiennage => gardiennage | legal relance
marché à procédure adaptée entretien des locaux => entretien des locaux | legal marché à procédure adaptée
articles R. 2124-2 et R. 2161-1 nettoyage => nettoyage | legal articles R. 2124-2; legal R. 2161-1
reserved contract laundry => laundry | legal reserved contract
framework agreement cleaning => cleaning | legal framework agreement
# kinds stay kinds
chantier d'insertion nettoyage => nettoyage | kind ACI
insertion => | kind_group insertion
""",
    "test_suppliers": """
société de nettoyage Lyon => nettoyage | supplier_word société; Lyon (69)
entreprise de peinture à Tours => peinture | supplier_word entreprise; Tours (37)
entreprise nettoyage => nettoyage | supplier_word entreprise
prestataire informatique => informatique | supplier_word prestataire
je cherche un prestataire pour du nettoyage => nettoyage | supplier_word prestataire
devis nettoyage de bureaux => nettoyage de bureaux | supplier_word devis
demande de devis élagage Pau => élagage | supplier_word demande de devis; Pau (64)
fournisseur de papier => papier | supplier_word fournisseur
fournisseurs fruits et légumes => fruits et légumes | supplier_word fournisseurs
prestation de nettoyage => nettoyage | supplier_word prestation
tarif blanchisserie => blanchisserie | supplier_word tarif
cleaning company in Nantes => cleaning | supplier_word company; Nantes (44)
supplier of vegetables => vegetables | supplier_word supplier
quote for window cleaning => window cleaning | supplier_word quote
# parts of names
restaurant d'entreprise => restaurant d'entreprise
conciergerie d'entreprise => conciergerie d'entreprise
création d'entreprise => création d'entreprise
entreprise adaptée nettoyage => nettoyage | kind EA
entreprise d'insertion peinture => peinture | kind EI
association intermédiaire ménage => ménage | kind AI
nettoyage pour entreprises => nettoyage pour entreprises
# alone it is what is asked for
société => société
""",
    "test_courtesy": """
bonjour je cherche un traiteur => traiteur | courtesy bonjour
Bonjour, je cherche un traiteur à Pau, merci => traiteur | courtesy Bonjour; Pau (64); courtesy merci
traiteur svp => traiteur | courtesy svp
traiteur s'il vous plaît => traiteur | courtesy s'il vous plaît
traiteur merci d'avance => traiteur | courtesy merci d'avance
traiteur Lyon. Cordialement => traiteur | Lyon (69); courtesy Cordialement
Hello, I need a caterer please => caterer | courtesy Hello; courtesy please
caterer, thanks in advance => caterer | courtesy thanks in advance
bonjour => bonjour
# what authorities write around a trade
Entretien des locaux pour le compte de la mairie => Entretien des locaux mairie | legal pour le compte de
dans le cadre de la rénovation, peinture => rénovation peinture | legal dans le cadre de
""",
    "test_all_together": """
un traiteur au Mans pour 60 personnes le 4 juillet, budget 1 500 € => traiteur | Le Mans (72); quantity pour 60 personnes; date le 4 juillet; budget budget 1 500 €
nettoyage deux fois par mois, 320 m², Le Mans => nettoyage | frequency deux fois par mois; surface 320 m²; Le Mans (72)
Marché réservé L2113-12 : entretien des espaces verts, lot n° 4 => entretien des espaces verts | legal Marché réservé; legal L2113-12; reference lot n° 4
bonjour, devis pour traiteur 50 personnes le 3 mai à Lille svp => traiteur | courtesy bonjour; supplier_word devis; quantity 50 personnes; date le 3 mai; Lille (59); courtesy svp
blanchisserie à 30 km de Lyon, 200 kg par semaine, à partir de mars => blanchisserie | km 30; Lyon (69); quantity 200 kg; frequency par semaine; date à partir de mars
""",
}


def test_quantities(phrase, expected, pieces):
    assert pieces(phrase) == expected


def test_frequencies(phrase, expected, pieces):
    assert pieces(phrase) == expected


def test_dates(phrase, expected, pieces):
    assert pieces(phrase) == expected


def test_budgets(phrase, expected, pieces):
    assert pieces(phrase) == expected


def test_references(phrase, expected, pieces):
    assert pieces(phrase) == expected


def test_legal(phrase, expected, pieces):
    assert pieces(phrase) == expected


def test_suppliers(phrase, expected, pieces):
    assert pieces(phrase) == expected


def test_courtesy(phrase, expected, pieces):
    assert pieces(phrase) == expected


def test_all_together(phrase, expected, pieces):
    assert pieces(phrase) == expected


@pytest.mark.parametrize("signing", ["Cordialement,", "Bien à vous, ", "Best regards,\n", "Sincères salutations. "])
@pytest.mark.parametrize("who", ["Mme Le Goff, service communication", "Paul, traiteur et jardinier", "le gardien"])
def test_a_signature_names_no_trade(understand: Understand, signing: str, who: str) -> None:
    found = understand(f"Bonjour, nettoyage de bureaux. {signing} {who}")
    assert [need.text for need in found.needs] == ["nettoyage de bureaux"]
    assert found.text == "nettoyage de bureaux"
    assert not any(piece.type == "sector" and piece.start > found.needs[0].end for piece in found.pieces)


def test_a_signature_tells_a_place(understand: Understand) -> None:
    found = understand("Nettoyage de bureaux. Cordialement, mairie de Quimper")
    assert [piece.value for piece in found.pieces if piece.type == "place"] == ["commune:29232"]


def test_a_closing_that_goes_on_signs_nothing(understand: Understand) -> None:
    assert understand("merci, traiteur à Lyon").needs
    assert understand("cordialement traiteur").needs


@pytest.mark.parametrize(
    ("q", "needs"),
    [
        ("service communication", ["communication"]),  # alone, it is asked for
        ("le service communication cherche un imprimeur", ["imprimeur"]),
        ("direction de la communication : impression de flyers", ["impression de flyers"]),
        ("service informatique, matelas à jeter", ["matelas à jeter"]),
    ],
)
def test_which_service_asks_is_no_need_beside_another(understand: Understand, q: str, needs: list[str]) -> None:
    assert [need.text for need in understand(q).needs] == needs
