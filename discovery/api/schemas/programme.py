"""`POST /api/v1/programme`, described: what is sent, what is answered."""

from __future__ import annotations

from marshmallow import EXCLUDE, fields, validate

from discovery.api.schemas.answers import Strict, integer, many, number, one, string
from discovery.api.schemas.needs import AnsweredLot, LotLinks
from discovery.api.schemas.parameters import LangParameter, about

_LETTER = "Letter of its column, as B; blank: nowhere. Without it as recognised."


class ProgrammeParameters(LangParameter):
    class Meta:
        unknown = EXCLUDE

    sheet = fields.String(metadata=about("Name of the sheet; without it the one most like a programme."))
    head = fields.Integer(metadata=about("Row of the headings, 0 = none; without it as recognised."))
    title = fields.String(metadata=about(f"What is bought. {_LETTER}"))
    cpv = fields.String(metadata=about(f"CPV codes. {_LETTER}"))
    place = fields.String(metadata=about(f"Where. {_LETTER}"))
    amount = fields.String(metadata=about(f"Euros before tax, of a year. {_LETTER}"))
    date = fields.String(metadata=about(f"When; told again, not searched. {_LETTER}"))
    format = fields.String(
        validate=validate.OneOf(("json", "xlsx")), load_default="json", metadata=about("`xlsx`: the sheet, completed.")
    )


class ProgrammeColumns(Strict):
    title = string("Letter of the column.", null=True)
    cpv = string(null=True)
    place = string(null=True)
    amount = string(null=True)
    date = string(null=True)


class LineLinks(LotLinks):
    sheet = string("The same search as a sheet to print.")


class AnsweredLine(AnsweredLot):
    row = integer("Its number in the sheet.")
    links = one(LineLinks, null=True)


class StepCount(Strict):
    value = string("Name of a step of `mappings/potential.yaml`.")
    label = string()
    lines = integer()
    amount = number("Euros.")


class GroupCount(Strict):
    value = string()
    label = string()
    lines = integer("For which it has suppliers.")
    amount = number("Of these lines, euros.")
    suppliers = integer("Each for every line that it may answer.")


class ProgrammeSummary(Strict):
    lines = integer()
    amount = number("Euros.")
    amount_with_trade = number("Euros.")
    suggestions = many(StepCount)
    families = many(GroupCount)
    regions = many(GroupCount, "Of suppliers' seats.")


class ProgrammeAnswer(Strict):
    sheet = string("Name of the sheet that was read; blank for CSV.")
    head = integer("Row of the headings.", null=True)
    columns = one(ProgrammeColumns)
    lines = many(AnsweredLine, "As lots, without the names of suppliers.")
    with_trade = integer("Lines of which a trade is recognised.")
    summary = one(ProgrammeSummary)
    notice = string("To show beside suggestions.")
