"""`POST /api/v1/suppliers/check`, described."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from discovery.api.schemas.answers import Address, Labelled, Strict, integer, many, number, one, string
from discovery.api.schemas.parameters import about
from discovery.inclusive.check import Status
from discovery.inclusive.reading import MAX_ASKED


class AskedCheck(Schema):
    suppliers = fields.List(
        fields.String(),
        required=True,
        validate=validate.Length(min=1, max=MAX_ASKED),
        metadata=about("Each a SIRET, a SIREN, a name, or a line that holds one.", example=["784 671 695 00103"]),
    )


class CheckedSupplier(Strict):
    id = string()
    siret = string(null=True)
    name = string()
    display_name = string("The brand when there is one.")
    kind = string()
    kind_label = string()
    kind_group = string()
    address = one(Address)
    certifications = many(Labelled)
    url = string("Its page.")
    sectors = many(Labelled, "Declared.")
    inferred_sectors = many(Labelled, "Of which there is evidence.")
    updated_at = string("Date.", null=True)
    sources = many(Labelled, "Who lists it.")


class CheckedOne(Strict):
    given = string("As it was sent.")
    number = string("The SIRET or SIREN read in it.", null=True)
    status = string(
        "`yes`; `company`: another establishment of its company is; `name`: one of that name is; `no`: not known.",
        enum=[each.value for each in Status],
    )
    said = string("The same, to show to people.")
    suppliers = many(CheckedSupplier)


class CheckAnswer(Strict):
    asked = integer()
    inclusive = integer("`yes` alone.")
    to_confirm = integer("`company` and `name`.")
    percent = number("`inclusive` of `asked`.")
    results = many(CheckedOne)
