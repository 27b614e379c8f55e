"""What parses and can't be meant is found, at its file and line."""

from pathlib import Path

import pytest

from discovery.mappings.equivalences import Equivalences
from tests.tables import cases
from tests.unit.lint.conftest import Edit
from tools.lint import Report, check
from tools.lint.rules import equivalences


def told(report: Report) -> list[tuple[str, int, str]]:
    return [
        (one.problem.file.name, one.problem.line, one.problem.message) for one in report.findings
    ]


def line_of(file: Path, text: str) -> int:
    return next(
        n for n, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1) if text in line
    )


def rules_file(tmp_path: Path, text: str) -> list[tuple[int, str]]:
    file = tmp_path / "words.txt"
    file.write_text(text, encoding="utf-8")
    found = equivalences(Equivalences.read(file, []), lambda word: [word.rstrip("s")])
    return [(problem.line, problem.message) for problem in found]


@pytest.mark.parametrize(
    ("text", "line", "said"), cases(__file__, "rules_that_say_nothing_new_are_found")
)
def test_rules_that_say_nothing_new_are_found(
    tmp_path: Path, text: str, line: int, said: str
) -> None:
    found = rules_file(tmp_path, text)
    assert {number for number, _ in found} == {line}
    assert said in found[0][1]


IDLE = (
    ("stems.txt", "never reaches this filter", "hotte, Hôttes => hotte"),
    ("stems.txt", "is a stop word", "truite, avec => truite"),
    ("stems.txt", "has a stem by line", "hotte => hotte"),
    (
        "synonyms/multiword.txt",
        "'sous-vide' is made 'sous_vide'",
        "sous le-vide, sous-vide => sous_vide",
    ),
    ("synonyms/multiword.txt", "the term vanishes", "sous cloche => avec"),
    ("synonyms/words.txt", "one token already", "vélo, vélos"),
)


def test_what_cannot_be_meant_is_found_at_its_line(folder: Path, edit: Edit) -> None:
    """All at once, since a check of everything costs half a second: words that never act, a name of
    two sectors that is offered for one only, one that nobody settled, a sector whose only name is
    another one's.
    """
    head = "both:\n  - words: ["
    edit("collisions.yaml", f"{head}élagage,", f"{head}tonte,")
    edit(
        "vocabulary/sectors/restauration.yaml",
        "fr: [confiture,",
        "fr: [fromage de chèvre, confiture,",
    )
    (folder / "vocabulary" / "sectors" / "medico-social.yaml").write_text(
        "slug: medico-social\nlabel: {fr: ESAT, en: ESAT}\nsectors:\n"
        "  - {slug: autre-medico-social, label: {fr: Lyon, en: Lyon}}\n",
        encoding="utf-8",
    )
    for name, _, line in IDLE:
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
    report = check(folder)
    assert report.exit_code == 1
    for name, said, line in IDLE:
        found = {(file, at) for file, at, message in told(report) if said in message}
        assert (Path(name).name, line_of(folder / name, line)) in found, said
    assert any("'élagage' of" in message for _, _, message in told(report))
    assert ("collisions.yaml", "tonte: no name of two sectors any more") in {
        (one[0], one[2]) for one in told(report)
    }
    [(offering, at, message)] = [
        one for one in told(report) if "offered instead" in one[2] and "fromagerie" in one[2]
    ]
    assert (offering, at > 0, "confiturerie" in message) == ("restauration.yaml", True, True)
    assert ("medico-social.yaml", 4) in [one[:2] for one in told(report) if "finds it" in one[2]]


def test_a_file_that_cannot_be_used_is_a_fault(edit: Edit) -> None:
    report = check(edit("profiles/balanced.yaml", "weight: 3.0", "weight: heavy"))
    assert report.exit_code == 2
    assert report.mappings is None
    [finding] = report.as_dict()["findings"]
    assert finding["fault"] is True
    assert finding["line"] > 0


def test_judgments_must_name_what_the_files_hold(edit: Edit) -> None:
    folder = edit(
        "judgments/sample.yaml", "sectors: {blanchisserie: 3", "sectors: {blanchiserie: 3"
    )
    (folder / "judgments" / "other.yaml").write_text("queries: []\n", encoding="utf-8")
    report = check(folder)
    assert report.exit_code == 2
    said = {file: message for file, _, message in told(report)}
    assert "blanchiserie" in said["sample.yaml"]
    assert "nothing reads" in said["other.yaml"]
