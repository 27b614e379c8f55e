"""The texts that Lucene's classes and ours are compared on. All are made here or belong to the
project.

Deterministic: the same seed, vocabulary and gazetteer give the same texts.
"""

import gzip
import random
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
SEED = 20261124

_TRADES = (
    "nettoyage de bureaux", "entretien des vitres", "mise sous pli", "mises sous plis",
    "sous-traitance industrielle", "création d'espaces verts", "blanchisserie", "petits travaux", "second œuvre",
    "gros-œuvre", "traiteur", "traitement de surfaces", "réparation de vélos", "plateaux repas",
    "déménagement d'archives", "impression 3D", "maçonnerie", "collecte des D.E.E.E.", "intérim d'insertion",
    "couture à façon", "maraîchage bio", "conditionnement de thé", "livraison en vélo-cargo",
    "main d'œuvre qualifiée", "restauration collective", "taille de haies", "désamiantage", "mécano-soudure",
    "services à la personne", "numérisation & G.E.D.",
)  # fmt: skip
_WHO = (
    "L'atelier", "L’ESAT", "L'E.S.A.T. d'Orgeval", "Notre entreprise adaptée", "L'A.C.I.",
    "La régie de quartier", "Aujourd'hui, l'équipe", "Jusqu'à dix salariés", "Lorsqu’un chantier",
    "QU'IL S'AGISSE D'UNE E.A.", "Le G.E.I.Q. BTP",
)  # fmt: skip
_DOES = (
    "réalise", "propose", "n'assure plus", "s’occupe de", "vous livre", "RÉALISE DEPUIS 1998", "prend en charge",
    "a conçu", "peut-être", "fabrique", "sait faire", "d'ores et déjà",
)  # fmt: skip
_WHERE = (
    "à 30 km de Lyon", "dans l'Aisne (02)", "en Île-de-France", "à St-Étienne 42", "près d’Aÿ-Champagne",
    "à L'Haÿ-les-Roses", "dans un rayon de 12,5 km", "au 3 bis, rue de l'Église", "toute la France", "à Œuilly",
)  # fmt: skip
_ENDS = (
    "contact@ei-nettoyage.fr", "www.exemple.fr/l'offre?id=12&x=1", "https://exemple.fr:8080/a_b-c",
    "n° 784 671 695 00103", "01.23.45.67.89", "1.250,50 € H.T.", "ISO 14001:2015", "80 % d'insertion",
    "24h/24 – 7j/7", "« sur-mesure »", "👷🏽\u200d♀️🧹", "🇫🇷 100 % français", "le n°1️⃣ du linge", "Straße & Cie",
    "日本語 カタカナ ひらがな", "한국어", "ภาษาไทย", "N.B. : sur devis", "l' entretien", "d'' un", "aujourd’hui…",
    "CO₂ ½ m²", "naïve cœur æther ŒUVRE", "R.Q.T.H.", "J.-P. Dupont", "a.b", "A.B.C", "propreté\u202f! 12\u202f000 €",
)  # fmt: skip


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def vocabulary() -> list[str]:
    """Every label and synonym of the vocabulary, both languages."""
    files = sorted((ROOT / "mappings" / "vocabulary").rglob("*.yaml"))
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where libyaml is
    texts = (
        text
        for file in files
        for text in _strings(yaml.load(file.read_text(encoding="utf-8"), loader))
    )
    return list(dict.fromkeys(texts))


def communes(count: int = 2000) -> list[str]:
    """Names of communes, drawn from the gazetteer."""
    with gzip.open(
        ROOT / "discovery" / "places" / "data" / "communes.tsv.gz", "rt", encoding="utf-8"
    ) as table:
        header = table.readline().rstrip("\n").split("\t")
        column = header.index("name")
        names = sorted({line.rstrip("\n").split("\t")[column] for line in table})
    return random.Random(SEED).sample(names, count)


def sentences(count: int = 500) -> list[str]:
    """Invented French sentences of the trade, with all that French prose and typing errors hold."""
    pick = random.Random(SEED)
    made: list[str] = []
    for number in range(count):
        parts = [pick.choice(part) for part in (_WHO, _DOES, _TRADES, _WHERE, _ENDS)]
        separator = pick.choice((" ", " ", " ", ", ", "\u00a0", " - ", "/", "\n", "’", "."))
        text = separator.join(parts)
        if number % 5 == 1:
            text = unicodedata.normalize("NFD", text)
        elif number % 7 == 2:
            text = text.upper()
        elif number % 11 == 3:
            text = text.replace("'", "’")
        made.append(text)
    return made


def words() -> list[str]:
    """Words for the stemmer: invented stems before every ending it knows, with and without accents
    and plurals.
    """
    pick = random.Random(SEED)
    endings = (
        "issement", "issant", "ement", "ivement", "ficatrice", "ficateur", "catrice", "cateur", "atrice",
        "ateur", "trice", "teuse", "teur", "euse", "ière", "ère", "ième", "ive", "if", "folle", "molle",
        "nnelle", "nnel", "ète", "ique", "esse", "inage", "isation", "ualisation", "isateur", "ation", "ition",
        "eaux", "aux", "eux", "ie", "ier", "er", "ée", "é", "e", "ette", "elle", "age", "eur", "tion", "xx",
        "ss", "aal", "œur", "çon", "îtrer", "",
    )  # fmt: skip
    letters = "abcdefghilmnoprstuvéèêàâôîûçœ"
    made: dict[str, None] = {}
    for length in range(7):
        for ending in endings:
            for plural in ("", "s", "x"):
                stem = "".join(pick.choice(letters) for _ in range(length))
                made[stem + ending + plural] = None
                made[_folded(stem + ending + plural)] = None
    return [word for word in made if word] + ["a𝐀𝐀teur", "𝐀𝐁𝐂𝐃ique", "22ttement", "l_lee__s"]


def _folded(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word.replace("œ", "oe"))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def random_strings(count: int = 3000) -> list[str]:
    """Strings over all the classes of characters that word breaking tells apart, alone and in
    likely company.
    """
    pick = random.Random(SEED)
    classes = _classes()
    emoji = [
        classes[name]
        for name in ("pictograph", "zwj", "modifier", "emoji_style", "text_style", "tag", "tag_end")
    ]
    emoji += [classes["pictograph_letter"], classes["keycap"], classes["extend"], classes["letter"]]
    latin = [
        classes[name]
        for name in ("letter", "digit", "mid_letter", "mid_num", "mid_num_let", "single_quote")
    ]
    latin += [
        classes["extend_num_let"],
        classes["extend"],
        [(0x61, 0x7A)],
        [(0xC0, 0xFF)],
        [(0x20, 0x2F)],
    ]
    hebrew = [
        classes[name]
        for name in ("hebrew", "single_quote", "double_quote", "letter", "digit", "extend")
    ]
    hebrew += [classes["mid_letter"], classes["extend_num_let"]]
    keycaps = [
        classes[name]
        for name in ("keycap_base", "digit", "keycap", "emoji_style", "zwj", "extend", "regional")
    ]
    palettes = [
        list(classes.values()),
        list(classes.values()),
        emoji,
        emoji,
        latin,
        latin,
        hebrew,
        keycaps,
    ]
    made: list[str] = []
    for number in range(count):
        palette = palettes[number % len(palettes)]
        length = pick.randint(1, 25) if number % 100 else pick.randint(200, 700)
        made.append("".join(_character(pick, pick.choice(palette)) for _ in range(length)))
    return made + list(_long())


def _long() -> Iterable[str]:
    """Around the 255 UTF-16 units that Lucene sees of a word."""
    yield from ("a" * n for n in (254, 255, 256, 257, 510, 511, 3000))
    yield from ("𝐀" * n for n in (127, 128, 129, 300))
    yield from ("_" * n + "a" for n in (253, 254, 255, 256, 600))
    yield from ("a" * 254 + tail for tail in ("'b", ".1", "é\u0301", "_b", "1,2", "𝐀b", "👩🏽‍🚀x"))
    yield "1," * 400 + "1"
    yield "é" * 200 + " " + "è'" * 200 + "e"
    yield "👩🏽‍🚀\u200d" * 100
    yield "(" * 2040 + "abc'def" * 3
    yield "l'" + "entretien" * 60


def _classes() -> dict[str, list[tuple[int, int]]]:
    table = ROOT / "discovery" / "engine" / "analysis" / "data" / "word_break.txt"
    classes: dict[str, list[tuple[int, int]]] = {}
    for line in table.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            name, *ranges = line.split(" ")
            pairs = (part.partition("-") for part in ranges)
            classes[name] = [(int(first, 16), int(last or first, 16)) for first, _, last in pairs]
    # Code points of no class: they break words. Surrogates are no text.
    classes["other"] = [
        (0x00, 0x21),
        (0x24, 0x2F),
        (0x7B, 0xA8),
        (0x2010, 0x2017),
        (0x20A0, 0x20BF),
        (0x3000, 0x3004),
    ]
    return classes


def _character(pick: random.Random, ranges: list[tuple[int, int]]) -> str:
    first, last = pick.choice(ranges)
    return chr(pick.randint(first, last))
