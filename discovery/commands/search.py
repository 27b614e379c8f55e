"""`discovery search "phrase"`: the same search as the API's, printed."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import click
from werkzeug.datastructures import MultiDict

from discovery.commands.common import guarded, services, typed
from discovery.http.api.endpoint import answer_to
from discovery.http.api.parameters import SearchParameters, reference
from discovery.texts import language, shown_km, t, written

PER_PAGE = 10
FACET_VALUES = 6
"""Values printed of each facet."""
PRINTED_FACETS = ("kind", "department", "sector_group", "certification", "coverage")

_NOT_OPTIONS = frozenset({"q", "key", "cursor"})


def parameter_options(command: Any) -> Any:
    """Every parameter of the API as an option of the same name; read and checked by the same code."""
    for name, field in reversed(SearchParameters().fields.items()):
        if name not in _NOT_OPTIONS:
            about = str(field.metadata.get("description") or reference()[name])
            if choices := field.metadata.get("enum"):
                about += f" One of: {', '.join(choices)}."
            command = click.option(f"--{name.replace('_', '-')}", name, multiple=True, help=about)(
                command
            )
    return command


@click.command()
@click.argument("phrase", default="")
@click.option("--json", "as_json", is_flag=True, help="The API's answer.")
@parameter_options
@guarded
def search(phrase: str, as_json: bool, **options: tuple[str, ...]) -> None:
    """Search suppliers: PHRASE as a buyer would type it, options as the API's parameters."""
    arguments: MultiDict[str, str] = MultiDict([("q", typed(phrase))])
    for name, values in options.items():
        for value in values:
            arguments.add(name, typed(value))
    arguments.setdefault("per_page", str(PER_PAGE))
    known = services()
    body = known.presenter.answer(answer_to(known.search, arguments))
    if as_json:
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
        return
    first = (int(arguments.get("page") or 1) - 1) * int(arguments["per_page"]) + 1
    for line in report(body, first, language(arguments.get("lang"))):
        click.echo(line)


def report(body: Mapping[str, Any], first: int, lang: str) -> Iterator[str]:
    """The answer in lines: what was understood, how many, each result and why, the facets."""
    if body["scope"]:
        yield body["scope"]["sentence"]
    if not body["query"]["recognised"]:
        yield t("command.unrecognised", lang)
    yield understood(body["query"], lang)
    for warning in body["warnings"]:
        yield t("command.warning", lang, message=warning["message"])
    yield from beside(body["query"], lang)
    yield counted(body["total"]["value"], first, len(body["results"]), lang)
    for suggestion in body["suggestions"]:
        yield t("command.suggestion", lang, label=suggestion["label"])
    if not body["query"]["recognised"] and body["results"]:
        yield t("command.some_words", lang)
    for rank, result in enumerate(body["results"], first):
        yield from ranked(rank, result, lang)
    if body["nearby"]:
        yield body["nearby_heading"]
        for rank, result in enumerate(body["nearby"], 1):
            yield from ranked(rank, result, lang)
    facets = list(breakdown(body["facets"], lang))
    if facets and body["results"]:
        yield ""
        yield t("command.facets", lang)
        yield from facets


def beside(query: Mapping[str, Any], lang: str) -> Iterator[str]:
    """What was ignored, mended, widened or may be chosen."""
    if query["ignored"]:
        yield t("command.ignored", lang, text=", ".join(one["text"] for one in query["ignored"]))
    if query["did_you_mean"]:
        yield t("command.did_you_mean", lang, text=query["did_you_mean"])
    if query["relaxed"] and query["recognised"] and not query["needs"]:
        yield t("command.relaxed", lang)
    if len(query["needs"]) > 1:
        text = " · ".join(
            f"{one['text']} ({written(one['total'], lang)})" for one in query["needs"]
        )
        yield t("command.needs", lang, text=text)
    if query["circle"] and query["circle"]["wider"]:
        wider = query["circle"]["wider"]
        text = " · ".join(f"{one['radius']} km ({written(one['total'], lang)})" for one in wider)
        yield t("command.wider", lang, text=text)
    for offer in query["offers"]:
        yield t("command.offer", lang, label=offer["label"], count=offer["count"])


def understood(query: Mapping[str, Any], lang: str) -> str:
    """How the phrase was read, in one line."""
    grouped: dict[str, list[str]] = {}
    for piece in query["interpretation"]:
        if piece["applied"]:
            kind = piece["type"] == "kind" or piece["parameter"] == "not_kind"
            shown = piece["value"] if kind else piece["label"]  # "ESAT" rather than its five words
            if piece["type"] == "exclusion":
                shown = t("command.except", lang, label=shown)
            grouped.setdefault(t(f"label.piece.{piece['type']}", lang), []).append(shown)
    parts = [f"{name} {', '.join(labels)}" for name, labels in grouped.items()]
    if query["circle"]:
        parts.append(query["circle"]["label"])
    if query["text"].strip():
        parts.append(t("command.words", lang, text=query["text"].strip()))
    return t("command.understood", lang, text=" · ".join(parts) or t("command.all", lang))


def counted(total: int, first: int, shown: int, lang: str) -> str:
    """How many were found, and which of them are shown (`first`: from 1), in one line; whether the
    page asked for is past the end.
    """
    text = t("command.total", lang, count=total)
    if shown < total and shown:
        text += f" ({t('command.shown', lang, first=first, last=first + shown - 1)})"
    elif total and first > total:
        text += f" ({t('command.beyond', lang)})"
    return text


def ranked(rank: int, result: Mapping[str, Any], lang: str) -> Iterator[str]:
    """A supplier found, with its rank, in two lines for a terminal."""
    address = result["address"]
    place = " ".join(
        filter(
            None, [address["city"], f"({address['department']})" if address["department"] else ""]
        )
    )
    distance = (
        ""
        if result["distance_km"] is None
        else f"{written(shown_km(result['distance_km']), lang)} km"
    )
    by_car = "" if result["minutes"] is None else t("why.by_car", lang, minutes=result["minutes"])
    facts = [result["kind"], place, distance, by_car, f"[{result['id']}]"]
    yield f"{rank:>4}. {result['display_name']} – {' · '.join(filter(None, facts))}"
    if result["why"]:
        yield f"      {' ; '.join(result['why'])}"


def breakdown(facets: Mapping[str, Any], lang: str) -> Iterator[str]:
    for name in PRINTED_FACETS:
        values = [one for one in facets.get(name, ()) if one["count"]][:FACET_VALUES]
        if values:
            named = "value" if name == "kind" else "label"
            shown = ", ".join(f"{one[named]} {written(one['count'], lang)}" for one in values)
            yield "  " + t(
                "command.facet", lang, label=t(f"label.facet.{name}", lang), values=shown
            )
