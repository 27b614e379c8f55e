"""The rules that keep words words, each on both sides: what stays a word, and what is a piece all
the same.
"""

import pytest


@pytest.mark.parametrize("word", ["villeurbane", "grenobel"])
def test_a_frequent_word_is_never_misspelt(word, understand):
    assert understand(f"traiteur {word}").pieces[-1].corrected
    assert understand(f"traiteur {word}", frequent={word}.__contains__).text == f"traiteur {word}"


def test_a_frequent_word_is_no_small_town_until_introduced(understand):
    frequent = {"tarare", "roanne"}.__contains__
    assert understand("traiteur Tarare", frequent=frequent).text == "traiteur Tarare"
    assert understand("traiteur à Tarare", frequent=frequent).text == "traiteur"
    assert understand("traiteur Tarare 69", frequent=frequent).text == "traiteur"
    assert understand("traiteur Roanne", frequent=frequent).text == "traiteur"


@pytest.mark.slow
def test_a_town_is_kept_wherever_it_stands(understand, gazetteer):
    trades = [
        "nettoyage",
        "traiteur",
        "blanchisserie",
        "peinture",
        "espaces verts",
        "déménagement",
        "imprimerie",
    ]
    after = ["bureaux", "mariage", "mairie", "école", "urgent", "locaux", "association", "été"]
    towns = [town for town in gazetteer.communes() if town.population >= 20_000 and not town.parent]
    phrases = [
        (
            f"{trades[(at + turn) % len(trades)]} {town.name} {after[(at * 3 + turn) % len(after)]}",
            town.code,
        )
        for at, town in enumerate(towns)
        for turn in range(3)
    ]
    lost = [
        q
        for q, code in phrases
        if f"commune:{code}" not in [piece.value for piece in understand(q).pieces]
    ]
    assert len(phrases) > 1_400
    assert len(lost) / len(phrases) <= 0.03, lost


def test_an_english_article_leads_nowhere(understand):
    assert understand("nice caterer", lang="en").text == "nice caterer"
    assert understand("a nice caterer", lang="en").text == "a nice caterer"
    assert understand("traiteur a nice", lang="fr").text == "traiteur"


def test_accents_tell_a_town_from_a_word_that_the_index_holds_often(account):
    assert account("imprimeur Vitré", frequent={"vitre"}.__contains__) == "imprimeur | Vitré (35)"
    assert account("nettoyage vitre", frequent={"vitre"}.__contains__) == "nettoyage vitre"
