"""The pure parts of pages: addresses, phrases without pieces, numbers, files, rendering."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.answers.links import ENCODED
from discovery.context import Services
from discovery.pages.frame import responding
from discovery.pages.frame.urls import PageUrls
from discovery.pages.results.chips import without
from discovery.pages.results.page import shortened
from discovery.search.interpret import is_offered
from discovery.search.query import ORDER, Query
from discovery.texts import translator

# Addresses

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
names = st.sampled_from(["q", "kind", "sector", "near", "place", "literal", "lang"])
pairs = st.lists(st.tuples(names, texts), max_size=6)


def read(address: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(address).query, keep_blank_values=True, separator="&")


def ordered(given_pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """As the API's links have them; values of one parameter in the order in which they came."""
    return sorted(given_pairs, key=lambda pair: ORDER.index(pair[0]))


@given(pairs)
def test_an_address_reads_back_as_its_parameters(given_pairs: list[tuple[str, str]]) -> None:
    assert read(PageUrls(given_pairs).address(given_pairs)) == given_pairs


@given(pairs, names, texts)
def test_before_lacks_nothing_but_the_value(
    given_pairs: list[tuple[str, str]], name: str, value: str
) -> None:
    urls = PageUrls(given_pairs)
    assert ordered(read(urls.before(name, {}) + value.translate(ENCODED))) == read(
        urls.set(**{name: value})
    )


def test_one_search_has_one_address_however_it_was_come_to() -> None:
    urls = PageUrls([("q", "bois")])
    one = PageUrls(read(urls.set(near="Lyon"))).set(kind="EI")
    other = PageUrls(read(urls.set(kind="EI"))).set(near="Lyon")
    assert one == other == "/?q=bois&kind=EI&near=Lyon"


def test_any_change_goes_back_to_the_first_page() -> None:
    urls = PageUrls([("q", "bois"), ("page", "7")])
    assert urls.set(kind="EI") == "/?q=bois&kind=EI"
    assert urls.page(8) == "/?q=bois&page=8"
    assert urls.page(1) == "/?q=bois"
    assert urls.keep(lang="en") == "/?q=bois&page=7&lang=en"


def test_lists_are_joined_but_where_values_may_hold_commas() -> None:
    urls = PageUrls([], "/annuaire/")
    assert urls.set(kind=("ESAT", "EI")) == "/annuaire/?kind=ESAT,EI"
    assert (
        urls.set(place=("Lyon, Rhône", "country"))
        == "/annuaire/?place=Lyon,+Rh%C3%B4ne&place=country"
    )
    assert urls.set(radius=30.0, interpret=False) == "/annuaire/?interpret=false&radius=30"
    assert urls.set() == "/annuaire/"


# Phrases

PHRASE = "nettoyage à 30 km de Lyon, ESAT ou EI"


@pytest.mark.parametrize(
    ("phrase", "piece", "left"),
    [
        (PHRASE, "30 km", "nettoyage Lyon, ESAT ou EI"),
        (PHRASE, "ESAT", "nettoyage à 30 km de Lyon EI"),
        (PHRASE, "EI", "nettoyage à 30 km de Lyon, ESAT"),
        ("traiteur dans le Rhône", "Rhône", "traiteur"),
        ("je cherche une menuiserie RGE", "RGE", "je cherche une menuiserie"),
    ],
)
def test_a_piece_goes_with_its_connectives(
    services: Services, phrase: str, piece: str, left: str
) -> None:
    intent = services.search.understand(Query(q=phrase))
    assert without(intent, [one for one in intent.pieces if one.text == piece]) == left


@pytest.mark.parametrize(
    "phrase", [PHRASE, "ESAT ou insertion Lyon", "IAE Alsace traiteur", "RGE toute la France bois"]
)
def test_a_phrase_without_its_pieces_has_none_and_the_same_words(
    services: Services, phrase: str
) -> None:
    intent = services.search.understand(Query(q=phrase))
    left = services.search.understand(
        Query(q=without(intent, [one for one in intent.pieces if not is_offered(one)]))
    )
    assert [one for one in left.pieces if not is_offered(one)] == []
    assert left.text.split() == intent.text.split()


# Numbers, days, extracts


@pytest.mark.parametrize(
    ("lang", "number", "km", "day"),
    [("fr", "12\u202f345", "3,2", "1er avril 2026"), ("en", "12,345", "3.2", "1 April 2026")],
)
def test_each_language_writes_its_way(lang: str, number: str, km: str, day: str) -> None:
    filters = responding.filters(lang)
    assert filters["number"](12345) == number
    assert filters["km"](3.24) == km
    assert filters["km"](12.6) == "13"
    assert filters["day"]("2026-04-01") == day
    assert filters["day"]("sometime") == "sometime"


@given(st.text(max_size=400), st.integers(5, 300))
def test_an_extract_is_a_start_of_whole_words(text: str, length: int) -> None:
    found = shortened(text, length)
    if len(text) <= length:
        assert found == text
    else:
        assert found.endswith(" …")
        assert len(found) <= length + 2
        assert text.startswith(found.removesuffix(" …"))


def test_a_missing_text_is_seen_at_once() -> None:
    with pytest.raises(KeyError):
        translator("fr")("page.missing")
