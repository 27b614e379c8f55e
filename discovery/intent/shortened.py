"""Names of towns cut short, as people say them: "Vélizy", "Issy", "Aix", "Levallois"."""

from __future__ import annotations

from discovery.gazetteer import Commune, normalise
from discovery.intent.introducers import Introduced, introduction
from discovery.intent.model import Option
from discovery.intent.named import Named
from discovery.intent.names import is_exact, option, typed
from discovery.intent.parse_state import Draft, ParseState

_TOWN = 20_000  # inhabitants: what a short name brings to mind
_INTRODUCED = 2_000  # the same after "à" or "près de": what else may follow ("Sarlat", "Carhaix", "Florac")
_OUTWEIGHS = 10  # times more populous than the village that bears the short name itself
_CANDIDATES = 8
_SHORTEST = 3  # letters


def fuller_names(reading: ParseState, index: int, least: int = _TOWN) -> tuple[Commune, ...]:
    """Towns of so many inhabitants whose name goes on after the word at a token, the most populous first."""
    token = reading.tokens[index]
    key = normalise(token.text)  # "st" is "saint"
    if (
        len(key) < _SHORTEST
        or token.number
        or key in reading.grammar.places.ambiguous_short
        or reading.known_word(index)
    ):
        return ()
    found = reading.gazetteer.by_prefix(token.text, _CANDIDATES)
    return tuple(c for c in found if c.population >= least and normalise(c.name).startswith(f"{key} "))


def is_shortened(reading: ParseState, named: Named) -> bool:
    """Whether one word is a town's short name rather than a village's full one ("Aix": en-Provence, not Corrèze)."""
    if named.first != named.last or not named.communes:
        return False
    village = named.communes[0].population if is_exact(reading, named, named.communes[0]) else 0
    if village >= _TOWN:
        return False
    towns = fuller_names(reading, named.first)
    return bool(towns) and towns[0].population >= _OUTWEIGHS * village


def claim_shortened(reading: ParseState) -> None:
    """Claim short names that are introduced, or that stand at either end. Call once full names are claimed."""
    for index in range(len(reading.tokens)):
        if not reading.free(index) or reading.tokens[index].number or reading.negated(index):
            continue
        glued = index > 0 and not reading.gap(index) and not reading.tokens[index - 1].elided
        if glued or (index + 1 < len(reading.tokens) and not reading.gap(index + 1)):
            continue
        if len(normalise(reading.tokens[index].text)) < _SHORTEST:
            continue
        introduced = introduction(reading, index)
        if introduced.strength == "of":
            continue
        strong = introduced.strength == "strong"
        if not strong and not _stands(reading, index):
            continue
        towns = fuller_names(reading, index, _INTRODUCED if strong else _TOWN)
        if towns:
            _claim(reading, index, towns, introduced)


def _stands(reading: ParseState, index: int) -> bool:
    opens = reading.at_left(index) and not (
        reading.tied(index + 1) and reading.fold(index + 1) in (*reading.ties.of, "a")
    )
    return reading.at_right(index) or opens


def _claim(reading: ParseState, index: int, towns: tuple[Commune, ...], introduced: Introduced) -> None:
    value = f"commune:{towns[0].code}"
    villages = reading.gazetteer.by_name(typed(reading, index, index))
    others = dict.fromkeys(commune for commune in (*towns, *villages) if commune != towns[0])
    options: tuple[Option, ...] = tuple(option(reading, commune) for commune in others)
    reading.drop(range(introduced.first, index))
    label = reading.gazetteer.label(value, reading.lang)
    reading.claim(Draft("place", value, label, index, index, introduced.role, options[:_CANDIDATES]))
