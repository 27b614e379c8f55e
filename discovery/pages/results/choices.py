"""What choosing or dropping something does to the parameters, phrase included. Pure.

A value may be chosen by a parameter or by the phrase. Dropping it must drop it from both: a parameter that goes
would otherwise bring back the words that it replaced."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from discovery.engine.port import Coverage, National
from discovery.phrase.model import Intent, Piece
from discovery.search.answer import Answer
from discovery.search.interpret import is_offered
from discovery.search.query import CODES


def without(intent: Intent, pieces: Iterable[Piece]) -> str:
    """The phrase as typed, less these pieces and the connectives that touch them.

    "nettoyage à 30 km de Lyon, ESAT" less its radius: "nettoyage Lyon, ESAT".
    """
    return intent.without(intent.cut(piece) for piece in pieces)


Changes = dict[str, Any]
"""Parameter → its new value or values, None to remove it; for `PageUrls.change`."""

KINDS = ("kind", "kind_group")
CENTRE = ("near", "lat", "lon")


def chosen(answer: Answer, parameter: str) -> tuple[str, ...]:
    """Values that filter now, whoever chose them: parameter or phrase."""
    if parameter in {"coverage", "national"}:
        return (str(getattr(answer.plan.request, parameter)),)
    values: tuple[str, ...] = getattr(answer.plan.request.filters, parameter)
    return values


def choose(answer: Answer, parameter: str, values: Collection[str]) -> Changes:
    """Make `values` the whole choice of a filter; none = no filter."""
    spoken = _spoken(answer, {parameter})
    if parameter in KINDS and _spoken(answer, {"kind_group"}):
        # "ESAT ou insertion": the phrase's kinds and groups are one choice. Both become parameters, the words go.
        both: Changes = {name: chosen(answer, name) for name in KINDS}
        return {**both, parameter: tuple(values), "q": without(answer.plan.intent, _spoken(answer, set(KINDS)))}
    if values or not spoken:
        codes: Changes = {name: () for name in CODES if parameter == "sector" and answer.plan.query.values(name)}
        return {parameter: tuple(values), **codes}
    return {parameter: (), "q": without(answer.plan.intent, spoken)}


def switch(answer: Answer, parameter: str, value: str) -> Changes:
    """Turn `coverage` or `national`; what would hold anyway is not said."""
    return {parameter: None if value == default(answer, parameter) else value}


def default(answer: Answer, parameter: str) -> str:
    """What a switch is without its parameter."""
    request = answer.plan.request
    if parameter == "coverage":
        bounded = request.box is not None or any(target.circle for target in request.targets)
        return str(Coverage.LOCATED if bounded else Coverage.ANY)
    return next((piece.value for piece in _spoken(answer, {"national"})), str(National.INCLUDE))


def drop_pieces(answer: Answer, pieces: Iterable[Piece]) -> Changes:
    """Drop pieces of the phrase: their words go. With the last place go the distances, which were from it."""
    gone = list(pieces)
    changes: Changes = {}
    places = [piece for piece in answer.plan.reading.pieces if piece.type == "place"]
    if any(piece.type == "place" for piece in gone) and all(piece in gone for piece in places):
        gone += _spoken(answer, {"radius"})
        if not answer.plan.query.place:
            changes = _without_centre(answer)
    return {**changes, "q": without(answer.plan.intent, gone)}


def anywhere(answer: Answer) -> Changes:
    """Drop every place and distance, whoever said it: something else is about to say where."""
    said = _spoken(answer, {"place", "radius"})
    centre = dict.fromkeys((*CENTRE, "place", "radius"))
    return {**_without_centre(answer), **centre, "q": without(answer.plan.intent, said)}


def as_word(answer: Answer, text: str) -> Changes:
    """A piece's words as plain words."""
    places = [piece for piece in answer.plan.reading.pieces if piece.type == "place"]
    last = bool(places) and all(piece.text == text for piece in places) and not answer.plan.query.place
    return {"literal": (*answer.plan.query.literal, text), **(_without_centre(answer) if last else {})}


def as_words(answer: Answer) -> Changes:
    """The whole phrase as plain words."""
    return {"interpret": False, **({} if answer.plan.query.place else _without_centre(answer))}


def drop_place(answer: Answer, typed: str) -> Changes:
    """Drop a value of `place`; with the last one, the phrase's own place does not come back."""
    left = tuple(one for one in answer.plan.query.place if one != typed)
    if left:
        return {"place": left}
    return {"place": (), **_without_centre(answer), "q": _placeless(answer)}


def drop_centre(answer: Answer) -> Changes:
    """Drop `near` or the point, and the distance from it."""
    changes: Changes = dict.fromkeys((*CENTRE, "radius"))
    if answer.plan.query.sort == "distance":
        changes["sort"] = None
    return {**changes, "q": _placeless(answer)} if not answer.plan.query.place else changes


def drop_radius(answer: Answer) -> Changes:
    """Drop `radius`: the circle of a centre is then chosen, a commune is only itself."""
    return {"radius": None, "q": without(answer.plan.intent, _spoken(answer, {"radius"}))}


def readmit(answer: Answer, parameter: str, value: str) -> Changes:
    """Take an exclusion back; with the last one, the phrase's own do not come back."""
    left = tuple(one for one in answer.plan.query.values(parameter) if one != value)
    spoken = [
        piece for piece in answer.plan.intent.pieces if piece.type == "exclusion" and piece.parameter == parameter
    ]
    if left or not spoken:
        return {parameter: left}
    return {parameter: (), "q": without(answer.plan.intent, spoken)}


def drop_national(answer: Answer) -> Changes:
    """What takes the wish about national suppliers away."""
    return {"national": None, "q": without(answer.plan.intent, _spoken(answer, {"national"}))}


def other_place(answer: Answer, piece: Piece, value: str) -> Changes:
    """A namesake in the place of the one that was understood."""
    if piece.role in ("focus", "hint"):
        return {"near": value}
    others = [
        one.value
        for one in answer.plan.reading.pieces
        if one.type == "place" and one != piece and one.role == "boundary"
    ]
    return {"place": tuple(dict.fromkeys((*others, value)))}


def namesake(parameter: str, code: str) -> Changes:
    """Another place of a typed name: a department or region has no centre, it can only be searched in."""
    if parameter == "near" and not code.startswith(("commune:", "postcode:")):
        return {"near": None, "radius": None, "sort": None, "place": code}
    return {parameter: code}


def _placeless(answer: Answer) -> str:
    return without(answer.plan.intent, _spoken(answer, {"place", "radius"}))


def _without_centre(answer: Answer) -> Changes:
    """A distance and a sort by it make no sense once nothing is left to measure from."""
    if answer.plan.query.near or answer.plan.query.lat is not None:
        return {}
    return {"radius": None, **({"sort": None} if answer.plan.query.sort == "distance" else {})}


def _spoken(answer: Answer, types: Collection[str]) -> list[Piece]:
    """The phrase's applied pieces of some types, those that a parameter replaces included."""
    return [piece for piece in answer.plan.intent.pieces if piece.type in types and not is_offered(piece)]
