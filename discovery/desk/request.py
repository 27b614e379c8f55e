"""What a buyer hands over: a text pasted, a notice in XML, JSON; read into lots, all faults at
once. Pure.
"""

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from discovery.desk.eforms import is_xml, lots_of_notice
from discovery.desk.lot import MAX_CODES, MAX_EUROS, MAX_LOTS, MAX_NAME, MAX_TEXT, MAX_TITLE, Lot
from discovery.desk.pasted import lots_of_text
from discovery.mappings.codes import cpv_code, cut_cpv_codes
from discovery.mappings.mappings import Mappings
from discovery.model import replace
from discovery.search.query import InvalidQuery, Problem, invalid

MAX_KINDS = 20
SHOWN = 60


def read_text(text: str, mappings: Mappings) -> list[Lot]:
    """The lots of a sentence, a pasted notice or XML as text. Raises InvalidQuery."""
    if is_xml(text):
        return read_notice(text.encode("utf-8", "replace"))
    if len(text) > MAX_TEXT:
        raise invalid("text", "needs_too_long", text[:40] + "…", length=len(text), limit=MAX_TEXT)
    return _counted(lots_of_text(text, mappings), "text")


def read_notice(content: bytes) -> list[Lot]:
    """The lots of a notice in XML. Raises InvalidQuery when it can't be read."""
    return _counted(lots_of_notice(content), "notice")


def read_json(body: Any, mappings: Mappings) -> list[Lot]:
    """The lots of `{"text": …}` or `{"lots": [{…}], "title": …}`. Raises InvalidQuery."""
    if not isinstance(body, dict) or ("text" in body) == ("lots" in body):
        raise invalid("body", "needs_body")
    for name, of in (("text", str), ("lots", list)):
        if name in body and not isinstance(body[name], of):
            raise invalid(name, "needs_body", str(body[name])[:SHOWN])
    if "text" in body:
        return read_text(body["text"], mappings)
    problems: list[Problem] = []
    title = " ".join((_member(body, "title", "title", problems) or "").split())
    whole = Lot(cut_cpv_codes(title)[0]) if title else None
    given = enumerate(_counted(body["lots"], "lots"))
    found = [
        replace(_lot_of_json(one, f"lots[{index}]", problems), whole=whole) for index, one in given
    ]
    if problems:
        raise InvalidQuery(tuple(problems))
    return found


def _lot_of_json(given: Any, where: str, problems: list[Problem]) -> Lot:
    if not isinstance(given, dict):
        problems.append(Problem(where, str(given)[:SHOWN], "lot_not_an_object"))
        return Lot("")
    told = {name: _member(given, name, f"{where}.{name}", problems) for name in _MEMBERS}
    told |= {name: (told[name] or "").strip() for name in _LENGTHS}
    title, codes = cut_cpv_codes(told["title"])
    told["title"] = " ".join(title.split())
    told["cpv"] = tuple(
        dict.fromkeys((*(cpv_code(code, said=True) or "" for code in told["cpv"] or ()), *codes))
    )
    told["kinds"] = tuple(told["kinds"] or ())
    return Lot(
        **told
        | {name: float(told[name]) for name in ("radius", "amount") if told[name] is not None}
    )


def _member(given: Mapping[str, Any], name: str, where: str, problems: list[Problem]) -> Any:
    """A member of an object; None, and a problem, where it is not as it must be."""
    (valid, code, limits), value = _MEMBERS[name], given.get(name)
    if value is None or valid(value):
        return value
    shown = str(value)[:SHOWN]
    problems.append(Problem(where, shown, code, {"value": shown, **limits}))
    return None


def _text(given: Any, most: int) -> bool:
    return isinstance(given, str) and len(given) <= most


def _texts(given: Any, most: int) -> bool:
    return (
        isinstance(given, list) and len(given) <= most and all(_text(one, SHOWN) for one in given)
    )


def _codes(given: Any) -> bool:
    return _texts(given, MAX_CODES) and all(cpv_code(code, said=True) for code in given)


def _number(given: Any, most: float) -> bool:
    number = isinstance(given, int | float) and not isinstance(given, bool)
    return number and math.isfinite(given) and 0 <= given <= most


_LENGTHS = {"number": 10, "title": MAX_TITLE, "place": MAX_NAME, "near": MAX_NAME}
_MEMBERS: Mapping[
    str, tuple[Callable[[Any], bool], str, Mapping[str, int]]
] = {  # what each must be, else told
    **{
        name: (partial(_text, most=most), "lot_text", {"limit": most})
        for name, most in _LENGTHS.items()
    },
    "cpv": (_codes, "lot_cpv", {"limit": MAX_CODES}),
    "kinds": (partial(_texts, most=MAX_KINDS), "lot_kinds", {"limit": MAX_KINDS}),
    "radius": (partial(_number, most=500), "not_a_number", {}),
    "amount": (partial(_number, most=MAX_EUROS), "not_a_number", {}),
}


def _counted(found: list[Any], parameter: str) -> list[Any]:
    if not found:
        raise invalid(parameter, "needs_empty")
    if len(found) > MAX_LOTS:
        raise invalid(
            parameter, "needs_too_many", str(len(found)), count=len(found), limit=MAX_LOTS
        )
    return found
