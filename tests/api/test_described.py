"""The API does what its description says: schemathesis asks whatever the OpenAPI document allows, and more."""

from typing import Any, cast

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.examples import some

CHECKS: Any = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
"""Not `positive_data_acceptance`: a radius without a centre fits every schema and is refused; nor
`negative_data_rejection`: an unknown parameter is answered, with a warning."""


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode), ids=lambda mode: mode.value)
def test_every_answer_is_one_that_is_described(app: Flask, mode: schemathesis.GenerationMode) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    asked = 0
    for operation in (cast(Any, found).ok() for found in schema.get_all_operations()):

        @settings(
            max_examples=some(20),
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
            derandomize=True,
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: schemathesis.Case) -> None:
            nonlocal asked
            case.call_and_validate(checks=CHECKS, headers={"Accept-Encoding": "identity"})
            asked += 1

        try:
            ask()
        except Exception as error:
            if type(error).__name__ != "Unsatisfiable":  # an operation without parameters has nothing wrong to send
                raise
    assert asked >= 20
