"""What the page says of a phrase beside its results: what was chosen, refused, ignored, and who is
nearest.
"""

from tests.pages.reading import Reader, parameters


def words(page: object) -> list[str]:
    return [one.text for one in page.root.every("li", class_="words")]  # type: ignore[attr-defined]


def test_the_circle_chosen_has_a_chip_with_wider_ones_and_none_at_all(reader: Reader) -> None:
    for page in (
        reader.search("menuiserie près de Lyon"),
        reader.search("menuiserie", near="Lyon"),
    ):
        (label,) = [
            one
            for group in ("understood", "active")
            for one in page.chips(group)
            if "(automatique)" in one
        ]
        assert label.startswith("à ")
        unlimited = page.link("Sans limite")
        assert parameters(unlimited)["radius"] == ["none"]
        assert reader.open(unlimited).total >= page.total
        wider = [
            one for one in page.root.every("a") if one.text.endswith(")") and " km (" in one.text
        ]
        for link in wider:
            count = int(link.text.partition("(")[2].rstrip(")"))
            assert reader.open(link.attributes["href"]).total == count > page.total


def test_feeds_and_sheets_keep_the_circle(reader: Reader) -> None:
    page = reader.search("menuiserie", near="Lyon")
    feeds = [one.attributes["href"] for one in page.root.every("link", type="application/atom+xml")]
    sheet = page.link("Fiche de sourcing")
    assert all(parameters(one)["radius"] == parameters(sheet)["radius"] for one in feeds)
    assert parameters(sheet)["radius"][0].isdigit()


def test_the_form_has_a_distance_chosen_for_you_and_none(reader: Reader) -> None:
    page = reader.search("menuiserie", near="Lyon")
    first, *_, last = page.root.first("select", id="radius").every("option")
    assert (first.attributes["value"], first.text) == ("", "Automatique")
    assert (last.attributes["value"], last.text) == ("none", "Sans limite")
    sent = reader.send(page, radius="none")
    assert "sans limite de distance" in sent.chips("active")


def test_what_is_refused_is_a_chip_that_goes(reader: Reader) -> None:
    spoken = reader.search("nettoyage sauf ESAT")
    without = spoken.chips("understood")["sauf ESAT"]
    assert parameters(without)["q"] == ["nettoyage"]
    given = reader.search("nettoyage", not_kind="ESAT,EI", not_place="commune:69123")
    assert {"sauf ESAT", "sauf EI", "sauf Lyon (69)"} <= set(given.chips("active"))
    assert parameters(given.chips("active")["sauf EI"])["not_kind"] == ["ESAT"]
    both = reader.search("nettoyage sauf ESAT", not_kind="EI")
    assert "q" in parameters(both.chips("active")["sauf EI"])
    assert "sauf ESAT" not in reader.open(both.chips("active")["sauf EI"]).chips("understood")


def test_several_trades_are_one_click_each(reader: Reader) -> None:
    page = reader.search("menuiserie et blanchisserie")
    links = page.root.first("ul", aria_labelledby="needs").every("a")
    assert {one.text.partition(" (")[0] for one in links} == {"menuiserie", "blanchisserie"}
    for link in links:
        count = int(link.text.partition("(")[2].rstrip(")"))
        assert reader.open(link.attributes["href"]).total == count


def test_nobody_there_shows_the_nearest_under_a_heading(reader: Reader) -> None:
    page = reader.search("menuiserie", place="commune:29019", coverage="located", kind="EA")
    assert page.heading == "Aucun fournisseur connu"
    assert (
        page.root.first(id="nearby").text == "Aucun fournisseur connu à Brest. Les plus proches :"
    )
    cards = page.root.first("ol", aria_labelledby="nearby").every("li", class_="card")
    assert cards
    assert all(" km de Brest" in card.first("p", class_="where").text for card in cards)
    assert (
        reader.open(page.link("Fiche de sourcing")).root.first("h1").text == "Fiche de sourcing"
    )  # proof of a search
    english = reader.search(
        "menuiserie", place="commune:29019", coverage="located", kind="EA", lang="en"
    )
    assert english.root.first(id="nearby").text == "No known supplier in Brest. The nearest:"


def test_an_unknown_trade_is_said_first(reader: Reader) -> None:
    page = reader.search("circuit spécial pour les écoliers du village")
    assert page.heading == "Aucun métier reconnu avec certitude"  # one is possible
    assert len(page.names) <= 10
    assert not page.root.every("nav", class_="pages")


def test_what_nobody_here_does_is_said_once_and_advises_nothing(reader: Reader) -> None:
    page = reader.search("avions de chasse")
    (warning,) = page.root.every("p", class_="warning")
    assert "les fournisseurs inclusifs ne proposent pas cela" in warning.text
    results = page.root.first(id="results")
    assert "filtre" not in results.text
    assert not results.every("details", id="follow")


def test_legal_wording_offers_its_kinds_as_one_chip(reader: Reader) -> None:
    page = reader.search("nettoyage, marché réservé L2113-12")
    (link,) = [
        one
        for one in page.root.first("ul", aria_labelledby="offers").every("a")
        if "ESAT" in one.text
    ]
    assert parameters(link.attributes["href"])["kind"] == ["EA,EATT,ESAT"]
    label, _, count = link.text.rpartition(" ")
    assert label == "EA, EATT, ESAT"
    assert reader.open(link.attributes["href"]).total == int(count)


def test_neighbours_are_cards_where_the_page_has_room_and_lines_beside_many_answers(
    reader: Reader,
) -> None:
    few, many = (reader.search("nettoyage à Lyon", per_page=size).root for size in ("5", "100"))
    cards = few.first("ol", aria_labelledby="neighbours").every("li", class_="card")
    assert cards
    assert not many.every("ol", aria_labelledby="neighbours")
    lines = many.first("details", class_="more").first("ul", class_="examples").every("li")
    names = [one.first("h2").text for one in cards]
    assert [one.first("a").text for one in lines] == names
    assert all(" km" in one.text for one in lines)
