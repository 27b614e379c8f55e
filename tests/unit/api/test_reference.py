from typing import Any

import pytest

from discovery.http.api.document import referred, sample, type_of, written
from tests.tables import cases


@pytest.mark.parametrize(("parameters", "tried"), cases(__file__, "an_address_to_try"))
def test_an_address_to_try(parameters: list[dict[str, Any]], tried: str) -> None:
    assert sample("/search", {"parameters": parameters}) == tried


@pytest.mark.parametrize(("schema", "type_", "refers"), cases(__file__, "types_are_said_in_words"))
def test_types_are_said_in_words(schema: dict[str, Any], type_: str, refers: str) -> None:
    assert (type_of(schema), referred(schema)) == (type_, refers)


@pytest.mark.parametrize(
    ("example", "text"), [(True, "true"), (["EI", "AI"], "EI,AI"), (30, "30"), ("fr", "fr")]
)
def test_examples_are_written_as_addresses_hold_them(example: Any, text: str) -> None:
    assert written(example) == text
