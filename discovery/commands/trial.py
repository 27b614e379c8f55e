"""`discovery trial report FILE…`: which of two ranking profiles people's clicks are for, out of the service's log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from itertools import chain
from typing import TextIO

import click

from discovery.commands.common import LANG, guarded
from discovery.locales import decimal, t
from discovery.relevance.trial import Votes, votes


@click.group()
def trial() -> None:
    """Read what a trial of two ranking profiles (DISCOVERY_TRIAL) has told."""


@trial.command()
@click.argument("files", type=click.File("r", encoding="utf-8", errors="replace"), nargs=-1, required=True)
@click.option(
    "--see",
    default=5.0,
    show_default=True,
    type=click.FloatRange(0.5, 90),
    help="The difference to be seen, in points of the searches that decide.",
)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@LANG
@guarded
def report(files: tuple[TextIO, ...], see: float, as_json: bool, lang: str) -> None:
    """Say which profile clicks are for, from log FILES (- is standard input), or how many searches are missing.

    A search on a day is one vote. A difference of so many points (--see) is seen four times in five where it is, and
    equals are told apart once in twenty.
    """
    found = votes(chain.from_iterable(files))
    if as_json:
        click.echo(json.dumps({name: _figures(one, see / 100) for name, one in found.items()}, indent=2))
        return
    for line in _lines(found, see, lang):
        click.echo(line)


def _figures(found: Votes, see: float) -> dict[str, object]:
    return {**asdict(found), "p": found.p, "needs": found.more(see), "verdict": found.verdict(see)}


def _lines(found: dict[str, Votes], see: float, lang: str) -> Iterator[str]:
    if not found:
        yield t("command.trial.none", lang)
    for name, one in found.items():
        first, second = name.split(":")
        yield t("command.trial.head", lang, one=first, other=second, count=one.searches)
        yield t("command.trial.votes", lang, one=first, other=second, first=one.one, second=one.other, even=one.even)
        yield t("command.trial.aside", lang, alike=one.alike, apart=one.apart)
        yield _verdict(one, see, {"one": first, "other": second}, lang)


def _verdict(found: Votes, see: float, profiles: dict[str, str], lang: str) -> str:
    points, more, verdict = decimal(see, lang), found.more(see / 100), found.verdict(see / 100)
    if more is None:
        return t("command.trial.no_click", lang)
    if verdict == "early":
        return t("command.trial.early", lang, count=more, see=points)
    if verdict == "equal":
        return t("command.trial.equal", lang, see=points)
    return t("command.trial.better", lang, better=profiles[verdict], p=decimal(round(found.p, 4), lang))
