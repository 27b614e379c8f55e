"""Words of French and English are known, with their inflected forms; misspelt ones are not."""

import pytest

from discovery.phrase.spelling.words import known_word


@pytest.mark.parametrize(
    "word",
    "potable sante tree ponçons poncage nettoyions chevaux laundries cleaned colour color trees ecoles oeufs".replace(
        "ç", "c"
    ).split(),
)
def test_words_of_both_languages(word: str) -> None:
    assert known_word(word)


@pytest.mark.parametrize(
    "word", ["nettoiage", "jardinnier", "villeurbane", "cleanning", "electricitee", "xqzt", ""]
)
def test_what_is_no_word(word: str) -> None:
    assert not known_word(word)
