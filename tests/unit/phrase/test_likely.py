"""What the trade classifier adds to a phrase: a probable trade, a doubt, or nothing."""

from __future__ import annotations

from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from discovery.engine.definition import define
from discovery.mappings import load_mappings
from discovery.phrase import Intent, Lexicon, parse
from discovery.phrase.trades import ClassifierCache
from discovery.phrase.trades.verdict import Trade, Verdict
from discovery.places import gazetteer


@cache
def _lexicon() -> Lexicon:
    return Lexicon.from_vocabulary(load_mappings().vocabulary)


@cache
def _keeper() -> ClassifierCache:
    return ClassifierCache(lambda: define(load_mappings()))


def _parse(q: str, said: Verdict | None = None, *, literal: tuple[str, ...] = ()) -> Intent:
    """`said`: what a classifier says of any text; the real one where it is not given."""
    mappings = load_mappings()
    return parse(
        q,
        grammar=mappings.grammar,
        lexicon=_lexicon(),
        gazetteer=gazetteer(),
        frequent=lambda _: False,
        literal=literal,
        classify=(lambda _: said) if said else _keeper().of(mappings).of,
    )


def _says(q: str, words: str, *, sector: str = "blanchisserie", sure: float = 0.9) -> Verdict:
    start = q.index(words)
    group = load_mappings().vocabulary.sectors[sector].group
    return Verdict(
        trades=(Trade(sector, sure, (words,)),),
        start=start,
        end=start + len(words),
        groups=((group, sure),),
        corrects=sure >= 0.8,
        certain=sure >= 0.9,
        doubts=0.1,
    )


def _codes(intent: Intent) -> list[str]:
    return [note.code for note in intent.notes]


def test_a_trade_that_nothing_names_is_proposed_with_its_words() -> None:
    intent = _parse("Circuit spécial pour élèves du primaire")
    (need,) = intent.needs
    assert need.known_by == "classifier"
    assert need.sectors == ("transports-de-personnes",)
    assert 0 < need.probability < 1
    assert intent.q[need.start : need.end] == need.text


def test_it_is_shown_as_a_piece_whose_words_stay_words() -> None:
    q = "xavier zorglub à Lyon"
    intent = _parse(q, _says(q, "zorglub"))
    (piece,) = [one for one in intent.pieces if one.type == "trade"]
    assert (piece.text, piece.value, piece.kept) == ("zorglub", "blanchisserie", True)
    assert "zorglub" in intent.text
    assert [one.value for one in intent.pieces if one.type == "place"] == ["commune:69123"]


def test_it_is_refused_by_naming_its_words() -> None:
    q = "xavier zorglub"
    intent = _parse(q, _says(q, "zorglub"), literal=("Zorglub",))
    assert not intent.needs
    assert not [one for one in intent.pieces if one.type == "trade"]


def test_a_name_decides_whatever_the_classifier_says() -> None:
    q = "nettoyage de bureaux dans les locaux administratifs de la mairie"
    intent = _parse(q, _says(q, "mairie"))
    assert [need.known_by for need in intent.needs] != ["classifier"]
    assert "nettoyage-de-locaux" in intent.needs[0].sectors


def test_one_word_of_a_long_phrase_gives_way_to_a_sure_trade() -> None:
    q = "Laveries zorglub pour vêtements souillés des agents hospitaliers, tentes"
    sure, unsure = _says(q, "zorglub"), _says(q, "zorglub", sure=0.5)
    named = "organisation de tentes zorglub machin truc bidule"
    assert [need.known_by for need in _parse(named, _says(named, "zorglub")).needs] == ["classifier"]
    assert [need.known_by for need in _parse(named, _says(named, "zorglub", sure=0.5)).needs] == ["synonym"]
    assert sure.corrects
    assert not unsure.corrects


def test_beside_a_trade_that_it_is_certain_of_a_word_that_names_another_goes() -> None:
    q = "blanchisserie des tenues et tentes machin truc bidule chouette du centre zorglub"
    named = {need.text for need in _parse(q, _says(q, "zorglub", sure=0.5)).needs}
    assert {"blanchisserie", "tentes"} <= named, "not sure: both are asked for"
    certain = [need.text for need in _parse(q, _says(q, "zorglub", sure=0.95)).needs]
    assert "blanchisserie" in certain
    assert "tentes" not in certain
    assert "tentes" in [need.text for need in _parse(q, _says(q, "zorglub", sure=0.85)).needs], "sure is not certain"
    other = _parse(q, _says(q, "zorglub", sector="transports-de-personnes", sure=0.95))
    assert {one.known_by for one in other.needs} == {"classifier"}, "it agrees with none of them"


def test_a_short_list_keeps_what_the_classifier_does_not_believe() -> None:
    q = "blanchisserie et tentes"
    assert len(_parse(q, _says(q, "blanchisserie", sure=0.99)).needs) == 2


def test_what_is_surely_none_of_ours_is_told_and_asks_for_no_trade() -> None:
    outside = Verdict(none=0.95, outside=True, why=("zorglub",))
    intent = _parse("tentes zorglub machin truc bidule", outside)
    assert not intent.needs
    assert [(note.code, note.text) for note in intent.notes] == [("outside_likely", "zorglub")]


def test_a_short_name_is_believed_against_it() -> None:
    outside = Verdict(none=0.95, outside=True, why=("tentes",))
    assert _parse("tentes à Lyon", outside).needs


def test_what_the_grammar_puts_outside_is_told_once() -> None:
    intent = _parse("maîtrise d'œuvre pour un gymnase", Verdict(none=0.9, outside=True, why=("gymnase",)))
    assert _codes(intent) == ["outside_trade"]


@given(st.text(max_size=120))
def test_every_character_is_accounted_for_whatever_it_says(q: str) -> None:
    intent = _parse(q)
    assert "".join(intent.q[start:end] for start, end, _ in intent.spans) == q
    assert all(q[need.start : need.end] == need.text for need in intent.needs)
