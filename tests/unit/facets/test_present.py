from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.engine.port import Coverage, Filters, National, SearchRequest
from discovery.mappings import load_mappings
from discovery.mappings.vocabulary import Vocabulary
from discovery.places import Gazetteer
from discovery.search.answer import BY_NAME, Names, present


def names(vocabulary: Vocabulary, gazetteer: Gazetteer) -> Names:
    return Names(vocabulary, gazetteer)


def shown(
    name: str,
    counts: dict[str, int],
    vocabulary: Vocabulary,
    gazetteer: Gazetteer,
    lang: str = "fr",
    **filters: object,
) -> list[tuple[str, int, bool]]:
    request = SearchRequest(filters=Filters(**filters))  # type: ignore[arg-type]
    values = present({name: counts}, request, names(vocabulary, gazetteer), lang)[name]
    return [(one["value"], one["count"], one["selected"]) for one in values]


def test_most_frequent_first_then_by_label(vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    found = shown("kind", {"EI": 3, "ESAT": 9, "ACI": 3}, vocabulary, gazetteer)
    assert found == [("ESAT", 9, False), ("ACI", 3, False), ("EI", 3, False)]


def test_bands_keep_their_order(vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    counts = {"500+": 9, "1-9": 1, "50-99": 5}
    assert [value for value, _, _ in shown("employees", counts, vocabulary, gazetteer)] == [
        "1-9",
        "50-99",
        "500+",
    ]


def test_switches_show_every_position(vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    request = SearchRequest(coverage=Coverage.SERVES, national=National.ONLY)
    counts = {"coverage": {"any": 4, "serves": 4, "presumed": 3}, "national": {}}
    values = present(counts, request, names(vocabulary, gazetteer))
    assert [(one["value"], one["count"], one["selected"]) for one in values["coverage"]] == [
        ("located", 0, False),
        ("serves", 4, True),
        ("presumed", 3, False),
        ("any", 4, False),
    ]
    assert [one["value"] for one in values["national"] if one["selected"]] == ["only"]
    assert values["coverage"][0]["label"] == "Implanté sur place"


def test_a_sector_parameter_chooses_in_both_sector_facets(
    vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    chosen = ("hygiene-et-proprete", "nettoyage-de-locaux")
    sectors = shown("sector", {}, vocabulary, gazetteer, sector=chosen)
    groups = shown("sector_group", {}, vocabulary, gazetteer, sector=chosen)
    assert sectors == [("nettoyage-de-locaux", 0, True)]
    assert groups == [("hygiene-et-proprete", 0, True)]


def test_labels_come_from_their_source_and_language(
    vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    counts = {"department": {"69": 2}, "region": {"84": 2}, "kind": {"ESAT": 1}, "national": {}}
    by = names(vocabulary, gazetteer)
    french, english = (
        present(counts, SearchRequest(), by),
        present(counts, SearchRequest(), by, "en"),
    )
    assert french["department"][0]["label"] == "Rhône (69)"
    assert french["region"][0]["label"] == "Auvergne-Rhône-Alpes"
    assert (french["kind"][0]["label"], english["kind"][0]["label"]) == (
        vocabulary.kinds["ESAT"].label("fr"),
        vocabulary.kinds["ESAT"].label("en"),
    )
    assert english["national"][2]["label"] == "National suppliers only"


@settings(deadline=None)
@given(
    counts=st.dictionaries(st.sampled_from(["EI", "AI", "ACI", "ESAT", "EA"]), st.integers(1, 9)),
    chosen=st.lists(st.sampled_from(["EI", "GEIQ", "ESAT"]), unique=True),
)
def test_no_count_is_lost_or_invented(counts: dict[str, int], chosen: list[str]) -> None:
    found = shown("kind", counts, load_mappings().vocabulary, Gazetteer.load(), kind=tuple(chosen))
    assert {value: count for value, count, _ in found if count} == counts
    assert {value for value, _, selected in found if selected} == set(chosen)


def test_a_list_is_named_once_whoever_asks(vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    """Labels are looked up when a facet is first shown, not for each answer; each language has its
    own.
    """
    by, facet = Names(vocabulary, gazetteer), BY_NAME["department"]
    french, english = (by.listed(facet, lang) for lang in ("fr", "en"))
    assert by.listed(facet, "fr") is french, "nothing is named twice"
    assert by.listed(facet, "en") is english is not french


def test_what_no_list_holds_is_its_own_name(vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    by = names(vocabulary, gazetteer)
    for facet in ("kind", "department", "region", "network"):
        [value] = present({facet: {"dropped": 2}}, SearchRequest(), by)[facet]
        assert (value["value"], value["label"], value["count"]) == ("dropped", "dropped", 2)
