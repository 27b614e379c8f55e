"""The search page without JavaScript: what it shows, and what each click leads to."""

import re
from urllib.parse import urlsplit

import pytest
from flask import Flask

from discovery.texts import t
from tests.pages.reading import Element, Page, Reader, parameters

EXAMPLE = "nettoyage à 30 km de Lyon, ESAT ou EI"


def api_total(app: Flask, address: str) -> int:
    """The total of the same parameters asked of the API."""
    body = app.test_client().get("/api/v1/search?" + urlsplit(address).query).get_json()
    return int(body["total"]["value"])


def current(link: Element) -> bool:
    return link.attributes.get("aria-current") == "true"


def test_the_example_shows_what_was_understood_and_why(reader: Reader) -> None:
    page = reader.search(EXAMPLE)
    assert list(page.chips("understood")) == ["à 30 km", "Lyon (69)", "ESAT", "EI"]
    assert page.names[0] == "Mains Claires"
    card = page.root.first("li", class_="card")
    assert card.first("p", class_="where").text == "Lyon (69) à Lyon"
    assert "propose : Nettoyage de locaux" in card.first("ul", class_="why").text
    assert card.first("mark").text == "Nettoyage"
    assert card.first("button", class_="kind").text.startswith("ESAT ")
    tags = card.first("ul", class_="tags").every("li")
    assert "matched" in tags[0].attributes.get("class", "")
    assert [one.text for one in tags if one.attributes.get("class") == "trust"] == [
        "RGE",
        "ISO 9001",
    ]


@pytest.mark.parametrize(
    ("kind", "lends"), [("GEIQ", True), ("AI", True), ("ESAT", False), ("ACI", False)]
)
def test_a_card_says_that_its_kind_lends_people(reader: Reader, kind: str, lends: bool) -> None:
    cards = reader.search("", kind=kind).root.every("li", class_="card")
    told = {t("supplier.lends", "fr") in card.first("p", class_="where").text for card in cards}
    assert told == {lends}


def test_the_form_shows_what_the_phrase_says(reader: Reader) -> None:
    page = reader.search(EXAMPLE)
    form = page.root.first("form")
    assert form.first("input", id="q").attributes["value"] == EXAMPLE
    assert form.first("input", id="near").attributes["placeholder"] == "Lyon (69)"
    assert form.first("option", value="").text == "30 km (d'après votre phrase)"


def test_what_was_not_understood_leads_to_the_nearest_phrase(reader: Reader) -> None:
    page = reader.search("nettoyage Bergerak vitres")
    warning = next(
        one for one in page.root.every("p", class_="warning") if "Non compris" in one.text
    )
    (link,) = warning.every("a")
    assert link.text == "nettoyage Bergerac vitres"
    assert parameters(link.attributes["href"])["q"] == ["nettoyage Bergerac vitres"]


@pytest.mark.parametrize("chip", ["à 30 km", "Lyon (69)", "ESAT", "EI"])
def test_removing_a_chip_drops_the_piece_and_never_empties_the_answer(
    reader: Reader, chip: str
) -> None:
    before = reader.search(EXAMPLE)
    after = reader.open(before.chips("understood")[chip])
    assert chip not in after.chips("understood")
    assert after.status == 200
    # Dropping one of two kinds narrows; dropping a place or a distance does not.
    assert after.total > 0


def test_without_its_place_a_distance_goes_too(reader: Reader) -> None:
    page = reader.search(EXAMPLE)
    after = reader.open(page.chips("understood")["Lyon (69)"])
    assert list(after.chips("understood")) == ["ESAT", "EI"]
    assert after.root.first("input", id="q").attributes["value"] == "nettoyage ESAT ou EI"


def test_a_piece_can_be_searched_as_a_word(reader: Reader) -> None:
    page = reader.search("menuiserie Lyon")
    address = page.link("Chercher « Lyon » comme un simple mot")
    assert parameters(address)["literal"] == ["Lyon"]
    after = reader.open(address)
    assert after.chips("understood") == {}
    assert list(after.chips("active")) == ["« Lyon » comme mot"]
    assert list(reader.open(after.chips("active")["« Lyon » comme mot"]).chips("understood")) == [
        "Lyon (69)"
    ]


def test_the_whole_phrase_can_be_searched_as_it_is(reader: Reader) -> None:
    after = reader.open(reader.search(EXAMPLE).link("Chercher la phrase telle quelle"))
    assert after.chips("understood") == {}
    assert list(after.chips("active")) == ["Phrase cherchée telle quelle"]


def test_namesakes_are_offered_and_keep_the_rest_of_the_phrase(reader: Reader) -> None:
    page = reader.search("nettoyage à 20 km de Saint-Denis")
    assert "Saint-Denis (93)" in page.chips("understood")
    assert page.names
    assert all(
        "Saint-Denis (93)" in one.text or "Paris (75)" in one.text
        for one in page.root.every(class_="where")
    )
    after = reader.open(page.link("Saint-Denis (974)"))
    assert "Saint-Denis (974)" in after.chips("active")
    assert list(after.chips("understood")) == ["à 20 km"]
    assert all("(974)" in one.text for one in after.root.every(class_="where"))


def test_offers_have_their_count(reader: Reader) -> None:
    page = reader.search("blanchisserie")
    link = page.root.first("ul", aria_labelledby="offers").first("a")
    label, count = link.text.rsplit(" ", 1)
    after = reader.open(link.attributes["href"])
    assert label == "Blanchisserie"
    assert after.total == int(count)
    assert list(after.chips("active")) == ["Blanchisserie"]


def test_an_offer_keeps_the_circle_it_was_counted_in(reader: Reader) -> None:
    """A circle that is chosen for people depends on how many answer: with a filter it might be
    another.
    """
    page = reader.search("blanchisserie près de Lyon")
    link = page.root.first("ul", aria_labelledby="offers").first("a")
    assert "radius=" in link.attributes["href"]
    assert reader.open(link.attributes["href"]).total == int(link.text.rsplit(" ", 1)[1])


def counted(text: str) -> int:
    """ "Sans « ESAT » (2)" → 2."""
    told = re.search(r"\((\d+)\)$", text)
    assert told, text
    return int(told[1])


def test_suggestions_find_what_they_say(reader: Reader) -> None:
    page = reader.search("traiteur", near="Lyon", radius="5", kind="ESAT")
    links = page.root.first("ul", aria_labelledby="wider").every("a")
    assert links
    for link in links:
        assert reader.open(link.attributes["href"]).total == counted(link.text) > page.total


def test_nothing_found_says_what_to_do(reader: Reader) -> None:
    page = reader.search("zzyzx", department="69")
    assert page.heading == t("search.unrecognised", "fr")
    assert t("search.empty", "fr") in page.root.first(id="results").text
    assert list(page.chips("active")) == ["Rhône (69)"]


def test_warnings_are_shown(reader: Reader) -> None:
    page = reader.search("nettoyage dans le Rhône rayon 20 km", colour="blue")
    warnings = [one.text for one in page.root.every("p", class_="warning")]
    assert any("« colour »" in one for one in warnings)
    assert any("20 km est ignoré" in one for one in warnings)


def test_a_typed_name_of_several_places_offers_the_others(reader: Reader) -> None:
    page = reader.search("nettoyage", near="Saint-Denis")
    address = page.root.first("p", class_="warning").first("a").attributes["href"]
    after = reader.open(address)
    assert after.root.first("input", id="near").attributes["value"].startswith("Saint-Denis (")
    assert reader.send(after).total == after.total


# Facets


def test_choosing_a_value_gives_its_count(reader: Reader) -> None:
    """Every link of every facet, where nothing of that facet is chosen yet."""
    page = reader.search("nettoyage", near="Lyon", radius="100")
    followed = 0
    for name in ("sector_group", "sector", "kind_group", "kind", "service_type", "region", "department",
                 "certification", "network", "employees", "territory", "coverage", "national"):  # fmt: skip
        for value, link in page.facet(name).items():
            after = reader.open(link.attributes["href"])
            assert after.total == int(link.first("b").text), (name, value)
            assert current(after.facet(name)[value]), (name, value)
            followed += 1
    assert followed > 30


def test_values_add_up_and_can_be_dropped(reader: Reader, app: Flask) -> None:
    page = reader.open(reader.search("nettoyage").facet("kind")["ESAT"].attributes["href"])
    both = reader.open(page.facet("kind")["EI"].attributes["href"])
    assert list(both.chips("active")) == ["ESAT", "EI"]
    assert both.total == api_total(app, "/?q=nettoyage&kind=ESAT,EI")
    one = reader.open(both.facet("kind")["ESAT"].attributes["href"])
    assert list(one.chips("active")) == ["EI"]


@pytest.mark.parametrize(
    "phrase", ["nettoyage ESAT", "nettoyage ESAT ou EI", "ESAT ou insertion Lyon", "IAE Lyon"]
)
def test_dropping_every_chosen_kind_drops_them_from_the_phrase_too(
    reader: Reader, phrase: str
) -> None:
    page = reader.search(phrase)
    for _ in range(20):
        chosen = [
            link
            for name in ("kind", "kind_group")
            for link in page.facet(name).values()
            if current(link)
        ]
        if not chosen:
            break
        page = reader.open(chosen[0].attributes["href"])
    assert not chosen
    assert page.total > reader.search(phrase).total


@pytest.mark.parametrize(
    "phrase", ["ESAT ou insertion Lyon", "insertion Lyon", "IAE Lyon", "ESAT Lyon"]
)
def test_adding_a_kind_to_a_phrase_keeps_those_it_names(reader: Reader, phrase: str) -> None:
    page = reader.search(phrase)
    chosen = {value for value, link in page.facet("kind").items() if current(link)}
    value, link = next(one for one in page.facet("kind").items() if not current(one[1]))
    after = reader.open(link.attributes["href"])
    assert {name for name, one in after.facet("kind").items() if current(one)} == chosen | {value}


def test_dropping_a_filter_does_not_bring_back_the_words_it_replaced(reader: Reader) -> None:
    page = reader.search(
        "nettoyage ESAT près de Lyon toute la France", kind="EI", place="Paris", national="exclude"
    )
    for label in list(page.chips("active")):
        page = reader.open(page.chips("active")[label])
    assert page.chips("active") == {}
    assert list(page.chips("understood")) in ([], ["près de Lyon (69)"])


def test_presence_is_asked_only_where_there_is_a_place(reader: Reader) -> None:
    assert reader.search("nettoyage").facet("coverage") == {}
    assert (
        reader.search("nettoyage", near="Lyon", radius="none").facet("coverage") == {}
    )  # a focus bounds nothing
    assert list(reader.search("nettoyage Lyon").facet("coverage")) == [
        "located",
        "serves",
        "presumed",
        "any",
    ]


def test_a_switch_back_to_what_holds_anyway_leaves_the_address(reader: Reader) -> None:
    page = reader.search("nettoyage à 30 km de Lyon")
    serves = page.facet("coverage")["serves"].attributes["href"]
    assert parameters(serves)["coverage"] == ["serves"]
    assert "coverage" not in parameters(
        reader.open(serves).facet("coverage")["located"].attributes["href"]
    )


def branch(page: Page, group: str) -> Element:
    return page.root.first("details", id=f"in-sector_group-{group}")


def sectors(page: Page, group: str) -> list[str]:
    return [
        link.attributes["id"].removeprefix("sector-") for link in branch(page, group).every("a")
    ]


def test_sectors_stand_within_their_group_open_where_something_is_chosen(reader: Reader) -> None:
    page = reader.search("")
    assert set(sectors(page, "hygiene-et-proprete")) == {
        "nettoyage-de-locaux",
        "nettoyage-de-vehicules",
    }
    assert "open" not in branch(page, "hygiene-et-proprete").attributes
    for address in (
        page.facet("sector_group")["hygiene-et-proprete"].attributes["href"],
        page.facet("sector")["nettoyage-de-vehicules"].attributes["href"],
    ):
        after = reader.open(address)
        assert "open" in branch(after, "hygiene-et-proprete").attributes
        assert next(iter(after.facet("sector_group"))) == "hygiene-et-proprete"  # on top
    assert sectors(after, "hygiene-et-proprete")[0] == "nettoyage-de-vehicules"


def test_a_sector_of_a_chosen_group_narrows_and_the_group_widens_again(reader: Reader) -> None:
    group, sector = "hygiene-et-proprete", "nettoyage-de-vehicules"
    whole = reader.search("", sector=f"{group},blanchisserie")
    narrowed = reader.open(whole.facet("sector")[sector].attributes["href"])
    assert list(narrowed.chips("active")) == ["Blanchisserie", "Nettoyage de véhicules"]
    assert narrowed.total < whole.total
    again = reader.open(narrowed.facet("sector_group")[group].attributes["href"])
    assert set(again.chips("active")) == set(whole.chips("active"))
    assert again.total == whole.total


def test_chosen_values_are_on_top_and_never_folded_away(reader: Reader) -> None:
    page = reader.search("", department="974")
    shown = page.root.first("details", id="fold-department")
    folded = [link for details in shown.every("details") for link in details.every("a")]
    assert page.facet("department")["974"] not in folded
    assert next(iter(page.facet("department"))) == "974"
    assert shown.first("summary").text == "Département 1"


@pytest.mark.parametrize(("given", "opened"), [({}, False), ({"network": "coorace"}, True)])
def test_what_few_filter_by_is_folded_until_it_is_used(
    reader: Reader, given: dict[str, str], opened: bool
) -> None:
    page = reader.search("", **given)
    assert ("open" in page.root.first("details", id="fold-network").attributes) == opened
    assert "open" in page.root.first("details", id="fold-kind").attributes


def test_long_lists_have_a_box_that_waits_for_a_script(reader: Reader) -> None:
    page = reader.search("")
    boxes = page.root.every("p", class_="find")
    assert {one.first("input").attributes["id"] for one in boxes} >= {
        "find-sector",
        "find-department",
    }
    assert all("hidden" in one.attributes for one in boxes)
    assert not page.root.first("details", id="fold-kind_group").every("p", class_="find")


def test_switches_say_in_plain_words_what_they_do(reader: Reader) -> None:
    page = reader.search("nettoyage Lyon")
    said = [link.first("span").text for link in page.facet("coverage").values()]
    assert said == ["Sur place", "Se déplacent ici, déclaré ou probable", "À vérifier", "Tous"]
    assert [link.first("span").text for link in page.facet("national").values()] == [
        "Inclure",
        "Exclure",
        "Uniquement",
    ]


def test_clear_all_keeps_words_and_language_only(reader: Reader) -> None:
    page = reader.search("cleaning", kind="ESAT", near="Lyon", radius="20", sort="name", lang="en")
    assert parameters(page.link("Clear all")) == {"q": ["cleaning"], "lang": ["en"]}


# Paging and order


def test_pages_follow_one_another_without_repeats(reader: Reader) -> None:
    page, seen = reader.search("", sort="name"), []
    while True:
        seen += page.names
        following = page.root.every("a", rel="next")
        if not following:
            break
        page = reader.open(following[0].attributes["href"])
    assert len(seen) == len(set(seen)) == page.total
    back = page.root.first("a", rel="prev").attributes["href"]
    assert parameters(back)["sort"] == ["name"]


def test_a_filter_starts_again_from_the_first_page(reader: Reader) -> None:
    page = reader.search("", page="3")
    assert "page" not in parameters(page.facet("kind")["EI"].attributes["href"])


def test_past_the_end_there_is_a_way_back(reader: Reader) -> None:
    page = reader.search("", page="400")
    assert page.names == []
    assert reader.open(page.link("Revenir au début")).names


def test_all_that_was_found_is_exported(reader: Reader) -> None:
    page = reader.search("nettoyage", kind="ESAT", page="2", per_page="4", sort="name")
    menu = page.root.first("details", class_="menu")
    rows = reader.client.get(menu.first("a", download="").attributes["href"]).text.splitlines()
    assert len(rows) == page.total + 1 > 5
    named = [name for name in page.names if any(name in row for row in rows)]
    assert named == page.names
    assert str(reader.client.get(page.link("Excel")).mimetype).endswith("spreadsheetml.sheet")


@pytest.mark.parametrize(
    ("sort", "lang", "said"),
    [("listed", "fr", "référencé le 6 juin 2025"), ("listed", "en", "listed on 6 June 2025"),
     ("updated", "fr", "mis à jour le 15 janvier 2026")],
)  # fmt: skip
def test_a_list_in_order_of_time_tells_the_dates_that_it_goes_by(
    reader: Reader, sort: str, lang: str, said: str
) -> None:
    page = reader.open(f"/?sort={sort}&lang={lang}")
    assert said in page.root.first("li", class_="card").first("p", class_="where").text
    other = reader.open(f"/?q=nettoyage&lang={lang}").root.first("ol", class_="results").text
    assert said.split(" 20")[0] not in other


# The form


def test_the_form_keeps_the_filters(reader: Reader) -> None:
    page = reader.search("nettoyage", kind="ESAT,EI", lang="en", page="2")
    after = reader.send(page, q="laundry", near="Lyon", radius="30")
    assert list(after.chips("active"))[-2:] == ["ESAT", "EI"]
    assert after.root.first("html").attributes["lang"] == "en"
    assert after.root.first("input", id="near").attributes["value"] == "Lyon"
    assert after.root.first("select", id="radius").first("option", selected="").text == "30 km"


def test_a_point_is_called_by_its_town_and_carried_along_until_another_is_typed(
    reader: Reader,
) -> None:
    page = reader.search("nettoyage", lat="45.76", lon="4.84", radius="10")
    label = next(one for one in page.chips("active") if one.startswith("près de "))
    assert page.root.first("input", id="near").attributes["placeholder"] == label.removeprefix(
        "près de "
    )
    assert reader.send(page).total == page.total
    assert reader.open(page.chips("active")[label]).status == 200
    moved = reader.send(page, near="Nantes")
    assert list(moved.chips("active")) == ["près de Nantes (44)", "à 10 km"]
    at_sea = reader.search("nettoyage", lat="0", lon="0")
    assert "autour d'un point" in at_sea.chips("active")


@pytest.mark.parametrize("typed", ["Lyonn", "lyon", "commune:69123"])
def test_the_chip_of_a_typed_town_says_what_it_was_taken_for(reader: Reader, typed: str) -> None:
    assert "près de Lyon (69)" in reader.search("nettoyage", near=typed).chips("active")


# Cards and lengths of a page


def test_a_card_tells_what_its_kind_is_and_where_to_read_more(reader: Reader) -> None:
    page = reader.search(EXAMPLE)
    kind = page.root.first("li", class_="card").first("button", class_="kind")
    assert kind.text.startswith("ESAT ")
    told = page.root.first("p", id=kind.attributes["popovertarget"])
    assert told.text.startswith("Établissement ")
    assert told.first("a").attributes["href"] == "/types#ESAT"
    assert reader.open("/types").root.every("li", id="ESAT")


def test_cards_show_networks(reader: Reader) -> None:
    page = reader.search("", network="coorace")
    for card in page.root.every("li", class_="card"):
        assert "Coorace" in [one.text for one in card.every("li", class_="network")]


def test_the_length_of_a_page_is_chosen_and_kept(reader: Reader) -> None:
    page = reader.search("nettoyage", kind="ESAT,EI,EA", page="2")
    assert [one.text for one in page.root.first("div", class_="sizes").every("a")] == [
        "10",
        "50",
        "100",
    ]
    ten = reader.open(page.root.first("a", id="size-10").attributes["href"])
    assert len(ten.names) == 10
    assert parameters(ten.root.first("a", rel="next").attributes["href"])["per_page"] == ["10"]
    assert parameters(ten.facet("kind")["ACI"].attributes["href"])["per_page"] == ["10"]
    usual = ten.root.first("a", id="size-20").attributes["href"]
    assert "per_page" not in parameters(usual)
    assert not reader.search(EXAMPLE).root.every("div", class_="sizes")


# Languages


def test_the_other_language_keeps_the_search(reader: Reader) -> None:
    page = reader.search(EXAMPLE, kind="ESAT", page="1", sort="name")
    english = reader.open(page.link("English"))
    assert english.root.first("html").attributes["lang"] == "en"
    assert english.total == page.total
    assert english.names == page.names
    assert english.heading.endswith("suppliers") or english.heading.endswith("supplier")
    assert parameters(english.link("Français")) == {
        "q": [EXAMPLE],
        "kind": ["ESAT"],
        "sort": ["name"],
    }


# Every way on


def ways(page: Page) -> set[str]:
    return {link for link in page.links() if link.startswith("/?") or link == "/"}


@pytest.mark.parametrize(
    "parameters",
    [
        {"q": EXAMPLE},
        *(
            pytest.param(parameters, marks=pytest.mark.slow)
            for parameters in (
                {"q": "nettoyage Saint-Denis", "radius": "20", "sort": "distance"},
                {"q": "traiteur dans le Rhône", "national": "only", "kind": "EI"},
                {
                    "near": "Lyon",
                    "radius": "10",
                    "place": "Nantes",
                    "coverage": "any",
                    "sort": "distance",
                },
                {
                    "lat": "45.76",
                    "lon": "4.84",
                    "radius": "10",
                    "sort": "distance",
                    "bbox": "4,45,6,46",
                },
                {
                    "q": "ESAT ou insertion",
                    "sector": "hygiene-et-proprete,blanchisserie",
                    "employees": "500+",
                },
                {"q": "784 671 695 00103"},
            )
        ),
    ],
)
def test_no_link_leads_to_an_error(reader: Reader, parameters: dict[str, str]) -> None:
    page = reader.search(**parameters)
    assert page.status == 200
    for address in sorted(ways(page)):
        assert reader.open(address).status == 200, address
