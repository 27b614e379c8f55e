"""Streets, and parts of a town that no list knows: shown, never searched; the town they belong to is the place."""

from __future__ import annotations

from discovery.intent.introducers import introduction
from discovery.intent.lexer import Gap
from discovery.intent.model import Note
from discovery.intent.names import names_at, post_code
from discovery.intent.parse_state import ParseState, State

_LONGEST = 9  # words of a street's name
_TOWN = 2_000  # inhabitants: a smaller town is told by its post code, or is part of the street's name
_DIGITS = 5  # of a number in a street, at most


def claim_streets(reading: ParseState) -> None:
    """Claim street addresses as ignored pieces: "8 avenue Jean-Jaurès (Grenoble)". Call before places are read:
    streets are named after towns."""
    for index in range(len(reading.tokens)):
        if not reading.free(index):
            continue
        number = _number(reading, index)
        if _is_street(reading, index, numbered=number < index):
            draft = reading.ignore("address", "street", number, _end(reading, index))
            reading.notes.append(Note("street", draft.label))


def _is_street(reading: ParseState, index: int, *, numbered: bool) -> bool:
    words, fold = reading.grammar.places, reading.fold(index)
    if numbered:
        return fold in words.streets or fold in words.numbered_streets
    if fold not in words.streets:
        return False
    after = index + 1
    while reading.free(after) and reading.tied(after) and _links(reading, after):
        after += 1
    return reading.free(after) and reading.tied(after) and reading.tokens[after].text[:1].isupper()


def _number(reading: ParseState, street: int) -> int:
    """The first token of the number before a street ("3 bis, place"); the street's own without one."""
    index = street - 1
    if reading.free(index) and reading.fold(index) in reading.grammar.places.street_numbers:
        index -= 1
    token = reading.tokens[index] if reading.free(index) and index >= 0 else None
    numbered = token is not None and token.number and len(token.text) <= _DIGITS and reading.gap(index + 1) <= Gap.COMMA
    return index if numbered and reading.gap(street) <= Gap.COMMA else street


def _end(reading: ParseState, street: int) -> int:
    """The last token of the street's name: before a post code, a word of the trade, or the town that ends the part."""
    last = street
    while (
        last - street < _LONGEST
        and reading.free(last + 1)
        and reading.tied(last + 1)
        and post_code(reading, last + 1) is None
        and (last == street or _links(reading, last) or not reading.known_word(last + 1))
    ):
        last += 1
    for start in range(street + 2, last + 1):
        if _links(reading, start - 1) or _links(reading, start):
            continue
        if any(
            one.communes and one.communes[0].population >= _TOWN and one.last >= last
            for one in names_at(reading, start)
        ):
            return start - 1
    return last


def _links(reading: ParseState, index: int) -> bool:
    return reading.fold(index) in reading.ties.of or reading.fold(index) in reading.ties.articles


def claim_sites(reading: ParseState) -> None:
    """Claim parts of a town that no list knows: "quartier de la Doutre (à Angers)", "gare (de Nantes)". Call when
    places are read: without a town these are words."""
    places = sorted(draft.first for draft in reading.drafts if draft.type == "place" and draft.value != "country")
    for index in range(len(reading.tokens)):
        size = reading.phrase_at(index, reading.grammar.places.sites)
        after = next((first for first in places if first >= index + size), None)
        if not size or after is None or after - index > _LONGEST:
            continue
        between = range(index + size, after)
        tied = all(reading.gap(step) <= Gap.COMMA for step in range(index + 1, after + 1))
        taken = any(reading.states[step] in (State.PIECE, State.WORD) or reading.known_word(step) for step in between)
        own = [step for step in range(index, after) if reading.free(step)]
        while own and _dangles(reading, own[-1]):
            own.pop()
        kind_of = reading.fold(index - 1) in reading.ties.of and len(own) <= size  # "régie de quartier"
        if tied and not taken and not kind_of and own and reading.free_run(index, own[-1]):
            lead = introduction(reading, index)
            if lead.role == "focus":
                _near(reading, after)
            reading.drop(range(lead.first, index))
            reading.ignore("address", "site", index, own[-1])


def _near(reading: ParseState, first: int) -> None:
    """ "près de la gare d'Angers" is near Angers."""
    for draft in reading.drafts:
        if draft.type == "place" and draft.first == first and draft.value.startswith("commune:"):
            draft.role = "focus"


def _dangles(reading: ParseState, index: int) -> bool:
    return _links(reading, index) or reading.fold(index) in reading.ties.trailing
