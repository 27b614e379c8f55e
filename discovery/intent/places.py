"""Places by name: which of the names that stand in a phrase are meant as places, and which are words."""

from __future__ import annotations

from dataclasses import dataclass

from discovery.gazetteer import Commune, normalise
from discovery.intent.lexer import Gap, stem
from discovery.intent.model import Option, Role
from discovery.intent.names import Hinted, Named, names_at, taken_before, typed, with_hints, without_articles
from discovery.intent.reading import Draft, Reading, State
from discovery.intent.words import (
    ARTICLES,
    FOCUSED,
    HOMONYMS,
    INTRODUCERS,
    LONGEST_INTRODUCER,
    OF,
    OR,
    SURROUNDINGS,
    Strength,
    words,
)

WELL_POPULATED = 10_000  # inhabitants: a commune that stands alone
_CITY = 50_000  # the index holds its name often because suppliers sit there: no sign of an ordinary word
_LARGE_CITY = 100_000  # known to all, even under a name that the vocabulary or an article makes ambiguous
_MAX_ALTERNATIVES = 8
_HYPHENATED = 3  # words tied by hyphens that name a commune: nobody writes "Saint-Jean-de-Maurienne" otherwise

_ORDINARY = words(
    "avion croix sens fontaine plaisir persan pantin gaillard union garde riche trinite madeleine possession fleche",
    "port moule robert tampon francois lilas avirons moulins lourdes muret menton saintes trappes tulle fosses grasse",
    "ifs hem sceaux sedan mana pia apt stains houilles fourmies fougeres cognac orange vitre crau luc marin",
)
"""Communes of 10,000 inhabitants and more whose name is a common French word: words unless introduced, hinted or
capitalised within the phrase."""
_ORDINARY_ENGLISH = words("nice tours lens gap port")


@dataclass(frozen=True, slots=True)
class Introduced:
    """What leads to a place: `first` is its first token (the name's own when nothing leads to it)."""

    first: int
    strength: Strength | None = None
    role: Role = "boundary"
    words: tuple[str, ...] = ()


def claim_names(reading: Reading) -> None:
    """Claim places by name until no more can be told: a place at the end makes its neighbour stand at the end."""
    cache: dict[int, list[Named]] = {}
    progress = True
    while progress:
        before = len(reading.drafts)
        for index in range(len(reading.tokens)):
            if reading.free(index):
                _claim_at(reading, index, cache)
        for index in range(len(reading.tokens) - 1, -1, -1):
            if reading.free(index):
                _claim_at(reading, index, cache)
        progress = len(reading.drafts) > before


def claim_centre(reading: Reading, starts: list[int]) -> bool:
    """Claim the place that follows a distance; any commune does. Whether there was one."""
    for start in starts:
        for named in names_at(reading, start):
            if named.communes and reading.fold(start) not in OF:
                hinted = with_hints(reading, named)
                _claim_commune(reading, named, hinted, Introduced(starts[0], "strong"))
                return True
            if named.areas:
                _claim_area(reading, named, Introduced(starts[0], "strong"))
                return True
    return False


def _claim_at(reading: Reading, index: int, cache: dict[int, list[Named]]) -> None:
    if index not in cache:
        cache[index] = names_at(reading, index)
    for named in cache[index]:
        if not reading.free_run(named.first, named.last) or reading.negated(named.first):
            continue
        if _inside_longer_name(named, cache):
            continue
        if _try(reading, named):
            return


def _inside_longer_name(named: Named, cache: dict[int, list[Named]]) -> bool:
    """ "Rhône" in "Loire-sur-Rhône": the longer name of a commune owns its words, even where it is no place."""
    return any(
        longer.first < named.first <= longer.last and longer.last >= named.last and longer.communes
        for start in range(max(0, named.first - 8), named.first)
        for longer in cache.get(start, ())
        if longer.last - longer.first >= 2
    )


def _try(reading: Reading, named: Named) -> bool:
    introduced = introduction(reading, named.first)
    commune_first = named.communes and _commune_before_area(named, introduced)
    if commune_first and _try_commune(reading, named, introduced):
        return True
    if named.areas and _area_is_meant(reading, named, introduced):
        _claim_area(reading, named, introduced)
        return True
    return not commune_first and bool(named.communes) and _try_commune(reading, named, introduced)


def introduction(reading: Reading, first: int) -> Introduced:
    """The words right before a name that lead to it, its article included."""
    ends = [first]
    if reading.free(first - 1) and reading.tied(first) and reading.fold(first - 1) in ARTICLES:
        ends.insert(0, first - 1)
    for end in ends:
        if not reading.tied(end):
            continue
        for size in range(min(LONGEST_INTRODUCER, end), 0, -1):
            start = end - size
            if not reading.free_run(start, end - 1):
                continue
            if any(not reading.tied(index) for index in range(start + 1, end)):
                continue
            spelt = tuple(reading.fold(index) for index in range(start, end))
            strength = INTRODUCERS.get(spelt)
            if strength is None or _is_english_article(reading, start, spelt):
                continue
            role: Role = "focus" if spelt in FOCUSED else "boundary"
            return Introduced(start, strength, role, spelt)
    return Introduced(ends[0])


def _is_english_article(reading: Reading, index: int, spelt: tuple[str, ...]) -> bool:
    return spelt == ("a",) and reading.lang == "en" and reading.tokens[index].text in ("a", "A")


def _commune_before_area(named: Named, introduced: Introduced) -> bool:
    """One name, two places ("Vienne", "Mayenne", "Paris"): "à Vienne" is the town, "dans la Vienne" the department."""
    if not named.areas:
        return True
    if introduced.strength == "area" or named.department is None:
        return False
    if introduced.strength == "strong":
        return introduced.words != ("a",) or named.communes[0].population >= WELL_POPULATED
    return named.communes[0].population >= 2 * WELL_POPULATED


def _listed(reading: Reading, first: int) -> bool:
    """After a place and "et", "ou" or a comma: the next of a list."""
    index = first
    if reading.fold(index - 1) in ARTICLES:
        index -= 1
    if reading.gap(index) in (Gap.COMMA, Gap.SLASH) and taken_before(reading, index):
        return True
    return reading.free(index - 1) and reading.fold(index - 1) in OR and taken_before(reading, index - 1)


# Areas
def _area_is_meant(reading: Reading, named: Named, introduced: Introduced) -> bool:
    first, last = named.first, named.last
    if introduced.strength in ("strong", "area"):
        return True
    if introduced.strength == "of":
        before = introduced.first - 1
        return before >= 0 and reading.tied(introduced.first) and _after_kind(reading, before)
    if not _is_homonym(reading, first, last):
        return first == 0 or reading.gap(first) is not Gap.GLUE or reading.tokens[first - 1].elided
    if _listed(reading, first) or reading.capitalised(first):
        return reading.states[first - 1] is not State.WORD
    alone = all(
        reading.states[i] in (State.PIECE, State.DROPPED) or first <= i <= last or reading.fold(i) in ARTICLES
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
    own = without_articles(reading.tokens, first, last)
    return len(own) == 1 and reading.fold(own[0]) in HOMONYMS


def _after_kind(reading: Reading, index: int) -> bool:
    """ "ESAT de Bretagne", "entreprises adaptées du Rhône": a kind of supplier is somewhere."""
    return any(draft.type in ("kind", "kind_group") and draft.first <= index <= draft.last for draft in reading.drafts)


def _claim_area(reading: Reading, named: Named, introduced: Introduced) -> None:
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
    alternatives = tuple(_option(reading, commune) for commune in named.communes[:1] if _exact(reading, named, commune))
    reading.drop(range(introduced.first, named.first))
    for code in codes:
        label = reading.gazetteer.label(code, reading.lang)
        reading.claim(Draft("place", code, label, named.first, last, "boundary", alternatives, end=end))


# Communes
def _try_commune(reading: Reading, named: Named, introduced: Introduced) -> bool:
    hinted = with_hints(reading, named)
    if introduced.strength == "of" and hinted.first == named.first:
        return False
    if not _commune_is_meant(reading, named, hinted, introduced):
        return False
    _claim_commune(reading, named, hinted, introduced if hinted.first == named.first else Introduced(hinted.first))
    return True


def _commune_is_meant(reading: Reading, named: Named, hinted: Hinted, introduced: Introduced) -> bool:
    commune = hinted.commune
    if introduced.strength == "strong":
        return hinted.exact or not _too_common(reading, named, commune)
    at_end = reading.at_left(hinted.first) or reading.at_right(hinted.last)
    if hinted.exact:
        return at_end or introduced.strength is not None or reading.gap(hinted.first) >= Gap.SLASH
    if _ordinary(reading, named, commune) or (reading.gap(named.first) is Gap.GLUE and named.first > 0):
        return False
    if _listed(reading, named.first):
        return reading.at_right(named.last) or reading.at_left(named.first)
    if not _stands_alone(reading, named, commune):
        return False
    if introduced.strength is not None:
        return True
    if reading.at_right(named.last):
        return True
    opens_phrase = reading.tied(named.last + 1) and reading.fold(named.last + 1) in (*OF, "a")
    return reading.at_left(named.first) and not opens_phrase


def _stands_alone(reading: Reading, named: Named, commune: Commune) -> bool:
    if commune.population >= WELL_POPULATED and _exact(reading, named, commune):
        return True
    own = without_articles(reading.tokens, named.first, named.last)
    if commune.population >= WELL_POPULATED and (len(own) > 1 or commune.population >= _LARGE_CITY):
        return True
    tied = all(reading.gap(index) is Gap.GLUE for index in range(named.first + 1, named.last + 1))
    return tied and named.last - named.first + 1 >= _HYPHENATED


def _exact(reading: Reading, named: Named, commune: Commune) -> bool:
    """Whether the name is written in full, its article included ("Le Port" is a town, "port" is not)."""
    return normalise(typed(reading, named.first, named.last)) == normalise(commune.name)


def _ordinary(reading: Reading, named: Named, commune: Commune) -> bool:
    """Whether the words of a name are, here, words."""
    own = without_articles(reading.tokens, named.first, named.last)
    if len(own) > 1:
        return all(reading.lexicon.knows(reading.tokens[index].stem) for index in own)
    token = reading.tokens[own[0]]
    common = token.fold in _ORDINARY or (reading.lang == "en" and token.fold in _ORDINARY_ENGLISH)
    if common and not reading.capitalised(own[0]):
        return True
    if reading.frequent(token.fold) and commune.population < _CITY:
        return True
    if not reading.lexicon.knows(token.stem) or commune.population >= _LARGE_CITY:
        return False
    # "Vitré" and "Mâcon" are not "vitre" and "maçon": accents tell what folding confounds.
    accented = token.text.casefold() != token.fold and normalise(commune.name) == token.fold
    told = accented and commune.name.casefold() == token.text.casefold()
    return not (told and not reading.lexicon.spells(token.text))


def is_ordinary_name(reading: Reading, commune: Commune) -> bool:
    """Whether a commune's name is itself a word: nothing is read as a misspelling of it ("moulin", "fougère")."""
    return normalise(commune.name) in _ORDINARY or reading.lexicon.knows(stem(normalise(commune.name)))


def _too_common(reading: Reading, named: Named, commune: Commune) -> bool:
    """ "poêle à bois": even after "à", a word of the vocabulary in lower case is no village."""
    own = without_articles(reading.tokens, named.first, named.last)
    return (
        len(own) == 1
        and commune.population < WELL_POPULATED
        and reading.known_word(own[0])
        and not reading.capitalised(own[0])
        and introduction(reading, named.first).words in (("a",), ("in",), ("at",), ("au",), ("aux",))
    )


def _claim_commune(reading: Reading, named: Named, hinted: Hinted, introduced: Introduced) -> None:
    role: Role = introduced.role
    commune = hinted.commune
    value = f"commune:{commune.code}"
    after = reading.phrase_at(hinted.last + 1, SURROUNDINGS) if reading.tied(hinted.last + 1) else 0
    if after:
        role = "focus"
        reading.drop(range(hinted.last + 1, hinted.last + 1 + after))
    reading.drop(range(introduced.first, hinted.first))
    reading.claim(
        Draft(
            "place",
            value,
            reading.gazetteer.label(value, reading.lang),
            hinted.first,
            hinted.last,
            role,
            alternatives=alternatives(reading, named, commune),
            end=hinted.end,
        )
    )


def alternatives(reading: Reading, named: Named, chosen: Commune) -> tuple[Option, ...]:
    """Other places of that name: namesakes by population, then an area of that name."""
    others = [c for c in named.communes if c.code not in (chosen.code, chosen.city)][:_MAX_ALTERNATIVES]
    options = [_option(reading, commune) for commune in others]
    if named.department is not None and len(options) < _MAX_ALTERNATIVES and named.department.code != "75":
        code = f"department:{named.department.code}"
        options.append(Option(code, reading.gazetteer.label(code, reading.lang)))
    return tuple(options)


def _option(reading: Reading, commune: Commune) -> Option:
    value = f"commune:{commune.code}"
    return Option(value, reading.gazetteer.label(value, reading.lang))
