"""`POST /api/v1/needs`, described: what is sent, what is answered."""

from __future__ import annotations

from marshmallow import EXCLUDE, Schema, fields, validate

from discovery.api.schemas.answers import (
    Circle,
    Notice,
    Result,
    SectorOfNeed,
    Strict,
    boolean,
    integer,
    many,
    number,
    one,
    string,
    strings,
)
from discovery.api.schemas.parameters import SearchParameters, about
from discovery.api.schemas.problem import ParameterError
from discovery.needs.lot import MAX_CODES, MAX_EUROS, MAX_LOTS, MAX_NAME, MAX_TEXT, MAX_TITLE
from discovery.needs.request import MAX_KINDS


class NeedsParameters(SearchParameters):
    class Meta:
        unknown = EXCLUDE
        fields = ("lang", "key")


class AskedLot(Schema):
    number = fields.String(validate=validate.Length(max=10), metadata=about("As the notice numbers it."))
    title = fields.String(
        validate=validate.Length(max=MAX_TITLE), metadata=about("What is bought.", example="Nettoyage")
    )
    cpv = fields.List(
        fields.String(validate=validate.Regexp(r"^\d{2,8}(-\d)?$")),
        validate=validate.Length(max=MAX_CODES),
        metadata=about("CPV codes, or the first digits of one.", example=["90919200-4"]),
    )
    place = fields.String(validate=validate.Length(max=MAX_NAME), metadata=about("A boundary, as `place` of a search."))
    near = fields.String(validate=validate.Length(max=MAX_NAME), metadata=about("A centre, as `near` of a search."))
    radius = fields.Float(validate=validate.Range(0, 500), metadata=about("km around `near`."))
    amount = fields.Float(validate=validate.Range(0, MAX_EUROS), metadata=about("Euros before tax, of a year."))
    kinds = fields.List(
        fields.String(), validate=validate.Length(max=MAX_KINDS), metadata=about("As `kind` of a search.")
    )


class AskedNeeds(Schema):
    """One of the two."""

    text = fields.String(
        validate=validate.Length(max=MAX_TEXT),
        metadata=about("A sentence, titles with bullets, a pasted notice with its lots, or a notice as XML."),
    )
    lots = fields.List(fields.Nested(AskedLot), validate=validate.Length(max=MAX_LOTS))
    title = fields.String(
        validate=validate.Length(max=MAX_TITLE),
        metadata=about("Beside `lots`: of the whole notice, by which a lot is read that does not tell its trade."),
    )


class FoundTrade(Strict):
    text = string("The words or the code that told it.")
    sectors = many(SectorOfNeed)
    known_by = string(enum=["label", "synonym", "code", "classifier"])
    total = integer("Suppliers found for it alone.")


class FoundPlace(Strict):
    value = string("A place code, as in `place=`.")
    label = string()
    text = string("What stands in the title.")


class Counted(Strict):
    value = string()
    label = string()
    count = integer()


class PotentialOfLot(Strict):
    suggestion = string("Name of a step of `mappings/potential.yaml`.")
    label = string("Its name, to show to people.")
    text = string("To show to people: help for thinking, no legal advice.")
    direct = string("What a small amount allows besides.", null=True)
    social = string("What social, care, sport and training services allow besides.", null=True)
    articles = strings("Of the French code of public procurement.")
    suppliers = integer()
    insertion = integer()
    handicap = integer()
    located = integer("Seated at the place; 0 without one.")
    serving = integer("That come there, seated there or not.")
    presumed = integer("Taken to work there, which is not confirmed.")
    national = integer("That serve all of France.")
    with_employees = integer("Whose size is known.")
    with_turnover = integer("Of the first thirty, whose turnover is known.")
    typical_turnover = number("Euros a year: the middle one.", null=True)
    dependency_percent = number("The amount, of the typical turnover.", null=True)


class LotLinks(Strict):
    page = string("The same search, for people.")
    api = string("The same search, for programs.")


class AnsweredLot(Strict):
    title = string()
    cpv = strings("As digits.")
    place = string(null=True)
    near = string(null=True)
    radius = number(null=True)
    amount = number(null=True)
    asked_kinds = strings()
    number = string("As the notice numbers it.", null=True)  # last: its name is that of what makes numbers
    recognised = boolean("false: no inclusive trade was recognised; nothing is counted or listed.")
    read_with = string("The title of the notice, when that told the trade and not the lot's own.", null=True)
    said = string("The outcome, to show to people.")
    trades = many(FoundTrade)
    places = many(FoundPlace, "Those understood from the title.")
    circle = one(Circle, null=True)
    total = integer("Suppliers.")
    kinds = many(Counted)
    departments = many(Counted)
    suppliers = many(Result, "The first five.")
    potential = one(PotentialOfLot, null=True)
    warnings = many(Notice)
    problems = many(ParameterError, "Why the lot could not be answered, or what was left out to answer it.")
    links = one(LotLinks, null=True)


class NeedsAnswer(Strict):
    lots = many(AnsweredLot)
    with_trade = integer("Lots of which a trade is recognised.")
    notice = string("To show beside suggestions.")
