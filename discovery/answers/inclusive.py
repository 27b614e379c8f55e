"""A list that was checked → JSON, and rows of a sheet."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Any, TypedDict

from discovery.answers.files import Row, Sheet
from discovery.answers.supplier import Card, Labelled, Names, card, slugs
from discovery.desk.figures import Employer, Spend, spend
from discovery.desk.suppliers import Checked, Status
from discovery.mappings.purchases import Figures
from discovery.texts import t

COLUMNS = ("given", "status", "name", "kind", "siret", "city", "sectors", "source", "url")


class CheckedSupplier(Card):
    sectors: Annotated[list[Labelled], "Declared."]
    inferred_sectors: Annotated[list[Labelled], "Of which there is evidence."]
    updated_at: Annotated[str | None, "Date."]
    sources: Annotated[list[Labelled], "Who lists it."]


class CheckedOne(TypedDict):
    given: Annotated[str, "As it was sent."]
    euros: Annotated[float | None, "What was spent there, as the line tells."]
    number: Annotated[str | None, "The SIRET or SIREN read in it."]
    status: Annotated[
        str,
        "`yes`; `company`: another establishment of its company is; `name`: one of that name is; `no`: not known.",
        {"enum": [each.value for each in Status]},
    ]
    said: Annotated[str, "The same, to show to people."]
    suppliers: list[CheckedSupplier]


class SpentBy(TypedDict):
    value: str
    label: str
    euros: float


class SpendAnswer(TypedDict):
    """What the list was paid, where its lines tell it. Exact to the cent."""

    euros: float
    inclusive_euros: Annotated[float, "To `yes` alone."]
    to_confirm_euros: Annotated[float, "To `company` and `name`."]
    percent: Annotated[float, "`inclusive_euros` of `euros`."]
    untold: Annotated[int, "Lines without an amount."]
    kinds: list[SpentBy]
    departments: list[SpentBy]
    territories: Annotated[list[SpentBy], "Priority areas: QPV, ZRR."]
    hours: Annotated[int, "Of work that the inclusive euros pay for, about."]
    oeth_deduction: Annotated[int, "Euros, from ESAT, EA, EATT or TIH, about."]
    capped: Annotated[
        bool, "Whether the deduction is under the employer's ceiling, which the request told."
    ]


class CheckAnswer(TypedDict):
    spend: Annotated[SpendAnswer | None, "null: no line tells an amount."]
    asked: int
    inclusive: Annotated[int, "`yes` alone."]
    to_confirm: Annotated[int, "`company` and `name`."]
    percent: Annotated[float, "`inclusive` of `asked`."]
    results: list[CheckedOne]


def body(
    found: Sequence[Checked],
    names: Names,
    lang: str,
    figures: Figures,
    employer: Employer | None = None,
) -> CheckAnswer:
    """A checked list as JSON: how many are inclusive, what was spent with them, and each in its
    order.
    """
    paid = spend(found, figures, names.vocabulary, employer)
    yes = sum(one.status is Status.YES for one in found)
    return {
        "spend": None if paid is None else _spend(paid, names, lang),
        "asked": len(found),
        "inclusive": yes,
        "to_confirm": sum(one.status in {Status.COMPANY, Status.NAME} for one in found),
        "percent": round(100 * yes / len(found), 1) if found else 0.0,
        "results": [
            {
                "given": one.asked.given,
                "euros": None if one.asked.cents is None else one.asked.cents / 100,
                "number": one.asked.number or None,
                "status": one.status.value,
                "said": t(f"inclusive.said_{one.status.value}", lang),
                "suppliers": [_supplier(each["public"], names, lang) for each in one.suppliers],
            }
            for one in found
        ],
    }


def _spend(paid: Spend, names: Names, lang: str) -> SpendAnswer:
    def counted(facet: str, label: Callable[[str], str]) -> list[SpentBy]:
        held = sorted(paid.by[facet].items(), key=lambda pair: (-pair[1], pair[0]))
        return [
            {"value": value, "label": label(value), "euros": cents / 100} for value, cents in held
        ]

    terms, kinds = names.vocabulary.territories, names.vocabulary.kinds
    return {
        "euros": paid.total / 100,
        "inclusive_euros": paid.inclusive / 100,
        "to_confirm_euros": paid.to_confirm / 100,
        "percent": round(100 * paid.inclusive / paid.total, 1) if paid.total else 0.0,
        "untold": paid.untold,
        "kinds": counted(
            "kind", lambda value: kinds[value].labels[lang] if value in kinds else value
        ),
        "departments": counted(
            "department",
            lambda value: names.gazetteer.label(f"department:{value}", lang) if value else "",
        ),
        "territories": counted(
            "territory", lambda value: terms[value].labels[lang] if value in terms else value
        ),
        "hours": round(paid.hours),
        "oeth_deduction": round(paid.deduction),
        "capped": paid.capped,
    }


def said_spend(paid: SpendAnswer, lang: str) -> str:
    """What was spent, in two sentences, and of how many lines that is not known."""
    whole = {name: round(value) for name, value in paid.items() if isinstance(value, int | float)}
    spent = "inclusive.spent_capped" if paid["capped"] else "inclusive.spent"
    said = t(spent, lang, **{**whole, "percent": paid["percent"]})
    return f"{said} {t('inclusive.untold', lang, count=paid['untold'])}" if paid["untold"] else said


def sheets(answer: CheckAnswer, lang: str) -> Iterator[Sheet]:
    """Each line and its supplier, then what was spent, as a workbook has them."""
    lines = (
        [*cells, one["euros"]]
        for one in answer["results"]
        for cells in rows({**answer, "results": [one]})
    )
    yield Sheet(
        t("inclusive.sheet", lang),
        [*headers(lang), t("inclusive.euros", lang)],
        lines,
        (len(COLUMNS),),
    )
    paid = answer["spend"]
    if paid is None:
        return
    sums = {
        name: value
        for name, value in paid.items()
        if isinstance(value, int | float) and name != "capped"
    }
    told: list[Row] = [[t(f"inclusive.spend_{name}", lang), value] for name, value in sums.items()]
    for name in ("kinds", "departments", "territories"):
        told += [[], [t(f"inclusive.spend_{name}", lang)]]
        told += ([one["label"], one["euros"]] for one in paid[name])
    yield Sheet(t("inclusive.spend", lang), ["", t("inclusive.euros", lang)], told, (1,))


def _supplier(public: Mapping[str, Any], names: Names, lang: str) -> CheckedSupplier:
    vocabulary = names.vocabulary
    sectors = {**vocabulary.sector_groups, **vocabulary.sectors}
    declared = dict.fromkeys(one["sector"] for one in public.get("activities") or ())
    inferred = dict.fromkeys(
        one["sector"] for one in public.get("evidence") or () if one["sector"] not in declared
    )
    sources = [one["source"] for one in public.get("provenance") or ()]
    return {
        **card(public, names, lang),
        "sectors": slugs(declared, sectors, lang),
        "inferred_sectors": slugs(inferred, sectors, lang),
        "updated_at": public.get("updated_at"),
        "sources": slugs(sources, vocabulary.sources, lang),
    }


def headers(lang: str) -> list[str]:
    return [t(f"inclusive.column.{name}", lang) for name in COLUMNS]


def rows(answer: CheckAnswer) -> Iterator[Row]:
    """A row for each supplier, and for each that has none."""
    for one in answer["results"]:
        for cells in [*map(_cells, one["suppliers"])] or [[""] * (len(COLUMNS) - 2)]:
            yield [one["given"], one["said"], *cells]


def _cells(one: CheckedSupplier) -> Row:
    sectors = [each["label"] for each in (*one["sectors"], *one["inferred_sectors"])]
    sources = ", ".join(each["label"] for each in one["sources"])
    city = one["address"]["city"] or ""
    return [
        one["display_name"],
        one["kind"],
        one["siret"] or "",
        city,
        " | ".join(sectors),
        sources,
        one["url"],
    ]
