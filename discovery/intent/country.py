"""All of France: as a wish for suppliers that work everywhere (`national`), or as a mere place (`country`)."""

from __future__ import annotations

from discovery.intent.lexer import Gap
from discovery.intent.parse_state import Draft, ParseState, State

_LABELS = {"fr": "toute la France", "en": "all of France"}


def claim_national(reading: ParseState) -> None:
    """ "toute la France", "nationwide", "national" at the end → `national=only`; "en France" → the country."""
    index = 0
    while index < len(reading.tokens):
        size = reading.phrase_at(index, reading.grammar.national.phrases)
        if not size and _bare_national(reading, index):
            size = 1
        if size and not reading.negated(index):
            label = _LABELS.get(reading.lang, _LABELS["fr"])
            reading.claim(Draft("national", "only", label, index, index + size - 1))
        index += size or 1


def _bare_national(reading: ParseState, index: int) -> bool:
    """The adjective alone counts where a phrase, or a part of it, ends; "parc national" is a name."""
    if (
        not reading.free(index)
        or reading.fold(index) not in reading.grammar.national.adjectives
        or not reading.at_right(index)
    ):
        return False
    before = index - 1
    if reading.gap(index) >= Gap.SLASH or reading.states[before] is State.PIECE:
        return True
    return (
        reading.tied(index)
        and reading.fold(before) not in reading.grammar.national.names
        and reading.gap(index) is Gap.BLANK
    )


def claim_country(reading: ParseState) -> None:
    """ "en France", or "France" alone at the end. Goods "fabriqués en France" come from there: words."""
    for index in range(len(reading.tokens)):
        if not reading.free(index) or reading.fold(index) != "france":
            continue
        before = index - 1
        if reading.fold(before) in ("la", "l") and reading.tied(index):
            before -= 1
        introduced = reading.tied(before + 1) and reading.fold(before) in ("en", "in", "dans", "across")
        if introduced and reading.fold(before - 1) in reading.grammar.places.made and reading.tied(before):
            continue
        if (
            reading.fold(before) in reading.grammar.places.made
            or reading.fold(before) in ("de", "of", "tour")
            or reading.negated(index)
        ):
            continue
        if not introduced and not (reading.at_right(index) and reading.gap(index) is not Gap.GLUE):
            continue
        if introduced:
            reading.drop(range(before, index))
        label = reading.gazetteer.label("country", reading.lang)
        reading.claim(Draft("place", "country", label, index, index, role="boundary"))
