"""Numbers as places: post codes, numbers of departments, and lists of either."""

from __future__ import annotations

from itertools import pairwise

from discovery.intent.introducers import introduction
from discovery.intent.lexer import Gap
from discovery.intent.names import department_code, post_code
from discovery.intent.parse_state import Draft, ParseState, State

_LONGEST_INTRODUCER = 4
_DAY, _MONTH = 31, 12


def claim_post_codes(reading: ParseState) -> None:
    """Claim five digits that the post office knows; "10000 flyers" and "norme 14001" are words."""
    for index in range(len(reading.tokens)):
        if not reading.free(index):
            continue
        code = post_code(reading, index)
        if code is None or reading.negated(index) or not _is_post_code(reading, index):
            continue
        communes = reading.gazetteer.communes_of_postcode(code)
        value = f"commune:{communes[0].code}" if len(communes) == 1 else f"postcode:{code}"
        lead = _numbered_lead(reading, index)
        introduced = introduction(reading, index)
        reading.drop(range(min(lead, introduced.first), index))
        label = reading.gazetteer.label(value, reading.lang)
        reading.claim(Draft("place", value, label, index, index, introduced.role))


def _is_post_code(reading: ParseState, index: int) -> bool:
    before, after = index - 1, index + 1
    if _numbered_lead(reading, index) < index or introduction(reading, index).strength == "strong":
        return not reading.is_quantity(index)
    if after < len(reading.tokens) and (reading.gap(after) is Gap.GLUE or reading.is_quantity(index)):
        return False
    if index > 0 and (
        reading.gap(index) is Gap.GLUE
        or (reading.tied(index) and reading.fold(before) in reading.grammar.references.codes)
    ):
        return False
    if reading.tied(after) and reading.free(after):
        if reading.tokens[after].number:
            return post_code(reading, after) is not None
        # A round number before a plural counts things.
        return not (reading.tokens[index].text.endswith("00") and reading.fold(after).endswith(("s", "x")))
    return True


def claim_department_numbers(reading: ParseState) -> None:
    """Claim numbers of departments: "dans le 59", "31, 32 et 81", "blanchisserie 59", "2A nettoyage". Any other
    number stays a number."""
    index = 0
    while index < len(reading.tokens):
        members = _list(reading, index) if reading.free(index) else []
        last = members[-1][2] if members else index
        if members and _is_department(reading, members):
            first = members[0][1]
            lead = _numbered_lead(reading, first)
            reading.drop(range(lead, first))
            for code, start, end in members:
                value = f"department:{code}"
                label = reading.gazetteer.label(value, reading.lang)
                reading.claim(Draft("place", value, label, start, end, "boundary"))
            for (_, _, end), (_, start, _) in pairwise(members):
                reading.drop(range(end + 1, start))
        index = last + 1


def _list(reading: ParseState, index: int) -> list[tuple[str, int, int]]:
    """Numbers of departments from a token on: (code, first token, last token) of each."""
    members: list[tuple[str, int, int]] = []
    while reading.free(index):
        found = department_code(reading, index)
        if found is None or not reading.free_run(index, found[1]):
            break
        members.append((found[0], index, found[1]))
        index = found[1] + 1
        following = index
        if reading.free(following) and reading.fold(following) in reading.ties.listing:
            following += 1
        if (
            reading.free(following)
            and reading.fold(following) in reading.ties.articles
            and following + 1 < len(reading.tokens)
        ):
            following += 1
        if following >= len(reading.tokens) or not Gap.BLANK <= reading.gap(index) <= Gap.COMMA:
            break
        index = following
    return members


def _is_department(reading: ParseState, members: list[tuple[str, int, int]]) -> bool:
    first, last = members[0][1], members[-1][2]
    if reading.is_quantity(last) or (first > 0 and reading.gap(first) is Gap.GLUE):
        return False
    if _numbered_lead(reading, first) < first:
        return True
    if len({code for code, _, _ in members}) < len(members):
        return False
    before = first - 1
    if reading.tied(first) and reading.states[before] is not State.PIECE:
        if (
            reading.states[before] is not State.DROPPED
            and reading.fold(before) in reading.grammar.quantities.before_number
        ):
            return False
        if reading.tokens[before].number:
            return False
    if first > 0 and reading.gap(first) is Gap.SLASH and reading.states[before] is not State.PIECE:
        return False  # "24/24"
    if len(members) > 1 and _is_date(reading, members):
        return False
    if len(members) > 1 and _parted(reading, members):
        return True
    code = members[0][0]
    if reading.at_end(last) and (first > 0 or not _place_after(reading, last)):
        return True
    opens = first == 0 and reading.tied(last + 1) and reading.free(last + 1)
    return len(members) == 1 and opens and (code in ("2A", "2B") or code.startswith("97"))


def _place_after(reading: ParseState, last: int) -> bool:
    """ "45 tours", "12 Lyon": what opens the phrase is no department of the place that follows."""
    return any(draft.type == "place" and draft.first > last for draft in reading.drafts)


def _parted(reading: ParseState, members: list[tuple[str, int, int]]) -> bool:
    """Whether a comma, a slash, "et" or "ou" shows a list."""
    return any(start > end + 1 or reading.gap(start) > Gap.BLANK for (_, _, end), (_, start, _) in pairwise(members))


def _is_date(reading: ParseState, members: list[tuple[str, int, int]]) -> bool:
    """ "12/03": a day and a month."""
    (day, _, _), (month, start, _) = members[0], members[1]
    return (
        len(members) == 2
        and reading.gap(start) is Gap.SLASH
        and day.isdigit()
        and month.isdigit()
        and int(day) <= _DAY
        and int(month) <= _MONTH
    )


def _numbered_lead(reading: ParseState, index: int) -> int:
    """The first token of what introduces a number ("dans le", "code postal"); `index` itself when nothing does."""
    for size in range(min(_LONGEST_INTRODUCER, index), 0, -1):
        start = index - size
        if reading.free_run(start, index - 1) and all(reading.tied(i) for i in range(start + 1, index + 1)):
            spelt = tuple(reading.fold(i) for i in range(start, index))
            if spelt in reading.grammar.places.numbered or spelt in reading.grammar.places.postal:
                return start
    before = index - 1
    if reading.fold(before) == "du" and reading.free(before) and reading.tied(index):
        after_kind = any(d.type in ("kind", "kind_group") and d.last == before - 1 for d in reading.drafts)
        return before if after_kind else index  # "ESAT du 59"
    return index


def claim_partial_post_codes(reading: ParseState) -> None:
    """Claim three or four digits after "code postal", or after "à" at the end, as the department they belong to.

    No place is "the post codes that start so": their department is the nearest boundary there is.
    """
    for index, token in enumerate(reading.tokens):
        if not (token.number and len(token.text) in (3, 4) and reading.free(index)):
            continue
        lead = _numbered_lead(reading, index)
        postal = lead < index and tuple(reading.fold(i) for i in range(lead, index)) in reading.grammar.places.postal
        introduced = introduction(reading, index)
        led = introduced.strength == "strong" and introduced.words != ("a",) and reading.at_right(index)
        if not (postal or led):
            continue
        if reading.is_quantity(index) or not reading.gazetteer.postcodes_with_prefix(token.text):
            continue
        department = _department_of(reading, token.text)
        if department is None:
            continue
        value = f"department:{department}"
        label = reading.gazetteer.label(value, reading.lang)
        reading.drop(range(min(lead, introduced.first), index))
        reading.claim(Draft("place", value, label, index, index, "boundary"))


def _department_of(reading: ParseState, prefix: str) -> str | None:
    """The only department of the post codes with that prefix, if there is but one."""
    departments = {
        commune.department
        for code in reading.gazetteer.postcodes_with_prefix(prefix)
        for commune in reading.gazetteer.communes_of_postcode(code)[:1]
    }
    return departments.pop() if len(departments) == 1 else None
