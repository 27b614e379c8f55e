"""The vocabulary as names to recognise: longest first, plural or not, acronyms with care."""

import pytest

from discovery.mappings.mappings import load_mappings
from discovery.mappings.vocabulary import Family, Kind, Sector, Term, Vocabulary
from discovery.phrase import Lexicon, parse
from discovery.places import gazetteer as the_gazetteer
from tests.tables import cases

GAZETTEER = the_gazetteer()
GRAMMAR = load_mappings().grammar


def term(value, fr, *synonyms, make=Term, **parts):
    return make(
        value=value, labels={"fr": fr, "en": fr}, synonyms={"fr": synonyms, "en": ()}, **parts
    )


def kind(code, fr, *synonyms):
    told = {"short": {}, "for_buyers": {}, "plural": {"fr": f"{fr}s"}}
    return term(code, fr, *synonyms, make=Kind, group="insertion", clause_sociale=True, **told)


def by_value(*terms):
    return {each.value: each for each in terms}


SMALL = Vocabulary(
    kinds=by_value(
        kind("EI", "Entreprise d'insertion"), kind("ETTI", "Intérimaire", "intérim d'insertion")
    ),
    hidden_kinds=frozenset({"OPCS"}),
    kind_groups=by_value(term("insertion", "Insertion")),
    families=by_value(term("iae", "Insertion par l'activité", make=Family, kinds=("EI", "ETTI"))),
    sector_groups=by_value(term("bois", "Bois")),
    sectors=by_value(
        term("peche", "Pêche/Pisciculture", "recherche bio", make=Sector, group="bois"),
        term(
            "maraichage",
            "Maraîchage, légumerie, conserverie",
            "légumes bio",
            make=Sector,
            group="bois",
        ),
        term("carrelage", "Carrelage & Revêtement des sols", make=Sector, group="bois"),
        term("reprise", "Travail du bois", "reprise", make=Sector, group="bois"),
        term("autre", "Autre", "reprise", make=Sector, group="bois"),
    ),
    certifications=by_value(term("bio", "Agriculture biologique", "bio"), term("iso", "ISO 14001")),
    networks=by_value(term("cocagne", "Réseau Cocagne", "jardins de Cocagne")),
    service_types=by_value(term("DISP", "Mise à disposition", "intérim")),
    territories={},
    legal_forms={},
    employees={},
    naf={},
    evidence={},
    sources={},
    presumed_km={},
)
LEXICON = Lexicon.from_vocabulary(SMALL)


def read(q):
    intent = parse(
        q, grammar=GRAMMAR, lexicon=LEXICON, gazetteer=GAZETTEER, frequent=lambda word: False
    )
    return [[piece.type, piece.value, piece.text] for piece in intent.pieces], intent.text


@pytest.mark.parametrize(("q", "pieces", "text"), cases(__file__, "names"))
def test_names(q, pieces, text):
    assert read(q) == (pieces, text)


def test_a_name_of_two_sectors_offers_both():
    intent = parse(
        "reprise",
        grammar=GRAMMAR,
        lexicon=LEXICON,
        gazetteer=GAZETTEER,
        frequent=lambda word: False,
    )
    (piece,) = intent.pieces
    assert piece.value == "reprise"
    assert [option.value for option in piece.alternatives] == ["autre"]
    assert piece.kept


def test_every_label_and_code_of_the_packaged_vocabulary_is_recognised(understand, lexicon):
    from discovery.mappings.mappings import load_mappings

    vocabulary = load_mappings().vocabulary
    missed = []
    for name in ("kind", "certification", "network", "service_type"):
        for value, each in vocabulary.terms(name).items():
            for label in each.labels.values():
                found = [(piece.type, piece.value) for piece in understand(label).pieces]
                if (name, value) not in found:
                    missed.append((label, found))
    assert missed == []


def test_every_label_of_a_sector_is_offered(understand):
    from discovery.mappings.mappings import load_mappings

    vocabulary = load_mappings().vocabulary
    missed = []
    for value, each in vocabulary.terms("sector").items():
        label = each.labels["fr"]
        pieces = [piece for piece in understand(label).pieces if piece.type == "sector"]
        offered = {piece.value for piece in pieces} | {
            o.value for piece in pieces for o in piece.alternatives
        }
        if value not in offered:
            missed.append((value, label, sorted(offered)))
    assert missed == []
