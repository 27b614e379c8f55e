"""Pieces, warnings and sectors, each from the smallest thing that makes it."""

from dataclasses import replace

import pytest

from discovery.answers.search import PieceBody, Presenter, piece, sectors, warning
from discovery.answers.supplier import Names
from discovery.engine.port import EngineStatus, Hit
from discovery.phrase.model import Intent, Piece
from discovery.search.launch import EVERYTHING
from discovery.search.query import Notice

SECTOR = Piece("sector", "blanchisserie", "Blanchisserie", "linge", 0, 5)
HELD = {
    "id": "x",
    "activities": [
        {"sector": "blanchisserie", "sector_group": "entretien-du-linge"},
        {"sector": "nettoyage-de-locaux", "sector_group": "hygiene-et-proprete"},
        {"sector": "blanchisserie", "sector_group": "entretien-du-linge"},
    ],
}


def matched(names: Names, wanted: set[str], *by_engine: str) -> list[tuple[str, bool]]:
    hit = Hit("x", HELD, matched_sectors=by_engine)
    return [(one["slug"], one["matched"]) for one in sectors(hit, wanted, names.vocabulary, "fr")]


def test_the_engine_says_which_activities_meet_the_place(names: Names) -> None:
    found = matched(names, set(), "nettoyage-de-locaux")
    assert found == [("blanchisserie", False), ("nettoyage-de-locaux", True)]


def test_what_serves_the_place_is_narrowed_to_what_was_asked_for(names: Names) -> None:
    both = ("blanchisserie", "nettoyage-de-locaux")
    assert matched(names, {SECTOR.value}, *both) == [
        ("blanchisserie", True),
        ("nettoyage-de-locaux", False),
    ]
    assert matched(names, {"hygiene-et-proprete"}, *both) == [
        ("blanchisserie", False),
        ("nettoyage-de-locaux", True),
    ]


def test_a_named_sector_that_does_not_serve_the_place_is_not_matched(names: Names) -> None:
    found = matched(names, {SECTOR.value}, "nettoyage-de-locaux")
    assert found == [("blanchisserie", False), ("nettoyage-de-locaux", False)]


def shown(one: Piece) -> PieceBody:
    return piece(one, Intent("", ""))


def test_a_piece_says_whether_it_is_applied() -> None:
    assert shown(SECTOR)["applied"] is False
    kind = Piece("kind", "EI", "Entreprise d'insertion", "EI", 0, 2)
    assert shown(kind)["applied"] is True
    assert shown(replace(kind, kept=True))["applied"] is False


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kinds", "kind"),
        ("secteur", "sector"),
        ("departement", "department"),
        ("perpage", "per_page"),
    ],
)
def test_an_unknown_parameter_is_warned_about_with_the_one_it_resembles(
    typed: str, meant: str
) -> None:
    said = warning(Notice("unknown_parameter", typed, {"parameter": typed}), "fr")
    assert said["choices"] == [meant]
    assert f"« {meant} »" in said["message"]


def test_a_rebuild_is_needed_when_the_index_was_built_from_something_else() -> None:
    class Search:
        mappings = type("Mappings", (), {"vocabulary": None})
        gazetteer = None
        scope = EVERYTHING

    presenter = Presenter(Search(), "today")  # type: ignore[arg-type]
    status = EngineStatus(True, "embedded", "suppliers", 1, "g", "today")
    assert not presenter.rebuild_needed(status)
    assert presenter.rebuild_needed(replace(status, fingerprint="yesterday"))
    assert not presenter.rebuild_needed(replace(status, ready=False, fingerprint=""))
