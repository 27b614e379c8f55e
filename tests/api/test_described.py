"""The API does what its description says: schemathesis asks whatever the OpenAPI document allows,
and more.
"""

from typing import Any, cast

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings

from tests.api.conftest import ON_ONE
from tests.examples import some


@pytest.mark.slow
@ON_ONE
@pytest.mark.parametrize("mode", ["positive", "negative"])
def test_every_answer_is_one_that_is_described(app: Flask, mode: str) -> None:
    """Not asked: `positive_data_acceptance`, since a radius without a centre fits every schema and
    is refused; nor `negative_data_rejection`, since an unknown parameter is answered, with a
    warning.
    """
    import schemathesis  # a second, which every process that collects would pay
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi import checks

    asked_of_each: Any = [
        not_a_server_error,
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_headers_conformance,
        checks.response_schema_conformance,
    ]
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
        @given(case=operation.as_strategy(generation_mode=schemathesis.GenerationMode(mode)))
        def ask(case: schemathesis.Case) -> None:
            nonlocal asked
            case.call_and_validate(checks=asked_of_each, headers={"Accept-Encoding": "identity"})
            asked += 1

        try:
            ask()
        except Exception as error:
            if (
                type(error).__name__ != "Unsatisfiable"
            ):  # an operation without parameters has nothing wrong to send
                raise
    assert asked >= 20
