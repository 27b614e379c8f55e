"""Communes by name: which of the 35,000 names that stand in a phrase are meant as places, and which are words.

And names of towns cut short, as people say them: "Vélizy", "Issy", "Aix", "Levallois".
"""

from __future__ import annotations

from dataclasses import replace

from discovery.gazetteer import Commune, normalise
from discovery.gazetteer.names import without_article
from discovery.intent.hints import Hinted, more_districts, with_hints
from discovery.intent.introducers import Introduced, introduction, listed
from discovery.intent.lexer import Gap, stem
from discovery.intent.model import Option, Role
from discovery.intent.named import Named
from discovery.intent.names import is_exact, option, typed, without_articles
from discovery.intent.parse_state import Draft, ParseState
from discovery.intent.villages import ends_a_need, is_unmistakable, place_follows
from discovery.spelling.words import known_word

_TOWN = 20_000  # inhabitants: what a short name brings to mind
INTRODUCED = 2_000  # the same after "à" or "près de": what else may follow ("Sarlat", "Carhaix", "Florac")
_OUTWEIGHS = 10  # times more populous than the village that bears the short name itself
_CANDIDATES = 8
_SHORTEST = 3  # letters


def fuller_names(reading: ParseState, index: int, least: int = _TOWN) -> tuple[Commune, ...]:
    """Towns of at least `least` inhabitants whose name goes on after the word at a token ("Aix": Aix-en-Provence),
    the most populous first."""
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
        towns = fuller_names(reading, index, INTRODUCED if strong else _TOWN)
        if towns:
            _claim(reading, index, towns, introduced)


def claim_shortened_centre(reading: ParseState, starts: list[int]) -> bool:
    """Claim the short name of a town that a distance leads to ("à une heure de Digne"). Returns whether it was one."""
    for start in starts:
        last = start + 1
        glued = last < len(reading.tokens) and not reading.gap(last)
        if not reading.free(start) or glued or reading.fold(start) in reading.ties.of or reading.negated(start):
            continue
        if towns := fuller_names(reading, start, INTRODUCED):
            _claim(reading, start, towns, Introduced(starts[0], "strong"))
            return True
    return False


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


WELL_POPULATED = 10_000  # inhabitants: a commune that stands alone
_CITY = 50_000  # the index holds its name often because suppliers sit there: no sign of an ordinary word
_LARGE_CITY = 100_000  # known to all, even under a name that the vocabulary or an article makes ambiguous
_MAX_ALTERNATIVES = 8
_HYPHENATED = 3  # words tied by hyphens that name a commune: nobody writes "Saint-Jean-de-Maurienne" otherwise


def try_commune(reading: ParseState, named: Named, introduced: Introduced) -> bool:
    """Claim the name as a commune if it is meant as one. Returns whether it was."""
    hinted = with_hints(reading, named)
    of = introduced.strength == "of" and hinted.first == named.first
    buyer = _of_an_authority(reading, introduced, named) if hinted.first == named.first else None
    if buyer:
        introduced = buyer
    elif of and not (listed(reading, introduced.first) or ends_a_need(reading, hinted.last, introduced)):
        return False
    if not _commune_is_meant(reading, named, hinted, introduced):
        return False
    claim_commune(reading, named, hinted, introduced if hinted.first == named.first else Introduced(hinted.first))
    return True


def _of_an_authority(reading: ParseState, introduced: Introduced, named: Named) -> Introduced | None:
    """ "mairie (de Lyon)", "hôtel de ville (de Lyon)": whose town it is, though "ville de" leads to places."""
    of = named.first - 1 - (reading.fold(named.first - 1) in reading.ties.articles)
    if of < introduced.first or reading.fold(of) not in reading.ties.of:
        return None
    if not reading.phrase_before(of, reading.grammar.places.authorities):
        return None
    return replace(introduced, first=of, strength="of", role="hint", words=introduced.words[-1:])


def _commune_is_meant(reading: ParseState, named: Named, hinted: Hinted, introduced: Introduced) -> bool:
    commune = hinted.commune
    if introduced.strength == "strong":
        return hinted.exact or not (_too_common(reading, named, commune) or is_shortened(reading, named))
    last = hinted.last + (
        surroundings(reading, hinted.last) or part_of_town(reading, hinted.last)
    )  # "Lyon et alentours" ends where they do
    at_end = reading.at_left(hinted.first) or reading.at_right(last)
    if hinted.exact and _told_by_an_area(reading, named, hinted) and is_common(reading, named, commune):
        return False
    if hinted.exact:
        known = commune.population >= WELL_POPULATED and not _ordinary(reading, named, commune)
        return at_end or known or introduced.strength is not None
    glued = named.first > 0 and reading.gap(named.first) is Gap.GLUE and not reading.tokens[named.first - 1].elided
    if _ordinary(reading, named, commune) or glued:
        return False
    if listed(reading, introduced.first if introduced.strength == "of" else named.first):
        return reading.at_right(named.last) or reading.at_left(named.first)
    if not _stands_alone(reading, named, commune) and not (
        is_unmistakable(reading, named, commune, introduced) and not place_follows(reading, hinted.last)
    ):
        return False
    if is_shortened(reading, named):
        return False
    if introduced.strength is not None:
        return at_end or commune.population >= WELL_POPULATED
    if _counted(reading, named):
        return False
    if reading.at_right(last):
        return True
    opens_phrase = reading.tied(named.last + 1) and reading.fold(named.last + 1) in (*reading.ties.of, "a")
    return reading.at_left(named.first) and not opens_phrase


def _told_by_an_area(reading: ParseState, named: Named, hinted: Hinted) -> bool:
    """ "couture Pas-de-Calais": an area's name after a word is where the work is looked for, more often than what tells
    La Couture from its namesakes; a number or brackets are not."""
    aside = [index for index in range(hinted.first, hinted.last + 1) if not named.first <= index <= named.last]
    bracketed = "(" in reading.q[reading.tokens[named.last].end : hinted.end]
    return bool(aside) and not bracketed and not any(reading.tokens[index].number for index in aside)


def _counted(reading: ParseState, named: Named) -> bool:
    """ "45 tours": a number before a plural in lower case counts things."""
    token, before = reading.tokens[named.first], named.first - 1
    return (
        reading.free(before)
        and reading.tokens[before].number
        and reading.tied(named.first)
        and token.text.islower()
        and token.fold.endswith("s")
    )


def surroundings(reading: ParseState, last: int) -> int:
    """How many tokens after a name say "and around": "et alentours", "area"."""
    return reading.phrase_at(last + 1, reading.grammar.places.surroundings) if reading.tied(last + 1) else 0


def part_of_town(reading: ParseState, last: int) -> int:
    """How many tokens after a name say which part of it: "centre". "Orléans centre commercial" names none."""
    size = reading.phrase_at(last + 1, reading.grammar.places.town_parts) if reading.tied(last + 1) else 0
    return size if reading.gap(last + 1 + size) > Gap.BLANK or not reading.free(last + 1 + size) else 0


def _stands_alone(reading: ParseState, named: Named, commune: Commune) -> bool:
    if commune.population >= WELL_POPULATED and is_exact(reading, named, commune):
        return True
    own = without_articles(reading, named.first, named.last)
    known = commune.population >= (WELL_POPULATED if len(own) > 1 else _LARGE_CITY)
    if known and is_exact(reading, named, commune, article=False):
        return True  # "Havre", "Roche-sur-Yon", but not "tampon", "port"
    tied = all(reading.gap(index) is Gap.GLUE for index in range(named.first + 1, named.last + 1))
    return tied and named.last - named.first + 1 >= _HYPHENATED


def _ordinary(reading: ParseState, named: Named, commune: Commune) -> bool:
    """Whether the words of a name are, here, words."""
    own = without_articles(reading, named.first, named.last)
    if len(own) > 1:
        return all(reading.lexicon.knows(reading.tokens[index].stem) for index in own)
    token = reading.tokens[own[0]]
    common = token.fold in reading.grammar.places.ordinary_towns or (
        reading.lang == "en" and token.fold in reading.grammar.places.ordinary_towns_en
    )
    if common and not reading.capitalised(own[0]):
        return True
    # "Vitré" and "Mâcon" are not "vitre" and "maçon": accents tell what folding confounds.
    accented = token.text.casefold() != token.fold and normalise(commune.name) == token.fold
    told = accented and commune.name.casefold() == token.text.casefold() and not reading.lexicon.spells(token.text)
    if told and commune.population >= WELL_POPULATED:
        return False
    if reading.frequent(token.fold) and commune.population < _CITY:
        return True
    return reading.lexicon.knows(token.stem) and commune.population < _LARGE_CITY and not told


def is_ordinary_name(reading: ParseState, commune: Commune) -> bool:
    """Whether a commune's name is itself a word: nothing is read as a misspelling of it ("moulin", "fougère")."""
    return without_article(normalise(commune.name)) in reading.grammar.places.ordinary_towns or reading.lexicon.knows(
        stem(normalise(commune.name))
    )


def _too_common(reading: ParseState, named: Named, commune: Commune) -> bool:
    """ "poêle à bois": even after "à", a word of the vocabulary in lower case is no village."""
    words = introduction(reading, named.first).words
    if words in (("au",), ("aux",)) and is_ordinary_name(reading, commune) and commune.population < _LARGE_CITY:
        return not reading.capitalised(named.last)  # "au port du casque"
    return words in (("a",), ("in",), ("at",), ("au",), ("aux",)) and is_common(reading, named, commune)


def is_common(reading: ParseState, named: Named, commune: Commune) -> bool:
    """Whether a village's name, typed in lower case, is a word of the language or frequent in the index."""
    own = without_articles(reading, named.first, named.last)
    return (
        len(own) == 1
        and commune.population < WELL_POPULATED
        and (reading.known_word(own[0]) or known_word(reading.fold(own[0])))
        and not reading.capitalised(own[0])
    )


def claim_commune(reading: ParseState, named: Named, hinted: Hinted, introduced: Introduced) -> None:
    """Claim the name as a commune, with what stands around it: its hints, what leads to it, “and surroundings”."""
    role: Role = introduced.role
    commune = hinted.commune
    value = f"commune:{commune.code}"
    after = surroundings(reading, hinted.last)
    if after:
        role = "focus"
        reading.drop(range(hinted.last + 1, hinted.last + 1 + after))
    reading.drop((*range(introduced.first, hinted.first), *hinted.aside))
    reading.drop(range(hinted.last + 1, hinted.last + 1 + part_of_town(reading, hinted.last)))
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
    if commune.parent:
        _claim_more_districts(reading, named, hinted)


def _claim_more_districts(reading: ParseState, named: Named, hinted: Hinted) -> None:
    last = hinted.last
    for district in more_districts(reading, reading.fold(named.last), last):
        value = f"commune:{district.commune.code}"
        label = reading.gazetteer.label(value, reading.lang)
        reading.drop(range(last + 1, district.first))
        reading.claim(Draft("place", value, label, district.first, district.last, "boundary"))
        last = district.last


def alternatives(reading: ParseState, named: Named, chosen: Commune) -> tuple[Option, ...]:
    """Other places of that name: namesakes by population, then an area of that name."""
    others = [c for c in named.communes if c.code not in (chosen.code, chosen.city)][:_MAX_ALTERNATIVES]
    options = [option(reading, commune) for commune in others]
    if named.department is not None and len(options) < _MAX_ALTERNATIVES and named.department.code != "75":
        code = f"department:{named.department.code}"
        options.append(Option(code, reading.gazetteer.label(code, reading.lang)))
    return tuple(options)
