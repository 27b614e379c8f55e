"""Names of places in a phrase: what a run of tokens may name ("Saint-Denis"), what leads to it
("à", "près de"), what tells namesakes apart ("Saint-Denis 93", "Saint-Denis (La Réunion)", "93200
Saint-Denis", "Paris 12e").
"""

from discovery.mappings.grammar import Strength
from discovery.model import dataclass, replace
from discovery.phrase.lexer import Gap
from discovery.phrase.model import Option, Role
from discovery.phrase.parse_state import Named, ParseState
from discovery.places import Commune, normalise
from discovery.places.names import without_article

_LONGEST_NAME = 8  # words: "Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson"
_VILLAGE = 10_000  # inhabitants: below, an area of the same name is meant
_TOWN = 2_000  # inhabitants: below, a body of communes of the same name is meant
_SAINTS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}


def names_at(state: ParseState, first: int, *, hint: bool = False) -> list[Named]:
    """Everything that free tokens from `first` on may name, the longest name first.

    An area is named without its article, which leads to it ("dans le Rhône"), save as a hint ("(La
    Réunion)").
    """
    known = state.names.get((first, hint))
    if known is None:
        known = state.names[first, hint] = _look_up(state, first, hint=hint)
    return [named for named in known if state.unclaimed_run(named.first, named.last)]


def _look_up(state: ParseState, first: int, *, hint: bool) -> list[Named]:
    found: list[Named] = []
    gazetteer = state.gazetteer
    for last in _lasts(state, first):
        name = state.typed(first, last)
        own = without_articles(state, first, last)
        never = state.grammar.places.never_names
        if len(own) == 1 and (len(name) < 2 or state.tokens[own[0]].text.casefold() in never):
            continue
        if any(
            state.tokens[index].number for index in own
        ):  # "CC des 7 Vallées", and never "Paris 12"
            named = Named(first, last, groupings=gazetteer.groupings_by_name(name))
        elif len(own) <= last - first and not hint:
            named = Named(first, last, communes=gazetteer.by_name(name))
            village = named.communes and (
                named.communes[0].population < _VILLAGE
                or not is_exact(state, named, named.communes[0])
            )
            if village and _is_area(state, first + 1, last):
                continue  # "à la Réunion" is not the village of that name
        else:
            communes, bare = gazetteer.by_name(name), without_article(normalise(name))
            town = (
                communes[:1]
                and communes[0].population >= _TOWN
                and without_article(normalise(communes[0].name))
            )
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
                    if one.place.type == "area" or town != bare
                ),
            )
        if named.communes or named.area:
            found.append(named)
    return found[::-1]


def _is_area(state: ParseState, first: int, last: int) -> bool:
    name = state.typed(first, last)
    gazetteer = state.gazetteer
    return bool(
        gazetteer.department_by_name(name)
        or gazetteer.region_by_name(name)
        or any(one.place.type == "area" for one in gazetteer.groupings_by_name(name))
    )


def _lasts(state: ParseState, first: int) -> list[int]:
    """Where a name that starts at a token may end: tied words, as long as some name begins so."""
    lasts: list[int] = []
    tokens = state.tokens
    start = first + 1 if state.folds[first] in state.connectives.articles else first
    for last in range(first, min(first + _LONGEST_NAME, len(tokens))):
        token = tokens[last]
        if not state.unclaimed[last] or token.dotted or (token.number and last == first):
            break
        on = state.gaps[last] is Gap.SLASH and state.folds[last - 1] == "s"  # "Chalon s/Saône"
        if last > first and token.gap > Gap.BLANK and not on:
            break
        if last in (start, start + 1):
            words = [_SAINTS.get(word, word) for word in state.folds[start : last + 1]]
            if words[-1] != "s" and not state.gazetteer.opens(" ".join(words)):
                break
        if last >= start:
            lasts.append(last)
    return lasts


def department_code(state: ParseState, index: int) -> tuple[str, int] | None:
    """(code, last token) of the department that a number at token `index` stands for: 59, 2A, 974."""
    if not 0 <= index < len(state.tokens) or not state.tokens[index].number:
        return None
    digits = state.tokens[index].text
    glued = state.gaps[index + 1] is Gap.GLUE
    code, last = digits, index
    if (
        digits == "2"
        and glued
        and state.folds[index + 1] in ("a", "b")
        and not state.between(index + 1)
    ):
        code, last = f"2{state.folds[index + 1].upper()}", index + 1
        glued = state.gaps[last + 1] is Gap.GLUE
    if (
        glued
        or len(code) != (3 if code.startswith("97") else 2)
        or state.gazetteer.department(code) is None
    ):
        return None
    return code, last


def post_code(state: ParseState, index: int) -> str | None:
    """The five digits at token `index`; None unless the post office knows them."""
    if not 0 <= index < len(state.tokens):
        return None
    token = state.tokens[index]
    if not token.number or len(token.text) != 5 or token.opaque:
        return None
    return token.text if state.gazetteer.communes_of_postcode(token.text) else None


def without_articles(state: ParseState, first: int, last: int) -> range:
    """The token indices of a name's own words, its leading article left out."""
    articled = last > first and state.folds[first] in state.connectives.articles
    return range(first + articled, last + 1)


def taken_before(state: ParseState, index: int) -> bool:
    """Whether the token before `index` is part of a place already claimed."""
    return any(
        draft.type == "place" and draft.first <= index - 1 <= draft.last for draft in state.drafts
    )


def is_exact(state: ParseState, named: Named, commune: Commune, *, article: bool = True) -> bool:
    """Whether the commune's own name is written: in full ("Le Port" is a town, "port" is not) or,
    with `article` false, without its article.

    The name of a former commune is not its own.
    """
    written, own = normalise(state.typed(named.first, named.last)), normalise(commune.name)
    return written == own or (not article and without_article(written) == without_article(own))


def option(state: ParseState, commune: Commune) -> Option:
    """The commune as another reading of a piece."""
    value = f"commune:{commune.code}"
    return Option(value, state.gazetteer.label(value, state.lang))


@dataclass(frozen=True, slots=True)
class Introduced:
    """What leads to a place: `first` is its first token (the name's own when nothing leads to it)."""

    first: int
    strength: Strength | None = None
    role: Role = "boundary"
    words: tuple[str, ...] = ()


def introduction(state: ParseState, first: int, most: int = 3) -> Introduced:
    """What leads to the name that starts at token `first`, its article included ("près de la").
    `most`: introducers in a row, each of which costs a look at the ones before it.
    """
    ends = [first]
    if (
        state.unclaimed[first - 1]
        and state.adjacent[first]
        and state.folds[first - 1] in state.connectives.articles
    ):
        ends.insert(0, first - 1)
    for end in ends:
        if not state.adjacent[end]:
            continue
        found = _introducer(state, end)
        if found is not None:
            return _widened(state, found, most - 1) if most > 1 else found
    return Introduced(ends[0])


def _introducer(state: ParseState, end: int) -> Introduced | None:
    """The longest introducer that ends right before a token."""
    if state.folds[end - 1] not in state.grammar.introducer_ends:
        return None
    found: Introduced | None = None
    spelt: tuple[str, ...] = ()
    for start in range(end - 1, max(-1, end - 1 - state.grammar.longest_introducer), -1):
        if not state.unclaimed[start] or (spelt and not state.adjacent[start + 1]):
            break
        spelt = (state.folds[start], *spelt)
        strength = state.grammar.introducers.get(spelt)
        article = spelt == ("a",) and state.lang == "en" and state.tokens[start].text in "aA"
        if strength is None or article:
            continue
        focused = state.grammar.is_focus(spelt) and not (
            spelt == ("vers",) and taken_before(state, start)
        )
        found = Introduced(
            start, strength, "focus" if focused else "boundary", spelt
        )  # "de Paris vers Lyon"
    return found


def _widened(state: ParseState, introduced: Introduced, most: int) -> Introduced:
    """ "autour de" before "la ville de": both lead to the place, and the first says how."""
    if introduced.strength in ("of", "weak"):
        return introduced
    outer = introduction(state, introduced.first, most)
    if outer.strength not in ("strong", "area") or not state.adjacent[introduced.first]:
        return introduced
    role: Role = "focus" if "focus" in (introduced.role, outer.role) else "boundary"
    strength = "area" if introduced.strength == "area" else outer.strength
    return Introduced(outer.first, strength, role, introduced.words)


def listed(state: ParseState, first: int) -> bool:
    """Whether a name follows a place and "et", "ou" or a comma, as the next of a list. `first`: its
    first token, "de" included.
    """
    index = first
    if state.folds[index - 1] in state.connectives.articles:
        index -= 1
    if state.gaps[index] in (Gap.COMMA, Gap.SLASH) and taken_before(state, index):
        return True
    return (
        state.unclaimed[index - 1]
        and state.folds[index - 1] in state.connectives.listing
        and taken_before(state, index - 1)
    )


_CITIES = {"paris": "75", "lyon": "69", "marseille": "13"}  # with their departments


@dataclass(frozen=True, slots=True)
class Hinted:
    """A commune told apart by what stands next to its name. `first`, `last`: the tokens of name and
    hint; `end`: the offset where the piece ends; `exact`: the hint fits that very commune; `aside`:
    tokens of a hint that stands apart from the name ("(93) Saint-Denis").
    """

    commune: Commune
    first: int
    last: int
    end: int
    exact: bool
    aside: tuple[int, ...] = ()


def with_hints(state: ParseState, named: Named) -> Hinted:
    """The commune meant by a name, read with what stands around it: "93", "(La Réunion)", "93200",
    "12e".
    """
    first, last = named.first, named.last
    plain = Hinted(named.communes[0], first, last, state.tokens[last].end, False)
    for reader in (_district, _bracket, _number_after, _area_after, _number_before):
        hinted = reader(state, named)
        if hinted is not None:
            return _past_cedex(state, hinted)
    return _past_cedex(state, plain)


def _past_cedex(state: ParseState, hinted: Hinted) -> Hinted:
    """ "Lyon CEDEX 03": the sorting office says nothing of the place."""
    last = hinted.last
    if not (
        state.unclaimed[last + 1] and state.folds[last + 1] == "cedex" and state.adjacent[last + 1]
    ):
        return hinted
    last += 1
    if (
        state.unclaimed[last + 1]
        and state.tokens[last + 1].number
        and len(state.tokens[last + 1].text) <= 2
    ):
        last += 1
    return replace(hinted, last=last, end=state.tokens[last].end)


def _district(state: ParseState, named: Named) -> Hinted | None:
    """ "Paris 12e", "Lyon 3", "Marseille 1er arrondissement". "Lyon 69" names the department
    instead.
    """
    city, number = state.folds[named.last], named.last + 1
    if city not in _CITIES or named.first != named.last or not state.adjacent[number]:
        return None
    if not (
        state.unclaimed[number]
        and state.tokens[number].number
        and len(state.tokens[number].text) <= 2
    ):
        return None
    last = number
    if (
        state.unclaimed[last + 1]
        and state.gaps[last + 1] <= Gap.BLANK
        and state.folds[last + 1] in state.grammar.places.district_ordinals
    ):
        last += 1
    if (
        state.unclaimed[last + 1]
        and state.adjacent[last + 1]
        and state.folds[last + 1] in state.grammar.places.district_words
    ):
        last += 1
    if last == number:
        after = number + 1
        glued = state.gaps[after] is Gap.GLUE or (
            state.adjacent[after] and state.tokens[after].number
        )
        if glued or state.tokens[number].text == _CITIES[city] or state.is_quantity(number):
            return None
    commune = state.gazetteer.arrondissement(city, int(state.tokens[number].text))
    return Hinted(commune, named.first, last, state.tokens[last].end, True) if commune else None


def _bracket(state: ParseState, named: Named) -> Hinted | None:
    """ "Saint-Denis (93)", "Saint-Denis (La Réunion)", "Saint-Denis (93200)"."""
    opening = named.last + 1
    if not state.unclaimed[opening]:
        return None
    if state.q[state.tokens[named.last].end : state.tokens[opening].start].strip() != "(":
        return None
    close = state.q.find(")", state.tokens[opening].end)
    last = opening
    while last + 1 < len(state.tokens) and state.tokens[last + 1].end <= close:
        last += 1
    if close < 0 or not state.unclaimed_run(opening, last):
        return None
    hinted = _number_after(state, named, bracketed=True) or _area_after(state, named, last)
    if hinted is None or hinted.last != last:
        return None
    return Hinted(hinted.commune, hinted.first, last, close + 1, True)


def _number_after(state: ParseState, named: Named, *, bracketed: bool = False) -> Hinted | None:
    """ "Saint-Denis 93", "Saint-Denis, 93200"."""
    index = named.last + 1
    if not state.unclaimed[index] or not (bracketed or state.gaps[index] <= Gap.COMMA):
        return None
    return _numbered(state, named, index, named.first)


def _number_before(state: ParseState, named: Named) -> Hinted | None:
    """ "93200 Saint-Denis", "93 Saint-Denis", "(93) Saint-Denis"."""
    index = named.first - 1
    if index > 0 and state.folds[index] in ("a", "b") and state.gaps[index] is Gap.GLUE:
        index -= 1
    if not state.unclaimed[index]:
        return None
    if state.gaps[named.first] <= Gap.COMMA:
        return _numbered(state, named, index, index)
    number_end = state.tokens[named.first - 1].end
    opening = state.q[: state.tokens[index].start].rstrip()[-1:]
    if opening != "(" or state.q[number_end : state.tokens[named.first].start].strip() != ")":
        return None
    found = _numbered(state, named, index, named.first)
    return found and replace(found, aside=tuple(range(index, named.first)))


def _numbered(state: ParseState, named: Named, index: int, first: int) -> Hinted | None:
    name = state.typed(named.first, named.last)
    code = post_code(state, index)
    if code is not None:
        last = max(named.last, index)
        holders = {commune.code: commune for commune in state.gazetteer.communes_of_postcode(code)}
        for commune in state.gazetteer.by_name(name, hint_postcode=code):
            district = [c for c in holders.values() if c.parent == commune.code]
            if commune.code in holders or district:
                meant = district[0] if len(district) == 1 else commune
                return Hinted(meant, first, last, state.tokens[last].end, True)
        return None
    department = department_code(state, index)
    if department is None or state.is_quantity(department[1], of_things=False):
        return None
    for commune in state.gazetteer.by_name(name, hint_department=department[0])[:1]:
        if commune.department == department[0]:
            last = max(named.last, department[1])
            return Hinted(commune, first, last, state.tokens[last].end, True)
    return None


def _area_after(state: ParseState, named: Named, until: int | None = None) -> Hinted | None:
    """ "Saint-Denis, La Réunion", "Grenoble en Isère": an area that holds a commune of that name."""
    start = named.last + 1
    if not state.unclaimed[start] or (until is None and state.gaps[start] > Gap.COMMA):
        return None
    starts = [start]
    if until is None and (size := state.phrase_at(start, state.grammar.places.hint_links)):
        starts += [start + size]
    name = state.typed(named.first, named.last)
    for begin in starts:
        for area in names_at(state, begin, hint=True):
            if not area.area or (until is not None and area.last != until):
                continue
            held = state.gazetteer.communes_in(area.area)
            found = next(
                (commune for commune in state.gazetteer.by_name(name) if commune.city in held), None
            )
            if found is not None:
                return Hinted(found, named.first, area.last, state.tokens[area.last].end, True)
    return None


def told_by_an_area(state: ParseState, named: Named, hinted: Hinted) -> bool:
    """Whether an area's name tells a commune from its namesakes ("Grenoble en Isère"), not a number
    or brackets: it may as well be where the work is looked for ("couture Pas-de-Calais").
    """
    aside = [
        index
        for index in range(hinted.first, hinted.last + 1)
        if not named.first <= index <= named.last
    ]
    bracketed = "(" in state.q[state.tokens[named.last].end : hinted.end]
    return bool(aside) and not bracketed and not any(state.tokens[index].number for index in aside)
