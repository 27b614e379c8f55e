"""Places by name, claimed until no more can be told: departments, regions and areas; all of France,
as a wish for suppliers that work everywhere (`national`) or as a mere place (`country`).
"""

from discovery.phrase.communes import (
    INTRODUCED,
    WELL_POPULATED,
    claim_commune,
    claim_shortened_at,
    ends_a_need,
    fuller_names,
    try_commune,
)
from discovery.phrase.lexer import Gap
from discovery.phrase.model import IGNORED, Option
from discovery.phrase.parse_state import Draft, Named, ParseState, State
from discovery.phrase.place_names import (
    Introduced,
    introduction,
    is_exact,
    listed,
    names_at,
    option,
    post_code,
    with_hints,
    without_articles,
)
from discovery.phrase.spelling.words import known_word
from discovery.places import normalise
from discovery.places.names import without_article


def area_is_meant(state: ParseState, named: Named, introduced: Introduced) -> bool:
    """Whether a name that is a department's, a region's or a grouping's is meant as one, by what
    leads to it.
    """
    first, last = named.first, named.last
    if named.department is None and named.region is None and not _is_a_name(state, named):
        return False
    if state.gaps[introduced.first] is Gap.GLUE and state.folds[introduced.first] == "en":
        return False  # "Aix-en-Provence", "Fontenay-en-Vendée"
    if introduced.strength in ("strong", "area"):
        # "en somme", "en réunion", "en cher état": a department that is a word takes an article
        # ("dans la Somme")
        return (
            introduced.words != ("en",)
            or not _is_homonym(state, first, last)
            or state.capitalised(first)
        )
    if introduced.strength == "of" and any(one.place.type != "area" for one in named.groupings):
        return state.at_right(last)
    if introduced.strength == "of":
        return state.adjacent[introduced.first] and _after_a_trade(state, named, introduced)
    if not _is_homonym(state, first, last):
        return first == 0 or state.gaps[first] is not Gap.GLUE or state.tokens[first - 1].elided
    if listed(state, first) or (
        state.capitalised(first) and state.folds[last + 1] not in state.connectives.of
    ):
        return state.states[first - 1] is not State.WORD
    alone = not any(draft.type in IGNORED for draft in state.drafts) and all(
        state.states[i] in (State.PIECE, State.DROPPED)
        or first <= i <= last
        or state.folds[i] in state.connectives.articles
        for i in range(len(state.tokens))
    )
    return alone or _numbered_homonym(state, named)


def _is_a_name(state: ParseState, named: Named) -> bool:
    """Whether a grouping's name is no ordinary word here. Analysts chose the names of areas; those
    that follow from official ones ("CC des Deux Vallées", "CC de la Forêt") may be words of the
    language, unless a capital or "agglo" tells.
    """
    own = without_articles(state, named.first, named.last)
    written = without_article(normalise(state.typed(named.first, named.last)))
    if any(
        one.place.type in ("area", "arrondissement")
        or written in map(without_article, map(normalise, one.names))
        for one in named.groupings
    ):
        return True
    bodies = state.grammar.places.body_endings
    if any(state.folds[index] in bodies for index in own):
        return True
    telling = [index for index in own if len(state.folds[index]) > 2]
    if any(
        not (known_word(state.folds[i]) or state.lexicon.knows(state.tokens[i].stem))
        for i in telling
    ):
        return True
    if len(telling) < 2:  # "du Nord au Sud"
        return False
    ends = state.at_right(named.last) and any(one.place.type == "ept" for one in named.groupings)
    return ends or any(state.capitalised(index) for index in telling)


def _numbered_homonym(state: ParseState, named: Named) -> bool:
    """ "Nord (59)", "Lot 46"."""
    after, of = named.last + 1, named.department
    return of is not None and state.unclaimed[after] and state.tokens[after].text.upper() == of.code


def _is_homonym(state: ParseState, first: int, last: int) -> bool:
    own = without_articles(state, first, last)
    return len(own) == 1 and state.folds[own[0]] in state.grammar.places.homonyms


def _after_a_trade(state: ParseState, named: Named, introduced: Introduced) -> bool:
    """ "blanchisserie du Finistère", "maraîchers de Loire-Atlantique", "collèges du Rhône". What one
    buyer is called after tells less ("la préfecture du Rhône"), and so does a word ("peinture du
    lot").
    """
    if _is_homonym(state, named.first, named.last) and not state.capitalised(named.last):
        return False
    if size := state.phrase_before(introduced.first, state.grammar.places.authorities):
        return state.folds[introduced.first - size].endswith(("s", "x"))
    return ends_a_need(state, named.last, introduced)


def claim_area(state: ParseState, named: Named, introduced: Introduced) -> None:
    """Claim the name as an area: its department, else its region, else the first of its groupings."""
    code = named.area
    last, end = named.last, state.tokens[named.last].end
    if _numbered_homonym(state, named):
        last += 1
        closing = state.q[state.tokens[last].end : state.tokens[last].end + 1] == ")"
        opening = "(" in state.q[end : state.tokens[last].start]
        end = state.tokens[last].end + (1 if opening and closing else 0)
    alternatives = [
        option(state, commune) for commune in named.communes[:1] if is_exact(state, named, commune)
    ]
    others = (str(one.place) for one in named.groupings if str(one.place) != code)
    alternatives += [Option(other, state.gazetteer.label(other, state.lang)) for other in others]
    state.claim_place(
        code, (named.first, last), lead=introduced.first, options=tuple(alternatives), end=end
    )


def claim_names(state: ParseState) -> None:
    """Claim places by name until no more can be told: a place at the end makes its neighbour stand
    at the end.

    A name that is no place is looked at again only once something around it was read.
    """
    forward = range(len(state.tokens))
    progress = True
    while progress:
        before = len(state.drafts)
        for index in (*forward, *reversed(forward)):
            so_far = len(state.drafts), state.states.count(State.FREE)
            if state.unclaimed[index] and state.looked_at.get(index) != so_far:
                state.looked_at[index] = so_far
                _claim_at(state, index)
        progress = len(state.drafts) > before


def claim_centre(state: ParseState, starts: list[int]) -> None:
    """Claim the place that follows a distance; any commune does. `starts`: tokens where its name
    may begin.
    """
    for start in starts:
        for named in names_at(state, start):
            if named.communes and state.folds[start] not in state.connectives.of:
                hinted = with_hints(state, named)
                claim_commune(state, named, hinted, Introduced(starts[0], "strong"))
                return
            if named.area:
                claim_area(state, named, Introduced(starts[0], "strong"))
                return
        if start not in state.negated and (
            towns := fuller_names(state, start, INTRODUCED)
        ):  # "à une heure de Digne"
            claim_shortened_at(state, start, towns, Introduced(starts[0], "strong"))
            return


def _claim_at(state: ParseState, index: int) -> None:
    """Claim the first name at a token that is meant as a place: none within words that lead to
    another ("au nord de Lyon"), nor one that a hyphen ties to another word ("Besançon-Gray",
    "Croix-Rousse").
    """
    focus = state.grammar.places.focus
    for named in names_at(state, index):
        after = named.last + 1
        tied = state.between(after) == "-" and not state.tokens[after].number
        leading = (
            start + state.phrase_at(start, focus) for start in range(max(0, index - 2), index)
        )
        if index in state.negated or tied or any(end > after for end in leading):
            continue
        introduced = introduction(state, index)
        coded = state.gaps[index] <= Gap.COMMA and post_code(state, index - 1)  # "53100 Mayenne"
        commune_first = bool(named.communes) and bool(
            coded or _commune_before_area(named, introduced)
        )
        if commune_first and try_commune(state, named, introduced):
            return
        if named.area and area_is_meant(state, named, introduced):
            claim_area(state, named, introduced)
            return
        if not commune_first and named.communes and try_commune(state, named, introduced):
            return


def _commune_before_area(named: Named, introduced: Introduced) -> bool:
    """One name, two places ("Vienne", "Mayenne", "Paris"): "à Vienne" is the town, "dans la Vienne"
    the department.
    """
    if not named.area:
        return True
    if introduced.strength == "area" or named.department is None:
        return False
    if introduced.strength == "strong":
        said = any(word in introduced.words for word in ("ville", "commune", "city", "town"))
        return said or named.communes[0].population >= WELL_POPULATED
    return named.communes[0].population >= 2 * WELL_POPULATED


_LABELS = {"fr": "toute la France", "en": "all of France"}


def claim_national(state: ParseState) -> None:
    """Claim "toute la France", "nationwide", or "national" at the end as `national=only`, and "en
    France" as the country.
    """
    national, label = state.grammar.national, _LABELS.get(state.lang, _LABELS["fr"])
    said = list(state.phrases(national.phrases))
    bare = (
        (index, 1) for index in state.tokens_of(national.adjectives) if _bare_national(state, index)
    )
    for index, size in (*said, *bare):
        if index not in state.negated and state.unclaimed[index]:
            state.claim(Draft("national", "only", label, index, index + size - 1))


def _bare_national(state: ParseState, index: int) -> bool:
    """The adjective alone counts where a phrase, or a part of it, ends; "parc national" is a name."""
    if not state.unclaimed[index] or not state.at_right(index):
        return False
    before = index - 1
    if state.gaps[index] >= Gap.SLASH or state.states[before] is State.PIECE:
        return True
    return (
        state.adjacent[index]
        and state.folds[before] not in state.grammar.national.names
        and state.gaps[index] is Gap.BLANK
    )


def claim_country(state: ParseState) -> None:
    """Claim "en France", or "France" where a part of the phrase ends, as the country. Goods
    "fabriqués en France" come from there: these stay words.
    """
    places, given = state.grammar.places, state.grammar.neighbours.given
    for index in state.tokens_of({"france"}):
        before = index - 1
        if not state.unclaimed[index] or state.folds[before] in places.made:
            continue
        led = state.adjacent[index] and state.folds[before] in ("en", "in", "dans", "across")
        if index in state.negated or (led and state.folds[before - 1] in places.made):
            continue
        if led or (
            state.at_right(index) and state.folds[before] not in {"de", "of", "tour", *given}
        ):
            state.claim_place("country", (index, index), lead=before if led else None)
