"""Departments and regions by name: they stand anywhere, unless their name is a word there ("lot", "pas cher")."""

from __future__ import annotations

from discovery.intent.introducers import Introduced, listed
from discovery.intent.lexer import Gap
from discovery.intent.names import Named, is_exact, option, without_articles
from discovery.intent.reading import Draft, Reading, State


def area_is_meant(reading: Reading, named: Named, introduced: Introduced) -> bool:
    first, last = named.first, named.last
    if introduced.strength in ("strong", "area"):
        return True
    if introduced.strength == "of":
        before = introduced.first - 1
        return before >= 0 and reading.tied(introduced.first) and _after_kind(reading, before)
    if not _is_homonym(reading, first, last):
        return first == 0 or reading.gap(first) is not Gap.GLUE or reading.tokens[first - 1].elided
    if listed(reading, first) or (reading.capitalised(first) and reading.fold(last + 1) not in reading.ties.of):
        return reading.states[first - 1] is not State.WORD
    alone = all(
        reading.states[i] in (State.PIECE, State.DROPPED)
        or first <= i <= last
        or reading.fold(i) in reading.ties.articles
        for i in range(len(reading.tokens))
    )
    return alone or _numbered_homonym(reading, named)


def _numbered_homonym(reading: Reading, named: Named) -> bool:
    """ "Nord (59)", "Lot 46"."""
    after = named.last + 1
    return (
        named.department is not None
        and reading.free(after)
        and reading.tokens[after].text.upper() == named.department.code
    )


def _is_homonym(reading: Reading, first: int, last: int) -> bool:
    own = without_articles(reading, first, last)
    return len(own) == 1 and reading.fold(own[0]) in reading.grammar.places.homonyms


def _after_kind(reading: Reading, index: int) -> bool:
    """ "ESAT de Bretagne", "entreprises adaptées du Rhône": a kind of supplier is somewhere."""
    return any(draft.type in ("kind", "kind_group") and draft.first <= index <= draft.last for draft in reading.drafts)


def claim_area(reading: Reading, named: Named, introduced: Introduced) -> None:
    if named.department is not None:
        codes = [f"department:{named.department.code}"]
    elif named.region is not None:
        codes = [f"region:{named.region.code}"]
    else:
        codes = [f"department:{department.code}" for department in named.former]
    last, end = named.last, reading.tokens[named.last].end
    if _numbered_homonym(reading, named):
        last += 1
        closing = reading.q[reading.tokens[last].end : reading.tokens[last].end + 1] == ")"
        opening = "(" in reading.q[end : reading.tokens[last].start]
        end = reading.tokens[last].end + (1 if opening and closing else 0)
    alternatives = tuple(
        option(reading, commune) for commune in named.communes[:1] if is_exact(reading, named, commune)
    )
    reading.drop(range(introduced.first, named.first))
    for code in codes:
        label = reading.gazetteer.label(code, reading.lang)
        reading.claim(Draft("place", code, label, named.first, last, "boundary", alternatives, end=end))
