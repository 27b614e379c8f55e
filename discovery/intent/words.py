"""The closed word lists of the grammar, French and English, folded (lower case, no accents).

These are the words that tie pieces together; what pieces are called is the vocabulary's and the gazetteer's.
"""

from __future__ import annotations

from typing import Final, Literal

Strength = Literal["strong", "area", "weak", "of"]
Words = tuple[str, ...]


def phrases(*lines: str) -> frozenset[Words]:
    """Phrases of one or more words, one per argument, alternatives separated by `|`."""
    return frozenset(tuple(phrase.split()) for line in lines for phrase in line.split("|"))


def words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


OR: Final = words("et ou or and")
ARTICLES: Final = words("le la les l the")
OF: Final = words("de d du des of")
NEGATIONS: Final = words("sans hors sauf pas excepte non without except not no excluding")

OPENERS: Final = phrases(
    "bonjour|bonsoir|salut|hello|hi|svp|please",
    "j ai besoin|j aurais besoin|j ai absolument besoin|nous avons besoin|nous aurions besoin|on a besoin",
    "besoin",
    "je cherche|je recherche|nous cherchons|nous recherchons|on cherche|on recherche|cherche|recherche",
    "cherchons|recherchons",
    "je cherche a trouver|je voudrais trouver|trouver|trouve moi|trouvez moi|ou trouver",
    "je veux|je voudrais|je souhaite|je souhaiterais|nous voulons|nous voudrions|nous souhaitons",
    "j aimerais|il me faut|il nous faut|il faudrait",
    "je suis a la recherche|nous sommes a la recherche|a la recherche",
    "looking for|i am looking for|i m looking for|we are looking for|we re looking for|looking to buy",
    "looking to hire",
    "i need|we need|need|needed|i want|we want|i would like|we would like|i d like|we d like|find|find me",
    "searching for",
    "search for|i am searching for|we are searching for|i m searching for|in search of|can you find",
    "where can i find",
    "show me|get me|qui peut faire|qui fait|qui propose|qui peut|qui|who can do|who does|who can|who",
    "comparer|compare",
)
"""Dropped at the start of a phrase, with the "de", "un", "d'une", "a" that follow."""

FRAGILE_OPENERS: Final = phrases("besoin|recherche|cherche|trouver|find|need|search for|needed")
"""Openers that are also plain words: kept before "de" or "et" ("recherche de fuites", "recherche et développement")."""

CLOSERS: Final = phrases("svp|stp|s il vous plait|s il te plait|merci|merci d avance|please|thanks|thank you")

AFTER_OPENER: Final = words(
    "e de d du des un une le la les l a an some the any",
    "deux trois quatre cinq plusieurs quelques two three four five several",
)
"""Articles and numbers that an opener leaves behind: "je cherche (un(e)) traiteur", "comparer (trois) traiteurs"."""

TRAILING: Final = words(
    "de d du des un une le la les l a au aux en dans sur pour par avec et ou chez entre vers pres autour",
    "proche",
    "situe situee situes situees base basee bases basees type label labels",
    "of in the an and for with by from at to near around within located based",
)
"""Left dangling where a piece was taken out: dropped at the end of a run of words ("nettoyage de")."""

LEADING: Final = words(
    "de d du des un une le la les l a au aux et ou pour par avec en dans qui",
    "of in the an and or for with by to that who which",
)
"""The same at the start of a run that follows a piece ("ESAT pour nettoyage")."""

INDEFINITE: Final = words("un une a an")
"""They open a request, and hardly ever a name: dropped at the start of a phrase that has pieces."""

LEADING_PHRASES: Final = phrases(
    "qui fait|qui font|qui propose|qui proposent|qui realise|qui realisent|qui peut faire|faisant|proposant",
    "specialise dans|specialisee dans|specialises dans|specialisees dans|specialise en|specialisee en|specialises en",
    "specialisees en|that does|that do|who does|who do|doing|offering|specialised in|specialized in",
)
"""The same in several words: "ESAT qui fait du nettoyage"."""

BOUNDS: Final = words("pour for avec with sans without")
"""Prepositions that end a part of the phrase as a comma does: "traiteur Lyon | pour 20 personnes"; so does a
quantity."""

_FOCUS = (
    "pres de|pres d|pres du|pres des|pres|tout pres de|proche de|proche d|proche du|proche des|proches de",
    "proche",
    "a proximite de|a proximite d|a proximite du|a proximite des|proximite de|proximite d|proximite",
    "a proximite immediate de|autour de|autour d|autour du|autour des|autour|tout autour de",
    "aux alentours de|aux alentours d|aux alentours du|alentours de|alentour de|alentours",
    "aux environs de|aux environs d|aux environs du|environs de|environs d|dans les environs de|environs",
    "du cote de|du cote d|a cote de|a cote d|non loin de|pas loin de|pas loin d|pas tres loin de|vers",
    "voisin de",
    "dans la region de|dans la region d|region de|region d|region du|agglomeration de|agglomeration d",
    "agglo de|agglo d",
    "metropole de|metropole d|bassin de|secteur de|dans le secteur de|dans le secteur d",
    "au centre de|en centre ville de|centre ville de|grand|greater",
    "near|near to|nearby|close to|around|next to|not far from|in the vicinity of|in the area of",
    "in the region of",
)
_STRONG = (
    "a|au|aux|in|at|a la ville de|ville|ville de|ville d|ville du|dans la ville de|la ville de|commune",
    "commune de|commune d",
    "commune du|sur la commune de|la commune de|dans la commune de|situe a|situee a|situes a|bases a",
    "base a|basee a",
    "located in|based in|city of|in the city of|town of|in the town of",
)
_AREA = (
    "dans|en|dans tout|dans toute|sur tout|sur toute|region|en region|la region|dans la region",
    "departement|departement de",
    "departement d|departement du|departement des|dans le departement de|dans le departement d",
    "dans le departement du",
    "dans le departement des|in the department of|department of|the department of|region of|in the region of",
    "sur le departement de|sur le departement du|across|throughout|all over|partout en|partout dans",
    "departements",
)
_WEAK = ("sur|pour|chez|depuis|for|from|to",)
_OF = ("de|d|du|des|of",)

FOCUSED: Final = phrases(*_FOCUS)
INTRODUCERS: Final[dict[Words, Strength]] = {
    **dict.fromkeys(phrases(*_OF), "of"),
    **dict.fromkeys(phrases(*_WEAK), "weak"),
    **dict.fromkeys(phrases(*_AREA), "area"),
    **dict.fromkeys(phrases(*_STRONG), "strong"),
    **dict.fromkeys(phrases(*_FOCUS), "strong"),
    **dict.fromkeys(phrases("grand|greater"), "weak"),
}
"""What may stand before a place. `strong`: any commune follows; `area`: a department, region or the country;
`weak`: adds nothing to a name that would stand alone; `of`: no place follows, unless something else says so."""

LONGEST_INTRODUCER: Final = max(map(len, INTRODUCERS))

NUMBERED: Final = phrases(
    "dans le|dans les|sur le|sur les|in the|in|departement|departements|dept|dpt|dep|le departement",
    "dans le departement",
    "dans les departements|code postal|cp|postcode|post code|departement du|departement numero",
)
"""What introduces the number of a department: "dans le 59"."""

SURROUNDINGS: Final = phrases(
    "et alentours|et alentour|et ses alentours|et environs|et ses environs|et sa region|et peripherie",
    "et agglomeration|et son agglomeration|et sa peripherie|metropole|agglomeration|agglo|alentours",
    "and surroundings|and surrounding area|and around|and nearby|area",
)
"""After a commune: a focus ("Lyon et alentours")."""

KM: Final = words("km kms kilometre kilometres kilometer kilometers klm")
METRES: Final = words("m metre metres meter meters")
MILES: Final = words("mi mile miles")

BEFORE_DISTANCE: Final = words(
    "a dans un une le la rayon perimetre distance de d moins maximum maxi max jusqu within in radius of",
    "up to less than",
    "about the autour sur inferieur inferieure limite environ",
)
"""Words that lead to a distance, dropped with it, read backwards: "dans un rayon de", "à moins de", "within"."""

AFTER_DISTANCE: Final = phrases(
    "a la ronde|alentour|alentours|aux alentours|autour|tout autour|max|maxi|maximum|environ|radius",
    "around|away|or less|a vol d oiseau",
)

LEADS_TO_CENTRE: Final = words("de d du des of from autour around la le les l the ville commune centre center et and a")
"""Between a distance and its centre: "30 km (autour de la ville de) Lyon"."""

UNITS: Final = words(
    "personne personnes pers salarie salaries poste postes agent agents heure heures h jour jours j",
    "semaine semaines",
    "mois an ans annee annees minute minutes min mn euro euros eur k ke m m2 m² m3 m³ km kms metre metres",
    "cm mm kg g",
    "tonne tonnes t litre litres l repas couvert couverts plateau plateaux unite unites piece pieces",
    "exemplaire",
    "exemplaires ex lot lots carton cartons palette palettes bureaux chambre chambres lit lits vehicule",
    "vehicules",
    "fois pourcent etp collaborateur collaborateurs participant participants invite invites convive",
    "convives place places",
    "people persons employees staff hours days weeks months years minutes meals units pieces copies boxes",
    "guests rooms",
    "sqm ha hectare hectares paquet paquets colis enveloppes flyers brochures courriers cartes pages page",
)
"""After a number, they make it a quantity."""

PEOPLE: Final = words(
    "personne personnes pers convive convives couvert couverts invite invites participant participants",
    "person persons people guest guests attendee attendees participants",
)
"""After a number, they size an order without saying what is ordered."""

NUMERALS: Final = words(
    "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt trente quarante",
    "cinquante soixante cent cents mille dizaine douzaine quinzaine vingtaine trentaine quarantaine cinquantaine",
    "soixantaine centaine centaines dizaines",
    "two three four five six seven eight nine ten twelve fifteen twenty thirty forty fifty sixty eighty hundred dozen",
)

COUNTED_PEOPLE: Final = words("de d of")
"""Between a number and people: "une centaine de personnes"."""

SIZED_BY: Final = words(
    "pour environ a peu pres d de entre et ou jusqu une un quelque quelques moins plus maximum minimum max min au",
    "for about around some up to between and or a an at least most",
)
"""Before a number of people: "pour environ", "de 20 à"."""

BEFORE_QUANTITY: Final = words(
    "pour de d des les lot lots n no numero article articles niveau type norme iso nf en covid sous avec",
    "environ par",
    "entre a et plus moins x taille ref reference version page phase classe indice rue avenue bis bac top",
    "formule",
    "du au le for with about over under size level item route rn rd autoroute a6 zone batiment bat etage",
    "bp cs tel",
    "loi decret zac ligne tranche categorie code reglement que sur depuis avant apres jusqu between than",
    "from to",
)
"""Before a number, they make it anything but a department."""

MADE: Final = words("made fabrique fabriquee fabriques fabriquees produit produite produits produites origine assemble")
"""Before "en France": where goods come from, not where suppliers are."""

NATIONAL: Final = phrases(
    "toute la france|toute france|toutes la france|france entiere|la france entiere|toute la france entiere",
    "partout en france|partout dans la france|partout france|ensemble de la france|ensemble du territoire",
    "ensemble du territoire national|ensemble du territoire francais|territoire national|tout le territoire",
    "tout le territoire national|tout le territoire francais|niveau national|echelle nationale",
    "echelon national",
    "couverture nationale|portee nationale|envergure nationale|rayonnement national",
    "france metropolitaine entiere",
    "nationwide|nation wide|country wide|countrywide|all over france|across france|throughout france",
    "anywhere in france",
    "everywhere in france|all of france|whole of france|the whole of france|all france|france wide",
    "across the country",
    "across all of france|throughout the country|all over the country|n importe ou en france|national coverage",
    "national scale|national level|a travers la france|tout le pays|dans toute la france",
    "partout en france entiere",
)

NATIONAL_WORD: Final = words("national nationale nationaux nationales")
NATIONAL_NAMES: Final = words(
    "parc parcs musee musees fete hymne institut institution centre office route routes education",
    "gendarmerie police",
    "garde union federation assemblee bibliotheque theatre scene archives conseil comite reseau agence",
    "ecole haras foret",
    "forets monument defense caisse societe imprimerie identite carte championnat equipe ligue",
    "association prix marche",
    "groupe confederation fonds plan patrimoine domaine banque loterie concours orchestre opera ballet",
    "dette the a",
    "campagne journee observatoire cimetiere service coordination delegation",
)
"""Before "national(e)", they make a name of it ("parc national", "éducation nationale")."""

HOMONYMS: Final = words(
    "nord manche lot somme cher creuse allier reunion landes centre aube var jura ain marne",
)
"""Departments that are ordinary words: bare and in lower case, they are those words ("lot", "pas cher")."""
