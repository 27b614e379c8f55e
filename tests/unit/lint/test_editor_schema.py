"""Editors are told the truth: the schema in the folder is the one the reader has."""

from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from discovery.mappings import packaged_mappings
from tools.lint.editor_schema import FILE, LAW_FILE, law_schema, profile_schema, schemas, written

VALIDATOR = Draft202012Validator(profile_schema())
PROFILES = sorted((packaged_mappings() / "profiles").glob("*.yaml"))


def profile(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(
        (packaged_mappings() / "profiles" / f"{name}.yaml").read_text("utf-8")
    )
    return found


def test_the_committed_schema_is_current() -> None:
    said = "run: discovery mappings schema --write"
    for file, schema in schemas().items():
        assert (packaged_mappings() / file).read_text(encoding="utf-8") == written(schema), said


def test_the_law_fits_its_schema_and_names_it() -> None:
    Draft202012Validator.check_schema(law_schema())
    text = (packaged_mappings() / "law.yaml").read_text(encoding="utf-8")
    held = yaml.safe_load(text)
    fits = Draft202012Validator(law_schema())
    fits.validate(held)
    held["steps"][0]["articles"] = ["12"]
    assert not fits.is_valid(held)
    assert text.startswith(f"# yaml-language-server: $schema={LAW_FILE.as_posix()}\n")


@pytest.mark.parametrize("file", PROFILES, ids=lambda file: file.stem)
def test_the_packaged_profiles_fit_it_and_name_it(file: Any) -> None:
    text = file.read_text(encoding="utf-8")
    VALIDATOR.validate(yaml.safe_load(text))
    assert text.startswith(f"# yaml-language-server: $schema=../{FILE.as_posix()}\n")


def test_it_is_a_schema_and_describes_every_number() -> None:
    Draft202012Validator.check_schema(profile_schema())
    distance = profile_schema()["properties"]["signals"]["properties"]["distance"]["properties"]
    assert all(one["description"] for one in distance.values())


@pytest.mark.parametrize(
    "fault",
    [
        {"tie_braker": 1},
        {"extends": None},
        {"typos": {"minimum_length": 5, "weight": 0.8}},
        {"signals": {"distance": {"weight": "far"}}},
        {"fields": {}},
        {"pins": [{"queries": ["a"], "ids": list("abcdef"), "why": "Too many of them."}]},
    ],
)
def test_it_refuses_what_the_reader_refuses(fault: dict[str, Any]) -> None:
    assert not VALIDATOR.is_valid(profile("nearest") | fault)


def test_a_profile_that_extends_none_must_be_whole() -> None:
    bare = profile("balanced")
    assert VALIDATOR.is_valid(bare)
    for section in ("match", "typos", "signals"):
        assert not VALIDATOR.is_valid(
            {name: part for name, part in bare.items() if name != section}
        )
