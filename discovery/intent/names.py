"""Names of places as they stand in a phrase: what a run of tokens may name, before asking whether it is meant."""

from __future__ import annotations

from discovery.gazetteer import Commune, Grouping, normalise
from discovery.gazetteer.names import without_article
from discovery.intent.lexer import Gap
from discovery.intent.model import Option
from discovery.intent.named import Named
from discovery.intent.parse_state import ParseState, State

_LONGEST_NAME = 8  # words: "Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson"
_VILLAGE = 10_000  # inhabitants: below, an area of the same name is meant
_TOWN = 2_000  # inhabitants: below, a body of communes of the same name is meant
_SAINTS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}


def typed(reading: ParseState, first: int, last: int) -> str:
    """The characters from token `first` to token `last`, as typed."""
    return reading.q[reading.tokens[first].start : reading.tokens[last].end]


def names_at(reading: ParseState, first: int, *, hint: bool = False) -> list[Named]:
    """Everything that free tokens from `first` on may name, the longest name first.

    An area is named without its article, which leads to it ("dans le Rhône"), save as a hint ("(La Réunion)").
    """
    known = reading.names.get((first, hint))
    if known is None:
        known = reading.names[first, hint] = _look_up(reading, first, hint=hint)
    return [named for named in known if reading.free_run(named.first, named.last)]


def _look_up(reading: ParseState, first: int, *, hint: bool) -> list[Named]:
    found: list[Named] = []
    gazetteer = reading.gazetteer
    for last in _lasts(reading, first):
        name = typed(reading, first, last)
        own = without_articles(reading, first, last)
        never = reading.grammar.places.never_names
        if len(own) == 1 and (len(name) < 2 or reading.tokens[own[0]].text.casefold() in never):
            continue
        if any(reading.tokens[index].number for index in own):  # "CC des 7 Vallées", and never "Paris 12"
            named = Named(first, last, groupings=gazetteer.groupings_by_name(name))
        elif len(own) <= last - first and not hint:
            named = Named(first, last, communes=gazetteer.by_name(name))
            village = named.communes and (
                named.communes[0].population < _VILLAGE or not is_exact(reading, named, named.communes[0])
            )
            if village and _is_area(reading, first + 1, last):
                continue  # "à la Réunion" is not the village of that name
        else:
            communes = gazetteer.by_name(name)
            named = Named(
                first,
                last,
                communes=communes,
                department=gazetteer.department_by_name(name),
                region=gazetteer.region_by_name(name),
                # a town before the body that bears its name ("CA de Chaumont")
                groupings=tuple(
                    one
                    for one in gazetteer.groupings_by_name(name)
                    if one.place.type == "area" or not _is_town(name, communes)
                ),
            )
        if named.communes or named.areas:
            found.append(named)
    found.reverse()
    return [*_bodies(reading, first, found), *found]


def _is_town(name: str, communes: tuple[Commune, ...]) -> bool:
    own = bool(communes) and without_article(normalise(communes[0].name)) == without_article(normalise(name))
    return own and communes[0].population >= _TOWN


def _bodies(reading: ParseState, first: int, found: list[Named]) -> list[Named]:
    """Intercommunalities by their main town: "agglo de Tours", "Chambéry agglomération"."""
    of, words = reading.ties.of, reading.grammar.places
    if size := reading.phrase_at(first, words.bodies):
        town = first + size
        if reading.fold(town) in of and reading.tied(town) and reading.tied(town + 1):
            named = (Named(first, at, groupings=_around(reading, town + 1, at)) for at in _lasts(reading, town + 1))
            return [one for one in named if one.groupings][::-1]
    ends = ((one, one.last + 1) for one in found if one.communes)
    return [
        Named(first, end, groupings=around)
        for one, end in ends
        if reading.free(end) and reading.tied(end) and reading.fold(end) in words.body_endings
        if (around := _around(reading, one.first, one.last))
    ]


def _around(reading: ParseState, first: int, last: int) -> tuple[Grouping, ...]:
    gazetteer = reading.gazetteer
    towns = gazetteer.by_name(typed(reading, first, last))
    place = gazetteer.around_town(towns[0].code) if towns else None
    grouping = gazetteer.grouping(place) if place else None
    return (grouping,) if grouping else ()


def _is_area(reading: ParseState, first: int, last: int) -> bool:
    name = typed(reading, first, last)
    gazetteer = reading.gazetteer
    return bool(
        gazetteer.department_by_name(name)
        or gazetteer.region_by_name(name)
        or any(one.place.type == "area" for one in gazetteer.groupings_by_name(name))
    )


def _lasts(reading: ParseState, first: int) -> list[int]:
    """Where a name that starts at a token may end: tied words, as long as some name begins so."""
    lasts: list[int] = []
    tokens = reading.tokens
    start = first + 1 if reading.fold(first) in reading.ties.articles else first
    for last in range(first, min(first + _LONGEST_NAME, len(tokens))):
        token = tokens[last]
        if not reading.free(last) or token.dotted or (token.number and last == first):
            break
        if last > first and token.gap > Gap.BLANK and not _on(reading, last):
            break
        if last in (start, start + 1) and not _opens_a_name(reading, start, last):
            break
        if last >= start:
            lasts.append(last)
    return lasts


def _opens_a_name(reading: ParseState, first: int, last: int) -> bool:
    words = [_SAINTS.get(reading.fold(index), reading.fold(index)) for index in range(first, last + 1)]
    return words[-1] == "s" or reading.gazetteer.opens(" ".join(words))


def _on(reading: ParseState, index: int) -> bool:
    """ "Chalon s/Saône": the only slash that names hold."""
    return reading.gap(index) is Gap.SLASH and reading.fold(index - 1) == "s"


def department_code(reading: ParseState, index: int) -> tuple[str, int] | None:
    """(code, last token) of the department that a number at token `index` stands for: 59, 2A, 974. None where it
    stands for none."""
    if not 0 <= index < len(reading.tokens) or not reading.tokens[index].number:
        return None
    digits = reading.tokens[index].text
    glued = index + 1 < len(reading.tokens) and reading.gap(index + 1) is Gap.GLUE
    code, last = digits, index
    if digits == "2" and glued and reading.fold(index + 1) in ("a", "b") and _no_mark(reading, index + 1):
        code, last = f"2{reading.fold(index + 1).upper()}", index + 1
        glued = last + 1 < len(reading.tokens) and reading.gap(last + 1) is Gap.GLUE
    if glued or len(code) != (3 if code.startswith("97") else 2) or reading.gazetteer.department(code) is None:
        return None
    return code, last


def _no_mark(reading: ParseState, index: int) -> bool:
    return reading.tokens[index].start == reading.tokens[index - 1].end


def post_code(reading: ParseState, index: int) -> str | None:
    """The five digits at token `index`; None unless the post office knows them."""
    if not 0 <= index < len(reading.tokens):
        return None
    token = reading.tokens[index]
    if not token.number or len(token.text) != 5 or token.opaque:
        return None
    return token.text if reading.gazetteer.communes_of_postcode(token.text) else None


def without_articles(reading: ParseState, first: int, last: int) -> range:
    """The token indices of a name's own words, its leading article left out."""
    articled = last > first and reading.fold(first) in reading.ties.articles
    return range(first + articled, last + 1)


def taken_before(reading: ParseState, index: int) -> bool:
    """Whether the token before `index` is part of a place already claimed."""
    return (
        index > 0
        and reading.states[index - 1] is State.PIECE
        and any(draft.type == "place" and draft.first <= index - 1 <= draft.last for draft in reading.drafts)
    )


def is_exact(reading: ParseState, named: Named, commune: Commune, *, article: bool = True) -> bool:
    """Whether the commune's own name is written: in full ("Le Port" is a town, "port" is not) or, with `article`
    false, without its article.

    The name of a former commune is not its own.
    """
    written, own = normalise(typed(reading, named.first, named.last)), normalise(commune.name)
    return written == own or (not article and without_article(written) == without_article(own))


def option(reading: ParseState, commune: Commune) -> Option:
    """The commune as another reading of a piece."""
    value = f"commune:{commune.code}"
    return Option(value, reading.gazetteer.label(value, reading.lang))
