"""What is suggested, and in which order."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.engine.port import EngineUnavailable
from discovery.mappings import load_mappings
from discovery.phrase import Lexicon, parse
from discovery.places import gazetteer
from discovery.search.suggest import SuggestService
from discovery.search.suggest_phrase import TYPES, Suggestion, best
from tests.examples import some
from tests.tables import cases


def suggested(service: SuggestService, q: str, **options: object) -> list[tuple[str, str]]:
    return [(one.type, one.value) for one in service.suggest(q, **options)]  # type: ignore[arg-type]


def first(service: SuggestService, q: str, **options: object) -> Suggestion:
    return service.suggest(q, **options)[0]  # type: ignore[arg-type]


def test_homonyms_are_told_apart_by_their_department(service: SuggestService) -> None:
    labels = {one.label: one.detail for one in service.suggest("st den", types=("place",))}
    assert labels["Saint-Denis (93)"] == "Seine-Saint-Denis, Île-de-France"
    assert labels["Saint-Denis (974)"] == "La Réunion"


@pytest.mark.parametrize(("q", "expected"), cases(__file__, "places_by_whatever_names_them"))
def test_places_by_whatever_names_them(service: SuggestService, q: str, expected: str) -> None:
    assert ("place", expected) in suggested(service, q, types=("place",))


def test_sectors_by_synonyms_of_both_languages(service: SuggestService) -> None:
    french = first(service, "femme de mén")
    assert (french.type, french.value, french.label, french.matched) == (
        "sector", "nettoyage-de-locaux", "Nettoyage de locaux", "femme de ménage",
    )  # fmt: skip
    english = first(service, "office clea", lang="en")
    assert (english.value, english.label, english.detail) == (
        "nettoyage-de-locaux", "Cleaning of premises", "Hygiene and cleaning",
    )  # fmt: skip


def test_a_whole_name_is_known_with_a_blank_behind_it(service: SuggestService) -> None:
    assert suggested(service, "AESH ") == [("sector", "soins-et-accompagnement")]


def test_a_later_word_of_a_name_will_do(service: SuggestService) -> None:
    assert ("sector", "nettoyage-de-vehicules") in suggested(
        service, "véhicules", types=("sector",), limit=20
    )


def test_kinds_families_and_groups(service: SuggestService) -> None:
    assert ("kind", "EA") in suggested(service, "entreprise adap")
    family = first(service, "iae", types=("kind",))
    assert (family.parameter, family.value) == ("kind", "EI,AI,ACI,ETTI,EITI")
    assert {one.parameter for one in service.suggest("handic", types=("kind",))} >= {"kind_group"}


@pytest.mark.parametrize(("q", "expected"), cases(__file__, "typos_are_read_through"))
def test_typos_are_read_through(service: SuggestService, q: str, expected: list[str]) -> None:
    assert tuple(expected) in suggested(service, q)


def test_the_last_piece_is_completed_and_the_rest_is_kept(service: SuggestService) -> None:
    found = first(service, "nettoyage à lyo")
    assert (found.value, found.name, found.start) == (
        "commune:69123",
        "Lyon (69)",
        len("nettoyage à "),
    )


@pytest.mark.parametrize(
    ("q", "parameter"),
    [("nettoyage à lyo", "place"), ("nettoyage près de lyo", "near"), ("près de rhôn", "place")],
)
def test_only_a_town_is_a_centre(service: SuggestService, q: str, parameter: str) -> None:
    assert first(service, q, types=("place",)).parameter == parameter


def test_a_post_code_tells_three_of_its_communes_and_that_there_are_more(
    service: SuggestService,
) -> None:
    for start in ("0100", "0121", "0126", "0130", "6900"):
        for one in service.suggest(start, types=("place",), limit=20):
            communes = service._gazetteer.communes_of_postcode(one.value.removeprefix("postcode:"))
            names = one.detail.split(", ")
            assert names == [each.name for each in communes[:3]] + ["…"] * (len(communes) > 3), one


@pytest.mark.parametrize(("typed", "area"), [("isrre", True), ("jurq", False)])
def test_areas_are_read_through_a_typo_from_five_letters(
    service: SuggestService, typed: str, area: bool
) -> None:
    found = [value for _, value in suggested(service, typed, types=("place",), limit=20)]
    assert any(value.startswith(("department:", "region:")) for value in found) == area


def test_frequent_sectors_come_first(service: SuggestService) -> None:
    """The corpus cleans; of sectors whose names start alike, those that suppliers have are
    likelier.
    """
    assert suggested(service, "nettoyage", types=("sector",))[0] == (
        "sector",
        "nettoyage-de-locaux",
    )


MAPPINGS = load_mappings()
LEXICON = Lexicon.from_vocabulary(MAPPINGS.vocabulary)


@given(
    start=st.sampled_from(
        ["ly", "saint", "st den", "69", "bret", "la r", "mont", "l'", "val", "1", "paris 1"]
    )
)
def test_a_place_completed_is_understood_as_that_place(service: SuggestService, start: str) -> None:
    for one in service.suggest(f"nettoyage à {start}", types=("place",), limit=20):
        intent = parse(
            f"nettoyage à {one.name}",
            grammar=MAPPINGS.grammar,
            lexicon=LEXICON,
            gazetteer=service._gazetteer,
            frequent={"lyon"}.__contains__,
        )
        places = {piece.value for piece in intent.pieces if piece.type == "place"}
        # A collectivity overseas is understood as its one commune, a post code as the commune it is
        # of.
        held = {above for place in places for above in service._gazetteer.ancestors(place)}
        assert one.value in places | held or one.value.startswith("postcode:"), one.name


@given(
    q=st.text(max_size=40),
    limit=st.integers(1, 20),
    types=st.sets(st.sampled_from(TYPES), min_size=1),
)
def test_any_text_is_answered_within_its_limits(
    service: SuggestService, q: str, limit: int, types: set[str]
) -> None:
    found = service.suggest(q, types=types, limit=limit)
    assert len(found) <= limit
    assert {one.type for one in found} <= types
    assert len({(one.type, one.value) for one in found}) == len(found)
    groups = [one.type for one in found]
    assert groups == sorted(groups, key=groups.index), "those of one type side by side"
    assert all(0 <= one.start <= len(q) for one in found)


def one_of(type_: str, number: int, score: float) -> Suggestion:
    return Suggestion(type_, str(number), "", "", "", 0, score)  # type: ignore[arg-type]


@given(
    scores=st.lists(
        st.tuples(st.sampled_from(TYPES), st.integers(0, 30), st.floats(0, 3)), max_size=some(40)
    ),
    limit=st.integers(1, 20),
)
def test_the_best_of_each_type_that_fits_is_kept(
    scores: list[tuple[str, int, float]], limit: int
) -> None:
    found = best([one_of(*each) for each in scores], limit)
    distinct = {(type_, number) for type_, number, _ in scores}
    assert len(found) == min(limit, len(distinct))
    if scores:
        assert found[0].score == max(score for _, _, score in scores)
    for kind in {one.type for one in found}:
        mine = [one.score for one in found if one.type == kind]
        assert mine == sorted(mine, reverse=True)


def test_places_and_kinds_need_no_index() -> None:
    class Away:
        def searcher(self) -> AbstractContextManager[Away]:
            return nullcontext(self)

        def __getattr__(self, name: str) -> object:
            raise EngineUnavailable("no index")

    service = SuggestService(Away(), load_mappings(), gazetteer())  # type: ignore[arg-type]
    assert service.suggest("lyo", types=("place", "kind"))
    with pytest.raises(EngineUnavailable):
        service.suggest("lyo")


@pytest.mark.parametrize(
    ("typed", "sector"),
    [
        ("nett", "nettoyage-de-locaux"),
        ("peint", "peinture-revetement-des-murs"),
        ("vélo", "reparation-de-velos"),
    ],
)
def test_the_trade_that_the_letters_begin_comes_first(
    service: SuggestService, typed: str, sector: str
) -> None:
    """Before trades that a longer name of theirs happens to begin with ("peinture au sol": car
    parks).
    """
    assert (first(service, typed).type, first(service, typed).value) == ("sector", sector)


def test_french_is_suggested_to_who_reads_french(service: SuggestService) -> None:
    assert first(service, "cler").type == "place"  # not "clerical work"
    assert first(service, "cleri", lang="en").type == "sector"


def test_a_short_name_is_the_town_that_a_phrase_means(service: SuggestService) -> None:
    assert first(service, "clermont", types=("place",)).value == "commune:63113"
