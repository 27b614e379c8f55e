"""The little French grammar that the sample needs. Pure functions."""

import re

# Stem of the first person plural and of the gerund, where the infinitive does not tell it: by
# ending, longest first.
_STEMS = (
    ("prendre", "pren"),
    ("peindre", "peign"),
    ("coudre", "cous"),
    ("moudre", "moul"),
    ("extraire", "extray"),
    ("écrire", "écriv"),
    ("faire", "fais"),
    ("cuire", "cuis"),
    ("duire", "duis"),
    ("suivre", "suiv"),
    ("cevoir", "cev"),
    ("ueillir", "ueill"),
    ("servir", "serv"),
    ("ouvrir", "ouvr"),
    ("tenir", "ten"),
    ("ttre", "tt"),
    ("ndre", "nd"),
    ("ger", "ge"),
    ("cer", "ç"),
    ("ir", "iss"),
    ("er", ""),
)
_VERB = re.compile(r"(?:(?<=^)|(?<=, )|(?<= et ))[a-zéèêâîôûç]+(?:er|ir|re|oir)\b")


def stem(infinitive: str) -> str:
    """A verb's stem of the first person plural: `laver` → `lav`, `ranger` → `range`, `tracer` →
    `traç`, `remplir` → `rempliss`, `coudre` → `cous`. Raises ValueError for what is no infinitive
    known here.
    """
    for ending, left in _STEMS:
        if infinitive.endswith(ending):
            return infinitive[: -len(ending)] + left
    raise ValueError(f"{infinitive!r} is not an infinitive that the sample can conjugate")


def we(act: str) -> str:
    """What "we" do: `tondre, tailler et planter des haies` → `tondons, taillons et plantons des
    haies`.
    """
    return _VERB.sub(lambda verb: stem(verb[0]) + "ons", act)


def gerund(act: str) -> str:
    """What follows "en": `laver et plier` → `lavant et pliant`."""
    return _VERB.sub(lambda verb: stem(verb[0]) + "ant", act)


def capital(text: str) -> str:
    """The first letter in capitals, the rest as it is."""
    return text[:1].upper() + text[1:]
