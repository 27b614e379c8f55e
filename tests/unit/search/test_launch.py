"""What is open: how the setting is read, what it is refused for, and what it covers."""

import pytest

from discovery.engine.port import Filters, Point
from discovery.mappings import SettingsError
from discovery.mappings.vocabulary import Vocabulary
from discovery.places import Gazetteer, Place
from discovery.search.interpret import Interpretation
from discovery.search.launch import EVERYTHING, LaunchScope, read
from discovery.search.plan import scope_notices
from discovery.search.query import Query, check
from discovery.search.where import GeoQuery

CLEANING = "hygiene-et-proprete"


@pytest.fixture
def cleaning(vocabulary: Vocabulary, gazetteer: Gazetteer) -> LaunchScope:
    """How the product began."""
    return read(f"region=84,93,76 sector={CLEANING}", vocabulary, gazetteer)


def test_without_a_setting_all_is_open(vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    for text in ("", "  \n"):
        assert read(text, vocabulary, gazetteer) is EVERYTHING
    assert not EVERYTHING.named
    assert EVERYTHING.filters == ()
    assert EVERYTHING.holds({"id": "x"})
    assert EVERYTHING.opens("region", "84")
    assert EVERYTHING.narrowed(vocabulary) == vocabulary


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        (
            f"region=84,93,76 sector={CLEANING}",
            Filters(region=("84", "93", "76"), sector=(CLEANING,)),
        ),
        (f"sector={CLEANING}&region=84", Filters(region=("84",), sector=(CLEANING,))),
        ("region=84\nregion=93, region=84", Filters(region=("84", "93"))),
        ("department=69,2a", Filters(department=("69", "2A"))),
        (
            "region=11 department=2B",
            Filters(department=("75", "77", "78", "91", "92", "93", "94", "95", "2B")),
        ),
        ("sector=Blanchisserie", Filters(sector=("blanchisserie",))),
    ],
)
def test_the_setting_is_written_like_parameters(
    text: str, filters: Filters, vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    """Regions and departments add up."""
    scope = read(text, vocabulary, gazetteer)
    assert scope.filters == (filters,)
    assert read(str(scope), vocabulary, gazetteer) == scope


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Bretagne", ["“Bretagne” is none of region=…, department=…, sector=…"]),
        ("region=Bretagne", ["region=Bretagne does not exist", "53 (Bretagne)"]),
        ("department=75,100", ["department=100 does not exist"]),
        (
            "sector=hygiene-proprete",
            ["sector=hygiene-proprete does not exist", f"{CLEANING} (Hygiène et propreté)"],
        ),
        ("region=", ["region= names nothing"]),
        ("kind=ESAT", ["“kind=ESAT” is none of"]),
        ("region=84 department=69", ["department=69 (Rhône) lies in region=84"]),
        ("region=99 sector=x", ["region=99 does not exist", "sector=x does not exist"]),
    ],
)
def test_what_can_not_be_meant_is_refused_whole(
    text: str, told: list[str], vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    """Never a part of it, which would open less, or more, than was written."""
    with pytest.raises(SettingsError) as raised:
        read(text, vocabulary, gazetteer)
    assert all(line.startswith("DISCOVERY_SCOPE: ") for line in str(raised.value).splitlines())
    for part in told:
        assert part in str(raised.value)


@pytest.mark.parametrize(
    ("text", "french", "english"),
    [
        (f"sector={CLEANING} region=84", "Hygiène et propreté · Auvergne-Rhône-Alpes",
         "Hygiene and cleaning · Auvergne-Rhône-Alpes"),
        ("region=53 department=44", "Bretagne, Loire-Atlantique (44)", "Bretagne, Loire-Atlantique (44)"),
        (f"sector={CLEANING},nettoyage-de-locaux,blanchisserie", "Hygiène et propreté, Blanchisserie",
         "Hygiene and cleaning, Laundry"),
    ],
)  # fmt: skip
def test_the_label_is_made_of_names(
    text: str, french: str, english: str, vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    scope = read(text, vocabulary, gazetteer)
    assert (scope.label("fr"), scope.label("en")) == (french, english)


def test_what_holds_or_is_held_by_something_open_is_open(
    cleaning: LaunchScope, vocabulary: Vocabulary
) -> None:
    assert cleaning.opens("region", "84")
    assert not cleaning.opens("region", "11")
    assert cleaning.opens("department", "13")
    assert not cleaning.opens("department", "75")
    assert cleaning.opens("sector", "nettoyage-de-locaux")
    assert not cleaning.opens("sector", "traiteur")
    assert cleaning.opens("kind", "ESAT")
    opened = cleaning.narrowed(vocabulary)
    assert list(opened.sector_groups) == [CLEANING]
    assert {one.group for one in opened.sectors.values()} == {CLEANING}
    assert opened.kinds == vocabulary.kinds


def test_parts_of_regions_and_groups_are_open_too(
    vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    scope = read("department=69 sector=nettoyage-de-locaux", vocabulary, gazetteer)
    assert scope.opens("region", "84")
    assert scope.opens("sector", CLEANING)
    assert not scope.opens("department", "38")
    assert not scope.opens("sector", "nettoyage-de-vehicules")


@pytest.mark.parametrize(
    ("place", "open_"),
    [
        (Place("commune", "69383"), True),  # Lyon 3e
        (Place("commune", "75056"), False),
        (Place("postcode", "13001"), True),
        (Place("postcode", "59000"), False),
        (Place("department", "31"), True),
        (Place("region", "11"), False),
        (Place("country"), True),
    ],
)
def test_places(place: Place, open_: bool, cleaning: LaunchScope, gazetteer: Gazetteer) -> None:
    assert cleaning.covers(place, gazetteer) is open_


def test_a_supplier_is_in_by_its_seat_and_its_trade(cleaning: LaunchScope) -> None:
    cleans = {"sector": "nettoyage-de-locaux", "sector_group": CLEANING}
    cooks = {"sector": "traiteur", "sector_group": "agro-alimentaire"}
    assert cleaning.holds({"region": "84", "activities": [cooks, cleans]})
    assert not cleaning.holds({"region": "84", "activities": [cooks]})
    assert not cleaning.holds({"region": "11", "activities": [cleans]})
    assert not cleaning.holds({"activities": [cleans]})
    assert not cleaning.holds({"region": "84"})


def test_a_closed_value_is_a_problem_of_its_own(
    cleaning: LaunchScope, vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    query = Query(
        region=("11", "84"), sector=("traiteur",), department=("nowhere",), kind=("ESAT",)
    )
    _, problems = check(query, vocabulary, gazetteer, (), cleaning)
    assert {(one.parameter, one.value, one.code) for one in problems} == {
        ("region", "11", "out_of_scope"),
        ("sector", "traiteur", "out_of_scope"),
        ("department", "nowhere", "unknown_value"),
    }
    closed = next(one for one in problems if one.parameter == "region")
    assert closed.args == {"label": "Île-de-France", "scope": cleaning.label("fr")}
    assert set(closed.choices) <= {"84", "93", "76"}
    [unknown] = check(query, vocabulary, gazetteer, ())[1]
    near = {one.parameter: one.choices for one in problems}["department"]
    assert set(near) < set(unknown.choices)  # nothing closed is proposed


def _told(
    scope: LaunchScope, reading: Interpretation, vocabulary: Vocabulary, gazetteer: Gazetteer
) -> list[tuple[str, str]]:
    return [
        (one.code, str(one.args["label"]))
        for one in scope_notices(scope, reading, vocabulary, gazetteer, "fr")
    ]


@pytest.mark.parametrize(
    ("asked", "sectors", "told"),
    [
        (GeoQuery(), (), []),
        (GeoQuery(places=(Place("commune", "69123"), Place("country"))), ("nettoyage-de-locaux",), []),
        (
            GeoQuery(places=(Place("region", "11"), Place("region", "84"))),
            (),
            [("place_out_of_scope", "Île-de-France")],
        ),
        (GeoQuery(centre=Place("commune", "59350")), (), [("place_out_of_scope", "Lille (59)")]),
        (GeoQuery(centre=Point(50.636, 3.063)), (), [("place_out_of_scope", "Nord (59)")]),
        (GeoQuery(centre=Point(0.0, 0.0)), (), []),  # at sea
        (GeoQuery(), ("traiteur",), [("sector_out_of_scope", "Traiteur")]),
        (GeoQuery(), ("traiteur", "nettoyage-de-locaux"), []),
    ],
)  # fmt: skip
def test_what_is_asked_beyond_is_told(
    asked: GeoQuery,
    sectors: tuple[str, ...],
    told: list[tuple[str, str]],
    cleaning: LaunchScope,
    vocabulary: Vocabulary,
    gazetteer: Gazetteer,
) -> None:
    reading = Interpretation("", Filters(), asked, (), (), sectors)
    assert _told(cleaning, reading, vocabulary, gazetteer) == told
    assert _told(EVERYTHING, reading, vocabulary, gazetteer) == []
