"""One trade of several: the phrase that asks for it alone."""

import pytest

from discovery.phrase.model import Intent, Need
from discovery.search.suggestions import phrase_of_need


def intent(q: str, *texts: str) -> Intent:
    starts = [q.index(text) for text in texts]
    needs = [Need(start, start + len(text), text, (text,), "label") for start, text in zip(starts, texts, strict=True)]
    return Intent(q, q, needs=tuple(needs))


@pytest.mark.parametrize(
    ("q", "texts", "expected"),
    [
        ("traiteur et nettoyage à Lyon", ("traiteur", "nettoyage"), ("traiteur à Lyon", "nettoyage à Lyon")),
        ("peinture, plomberie et électricité", ("peinture", "plomberie", "électricité"),
         ("peinture", "plomberie", "électricité")),
        ("traiteur / nettoyage", ("traiteur", "nettoyage"), ("traiteur", "nettoyage")),
        ("à Tours peinture + carrelage, ESAT", ("peinture", "carrelage"),
         ("à Tours peinture, ESAT", "à Tours carrelage, ESAT")),
        ("cleaning and catering", ("cleaning", "catering"), ("cleaning", "catering")),
        ("un cadet et traiteur", ("cadet", "traiteur"), ("un cadet", "un traiteur")),
        ("nettoyage", ("nettoyage",), ("nettoyage",)),
    ],
)  # fmt: skip
def test_the_others_leave_with_what_joined_them(q: str, texts: tuple[str, ...], expected: tuple[str, ...]) -> None:
    asked = intent(q, *texts)
    assert tuple(phrase_of_need(asked, need) for need in asked.needs) == expected
