"""Who declares no activity: its name and its own texts tell its trade, for want of better."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.mappings import load_mappings
from discovery.mappings.phrases import folded_words
from discovery.mappings.vocabulary import OwnWords, Told, written
from indexer.document.build import DocumentBuilder
from indexer.document.evidence import MIN_STRENGTH
from indexer.record import Activity, Job, Offer, Supplier
from tests.examples import some
from tests.tables import cases

MAPPINGS = load_mappings()
WORDS, KINDS = MAPPINGS.vocabulary.own_words, MAPPINGS.vocabulary.evidence
LINEN, GREEN, GUARD = (
    "blanchisserie",
    "creation-et-entretien-des-espaces-verts",
    "poste-de-garde-accueil",
)
BARE = Supplier(id="a", name="Atelier", kind="ACI")


def told(builder: DocumentBuilder, supplier: Supplier) -> dict[str, str]:
    """Sector → the kind of evidence that tells it, of what the document shows."""
    document = builder.build(supplier)
    assert document is not None
    return {one["sector"]: one["type"] for one in document["public"].get("evidence", ())}


def test_a_name_tells_the_trade(builder: DocumentBuilder) -> None:
    supplier = replace(BARE, name="Assoc BLANCHISSERIE du Refuge")
    document = builder.build(supplier)
    assert document is not None
    assert told(builder, supplier)[LINEN] == "name"
    assert document["evidence"] == ["name"]
    assert {LINEN, "entretien-du-linge"} <= set(document["evidence_sectors"])
    assert "evidence_terms" not in document, "its words are searched in its name already"
    assert [one.get("sector") for one in document["activities"]] == [None], (
        "evidence, never a declared activity"
    )


def test_a_brand_is_a_name_and_texts_tell_less_than_names(builder: DocumentBuilder) -> None:
    assert told(builder, replace(BARE, brand="Blanchisserie du Refuge"))[LINEN] == "name"
    assert (
        told(builder, replace(BARE, description="Nous lavons : blanchisserie."))[LINEN]
        == "description"
    )
    assert (
        told(builder, replace(BARE, offers=(Offer("Entretien d'espaces verts"),)))[GREEN]
        == "description"
    )
    both = replace(BARE, name="La Blanchisserie", description="Une blanchisserie.")
    assert told(builder, both)[LINEN] == "name"
    assert (
        KINDS["job"].strength
        > KINDS["name"].strength
        > KINDS["description"].strength
        >= MIN_STRENGTH
    )


def test_who_declares_its_trades_said_it_better(builder: DocumentBuilder) -> None:
    named = replace(BARE, name="Blanchisserie du Refuge", activities=(Activity(GREEN),))
    assert told(builder, named) == {}


@pytest.mark.parametrize(
    ("name", "naf", "sectors"),
    [
        ("SCOP EBS le Relais", "38.32Z", {"recyclage-textiles", "collecte-des-dechets-textiles"}),
        ("SCOP EBS le Relais", "38.11Z", {"recyclage-textiles", "collecte-des-dechets-textiles"}),
        ("SARL Second Œuvre", "43.33Z",
         {"travaux-de-chantiers", "tous-travaux-et-petits-bricolages", "carrelage-revetement-des-sols"}),
        ("Récup", "38.32Z", None),
    ],
)  # fmt: skip
def test_a_name_tells_closer_than_a_code_of_several_trades(
    builder: DocumentBuilder, name: str, naf: str, sectors: set[str] | None
) -> None:
    """Of the same group. A code of one trade stays, and one of which the name tells a trade."""
    found = told(builder, replace(BARE, name=name, naf=naf))
    if sectors is None:
        assert "recyclage-papiers-et-fournitures-d-entreprises" in found
    else:
        assert set(found) == sectors


def test_what_others_say_stands_before_its_own_words(builder: DocumentBuilder) -> None:
    hires = replace(BARE, name="Les Paysages", jobs=(Job("A1203", "Jardinier"),))
    assert told(builder, hires)[GREEN] == "job"


@pytest.mark.parametrize(
    ("name", "sector"), cases(__file__, "words_that_only_look_like_a_trade_tell_none")
)
def test_words_that_only_look_like_a_trade_tell_none(
    builder: DocumentBuilder, name: str, sector: str
) -> None:
    assert sector not in told(builder, replace(BARE, name=name))


def test_some_words_count_in_a_name_alone(builder: DocumentBuilder) -> None:
    assert told(builder, replace(BARE, name="Alpha Sécurité"))[GUARD] == "name"
    assert GUARD not in told(
        builder, replace(BARE, description="Le travail en sécurité, nous y tenons.")
    )


def test_the_longest_words_win_and_a_star_goes_on() -> None:
    words = OwnWords(
        (
            Told(("paysag*",), ("a",)),
            Told(("paysage urbain",), ("b",)),
            Told(("urbain mobile",), ()),
        )
    )
    assert list(words.of("PAYSAGÉS, paysage-urbain mobile", name=True)) == [
        ("PAYSAGÉS", ("a",)),
        ("paysage-urbain", ("b",)),
    ]
    assert list(OwnWords().of("paysage", name=True)) == []


@settings(max_examples=some(80), deadline=None)
@given(
    one=st.sampled_from([(one, word) for one in WORDS.told for word in one.words if one.sectors]),
    before=st.sampled_from(["", "Assoc ", "SARL Les Amis de la "]),
    after=st.sampled_from(["", " 59", " du Haut-Pays"]),
)
def test_every_word_of_the_file_is_found_in_a_name(
    one: tuple[Told, str], before: str, after: str
) -> None:
    found, word = one
    heard = list(WORDS.of(f"{before}{word.rstrip('*').upper()}{after}", name=True))
    assert found.sectors in [sectors for _, sectors in heard], heard
    if not found.names_only:
        assert [sectors for _, sectors in WORDS.of(word.rstrip("*"), name=False)] == [found.sectors]


@settings(max_examples=some(80), deadline=None)
@given(st.text(max_size=60))
def test_what_is_told_stands_in_the_text(text: str) -> None:
    folded = f" {' '.join(folded_words(text))} "
    for words, sectors in WORDS.of(text, name=True):
        assert f" {' '.join(folded_words(words))} " in folded
        assert sectors


KNOWN = ("paysag*", "paysage urbain", "urbain mob*", "d 3 e", "ab*", "abri", "tri de linge", "tri")


@given(
    st.lists(
        st.sampled_from(
            [
                "paysage",
                "paysagère",
                "urbain",
                "mobile",
                "D",
                "3",
                "e",
                "abri",
                "tri",
                "de",
                "linge",
            ]
        )
    )
)
def test_words_are_told_as_one_pattern_of_all_tells_them(words: list[str]) -> None:
    """The longest first at each word, and none read twice: what a regular expression does with
    alternatives.
    """
    each = sorted((written(one) for one in KNOWN), key=lambda one: (-len(one), one))
    pattern = re.compile(rf"\b(?:{'|'.join(one.replace('*', '[a-z]*') for one in each)})\b")
    text = " ".join(words)
    told = OwnWords(tuple(Told((one,), (one,)) for one in KNOWN)).of(text, name=True)
    assert [" ".join(folded_words(said)) for said, _ in told] == pattern.findall(
        " ".join(folded_words(text))
    )
