import re
from pathlib import Path

import pytest

import indexer.intake
from discovery.mappings.vocabulary import LANGS, Lang
from discovery.texts.files import load
from indexer.intake.findings import Code, Finding, shown
from indexer.intake.limits import REPORTED_VALUE
from indexer.intake.report import say


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("code", list(Code))
def test_every_finding_has_a_reason_and_a_remedy(code: Code, lang: Lang) -> None:
    message = say(Finding(code, "name", "42"), lang)
    assert message.reason
    assert message.remedy
    assert "{" not in message.reason + message.remedy


@pytest.mark.parametrize("lang", LANGS)
def test_no_message_is_for_nothing(lang: Lang) -> None:
    told = {key.split(".")[2] for key in load(lang) if key.startswith("intake.row.")}
    assert told == set(map(str, Code))


def test_what_a_field_expects_is_said_in_words() -> None:
    finding = Finding(Code.VALUE_IGNORED, "turnover", "beaucoup", {"expected": "whole_number"})
    assert say(finding, "fr").remedy == "écrire un nombre entier, sans unité"
    assert say(finding, "en").remedy == "write a whole number, without unit"


def test_every_finding_is_raised_somewhere() -> None:
    folder = Path(indexer.intake.__file__).parent
    source = "".join(
        path.read_text(encoding="utf-8")
        for path in folder.rglob("*.py")
        if path.name != "messages.py"
    )
    assert set(re.findall(r"Code\.([A-Z_]+)", source)) == {code.name for code in Code}


def test_a_detail_that_looks_like_a_place_to_fill_is_left_alone() -> None:
    assert "{name}" in say(Finding(Code.UNKNOWN_VALUE, "kind", "{name}"), "en").reason


@pytest.mark.parametrize(
    ("value", "as_shown"),
    [("a\nb\x07c", "a b c"), (12.5, "12.5"), (["x"], "['x']"), (None, "None")],
)
def test_a_reported_value_is_one_printable_line(value: object, as_shown: str) -> None:
    assert shown(value) == as_shown


def test_a_long_value_is_cut() -> None:
    assert len(shown("x" * 1000)) == REPORTED_VALUE
