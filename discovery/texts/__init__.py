"""What users read, in each language: texts from `fr/` and `en/`, numbers and days as the CLDR (Babel) writes them."""

from discovery.texts.catalogue import Translate, has, language, section, t, template, translator, typesetter, warm
from discovery.texts.formats import day, decimal, month, percent, shown_km, typeset, written

__all__ = [
    "Translate",
    "day",
    "decimal",
    "has",
    "language",
    "month",
    "percent",
    "section",
    "shown_km",
    "t",
    "template",
    "translator",
    "typeset",
    "typesetter",
    "warm",
    "written",
]
