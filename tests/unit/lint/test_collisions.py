"""The stemmer's traps are found, and each is settled on purpose."""

from pathlib import Path

from discovery.engine.definition import define
from discovery.mappings import load_mappings
from tests.tables import cases
from tests.unit.lint.conftest import Edit
from tools.lint import check
from tools.lint.collisions import collisions, families


def shared(folder: Path) -> set[str]:
    mappings = load_mappings(folder)
    return {word for one in collisions(mappings, define(mappings).analysis) for word in one.words}


def split(folder: Path) -> set[str]:
    mappings = load_mappings(folder)
    return {word for one in families(mappings, define(mappings).analysis) for word in one.tokens}


def test_without_stem_overrides_the_traps_of_french_are_found(folder: Path) -> None:
    (folder / "stems.txt").write_text("", encoding="utf-8")
    assert {"traiteur", "traitement"} <= shared(folder)
    assert {"nettoyage", "nettoyer", "nettoyeur"} <= split(folder)


def test_an_override_settles_a_trap(folder: Path) -> None:
    (folder / "stems.txt").write_text("traiteur, traiteurs => traiteur\n", encoding="utf-8")
    assert "traiteur" not in shared(folder)
    (folder / "stems.txt").write_text("nettoyage, nettoyages => netoy\n", encoding="utf-8")
    assert "netoy" in {token for one in _families(folder) for token in one.values()}
    assert {"nettoyage", "nettoyer"} & split(folder), "nettoyeur is still apart"
    stems = (
        "nettoyage, nettoyages, nettoyeur, nettoyeurs, nettoyeuse, nettoyant, nettoyants => netoy\n"
    )
    (folder / "stems.txt").write_text(stems, encoding="utf-8")
    assert "nettoyage" not in split(folder)


def _families(folder: Path) -> list[dict[str, str]]:
    mappings = load_mappings(folder)
    return [dict(one.tokens) for one in families(mappings, define(mappings).analysis)]


def test_inflections_of_a_word_are_no_trap(folder: Path) -> None:
    found = shared(folder)
    assert not {"medicaux", "selective", "jardins"} & found


def test_what_nobody_settled_is_a_finding(edit: Edit) -> None:
    rows = cases(__file__, "what_nobody_settled_is_a_finding")
    for old, new, _ in rows:
        folder = edit("collisions.yaml", old, new)
    report = check(folder)
    assert report.exit_code == 1
    messages = [finding.problem.message for finding in report.findings]
    assert [said for _, _, said in rows if not any(said in message for message in messages)] == []
    assert any("nothing of the kind is found any more" in message for message in messages)


def test_an_acceptance_needs_its_reason(edit: Edit) -> None:
    report = check(edit("collisions.yaml", "    why: Heating, and a driver.", "    why: Alike"))
    assert report.exit_code == 2
    assert "say why" in report.findings[0].problem.message
