"""The files that translators edit: both languages whole, every text used, and faults told by file,
line and key.
"""

import ast
import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from discovery.answers import open_data
from discovery.cli import main
from discovery.errors import MappingsError
from discovery.http.problems import STATUS
from discovery.mappings.vocabulary import LANGS
from discovery.model.attributes import ATTRIBUTES
from discovery.texts import section, t, template
from discovery.texts.files import FOLDER, check, entries, load
from indexer.intake.findings import Code
from indexer.intake.report import Message
from tests.tables import cases

SOURCES = {
    path: path.read_text(encoding="utf-8")
    for path in (
        *FOLDER.parent.rglob("*"),
        *FOLDER.parents[1].joinpath("indexer").rglob("*"),
        *FOLDER.parents[1].joinpath("tools").rglob("*"),
    )
    if path.suffix in {".py", ".html", ".js"} and path.parent != FOLDER
}
CODE = "\n".join(SOURCES.values())
KEYS = [*load("fr")]
MADE = [
    re.compile(re.sub(r"\\\{.*?\\\}|\x00", r"([a-z_-]+)", re.escape(found)))
    for found in {
        *re.findall(
            r"""f["']((?:[a-z_]+\.)+[a-z_]*(?:\{[^"']*?\}[a-z_.]*)+)""",
            re.sub(r"\['[a-z]+'\]", "", CODE),
        ),
        *(f"{start}\x00" for start in re.findall(r"""["']((?:[a-z_]+\.)+[a-z_]*)["'] ~""", CODE)),
    }
]
"""Keys that are put together at run time: f"message.{code}", "kinds." ~ group."""
WHOLE = set(re.findall(r'section\("([a-z_.]+)"', CODE))
"""Sections that are shown as they are, every text of them."""
TITLES = {
    f"{family}.{one.field}"
    for family in re.findall(r'title_key\("([a-z_]+)"', CODE)
    for one in ATTRIBUTES
}
"""What the lists of an attribute are called (`answers/supplier.py`)."""


def test_both_languages_say_the_same_with_the_same_placeholders() -> None:
    assert check() == []
    assert [*load("fr")] == [*load("en")], (
        "the files have the same order too, so that one can be read beside the other"
    )


@cache
def _values() -> set[str]:
    """Values that the program holds: whole string literals, docstrings apart, and names of fields
    and their like.
    """
    found: set[str] = set()
    for path, text in SOURCES.items():
        if path.suffix != ".py":
            found |= set(
                re.findall(
                    r"""["'.]([a-z][a-z_-]*)\b""",
                    re.sub(r"{#.*?#}|/\*.*?\*/|//.*", "", text, flags=re.S),
                )
            )
            continue
        for node in ast.walk(ast.parse(text)):
            match node:
                case ast.Constant(value=str(value)):
                    found.add(value)
                case ast.AnnAssign(target=ast.Name(id=name)) | ast.keyword(arg=str(name)):
                    found.add(name)
    return found


NAMED = {
    "http": {*STATUS, "refused"},
    "intake.row": {*Code, *Message._fields},
    "open_data.file": {
        name.rpartition(".")[2] for name in re.findall(r"""["'/](\w+\.(?:\w+))["']""", CODE)
    },
    "open_data.field": set(open_data.FIELDS),
}
"""Families of keys whose values are one list of the program."""


def unused(keys: Iterable[str]) -> list[str]:
    """Keys that nothing shows: neither by their whole name, nor made at run time from a value of
    the program.
    """
    literal = set(re.findall(r"""["']([a-z_]+(?:\.[a-z_-]+)+)["']""", CODE))
    return [key for key in keys if not (key in literal or key.rpartition(".")[0] in WHOLE or key in TITLES
            or any(_said(key, match.groups()) for made in MADE if (match := made.fullmatch(key))))]  # fmt: skip


def _said(key: str, varying: Sequence[str]) -> bool:
    """Whether the program has every varying part as a value; a note of a phrase keeps its code
    after `phrase_`.
    """
    of = (
        next((values for family, values in NAMED.items() if key.startswith(f"{family}.")), None)
        or _values()
    )
    return all(part in of or part.removeprefix("phrase_") in of for part in varying)


DEAD = [
    *(
        "page.never_shown",
        "search.unheard_of",
        "message.whoever",
        "message.because",
        "http.nothing.title",
    ),
    *(
        "supplier.told.somebody",
        "answer.nobody_is",
        "label.tier.here.why_not",
        "intake.row.any_row.reason",
    ),
]
"""Invented keys that words of prose would make."""


def test_every_text_is_used() -> None:
    assert unused(KEYS) == [], "shown nowhere: remove it from every language"
    assert unused(DEAD) == DEAD


def test_every_text_of_a_template_exists() -> None:
    used = {key for path, text in SOURCES.items() if path.suffix == ".html"
            for key in re.findall(r"""\b(?:t|template)\(["']([a-z_.-]+)["'][,)]""", text)}  # fmt: skip
    assert len(used) > 100
    assert used <= set(KEYS)


def test_every_text_of_the_program_exists() -> None:
    used = {key for path, text in SOURCES.items() if path.suffix == ".py"
            for key in re.findall(r"""\b(?:t|template)\(["']([a-z_.-]+)["'][,)]""", text)}  # fmt: skip
    assert len(used) > 100
    assert used <= set(KEYS)


def test_no_file_is_long() -> None:
    lines = {
        path: len(path.read_text(encoding="utf-8").splitlines()) for path in FOLDER.rglob("*.yaml")
    }
    assert len(lines) == 2 * len({path.name for path in lines})
    assert max(lines.values()) <= 400


def test_a_number_chooses_the_form() -> None:
    assert [t("page.total", "fr", count=count) for count in (0, 1, 2, 1234)] == [
        "Aucun fournisseur connu", "1 fournisseur", "2 fournisseurs", "1\u202f234 fournisseurs",
    ]  # fmt: skip
    assert [t("page.total", "en", count=count) for count in (0, 1, 2)] == [
        "No known supplier",
        "1 supplier",
        "2 suppliers",
    ]


def test_what_is_missing_is_seen_at_once() -> None:
    with pytest.raises(KeyError, match=r"page\.missing"):
        t("page.missing", "fr")
    with pytest.raises(KeyError, match="label"):
        t("search.change", "fr")
    with pytest.raises(TypeError, match="count"):
        t("page.total", "fr", count="3")


def test_scripts_get_what_they_fill_in() -> None:
    assert template("selection.kept", "en") == "{name}: added. Shortlist: {count}."
    with pytest.raises(TypeError, match="plural forms"):
        template("page.total", "en")


def test_a_section_keeps_its_order() -> None:
    assert [*section("label.column", "en")][:3] == ["id", "display_name", "name"]
    assert section("label.tier", "fr") == {}, "what stands deeper is another section"


# Faults


def written(folder: Path, fr: str, en: str) -> Path:
    for lang, text in zip(LANGS, (fr, en), strict=True):
        (folder / lang).mkdir()
        (folder / lang / "page.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("fr", "en", "said"), cases(__file__, "a_fault_is_told_by_file_line_and_key")
)
def test_a_fault_is_told_by_file_line_and_key(tmp_path: Path, fr: str, en: str, said: str) -> None:
    problems = check(written(tmp_path, fr, en))
    assert [text for text in map(str, problems) if said in text], problems
    assert all("→" in str(one) or one.message.startswith("not valid") for one in problems)


def test_the_command_tells_faults_and_exits_two(tmp_path: Path) -> None:
    told = CliRunner().invoke(main, ["texts", "check"])
    assert (told.exit_code, "No fault" in told.output) == (0, True)
    told = CliRunner().invoke(
        main, ["texts", "check", str(written(tmp_path, "a: x {n}\n", "a: x\n"))]
    )
    assert told.exit_code == 2
    assert "en/page.yaml:1: page.a lacks {n}, which fr has → " in told.stderr


def test_files_that_cannot_be_read_stop_the_start(tmp_path: Path) -> None:
    folder = written(tmp_path, "a: x\nb: [1]\n", "a: x\n")
    with pytest.raises(MappingsError, match=r"page.yaml:2: page.b is no text"):
        load("fr", folder)
    assert load("en", folder) == {"page.a": "x"}


def test_every_text_knows_its_line() -> None:
    problems: list[object] = []
    for one in entries("fr", problems):  # type: ignore[arg-type]
        name = one.key.rpartition(".")[2]
        line = one.file.read_text(encoding="utf-8").splitlines()[one.line - 1].strip()
        assert line.startswith((f"{name}:", f'"{name}":'))
