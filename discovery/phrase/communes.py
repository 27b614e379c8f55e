"""Communes by name: which of the 35,000 names that stand in a phrase are meant as places, and which
are words.

And names of towns cut short, as people say them ("Vélizy", "Issy", "Aix", "Levallois"); communes of
any size whose name is no word of the language or of the trade, bare at an end, or after "de" there.
"""

from discovery.model import replace
from discovery.phrase.lexer import Gap
from discovery.phrase.model import Option, Role
from discovery.phrase.parse_state import Named, ParseState
from discovery.phrase.place_names import (
    Hinted,
    Introduced,
    introduction,
    is_exact,
    listed,
    option,
    told_by_an_area,
    with_hints,
    without_articles,
)
from discovery.phrase.spelling.words import known_word
from discovery.places import Commune, normalise
from discovery.places.lookup import KNOWN, MAX_FULLER, OUTWEIGHS

INTRODUCED = (
    2_000  # the same after "à" or "près de": what else may follow ("Sarlat", "Carhaix", "Florac")
)
_SHORTEST = 3  # letters


def fuller_names(state: ParseState, index: int, least: int = KNOWN) -> tuple[Commune, ...]:
    """Towns of at least `least` inhabitants whose name goes on after the word at a token ("Aix":
    Aix-en-Provence), the most populous first.
    """
    token = state.tokens[index]
    key = normalise(token.text)  # "st" is "saint"
    if (
        len(key) < _SHORTEST
        or token.number
        or key in state.grammar.places.ambiguous_short
        or state.known_word(index)
    ):
        return ()
    return state.gazetteer.fuller(token.text, least)


def is_shortened(state: ParseState, named: Named) -> bool:
    """Whether one word is a town's short name rather than a village's full one ("Aix": en-Provence,
    not Corrèze).
    """
    if named.first != named.last or not named.communes:
        return False
    village = named.communes[0].population if is_exact(state, named, named.communes[0]) else 0
    if village >= KNOWN:
        return False
    towns = fuller_names(state, named.first)
    return bool(towns) and towns[0].population >= OUTWEIGHS * village


def claim_shortened(state: ParseState) -> None:
    """Claim short names that are introduced, or that stand at either end. Call once full names are
    claimed.
    """
    for index in range(len(state.tokens)):
        if not state.unclaimed[index] or state.tokens[index].number or index in state.negated:
            continue
        introduced = introduction(state, index)
        if introduced.strength == "of":
            continue
        strong = introduced.strength == "strong"
        of = state.adjacent[index + 1] and state.folds[index + 1] in (*state.connectives.of, "a")
        if not (strong or state.at_right(index) or (state.at_left(index) and not of)):
            continue
        towns = fuller_names(state, index, INTRODUCED if strong else KNOWN)
        if towns:
            claim_shortened_at(state, index, towns, introduced)


def claim_shortened_at(
    state: ParseState, index: int, towns: tuple[Commune, ...], introduced: Introduced
) -> None:
    """Claim a word as the first of the towns whose name goes on after it."""
    value = f"commune:{towns[0].code}"
    villages = state.gazetteer.by_name(state.typed(index, index))
    others = dict.fromkeys(commune for commune in (*towns, *villages) if commune != towns[0])
    options: tuple[Option, ...] = tuple(option(state, commune) for commune in others)
    state.claim_place(
        value, (index, index), introduced.role, lead=introduced.first, options=options[:MAX_FULLER]
    )


WELL_POPULATED = 10_000  # inhabitants: a commune that stands alone
_LARGE_CITY = (
    100_000  # known to all, even under a name that the vocabulary or an article makes ambiguous
)
_MAX_ALTERNATIVES = 8
# words tied by hyphens that name a commune: nobody writes "Saint-Jean-de-Maurienne" otherwise
_HYPHENATED = 3


def try_commune(state: ParseState, named: Named, introduced: Introduced) -> bool:
    """Claim the name as a commune if it is meant as one. Returns whether it was."""
    hinted = with_hints(state, named)
    of = introduced.strength == "of" and hinted.first == named.first
    if of and named.department and state.folds[named.first - 1] in state.connectives.articles:
        return False  # "CAF de la Loire" is of no village
    buyer = _of_an_authority(state, introduced, named) if hinted.first == named.first else None
    if buyer:
        introduced = buyer
    elif of and not (
        hinted.exact
        or listed(state, introduced.first)
        or ends_a_need(state, hinted.last, introduced)
    ):
        return False
    if not _commune_is_meant(state, named, hinted, introduced):
        return False
    claim_commune(
        state,
        named,
        hinted,
        introduced if hinted.first == named.first else Introduced(hinted.first),
    )
    return True


def _of_an_authority(state: ParseState, introduced: Introduced, named: Named) -> Introduced | None:
    """ "mairie (de Lyon)", "hôtel de ville (de Lyon)": whose town it is, though "ville de" leads to
    places.
    """
    of = named.first - 1 - (state.folds[named.first - 1] in state.connectives.articles)
    if of < introduced.first or state.folds[of] not in state.connectives.of:
        return None
    if not state.phrase_before(of, state.grammar.places.authorities):
        return None
    return replace(introduced, first=of, strength="of", role="hint", words=introduced.words[-1:])


def _commune_is_meant(
    state: ParseState, named: Named, hinted: Hinted, introduced: Introduced
) -> bool:
    commune = hinted.commune
    if introduced.strength == "strong":
        return hinted.exact or not (
            _too_common(state, named, commune) or is_shortened(state, named)
        )
    last = hinted.last + (
        surroundings(state, hinted.last) or part_of_town(state, hinted.last)
    )  # "Lyon et alentours" ends where they do
    at_end = state.at_left(hinted.first) or state.at_right(last)
    if hinted.exact and told_by_an_area(state, named, hinted) and is_common(state, named, commune):
        return False
    if hinted.exact:
        known = commune.population >= WELL_POPULATED and not _ordinary(state, named, commune)
        return at_end or known or introduced.strength is not None
    glued = (
        named.first > 0
        and state.gaps[named.first] is Gap.GLUE
        and not state.tokens[named.first - 1].elided
    )
    if _ordinary(state, named, commune) or glued:
        return False
    if introduced.strength is None and _is_known_town(state, named, commune):
        return True
    if listed(state, introduced.first if introduced.strength == "of" else named.first):
        return state.at_right(named.last) or state.at_left(named.first)
    if not _stands_alone(state, named, commune) and not (
        is_unmistakable(state, named, commune, introduced) and not place_follows(state, hinted.last)
    ):
        return False
    if is_shortened(state, named):
        return False
    if introduced.strength is not None:
        return at_end or commune.population >= WELL_POPULATED
    opens = state.adjacent[named.last + 1] and state.folds[named.last + 1] in (
        *state.connectives.of,
        "a",
    )
    return state.at_right(last) or (at_end and not opens)  # "tours de magie"


def _is_known_town(state: ParseState, named: Named, commune: Commune) -> bool:
    """Whether a name is a town's wherever it stands: "nettoyage Nantes bureaux". Not within a name
    of the vocabulary, nor a saint's whom a school or a hospital is called after ("école
    Saint-Joseph").
    """
    if commune.population < KNOWN or not _stands_alone(state, named, commune):
        return False
    if state.folds[named.last] in state.grammar.places.inner_words and not state.capitalised(
        named.last
    ):
        return False
    if state.folds[named.first] in SAINT and state.phrase_before(
        named.first, state.grammar.places.authorities
    ):
        return False
    return not state.within_a_name(named.first, named.last)


def surroundings(state: ParseState, last: int) -> int:
    """How many tokens after a name say "and around": "et alentours", "area"."""
    return (
        state.phrase_at(last + 1, state.grammar.places.surroundings)
        if state.adjacent[last + 1]
        else 0
    )


def part_of_town(state: ParseState, last: int) -> int:
    """How many tokens after a name say which part of it: "centre". "Orléans centre commercial"
    names none.
    """
    size = (
        state.phrase_at(last + 1, state.grammar.places.town_parts)
        if state.adjacent[last + 1]
        else 0
    )
    return (
        size
        if state.gaps[last + 1 + size] > Gap.BLANK or not state.unclaimed[last + 1 + size]
        else 0
    )


def _stands_alone(state: ParseState, named: Named, commune: Commune) -> bool:
    if commune.population >= WELL_POPULATED and is_exact(state, named, commune):
        return True
    own = without_articles(state, named.first, named.last)
    known = commune.population >= (WELL_POPULATED if len(own) > 1 else _LARGE_CITY)
    if known and is_exact(state, named, commune, article=False):
        return True  # "Havre", "Roche-sur-Yon", but not "tampon", "port"
    tied = all(state.gaps[index] is Gap.GLUE for index in range(named.first + 1, named.last + 1))
    return tied and named.last - named.first + 1 >= _HYPHENATED


def _ordinary(state: ParseState, named: Named, commune: Commune) -> bool:
    """Whether the words of a name are, here, words."""
    own = without_articles(state, named.first, named.last)
    if len(own) > 1:
        return all(state.lexicon.knows(state.tokens[index].stem) for index in own)
    token = state.tokens[own[0]]
    common = token.fold in state.grammar.places.ordinary_towns or (
        state.lang == "en" and token.fold in state.grammar.places.ordinary_towns_en
    )
    if common and not state.capitalised(own[0]):
        return True
    large = commune.population >= KNOWN and not state.lexicon.spells(token.text)
    if common and (large or commune.name.casefold().endswith(token.text.casefold())):
        return False  # the capital tells: "Macon" is Mâcon, and "Vitre" is no Vitré
    # "Vitré" and "Mâcon" are not "vitre" and "maçon": accents tell what folding confounds.
    accented = token.text.casefold() != token.fold and normalise(commune.name) == token.fold
    told = (
        accented
        and commune.name.casefold() == token.text.casefold()
        and not state.lexicon.spells(token.text)
    )
    if told and commune.population >= WELL_POPULATED:
        return False
    if state.frequent(token.fold) and commune.population < KNOWN:
        return True
    return state.lexicon.knows(token.stem) and commune.population < _LARGE_CITY and not told


def _too_common(state: ParseState, named: Named, commune: Commune) -> bool:
    """ "poêle à bois": even after "à", a word of the vocabulary in lower case is no village."""
    words = introduction(state, named.first).words
    if (
        words in (("au",), ("aux",))
        and state.folds[named.last] in state.grammar.places.ordinary_towns
    ):
        return not state.capitalised(named.last)  # "au port du casque"
    return words in (("a",), ("in",), ("at",), ("au",), ("aux",), ("vers",)) and is_common(
        state, named, commune
    )


def is_common(state: ParseState, named: Named, commune: Commune) -> bool:
    """Whether a village's name, typed in lower case, is a word of the language or frequent in the
    index.
    """
    own = without_articles(state, named.first, named.last)
    return (
        len(own) == 1
        and commune.population < WELL_POPULATED
        and (state.known_word(own[0]) or known_word(state.folds[own[0]]))
        and not state.capitalised(own[0])
    )


def claim_commune(state: ParseState, named: Named, hinted: Hinted, introduced: Introduced) -> None:
    """Claim the name as a commune, with what stands around it: its hints, what leads to it, “and
    surroundings”.
    """
    role: Role = introduced.role
    commune = hinted.commune
    value = f"commune:{commune.code}"
    after = surroundings(state, hinted.last)
    if after:
        role = "focus"
        state.discard(range(hinted.last + 1, hinted.last + 1 + after))
    state.discard((*range(introduced.first, hinted.first), *hinted.aside))
    state.discard(range(hinted.last + 1, hinted.last + 1 + part_of_town(state, hinted.last)))
    others = alternatives(state, named, commune)
    state.claim_place(value, (hinted.first, hinted.last), role, options=others, end=hinted.end)


def alternatives(state: ParseState, named: Named, chosen: Commune) -> tuple[Option, ...]:
    """Other places of that name: namesakes by population, then an area of that name."""
    others = [c for c in named.communes if c.code not in (chosen.code, chosen.city)][
        :_MAX_ALTERNATIVES
    ]
    options = [option(state, commune) for commune in others]
    if (
        named.department is not None
        and len(options) < _MAX_ALTERNATIVES
        and named.department.code != "75"
    ):
        code = f"department:{named.department.code}"
        options.append(Option(code, state.gazetteer.label(code, state.lang)))
    return tuple(options)


_CONTRACTED = (
    ("du",),
    ("des",),
    ("au",),
    ("aux",),
)  # they hold the article of the name: "du Palais"
_SHORTEST_BARE = 4  # letters: shorter names are abbreviations first ("Eu", "Ay", "Oz")


def is_word(state: ParseState, index: int) -> bool:
    """Whether a token is a word of French, of English or of the vocabulary, and no capital says
    that it is a name.
    """
    token = state.tokens[index]
    if state.capitalised(index) and not state.lexicon.knows(token.stem):
        return False
    return known_word(token.fold) or state.lexicon.knows(token.stem)


def is_unmistakable(
    state: ParseState, named: Named, commune: Commune, introduced: Introduced
) -> bool:
    """Whether a name written in full is that commune's and nothing else."""
    if not is_exact(state, named, commune, article=introduced.words not in _CONTRACTED):
        return False
    if (
        state.adjacent[named.first]
        and state.folds[named.first - 1] in state.grammar.neighbours.given
    ):
        return False
    own = without_articles(state, named.first, named.last)
    if len(own) == 1:
        token = state.tokens[own[0]]
        return len(token.fold) >= _SHORTEST_BARE and not (
            is_word(state, own[0]) or state.frequent(token.fold)
        )
    if all(state.gaps[index] is Gap.GLUE for index in own[1:]) or state.folds[own[0]] in SAINT:
        return True
    return any(len(state.folds[index]) > 2 and not is_word(state, index) for index in own)


SAINT = frozenset(("saint", "sainte", "st", "ste"))


def ends_a_need(state: ParseState, last: int, introduced: Introduced) -> bool:
    """Whether "de" before a name leads to where a trade is asked for ("nettoyage des locaux … de
    Troyes"), not to a manner ("savon de Marseille").
    """
    before = introduced.first - 1
    if (
        introduced.strength != "of"
        or before < 0
        or not state.at_right(last)
        or place_follows(state, last)
    ):
        return False
    if state.folds[before] in state.grammar.places.named_after:
        return False
    if any(draft.type in ("kind", "kind_group") and draft.last == before for draft in state.drafts):
        return True  # "ESAT de Troyes"
    return any(
        state.unclaimed[index] and state.lexicon.knows(state.tokens[index].stem)
        for index in range(introduced.first)
    )


def place_follows(state: ParseState, last: int) -> bool:
    """Whether a place stands right after a name, which is then a part of that town: "Saint-Michel
    Bordeaux", "de la Villeneuve à Grenoble".
    """
    index = last + 1
    while state.gaps[index] < Gap.SLASH:
        if state.folds[index] in state.connectives.listing:
            return False
        if any(draft.type == "place" and draft.first == index for draft in state.drafts):
            return True
        index += 1
    return False
