"""Questions that a person would ask of the public lists. What is expected is read from the files by
the test.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable

import pytest
from flask.testing import FlaskClient

from discovery.context import Services
from discovery.places import Gazetteer
from discovery.search.query import Query
from tests.real.conftest import Ask, Found
from tests.real.rows import Row, fold, haversine_km

pytestmark = pytest.mark.xdist_group("real")

Where = Callable[[Row], bool]


def everywhere(_: Row) -> bool:
    return True


def city(code: str) -> Where:
    return lambda row: row.commune.city == code


def department(*codes: str) -> Where:
    return lambda row: row.commune.department in codes


def region(code: str) -> Where:
    return lambda row: row.commune.region == code


def of(rows: Iterable[Row], where: Where, kinds: str = "") -> set[str]:
    return {row.id for row in rows if where(row) and (not kinds or row.kind in kinds.split())}


def holding(rows: Iterable[Row], words: str) -> list[Row]:
    """Those whose text holds each of the words, in the singular or the plural."""
    return [
        row for row in rows if all({word, f"{word}s"} & row.words for word in fold(words).split())
    ]


# Kinds in places: the answer is exactly the file's

KINDS_IN_PLACES: list[tuple[str, str, Where]] = [
    ("chantier d'insertion Guadeloupe", "ACI", department("971")), ("ETTI Marseille", "ETTI", city("13055")),
    ("ESAT Corse", "ESAT", region("94")), ("La Réunion aci", "ACI", department("974")),
    ("AI 59000", "AI", city("59350")), ("associations intermédiaires dans le Finistère", "AI", department("29")),
    ("EI ou ACI, Grenoble", "EI ACI", city("38185")),
    ("entreprises d'insertion en Seine-Saint-Denis", "EI", department("93")),
    ("esat 31, 32 et 81", "ESAT", department("31", "32", "81")), ("ESAT Paris 12e", "ESAT", city("75056")),
    ("GEIQ Hauts-de-France", "GEIQ", region("32")), ("ESAT or GEIQ in Brittany", "ESAT GEIQ", region("53")),
    ("IAE en Mayotte", "EI AI ACI ETTI EITI", department("976")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("phrase", "kinds", "where"), KINDS_IN_PLACES, ids=[one[0] for one in KINDS_IN_PLACES]
)
def test_kinds_in_a_place(phrase: str, kinds: str, where: Where, ask: Ask, rows: list[Row]) -> None:
    expected = of(rows, where, kinds)
    assert ask(phrase, presumed="exclude").ids == expected


def test_an_arrondissement_means_its_city_from_there(ask: Ask, rows: list[Row]) -> None:
    """Arrondissements belong to their city; those seated in the one that was named come first."""
    there = {row.id for row in rows if row.commune.code == "75112" and row.kind == "ESAT"}
    assert there
    assert {hit["id"] for hit in ask("ESAT Paris 12e").hits[: len(there)]} == there


def test_esat_around_lyon_come_nearest_first(ask: Ask, rows: list[Row], places: Gazetteer) -> None:
    """'ESAT à 30 km de Lyon': all of them, none else, each with the distance that its row gives."""
    lyon = places.by_name("Lyon")[0].point
    assert lyon is not None
    far = {
        row.id: haversine_km(row.point, lyon)
        for row in rows
        if row.kind == "ESAT" and row.point is not None
    }
    answer = ask("ESAT à 30 km de Lyon")
    assert answer.ids == {id_ for id_, km in far.items() if km <= 30} | of(
        rows, city("69123"), "ESAT"
    )
    assert answer.total > 20
    for hit in answer.hits:
        assert hit["distance_km"] == pytest.approx(far[hit["id"]], abs=0.051)
        assert hit["coverage"] == "located"
        assert any("Lyon" in reason for reason in hit["why"])
    distances = [far[hit["id"]] for hit in answer.hits]
    assert distances == sorted(distances)


# Words in places: everyone whose row holds the words is there, nobody outside is

WORDS_IN_PLACES: list[tuple[str, str, str, Where]] = [
    ("envie Strasbourg", "envie", "", city("67482")), ("emmaüs Paris", "emmaus", "", city("75056")),
    ("relais 62", "relais", "", department("62")), ("GEIQ BTP Bretagne", "btp", "GEIQ", region("53")),
    ("propreté Marseille", "proprete", "", city("13055")),
    ("recyclage dans le Nord", "recyclage", "", department("59")),
    ("ressourcerie en Île-de-France", "ressourcerie", "", region("11")), ("apf ESAT", "apf", "ESAT", everywhere),
    ("jardin solidaire", "jardin solidaire", "", everywhere), ("régie de quartier", "regie quartier", "", everywhere),
    ("blanchisserie", "blanchisserie", "", everywhere), ("traiteur Île-de-France", "traiteur", "", region("11")),
    ("restaurants à Paris", "restaurant", "", city("75056")), ("espaces verts ESAT", "espace vert", "ESAT", everywhere),
]  # fmt: skip


@pytest.mark.parametrize(
    ("phrase", "words", "kinds", "where"), WORDS_IN_PLACES, ids=[one[0] for one in WORDS_IN_PLACES]
)
def test_words_in_a_place(
    phrase: str, words: str, kinds: str, where: Where, ask: Ask, rows: list[Row]
) -> None:
    answer = ask(phrase, presumed="exclude")
    allowed = of(rows, where, kinds)
    assert answer.total
    assert of(holding(rows, words), where, kinds) <= answer.ids <= allowed


def test_envie_in_strasbourg_is_just_that(ask: Ask, rows: list[Row]) -> None:
    """A name, not a trade: nothing else means it."""
    expected = of(holding(rows, "envie"), city("67482"))
    assert ask("envie Strasbourg").ids == ask("Strasbourg ENVIE").ids == expected
    assert len(expected) > 1


@pytest.mark.parametrize(
    ("word", "place"), [("régie de quartier", "Lille"), ("blanchisserie", "Nantes")]
)
def test_little_in_a_place_shows_true_ways_out(
    word: str, place: str, ask: Ask, rows: list[Row]
) -> None:
    """Few or none in the commune itself: the answer leads to those around, and keeps its promises
    to the unit.
    """
    code = {"Lille": "59350", "Nantes": "44109"}[place]
    answer = ask(f"{word} {place}", presumed="exclude")
    assert (
        of(holding(rows, word.replace(" de ", " ")), city(code))
        <= answer.ids
        <= of(rows, city(code))
    )
    assert answer.total < 3
    assert answer.body["suggestions"]
    for way_out in answer.body["suggestions"]:
        asked = {"q": f"{word} {place}", "presumed": "exclude", **way_out["change"]}
        followed = ask(**{name: value for name, value in asked.items() if value is not None})
        assert followed.total == way_out["count"] > answer.total, way_out["label"]
        assert answer.ids <= followed.ids


def test_a_radius_around_words_keeps_to_it(ask: Ask, rows: list[Row], places: Gazetteer) -> None:
    rennes = places.by_name("Rennes")[0]
    assert rennes.point is not None
    near = {
        row.id
        for row in rows
        if row.point is not None and haversine_km(row.point, rennes.point) <= 50
    }
    answer = ask("ressourcerie à 50 km de Rennes")
    assert answer.ids
    assert answer.ids <= near | of(rows, city(rennes.code))
    assert answer.ids == ask("ressourcerie", place="Rennes", radius=50).ids


# However it is written

SAME = [
    ("emmaüs", "EMMAUS"),
    ("régie de quartier", "Régies de quartiers"),
    ("esat bretagne", "Bretagne, E.S.A.T."),
    ("chantier d'insertion Guadeloupe", "Guadeloupe : chantiers d’insertion"),
    ("ESAT à 30 km de Lyon", "ESAT within 30 km of Lyon"),
    ("ETTI Marseille", "entreprise de travail temporaire d'insertion à Marseille"),
    ("AI 59", "association intermédiaire dans le Nord"),
]


@pytest.mark.parametrize(("one", "other"), SAME, ids=[one for one, _ in SAME])
def test_the_same_question_written_otherwise(one: str, other: str, ask: Ask) -> None:
    first, second = ask(one), ask(other)
    assert first.ids
    assert first.ids == second.ids


def test_a_question_in_english_finds_the_same_trade(ask: Ask) -> None:
    """Not the same words: those of a name are French. Most of each answer is in both."""
    french, english = ask("blanchisserie").ids, ask("laundry", lang="en").ids
    assert len(french & english) > 0.8 * max(len(french), len(english))


@pytest.mark.parametrize(
    ("typed", "meant"), [("blanchiserie", "blanchisserie"), ("restaurnat", "restaurant")]
)
def test_a_misspelt_trade_finds_the_trade(typed: str, meant: str, ask: Ask) -> None:
    answer = ask(typed)
    assert answer.body["query"]["relaxed"]
    assert answer.body["query"]["did_you_mean"] == meant
    assert ask(meant).ids <= answer.ids


# Facets and browsing


@pytest.mark.parametrize("facet", ["kind", "department", "region"])
def test_facets_count_the_file(facet: str, client: FlaskClient, rows: list[Row]) -> None:
    told: dict[str, Callable[[Row], str]] = {
        "kind": lambda row: row.kind,
        "department": lambda row: row.commune.department,
        "region": lambda row: row.commune.region,
    }
    body = client.get("/api/v1/search", query_string={"facets": facet}).json
    assert body is not None
    assert body["total"]["value"] == len(rows)
    counted = Counter(told[facet](row) for row in rows)
    assert {one["value"]: one["count"] for one in body["facets"][facet]} == dict(counted)


# Known companies


def test_a_siret_finds_its_company(ask: Ask, rows: list[Row]) -> None:
    draw = random.Random(7)
    for row in draw.sample([row for row in rows if len(row.siret) == 14], 40):
        spaced = f"{row.siret[:3]} {row.siret[3:6]} {row.siret[6:9]} {row.siret[9:]}"
        same = {other.id for other in rows if other.siret == row.siret}
        assert ask(row.siret).ids == ask(spaced).ids == same
        company = {other.id for other in rows if other.siret.startswith(row.siret[:9])}
        assert ask(row.siret[:9]).ids == company


NAMES = 150
FIRST_AS_WORDS = 0.97
"""Names searched as they are: the exceptions are names whose words another company holds more
densely.
"""
FIRST_AS_A_PHRASE = 0.90
"""Names understood as phrases: some hold a place, a kind or a trade, and are read so."""


@pytest.fixture(scope="session")
def names(rows: list[Row]) -> list[Row]:
    """Companies whose shown name is theirs alone."""
    counted = Counter(fold(row.name) for row in rows)
    return random.Random(11).sample([row for row in rows if counted[fold(row.name)] == 1], NAMES)


def first(services: Services, rows: list[Row], *, interpret: bool) -> tuple[float, list[str]]:
    """The share of companies among the first three answers to their own name, and the names that
    fail.
    """
    missed = []
    for row in rows:
        asked = Query(
            q=row.name[:300], interpret=interpret, per_page=3, without=("rotation",)
        )  # namesakes by no day
        page = services.search.search(asked).page
        if row.id not in [hit.id for hit in page.hits]:
            missed.append(row.name)
    return 1 - len(missed) / len(rows), missed


def test_a_company_is_found_by_its_name_as_words(services: Services, names: list[Row]) -> None:
    share, missed = first(services, names, interpret=False)
    assert share >= FIRST_AS_WORDS, missed


def test_a_company_is_found_by_its_name_as_a_phrase(services: Services, names: list[Row]) -> None:
    share, missed = first(services, names, interpret=True)
    assert share >= FIRST_AS_A_PHRASE, missed


def test_paging_shows_each_supplier_once(ask: Ask, rows: list[Row]) -> None:
    """The fixture turns every page, and fails when a supplier comes twice."""
    answer: Found = ask("", kind="ACI")
    assert answer.ids == of(rows, everywhere, "ACI")
