"""Numbers that name something: SIRET and SIREN, codes of classifications ("CPV 90919200-2", "NAF
81.21Z"), post codes, numbers of departments and lists of either. Telephone numbers are words.
"""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from discovery.mappings.codes import IN_TEXT, START_IN_TEXT, bare, regained
from discovery.mappings.crosswalk import CPV_DIGITS, NAF, ROME, Classification, Meaning
from discovery.phrase.lexer import Gap
from discovery.phrase.model import Need, Note, Option
from discovery.phrase.parse_state import Draft, ParseState, State
from discovery.phrase.place_names import department_code, introduction, post_code

_GROUPS = re.compile(r"3 3 3|9|3 3 3 5|9 5|3 3 3 2 3|3 3 3 3 2|14|3 11|3 6 5|12 2|6 3 5")
"""How people group the 9 digits of a SIREN and the 14 of a SIRET, by lengths; any other is a list
of numbers.
"""

_PHONE = re.compile(r"0[1-9](?:\d{8})|(?:33|0033)[1-9]\d{8}")


def claim_numbers(state: ParseState) -> None:
    """Claim SIREN and SIRET (value: their digits); turn telephone numbers into plain words."""
    index = 0
    while index < len(state.tokens):
        if not (state.unclaimed[index] and state.tokens[index].number):
            index += 1
            continue
        last = _run(state, index)
        claimed = _identifier(state, index, last) or _telephone(state, index, last)
        index = last + 1 if claimed else index + 1


def _run(state: ParseState, first: int) -> int:
    """The last token of a run of numbers parted by blanks, dots or hyphens only."""
    last = first
    while state.unclaimed[last + 1] and state.tokens[last + 1].number and state.adjacent[last + 1]:
        last += 1
    return last


def _identifier(state: ParseState, first: int, last: int) -> bool:
    parts = [state.tokens[index].text for index in range(first, last + 1)]
    digits = "".join(parts)
    if not _GROUPS.fullmatch(" ".join(str(len(part)) for part in parts)):
        return False
    label = " ".join(filter(None, (digits[:3], digits[3:6], digits[6:9], digits[9:])))
    before = first - 1
    if state.folds[before] in ("n", "no", "numero"):
        before -= 1
    if state.folds[before] in ("siret", "siren"):
        state.discard(range(before, first))
    state.claim(Draft("siret", digits, label, first, last))
    return True


def _telephone(state: ParseState, first: int, last: int) -> bool:
    digits = "".join(state.tokens[index].text for index in range(first, last + 1))
    if not _PHONE.fullmatch(digits):
        return False
    for index in range(first, last + 1):
        state.become(index, State.WORD)
    return True


Meanings = Callable[[Classification, str], Meaning | None]
"""A code without dots and check digit → what it means, None where nobody decided."""

_CODES: tuple[tuple[Classification, re.Pattern[str]], ...] = (
    ("cpv", re.compile(IN_TEXT)),
    ("cpv", re.compile(START_IN_TEXT)),
    ("naf", re.compile(rf"(?<![\w.])({NAF})(?!\w)", re.IGNORECASE)),
    ("rome", re.compile(rf"(?<!\w)({ROME})(?!\w)", re.IGNORECASE)),
)
_LONGEST_LEAD = 3


def claim_codes(state: ParseState, meanings: Meanings) -> list[Need]:
    """Claim each code with the words that lead to it, and return the needs that they name. A code
    that leads to no sector is noted (`code_unknown`).
    """
    if not any(token.number for token in state.tokens):
        return []
    needs: list[Need] = []
    for classification, (match, first, last) in (
        (name, one) for name, form in _CODES for one in state.matches(form)
    ):
        code = bare(match[1])
        lead = _lead(state, first)
        named = classification in {state.folds[index] for index in range(lead, first)}
        if classification == "cpv" and len(code) < CPV_DIGITS:
            # Some digits of a code are one only where it is said so: 45000 is Orléans before it is
            # construction.
            if not named:
                continue
            code = regained(code)
        meaning = meanings(classification, code)
        if not named and meaning is None:
            continue
        needs += _claim(state, classification, code, meaning, lead, last)
    return needs


def _lead(state: ParseState, first: int) -> int:
    """The first of "code CPV :", "NAF" and the like before a code."""
    lead = first
    while lead > max(0, first - _LONGEST_LEAD) and state.unclaimed[lead - 1]:
        before = state.between(lead).strip(" \u00a0:°.")
        if before or state.folds[lead - 1] not in state.grammar.references.classifications:
            break
        lead -= 1
    return lead


def _claim(
    state: ParseState,
    classification: Classification,
    code: str,
    meaning: Meaning | None,
    first: int,
    last: int,
) -> Iterator[Need]:
    start, end = state.tokens[first].start, state.tokens[last].end
    text = state.q[start:end]
    sectors = meaning.all if meaning is not None else ()
    options = tuple(Option(slug, state.lexicon.label(slug, state.lang)) for slug in sectors)
    state.claim(Draft(classification, code, text, first, last, alternatives=options))
    if sectors:
        yield Need(start, end, text, sectors, "code")
    else:
        state.notes.append(Note("code_unknown", text))


_DAY, _MONTH = 31, 12


def claim_post_codes(state: ParseState) -> None:
    """Claim five digits that the post office knows; "10000 flyers" and "norme 14001" are words."""
    for index in range(len(state.tokens)):
        if not state.unclaimed[index]:
            continue
        code = post_code(state, index)
        if code is None or index in state.negated or not _is_post_code(state, index):
            continue
        communes = state.gazetteer.communes_of_postcode(code)
        value = f"commune:{communes[0].code}" if len(communes) == 1 else f"postcode:{code}"
        lead = _numbered_lead(state, index)
        introduced = introduction(state, index)
        state.claim_place(value, (index, index), introduced.role, lead=min(lead, introduced.first))


def _is_post_code(state: ParseState, index: int) -> bool:
    before, after = index - 1, index + 1
    if _numbered_lead(state, index) < index or introduction(state, index).strength == "strong":
        return not state.is_quantity(index)
    if state.gaps[after] is Gap.GLUE or state.is_quantity(index):
        return False
    if index > 0 and (
        state.gaps[index] is Gap.GLUE
        or (state.adjacent[index] and state.folds[before] in state.grammar.references.codes)
    ):
        return False
    if state.adjacent[after] and state.unclaimed[after]:
        if state.tokens[after].number:
            return post_code(state, after) is not None
        # A round number before a plural counts things.
        return not (
            state.tokens[index].text.endswith("00") and state.folds[after].endswith(("s", "x"))
        )
    return True


def claim_department_numbers(state: ParseState) -> None:
    """Claim numbers of departments: "dans le 59", "31, 32 et 81", "blanchisserie 59", "2A
    nettoyage". Any other number stays a number.
    """
    index = 0
    while index < len(state.tokens):
        members = _list(state, index) if state.unclaimed[index] else []
        last = members[-1][2] if members else index
        if members and _is_department(state, members):
            first = members[0][1]
            lead = _numbered_lead(state, first)
            state.discard(range(lead, first))
            for code, start, end in members:
                state.claim_place(f"department:{code}", (start, end))
            for (_, _, end), (_, start, _) in pairwise(members):
                state.discard(range(end + 1, start))
        index = last + 1


def _list(state: ParseState, index: int) -> list[tuple[str, int, int]]:
    """Numbers of departments from a token on: (code, first token, last token) of each."""
    members: list[tuple[str, int, int]] = []
    while state.unclaimed[index]:
        found = department_code(state, index)
        if found is None or not state.unclaimed_run(index, found[1]):
            break
        members.append((found[0], index, found[1]))
        index = found[1] + 1
        following = index
        for words in (state.connectives.listing, state.connectives.articles):
            following += state.unclaimed[following] and state.folds[following] in words
        if following >= len(state.tokens) or not Gap.BLANK <= state.gaps[index] <= Gap.COMMA:
            break
        index = following
    return members


def _is_department(state: ParseState, members: list[tuple[str, int, int]]) -> bool:
    first, last = members[0][1], members[-1][2]
    if state.is_quantity(last) or (first > 0 and state.gaps[first] is Gap.GLUE):
        return False
    if _numbered_lead(state, first) < first:
        return True
    if len({code for code, _, _ in members}) < len(members):
        return False
    before = first - 1
    if state.adjacent[first] and state.states[before] is not State.PIECE:
        if (
            state.states[before] is not State.DROPPED
            and state.folds[before] in state.grammar.quantities.before_number
        ):
            return False
        if state.tokens[before].number:
            return False
    if first > 0 and state.gaps[first] is Gap.SLASH and state.states[before] is not State.PIECE:
        return False  # "24/24"
    if len(members) > 1 and _is_date(state, members):
        return False
    if any(
        start > end + 1 or state.gaps[start] > Gap.BLANK
        for (_, _, end), (_, start, _) in pairwise(members)
    ):
        return True  # a comma, a slash, "et" or "ou" shows a list
    code = members[0][0]
    if state.at_end(last):
        return True
    opens = first == 0 and state.adjacent[last + 1] and state.unclaimed[last + 1]
    return len(members) == 1 and opens and (code in ("2A", "2B") or code.startswith("97"))


def _is_date(state: ParseState, members: list[tuple[str, int, int]]) -> bool:
    """ "12/03": a day and a month."""
    (day, _, _), (month, start, _) = members[0], members[1]
    slashed = len(members) == 2 and state.gaps[start] is Gap.SLASH
    return slashed and f"{day}{month}".isdigit() and int(day) <= _DAY and int(month) <= _MONTH


def _numbered_lead(state: ParseState, index: int) -> int:
    """The first token of what introduces a number ("dans le", "code postal"); `index` itself when
    nothing does.
    """
    places = state.grammar.places
    if size := max(
        state.phrase_before(index, places.numbered), state.phrase_before(index, places.postal)
    ):
        return index - size
    before = index - 1
    if state.folds[before] == "du" and state.unclaimed[before] and state.adjacent[index]:
        after_kind = any(
            d.type in ("kind", "kind_group") and d.last == before - 1 for d in state.drafts
        )
        return before if after_kind else index  # "ESAT du 59"
    return index
