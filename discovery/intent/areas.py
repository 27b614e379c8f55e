"""Departments, regions, bodies of communes and areas by name: they stand anywhere, unless their name is words there
("lot", "pas cher", "pays du sel")."""

from __future__ import annotations

from discovery.gazetteer import normalise
from discovery.gazetteer.names import without_article
from discovery.intent.introducers import Introduced, listed
from discovery.intent.lexer import Gap
from discovery.intent.model import IGNORED, Option
from discovery.intent.named import Named
from discovery.intent.names import is_exact, option, typed, without_articles
from discovery.intent.parse_state import Draft, ParseState, State
from discovery.intent.villages import ends_a_need
from discovery.spelling.words import known_word


def area_is_meant(reading: ParseState, named: Named, introduced: Introduced) -> bool:
    """Whether a name that is a department's, a region's or a grouping's is meant as one, by what leads to it."""
    first, last = named.first, named.last
    if named.department is None and named.region is None and not _is_a_name(reading, named):
        return False
    if introduced.strength in ("strong", "area"):
        # "en somme", "en réunion", "en cher état": a department that is a word takes an article ("dans la Somme")
        return introduced.words != ("en",) or not _is_homonym(reading, first, last) or reading.capitalised(first)
    if introduced.strength == "of" and any(one.place.type != "area" for one in named.groupings):
        return reading.at_right(last)
    if introduced.strength == "of":
        before = introduced.first - 1
        if before < 0 or not reading.tied(introduced.first):
            return False
        return _after_kind(reading, before) or _after_a_trade(reading, named, introduced)
    if not _is_homonym(reading, first, last):
        return first == 0 or reading.gap(first) is not Gap.GLUE or reading.tokens[first - 1].elided
    if listed(reading, first) or (reading.capitalised(first) and reading.fold(last + 1) not in reading.ties.of):
        return reading.states[first - 1] is not State.WORD
    alone = not any(draft.type in IGNORED for draft in reading.drafts) and all(
        reading.states[i] in (State.PIECE, State.DROPPED)
        or first <= i <= last
        or reading.fold(i) in reading.ties.articles
        for i in range(len(reading.tokens))
    )
    return alone or _numbered_homonym(reading, named)


def _is_a_name(reading: ParseState, named: Named) -> bool:
    """Whether a grouping's name is no ordinary word here. Analysts chose the names of areas; those that follow from
    official ones ("CC des Deux Vallées", "CC de la Forêt") may be words of the language, unless a capital or "agglo"
    tells."""
    own = without_articles(reading, named.first, named.last)
    written = without_article(normalise(typed(reading, named.first, named.last)))
    if any(
        one.place.type in ("area", "arrondissement") or written in map(without_article, map(normalise, one.names))
        for one in named.groupings
    ):
        return True
    bodies = reading.grammar.places.body_endings
    if any(reading.fold(index) in bodies for index in own):
        return True
    telling = [index for index in own if len(reading.fold(index)) > 2]
    if any(not (known_word(reading.fold(i)) or reading.lexicon.knows(reading.tokens[i].stem)) for i in telling):
        return True
    if len(telling) < 2:  # "du Nord au Sud"
        return False
    ends = reading.at_right(named.last) and any(one.place.type == "ept" for one in named.groupings)
    return ends or any(reading.capitalised(index) for index in telling)


def _numbered_homonym(reading: ParseState, named: Named) -> bool:
    """ "Nord (59)", "Lot 46"."""
    after = named.last + 1
    return (
        named.department is not None
        and reading.free(after)
        and reading.tokens[after].text.upper() == named.department.code
    )


def _is_homonym(reading: ParseState, first: int, last: int) -> bool:
    own = without_articles(reading, first, last)
    return len(own) == 1 and reading.fold(own[0]) in reading.grammar.places.homonyms


def _after_kind(reading: ParseState, index: int) -> bool:
    """ "ESAT de Bretagne", "entreprises adaptées du Rhône": a kind of supplier is somewhere."""
    return any(draft.type in ("kind", "kind_group") and draft.first <= index <= draft.last for draft in reading.drafts)


def _after_a_trade(reading: ParseState, named: Named, introduced: Introduced) -> bool:
    """ "blanchisserie du Finistère", "maraîchers de Loire-Atlantique". What a buyer is called after tells less ("la
    préfecture du Rhône"), and so does a word ("peinture du lot")."""
    if _is_homonym(reading, named.first, named.last) and not reading.capitalised(named.last):
        return False
    if reading.phrase_before(introduced.first, reading.grammar.places.authorities):
        return False
    return ends_a_need(reading, named.last, introduced)


def claim_area(reading: ParseState, named: Named, introduced: Introduced) -> None:
    """Claim the name as an area: its department, else its region, else the first of its groupings."""
    if named.department is not None:
        code = f"department:{named.department.code}"
    elif named.region is not None:
        code = f"region:{named.region.code}"
    else:
        code = str(named.groupings[0].place)
    last, end = named.last, reading.tokens[named.last].end
    if _numbered_homonym(reading, named):
        last += 1
        closing = reading.q[reading.tokens[last].end : reading.tokens[last].end + 1] == ")"
        opening = "(" in reading.q[end : reading.tokens[last].start]
        end = reading.tokens[last].end + (1 if opening and closing else 0)
    alternatives = [option(reading, commune) for commune in named.communes[:1] if is_exact(reading, named, commune)]
    others = (str(one.place) for one in named.groupings if str(one.place) != code)
    alternatives += [Option(other, reading.gazetteer.label(other, reading.lang)) for other in others]
    reading.drop(range(introduced.first, named.first))
    label = reading.gazetteer.label(code, reading.lang)
    reading.claim(Draft("place", code, label, named.first, last, "boundary", tuple(alternatives), end=end))
