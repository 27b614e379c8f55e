"""How likely the named trades of a phrase are by all of its words, and what is proposed where none
is named.
"""

from pathlib import Path

import pytest

from discovery.mappings import load_mappings
from discovery.mappings.crosswalk import Classification, Meaning
from discovery.phrase import Intent, parse
from discovery.phrase.trades import NONE, Likely, Names, TradeReader, Why, reader_of
from discovery.places import gazetteer
from tests.tables import cases
from tests.unit.phrase.conftest import packaged_lexicon

LAUNDRY = "entretien-du-linge"
BUYERS = (Path(__file__).parent / "data" / "buyers.txt").read_text(encoding="utf-8").splitlines()
NAMED = [line.split(" | ") for line in BUYERS if " | " in line and line[0] != "#"]
STRAY = [line for line in BUYERS if " | " not in line and line[0] != "#"]


def _parse(q: str, said: Likely | None = None, *, literal: tuple[str, ...] = ()) -> Intent:
    """`said`: what a reader says of any text; the packaged one where it is not given."""
    mappings = load_mappings()
    trades = reader_of(mappings.trades)
    return parse(
        q,
        grammar=mappings.grammar,
        lexicon=packaged_lexicon(),
        gazetteer=gazetteer(),
        frequent=lambda _: False,
        literal=literal,
        trades=TradeReader(lambda text, names: said, trades.deciding) if said else trades,
    )


def _says(q: str, words: str, chances: dict[str, float], sector: str = "blanchisserie") -> Likely:
    start = q.index(words)
    span = ((start, start + len(words)),)
    every = dict.fromkeys(load_mappings().vocabulary.sector_groups, 0.0) | chances
    groups = tuple(sorted(every.items(), key=lambda one: -one[1]))
    return Likely(groups, 1 - sum(chances.values()), lambda: Why(((sector, 0.9),), span, span))


def test_a_trade_that_nothing_names_is_proposed_with_its_words() -> None:
    intent = _parse("Travaux sur le clocher et la nef de l'église")
    (need,) = intent.needs
    assert need.known_by == "classifier"
    assert 0 < need.probability < 1
    assert intent.q[need.start : need.end] == need.text


def test_it_is_shown_as_a_piece_whose_words_stay_words() -> None:
    q = "xavier zorglub à Lyon"
    intent = _parse(q, _says(q, "zorglub", {LAUNDRY: 0.9}))
    (piece,) = [one for one in intent.pieces if one.type == "trade"]
    assert (piece.text, piece.value, piece.kept) == ("zorglub", "blanchisserie", True)
    assert "zorglub" in intent.text
    assert [one.value for one in intent.pieces if one.type == "place"] == ["commune:69123"]
    around = _parse(q := "xavier à Lyon zorglub", _says(q, q, {LAUNDRY: 0.9}))
    assert [q[start:end] for start, end, what in around.spans if what == "piece"] == ["Lyon"]


def test_it_is_refused_by_naming_its_words() -> None:
    q = "xavier zorglub"
    intent = _parse(q, _says(q, "zorglub", {LAUNDRY: 0.9}), literal=("Zorglub",))
    assert not intent.needs
    assert not [one for one in intent.pieces if one.type == "trade"]


def test_a_named_trade_has_the_probability_of_its_groups() -> None:
    q = "blanchisserie zorglub"
    (need,) = _parse(q, _says(q, "zorglub", {LAUNDRY: 0.7})).needs
    assert (need.text, need.probability) == ("blanchisserie", 0.7)


def test_a_name_that_the_phrase_makes_unlikely_is_told_as_not_meant() -> None:
    q = "tentes zorglub machin truc bidule chouette"
    intent = _parse(q, _says(q, "zorglub", {LAUNDRY: 0.9}))
    assert [need.sectors for need in intent.needs] == [("blanchisserie",)]
    assert [(note.code, note.text) for note in intent.notes] == [("trade_doubted", "tentes")]


def test_a_name_among_many_words_is_meant_from_its_threshold_on_and_another_trade_proposed_beside_it() -> (
    None
):
    q = "tentes zorglub machin truc bidule chouette"
    own = packaged_lexicon().group_of[_parse("tentes", Likely()).needs[0].sectors[0]]
    intent = _parse(q, _says(q, "zorglub", {LAUNDRY: 0.45, own: 0.4}))
    assert [need.text for need in intent.needs] == ["tentes"]
    assert not intent.notes
    beside = _parse(q, _says(q, "zorglub", {LAUNDRY: 0.56, own: 0.4}))
    assert [need.text for need in beside.needs] == ["zorglub", "tentes"]


def test_in_a_few_words_another_trade_is_proposed_beside_a_name_that_is_unlikely() -> None:
    q = "tentes zorglub machin"
    own = packaged_lexicon().group_of[_parse("tentes", Likely()).needs[0].sectors[0]]
    beside = _parse(q, _says(q, "zorglub", {LAUNDRY: 0.6, own: 0.3}))
    assert [(need.text, need.possible) for need in beside.needs] == [
        ("zorglub", False),
        ("tentes", True),
    ]
    assert [
        need.text for need in _parse(q, _says(q, "zorglub", {LAUNDRY: 0.6, own: 0.36})).needs
    ] == ["tentes"]


def test_a_list_of_names_is_meant_however_little_each_is_likely() -> None:
    q = "traiteur, blanchisserie, menuiserie, peinture, couture, déménagement, jardinage"
    likely = _says(q, "blanchisserie", {LAUNDRY: 0.2, "restauration": 0.05})
    intent = _parse(q, likely)
    assert len(intent.needs) == 7
    assert not intent.notes


def test_a_word_alone_is_a_trade_only_where_that_is_sure() -> None:
    q = "la Zorglub"
    assert not _parse(q, _says(q, "Zorglub", {LAUNDRY: 0.6, "restauration": 0.3})).needs
    assert _parse(q, _says(q, "Zorglub", {LAUNDRY: 0.9})).needs


def test_what_is_about_as_likely_is_told_as_written() -> None:
    q = "traiteur et blanchisserie"
    likely = _says(q, "blanchisserie", {"restauration": 0.56, LAUNDRY: 0.6})
    assert [need.text for need in _parse(q, likely).needs] == ["traiteur", "blanchisserie"]


def test_in_a_few_words_a_name_is_meant() -> None:
    q = "tentes zorglub machin"
    likely = _says(q, "zorglub", {LAUNDRY: 0.1})
    assert [need.text for need in _parse(q, likely).needs] == ["tentes"]
    assert not _parse(q + " truc bidule chouette", likely).needs


def test_what_is_surely_none_of_ours_is_told_and_asks_for_no_trade() -> None:
    q = "tentes zorglub machin truc bidule chouette"
    intent = _parse(q, _says(q, "zorglub", {LAUNDRY: 0.05}))
    assert not intent.needs
    assert [(note.code, note.text) for note in intent.notes] == [("outside_likely", "zorglub")]


def test_a_code_is_sure_whatever_the_words_say() -> None:
    mappings = load_mappings()

    def meanings(classification: Classification, code: str) -> Meaning | None:
        return mappings.codes.meaning(classification, code, mappings.vocabulary)

    q = "CPV 98310000 zorglub"
    trades = TradeReader(lambda *_: _says(q, "zorglub", {LAUNDRY: 0.01}), mappings.trades.deciding)
    (need,) = parse(
        q, grammar=mappings.grammar, lexicon=packaged_lexicon(), gazetteer=gazetteer(), frequent=lambda _: False,
        meanings=meanings, trades=trades,
    ).needs  # fmt: skip
    assert (need.known_by, need.probability) == ("code", 1.0)


def test_the_reader_is_told_what_is_named_and_reads_no_piece() -> None:
    told: list[tuple[str, Names]] = []

    def read(text: str, names: Names) -> Likely:
        told.append((text, names))
        return Likely()

    mappings = load_mappings()
    for q in ("blanchisserie de draps hospitaliers à Lyon", "maîtrise d'œuvre d'un gymnase"):
        parse(
            q, grammar=mappings.grammar, lexicon=packaged_lexicon(), gazetteer=gazetteer(), frequent=lambda _: False,
            trades=TradeReader(read, mappings.trades.deciding),
        )  # fmt: skip
    (text, names), (_, outside) = told
    assert "Lyon" not in text
    assert len(text) == len("blanchisserie de draps hospitaliers à Lyon")
    assert list(names) == [LAUNDRY]
    assert NONE in outside


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_all_labels_are_read_as_themselves(lang: str) -> None:
    sectors = load_mappings().vocabulary.sectors.values()
    read = {one.value: _parse(one.label(lang)).needs for one in sectors}
    wrong = {
        slug: [need.sectors for need in needs]
        for slug, needs in read.items()
        if not needs or slug not in needs[0].sectors
    }
    assert not wrong


@pytest.mark.parametrize(
    ("q", "chance", "possible"),
    cases(__file__, "a_named_trade_is_claimed_in_fewer_words_of_which_less_is_asked"),
)
def test_a_named_trade_is_claimed_in_fewer_words_of_which_less_is_asked(
    q: str, chance: float, possible: bool
) -> None:
    own = packaged_lexicon().group_of[_parse("tentes", Likely()).needs[0].sectors[0]]
    (need,) = _parse(q, _says(q, "tentes", {own: chance})).needs
    assert need.possible == possible


@pytest.mark.parametrize(
    ("q", "sector"), cases(__file__, "all_the_words_make_a_name_another_trade_of_its_family")
)
def test_all_the_words_make_a_name_another_trade_of_its_family(q: str, sector: str) -> None:
    assert [need.sectors for need in _parse(q).needs] == [(sector,)]


def _claimed(q: str) -> list[set[str]]:
    """The groups of each claimed need."""
    group_of = packaged_lexicon().group_of
    return [
        {group_of.get(slug, slug) for slug in need.sectors}
        for need in _parse(q).needs
        if not need.possible
    ]


@pytest.mark.parametrize(("trade", "q"), NAMED)
def test_who_buys_or_for_whom_says_nothing_against_a_name(trade: str, q: str) -> None:
    assert _claimed(q)[0] & _claimed(trade)[0]


@pytest.mark.parametrize("q", STRAY)
def test_a_stray_name_in_what_nobody_here_does_claims_nothing(q: str) -> None:
    assert not _claimed(q)
