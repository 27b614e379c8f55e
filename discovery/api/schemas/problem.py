"""The one shape of errors (RFC 9457), described."""

from __future__ import annotations

from marshmallow import Schema, fields

from discovery.api.schemas.answers import Strict, integer, many, string, strings
from discovery.api.schemas.parameters import about


class ParameterError(Strict):
    parameter = string()
    value = string("As given, shortened when long.")
    code = string("Stable name of the fault.")
    message = string("What is wrong and what to do, in the language of `lang`.")
    choices = strings("Valid values that come close.")


class ProblemSchema(Schema):
    type = string("Address of the paragraph that explains this type of problem.")
    title = string()
    status = integer()
    detail = string("What happened and what to do, in the language of `lang`.")
    errors = many(ParameterError, "All parameters at fault, at once.")
    reason = fields.String(metadata=about("With 503: why the engine can't answer."))
    request_id = fields.String(metadata=about("With 500: the number under which the fault is logged."))

    def __init__(self, **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]
        self.fields["errors"].required = False
