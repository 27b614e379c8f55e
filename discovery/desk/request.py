"""A need as sent (text, notice, JSON) → its lots. Raises InvalidQuery."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from discovery.desk.amounts import MAX_EUROS
from discovery.desk.lot import MAX_CODES, MAX_LOTS, MAX_NAME, MAX_TEXT, MAX_TITLE, Lot
from discovery.desk.notice import MAX_XML, UnreadableNotice, is_xml, lots_of_notice
from discovery.desk.pasted import lots_of_text
from discovery.mappings.codes.cpv import cpv_code, cut_cpv_codes
from discovery.mappings.purchases import Headings
from discovery.search.query import InvalidQuery, Problem

MAX_KINDS = 20
SHOWN = 60
_LENGTHS = {"number": 10, "title": MAX_TITLE, "place": MAX_NAME, "near": MAX_NAME}


def read_text(text: str, headings: Headings) -> list[Lot]:
    """The lots of a sentence, a pasted notice or XML as text. Raises InvalidQuery."""
    if len(text) > MAX_TEXT and not is_xml(text):
        raise _invalid(Problem("text", text[:40] + "…", "needs_too_long", {"length": len(text), "limit": MAX_TEXT}))
    if is_xml(text):
        return read_notice(text.encode("utf-8", "replace"))
    return _counted(lots_of_text(text, headings), "text")


def read_notice(content: bytes) -> list[Lot]:
    """The lots of a notice in XML. Raises InvalidQuery when it can't be read."""
    try:
        return _counted(lots_of_notice(content), "notice")
    except UnreadableNotice as error:
        raise _invalid(Problem("notice", "", error.code, {"limit": MAX_XML // 1000})) from None


def read_json(body: Any, headings: Headings) -> list[Lot]:
    """The lots of `{"text": …}` or `{"lots": [{…}], "title": …}`. Raises InvalidQuery."""
    if not isinstance(body, dict) or ("text" in body) == ("lots" in body):
        raise _invalid(Problem("body", "", "needs_body"))
    if "text" in body:
        if not isinstance(body["text"], str):
            raise _invalid(Problem("text", str(body["text"])[:SHOWN], "needs_body"))
        return read_text(body["text"], headings)
    given = body["lots"]
    if not isinstance(given, list):
        raise _invalid(Problem("lots", str(given)[:SHOWN], "needs_body"))
    if len(given) > MAX_LOTS:
        raise _too_many(len(given), "lots")
    problems: list[Problem] = []
    title = body.get("title") or ""
    if not isinstance(title, str) or len(title) > MAX_TITLE:
        shown = str(title)[:SHOWN]
        problems.append(Problem("title", shown, "lot_text", {"value": shown, "limit": MAX_TITLE}))
        title = ""
    whole = Lot(cut_cpv_codes(" ".join(title.split()))[0]) if title.strip() else None
    found = [replace(_lot(one, f"lots[{index}]", problems), whole=whole) for index, one in enumerate(given)]
    if problems:
        raise InvalidQuery(tuple(problems))
    return _counted(found, "lots")


def _lot(given: Any, where: str, problems: list[Problem]) -> Lot:
    if not isinstance(given, dict):
        problems.append(Problem(where, str(given)[:SHOWN], "lot_not_an_object"))
        return Lot("")

    def read(name: str, valid: Callable[[Any], bool], code: str, **args: int) -> Any:
        value = given.get(name)
        if value is None or valid(value):
            return value
        shown = str(value)[:SHOWN]
        problems.append(Problem(f"{where}.{name}", shown, code, {"value": shown, **args}))
        return None

    def short(most: int) -> Callable[[Any], bool]:
        return lambda one: isinstance(one, str) and len(one) <= most

    texts = {name: read(name, short(most), "lot_text", limit=most) or "" for name, most in _LENGTHS.items()}
    cpv = (
        read(
            "cpv",
            lambda one: _texts(one, MAX_CODES) and all(cpv_code(code, said=True) for code in one),
            "lot_cpv",
            limit=MAX_CODES,
        )
        or []
    )
    kinds = read("kinds", lambda one: _texts(one, MAX_KINDS), "lot_kinds", limit=MAX_KINDS) or []
    radius = read("radius", lambda one: _number(one, 500), "not_a_number")
    amount = read("amount", lambda one: _number(one, MAX_EUROS), "not_a_number")
    title, codes = cut_cpv_codes(texts["title"])
    return Lot(
        title=" ".join(title.split()),
        number=texts["number"].strip(),
        cpv=tuple(dict.fromkeys((*(cpv_code(code, said=True) or "" for code in cpv), *codes))),
        place=texts["place"].strip(),
        near=texts["near"].strip(),
        radius=None if radius is None else float(radius),
        amount=None if amount is None else float(amount),
        kinds=tuple(kinds),
    )


def _texts(given: Any, most: int) -> bool:
    return (
        isinstance(given, list)
        and len(given) <= most
        and all(isinstance(one, str) and len(one) <= SHOWN for one in given)
    )


def _number(given: Any, most: float) -> bool:
    return (
        isinstance(given, int | float) and not isinstance(given, bool) and math.isfinite(given) and 0 <= given <= most
    )


def _counted(found: list[Lot], parameter: str) -> list[Lot]:
    if not found:
        raise _invalid(Problem(parameter, "", "needs_empty"))
    if len(found) > MAX_LOTS:
        raise _too_many(len(found), parameter)
    return found


def _too_many(count: int, parameter: str) -> InvalidQuery:
    return _invalid(Problem(parameter, str(count), "needs_too_many", {"count": count, "limit": MAX_LOTS}))


def _invalid(problem: Problem) -> InvalidQuery:
    return InvalidQuery((problem,))
