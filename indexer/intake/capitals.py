"""Names written all in capitals, as the registers write them, in a form that reads well.

`ASSOC DU CTRE DE BEAUMOTTE` → `Assoc du Ctre de Beaumotte`; `ESAT LES GENETS D OR` → `ESAT Les Genets d'Or`.
What stays in capitals: acronyms that the vocabulary knows, those of the sector's federations, words without a vowel,
words with a digit, Roman numerals, and words of two or three letters that are not ordinary ones. Nothing is spelt
out and no accent is guessed: the words stay those of the register.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from discovery.config.vocabulary import Vocabulary


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Never in capitals inside a name.
_SMALL = _words("""
    à a au aux ces chez d dans de des di du en entre es et hors l la le les ou par pour sans sous sur u un une vers
""")
# Of these, the ones that a name does not begin with.
_LINKS = _words("à a au aux d de des di du en et par pour u")

# Short words (three letters at most) that are words, not acronyms; any other short word keeps its capitals.
_ORDINARY = _SMALL | _words("""
    act age agi aid ain air aix ami an arc ars art as ass bac bar bas bat bel bio bis bon but cab can cap co col com
    cte dax die dix dol dom don duc eau eco ego epi est eu eve fer feu fil fin gen gre gui ici ide il ile ill ils isa
    job jus lac lin lit loc lot luc lys mai mal mas mer mes mob mon mor mot mur neo net nez nos oc on or os oui oz pas
    pau pic pin pre pro puy qui ram re rez rio riz roc roi rue sac sel sen ses six soc soi sol son st ste sud ta te
    tir toi top tot tri tu uni val var vic vie vif vin vis voi vos yon zen
""")

# Acronyms of the sector that no vocabulary file holds: federations, associations, public bodies.
_SECTOR = _words("""
    ADAPEI ADMR ADSEA APAJH APEI APF ARSEA ASBL ASI BTP CAT CCAS CFA CIAS CPIE EPCI EPSMS ESS EURL FAM GIE GIP IDF IME
    INRS LADAPT MJC ONG PACA PEP PLIE SARL SAS SASU SAVS SCIC SCOP SIAE SIVOM SIVU SNC SOS TPE UDAF VTT ZAC ZUP
""")

_ROMAN = re.compile(r"(?:X{0,3})(?:IX|IV|V?I{1,3}|V)")
_VOWEL = re.compile(r"[AEIOUYÀÂÄÉÈÊËÎÏÔÖÙÛÜŒÆ]")
_WORD = re.compile(r"[^\W_]+")
_LONE_ELISION = re.compile(r"(?<![\w.'’])([DL]) (?=[AEIOUYHÀÂÉÈÊÎÔÛ]\w)")
_ALONE = re.compile(r"(?<![^\s])[^\W\d_](?![^\s])")


def in_capitals(name: str) -> bool:
    """Whether a whole name shouts. One word of four letters or fewer is an acronym and does not."""
    return name.isupper() and (len(name) > 4 or " " in name)


class Readable:
    """Rewrites names in capitals.

    `__call__` gives the readable form of a name in capitals, and any other name as it is. Pure.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._acronyms = _SECTOR | set(vocabulary.kinds) | set(vocabulary.hidden_kinds) | _acronyms(vocabulary)
        # After these a name begins: its first word takes a capital, were it an article.
        self._openings = self._acronyms | {"ASSOC", "ASS", "ASSOCIATION"}

    def __call__(self, name: str) -> str:
        if not in_capitals(name):
            return name
        name = _LONE_ELISION.sub(r"\1'", name)
        singles = len(_ALONE.findall(name))
        words = list(_WORD.finditer(name))
        parts: list[str] = []
        end = 0
        for at, match in enumerate(words):
            parts.append(name[end : match.start()])
            end = match.end()
            opening = at == 0 or words[at - 1][0] in self._openings
            elided = name[end : end + 1] in {"'", "’"}
            parts.append(self._word(match[0], first=at == 0, opening=opening, spelled=singles > 1, elided=elided))
        return "".join(parts) + name[end:]

    def _word(self, word: str, *, first: bool, opening: bool, spelled: bool, elided: bool) -> str:
        lower = word.lower()
        if len(word) == 1 and not elided:
            # "S A S" is an acronym spelt out; "BALUCHON A TABLE" has the preposition.
            return word if spelled or first or word not in {"A", "À"} else "à"
        if lower in _SMALL:
            return word.capitalize() if first or (opening and lower not in _LINKS) else lower
        return word if self._is_acronym(word) else word.capitalize()

    def _is_acronym(self, word: str) -> bool:
        if word in self._acronyms or not word.isalpha():
            return True
        if word.lower() in _ORDINARY:
            return False
        return len(word) <= 3 or not _VOWEL.search(word) or _ROMAN.fullmatch(word) is not None


def _acronyms(vocabulary: Vocabulary) -> set[str]:
    """The words in capitals among the names of kinds, families, networks, certifications and legal forms."""
    lists = (vocabulary.families, vocabulary.networks, vocabulary.certifications, vocabulary.legal_forms)
    names: Iterable[str] = (name for terms in lists for term in terms.values() for name in term.names())
    words = {word for name in names for word in _WORD.findall(name)}
    return {word for word in words if len(word) > 1 and word.isupper() and word.isalpha()}
