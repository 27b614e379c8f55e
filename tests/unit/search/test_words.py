"""Words to a text query, with the real analysis over a few rules of its own."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from discovery.engine.analysis import Analysis, inline_paths
from discovery.engine.port import Alternative, TextQuery
from discovery.mappings import Mappings, load_mappings
from discovery.mappings.profiles import Match, Profile
from discovery.phrase.spelling.words import KnownWords, corrector, known_words
from discovery.places import Gazetteer
from discovery.places.table import Packed
from discovery.search.words import lenient, strict
from tests.tables import cases

FILES = {
    "synonyms/multiword.txt": "mise sous pli => misesouspli",
    "stop.txt": "de\ndes\nles\nle\nla\net\nsous\na",
    "stems.txt": "",
}
NONE: dict[str, tuple[str, ...]] = {}


class Counts:
    """A dictionary of an index: words with counts; `near` by brute force over insert, delete,
    replace, transpose.
    """

    def __init__(self, **counts: int) -> None:
        self.counts = counts

    def count(self, word: str) -> int:
        return self.counts.get(word, 0)

    def near(self, word: str, limit: int = 5) -> Sequence[tuple[str, int]]:
        found = [(known, n) for known, n in self.counts.items() if OSA.distance(word, known) == 1]
        return sorted(found, key=lambda one: -one[1])[:limit]


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    return _analysis()


@pytest.fixture(scope="module")
def profile(mappings: Mappings) -> Profile:
    return mappings.profile()


def tokens(query: TextQuery | None) -> list[list[str]]:
    assert query is not None
    return [[one.token for one in word.alternatives] for word in query.words]


def test_each_word_is_its_stem_without_stop_words_or_elision(
    analysis: Analysis, profile: Profile
) -> None:
    found = strict("l'entretien des vitres", analysis, NONE, profile)
    assert found is not None
    assert tokens(found) == [
        analysis.terms("french", "entretien"),
        analysis.terms("french", "vitre"),
    ]
    assert [word.text for word in found.words] == ["l'entretien", "vitres"]


def test_a_term_of_several_words_is_one_word(analysis: Analysis, profile: Profile) -> None:
    found = strict("mise sous pli", analysis, NONE, profile)
    assert found is not None
    assert [word.text for word in found.words] == ["mise sous pli"]
    assert found.required == 1


def test_the_profile_gives_fields_tie_breaker_and_minimum(
    analysis: Analysis, profile: Profile
) -> None:
    found = strict(
        "un deux trois quatre cinq", analysis, NONE, replace(profile, strict=Match(3, 0.75))
    )
    assert found is not None
    assert (found.fields, found.tie_breaker) == (profile.fields, profile.tie_breaker)
    assert (len(found.words), found.required) == (5, 4)


def test_equivalences_are_alternatives_of_the_profiles_weight(
    analysis: Analysis, profile: Profile
) -> None:
    found = strict("vehicule", analysis, {"vehicul": ("auto", "voitur")}, profile)
    assert found is not None
    (word,) = found.words
    assert word.alternatives == (
        Alternative("vehicul"),
        Alternative("auto", profile.equivalence_weight),
        Alternative("voitur", profile.equivalence_weight),
    )


def test_the_correction_is_weighed_and_said(analysis: Analysis, profile: Profile) -> None:
    correct = corrector(Counts(jardinage=4), KnownWords())
    text = "du jardniage a Lyon"
    asked = strict(text, analysis, NONE, profile)
    assert asked is not None
    found = lenient(text, asked, analysis, NONE, profile, correct)
    assert found is not None
    assert found.text == "du jardinage a Lyon"
    assert found.corrections == {"jardniage": "jardinage"}
    word = next(word for word in found.query.words if word.text == "jardniage")
    (token,) = analysis.terms("french", "jardinage")
    assert word.alternatives[-1] == Alternative(token, profile.typos.weight)
    assert word.alternatives[0] == Alternative(analysis.terms("french", "jardniage")[0])


def test_the_elided_article_stays_when_its_word_is_corrected(
    analysis: Analysis, profile: Profile
) -> None:
    correct = corrector(Counts(elagage=2), KnownWords())
    asked = strict("l'elagaje", analysis, NONE, profile)
    assert asked is not None
    found = lenient("l'elagaje", asked, analysis, NONE, profile, correct)
    assert found is not None
    assert found.text == "l'elagage"


@pytest.mark.parametrize("known", ["index", "vocabulary", "places"])
def test_a_known_word_is_never_corrected(known: str, analysis: Analysis, profile: Profile) -> None:
    counts = Counts(papiers=9, **({"papiets": 1} if known == "index" else {}))
    word = frozenset({"papiets"})
    correct = corrector(
        counts,
        KnownWords(
            word if known == "vocabulary" else frozenset(),
            Packed(word if known == "places" else ()),
        ),
    )
    assert correct("papiets") is None
    assert corrector(Counts(papiers=9), KnownWords())("papiets") == "papiers"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("blanchizerie", "blanchisserie"), ("vlanchiserie", None), ("taritaur", None)],
)
def test_two_edits_are_read_through_in_a_long_word_that_begins_alike(
    typed: str, meant: str | None
) -> None:
    assert corrector(Counts(), KnownWords(frozenset({"blanchisserie", "traiteur"})))(typed) == meant


@pytest.mark.parametrize("word", ["potable", "sante", "tree", "poncons", "arbres"])
def test_a_word_of_a_language_is_never_corrected(word: str) -> None:
    near = word[:-1] + "x"
    assert corrector(Counts(**{near: 50}), KnownWords(frozenset({near})))(word) is None


def test_the_vocabulary_corrects_what_the_index_does_not_hold(
    mappings: Mappings, gazetteer: Gazetteer
) -> None:
    correct = corrector(Counts(), known_words(mappings.vocabulary, gazetteer))
    assert correct("blanchiserie") == "blanchisserie"
    assert correct("xyzzyxyzzy") is None


@pytest.mark.parametrize(
    ("typed", "meant"), cases(__file__, "a_word_as_it_sounds_is_the_vocabulary_s")
)
def test_a_word_as_it_sounds_is_the_vocabulary_s(
    typed: str, meant: str | None, mappings: Mappings, gazetteer: Gazetteer
) -> None:
    assert corrector(Counts(), known_words(mappings.vocabulary, gazetteer))(typed) == meant


@pytest.mark.parametrize(
    ("slips", "meant"), [(1, "blanchisserie"), (2, "blanchisserie"), (3, None)]
)
def test_typing_errors_of_few_suppliers_make_no_word(slips: int, meant: str | None) -> None:
    """Held less than one hundredth as often as the word of the vocabulary, it is a misspelling of
    it.
    """
    known = KnownWords(frozenset({"blanchisserie"}))
    assert corrector(Counts(blanchisserie=290, blanchiserie=slips), known)("blanchiserie") == meant


def test_of_two_words_as_near_the_first_letter_is_seldom_mistyped() -> None:
    known = KnownWords(frozenset({"brotterie", "frotterix"}))
    assert corrector(Counts(brotterie=9, frotterix=1), known)("frotterie") == "frotterix"
    assert corrector(Counts(), known)("frotterie") == "frotterix"
    trade = KnownWords(frozenset({"brotterie"}))
    assert (
        corrector(Counts(brotterie=1, crotterie=9), trade)("frotterie") == "brotterie"
    )  # none begins so: a trade's


def test_a_word_of_a_trade_comes_before_any_word_of_the_index() -> None:
    """A record that holds "espase" by mistake does not hide "espace"."""
    known = KnownWords(frozenset({"espace"}), said={"espas": ("espace",)})
    assert corrector(Counts(espasses=40), known)("espasse") == "espace"


@pytest.mark.parametrize(
    ("text", "corrected"), cases(__file__, "acronyms_and_names_in_prose_are_spelt_as_meant")
)
def test_acronyms_and_names_in_prose_are_spelt_as_meant(
    text: str, corrected: bool, analysis: Analysis, profile: Profile
) -> None:
    correct = corrector(Counts(nettoyage=4, silos=9), KnownWords(frozenset({"nettoyage", "silos"})))
    asked = strict(text, analysis, NONE, profile)
    assert asked is not None
    found = lenient(text, asked, analysis, NONE, profile, correct)
    assert bool(found and found.corrections) is corrected


def test_a_doubled_letter_that_the_stemmer_drops_still_hides_a_trade(
    analysis: Analysis, profile: Profile
) -> None:
    correct = corrector(Counts(menuiserie=3), KnownWords(frozenset({"menuiserie"})))
    asked = strict("menuisserie", analysis, NONE, profile)
    assert asked is not None
    found = lenient("menuisserie", asked, analysis, NONE, profile, correct)
    assert found is not None
    assert found.corrections == {"menuisserie": "menuiserie"}


def test_short_words_and_numbers_are_left_alone(analysis: Analysis, profile: Profile) -> None:
    def never(word: str) -> str | None:
        raise AssertionError(f"{word} should not be looked up")

    asked = strict("sel 12345678 x2000000", analysis, NONE, profile)
    assert asked is not None
    found = lenient("sel 12345678 x2000000", asked, analysis, NONE, profile, never)
    assert found is None or not found.corrections


def test_a_plural_that_the_stemmer_unites_is_no_typo(analysis: Analysis, profile: Profile) -> None:
    correct = corrector(Counts(vitrage=3), KnownWords())
    asked = strict("vitrages", analysis, NONE, profile)
    assert asked is not None
    assert lenient("vitrages", asked, analysis, NONE, profile, correct) is None
    several = strict("vitrages alpha bravo", analysis, NONE, profile)
    assert several is not None
    found = lenient("vitrages alpha bravo", several, analysis, NONE, profile, correct)
    assert found is not None
    assert found.corrections == {}


def test_fewer_words_are_required(analysis: Analysis, profile: Profile) -> None:
    text = "alpha bravo charlie delta"
    asked = strict(text, analysis, NONE, replace(profile, strict=Match(4, 1.0)))
    assert asked is not None
    found = lenient(
        text, asked, analysis, NONE, replace(profile, lenient=Match(1, 0.5)), lambda word: None
    )
    assert found is not None
    assert (asked.required, found.query.required, found.text) == (4, 2, text)


def test_words_of_places_are_known(gazetteer: Gazetteer) -> None:
    assert {"villeurbanne", "rhone", "bretagne", "etienne"} <= set(gazetteer.words)


@settings(deadline=None)
@given(text=st.text(max_size=80))
def test_any_text_makes_a_query_whose_minimum_can_be_met(text: str) -> None:
    found = strict(text, _analysis(), NONE, load_mappings().profile())
    if found is not None:
        assert 0 < found.required <= len(found.words)
        assert all(word.alternatives for word in found.words)


@cache
def _analysis() -> Analysis:
    block = load_mappings().index["settings"]["analysis"]
    return Analysis.from_settings(inline_paths(block, FILES.__getitem__))


def test_of_two_as_near_one_that_names_a_trade_alone_is_meant() -> None:
    words = frozenset({"pression", "pressing"})
    assert (
        corrector(
            Counts(pression=90, pressing=3), KnownWords(words, alone=frozenset({"pressing"}))
        )("pressin")
        == "pressing"
    )
    assert corrector(Counts(pression=90, pressing=3), KnownWords(words))("pressin") == "pression"
