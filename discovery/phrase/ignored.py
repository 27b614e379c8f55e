"""Pieces that are shown and never searched: sizes, dates, prices, references, legal wording,
greetings, words for a supplier or for what it sends ("société", "devis").

Most are regular expressions over the tokens of a phrase, a row of `_rules` each, claimed in that
order. A character stands for each gap, and for each word: `written` writes a phrase as a gap, a
token, a gap, a token … a gap; hence token `i` is character `2 i + 1`. Words that the patterns do
not tell apart are one character, so that patterns stay short.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Set
from functools import lru_cache
from string import ascii_letters, ascii_lowercase

from discovery.mappings.grammar import Grammar
from discovery.mappings.phrases import Phrases
from discovery.model import dataclass
from discovery.phrase.communes import WELL_POPULATED
from discovery.phrase.lexer import Gap
from discovery.phrase.model import Note, Option, PieceType
from discovery.phrase.parse_state import Draft, ParseState, State
from discovery.phrase.place_names import names_at, post_code

TIED = r"[ ~\-.']"
"""A gap within one run of words: a blank, a hyphen, an apostrophe, an inner dot, or nothing (`~`).
"""
GLUED = r"[~\-.']"
UP_TO_COMMA = r"[ ~\-.'/|&,:;¦]"
ANY_GAP = r"[ ~\-.'/|&,:;¦¬°¤£¥!]"
"""`/`, and `|` the same between blanks, `&` for other signs of a list; `,`, `:`, a dash `¦` between
blanks, `;` for what else parts; `¬` a full stop, `°` as in "n°"; `¤` a currency's sign, `£` one
before other marks, `¥` one after them; `!` for all else.
"""

_NUMBERS = "023ABCDEFGHIJ"
"""Numbers by what they may be: `2`, `3`, `0` for another digit; two digits `A` up to 12, `B` up to
24, `C` up to 31, `D` up to 59, `E` up to 99; `F` three digits; `G` a year (1990–2099), `H` other
four; `I` five, `J` six to nine.
"""
NUMBER = f"[{_NUMBERS}]"
UP_TO_12, UP_TO_24, UP_TO_31, UP_TO_59 = "[023A]", "[023AB]", "[023ABC]", "[023ABCD]"
TWO_DIGITS, THREE_DIGITS, FOUR_DIGITS, YEAR = "[ABCDE]", "F", "[GH]", "G"
UP_TO_THREE_DIGITS = "[023A-F]"

PIECE, TAKEN, TAKEN_NUMBER, OTHER = "P", "T", "N", "W"
"""A token of a piece; one that a rule may not read for another reason, and such a number; a word of
no list.
"""
A_NUMBER = f"[{_NUMBERS}{TAKEN_NUMBER}]"
FREE = f"[^{PIECE}{TAKEN}{TAKEN_NUMBER}{ANY_GAP[1:-1]}]"
WORD = f"[^{PIECE}{TAKEN}{TAKEN_NUMBER}{_NUMBERS}{ANY_GAP[1:-1]}]"

_SIGNS = frozenset("€$£")
_YEARS = range(1990, 2100)
_MARK = 0xE000  # of the private use area: stands for a set of words until `compile`


class Alphabet:
    """Sets of words, as the patterns name them, and the characters of words: one for those of the
    same sets.
    """

    def __init__(self) -> None:
        self._sets: dict[frozenset[str], str] = {}
        self.letters: dict[str, str] = {}

    def words(self, words: Collection[str]) -> str:
        """A pattern of any of some words, to be compiled here."""
        if len(words) == 1 and (number := next(iter(words))).isdigit():
            return _number(number)
        return self._sets.setdefault(frozenset(words), chr(_MARK + len(self._sets)))

    def phrases(self, phrases: Iterable[tuple[str, ...]]) -> str:
        """A pattern of any of some phrases, the longest first, to be compiled here."""
        listed = sorted(phrases, key=lambda words: (-len(words), words))
        long = [
            TIED.join(self.words({word}) for word in words) for words in listed if len(words) > 1
        ]
        return f"(?:{'|'.join([*long, self.words({words[0] for words in listed if len(words) == 1})])})"

    def close(self) -> None:
        """Give words their characters. No pattern may name another set from now on."""
        own: dict[str, tuple[str, ...]] = {}
        for words, mark in self._sets.items():
            for word in words:
                own[word] = (*own.get(word, ()), mark)
        reserved = {PIECE, TAKEN, TAKEN_NUMBER, OTHER, *_NUMBERS}
        free = [*(c for c in ascii_letters if c not in reserved), *map(chr, range(0xC0, 0x250))]
        letters = dict(zip(dict.fromkeys(own[word] for word in sorted(own)), free, strict=False))
        self.letters = {word: letters[marks] for word, marks in own.items()}

    def compile(self, pattern: str) -> re.Pattern[str]:
        """A pattern that names sets of words, once closed."""
        for words, mark in self._sets.items():
            if mark in pattern:
                letters = "".join(sorted({self.letters[word] for word in words}))
                pattern = pattern.replace(mark, f"[{letters}]" if letters else "(?!)")
        return re.compile(pattern)


def written(state: ParseState, letters: Mapping[str, str], closed: Collection[int]) -> str:
    """Encode the phrase for the patterns of this module, one character a token and gap. `letters`:
    folded word → its character; `closed`: tokens that no pattern may read.
    """
    characters: list[str] = []
    for index, token in enumerate(state.tokens):
        characters.append(_gap(state, index))
        became = state.states[index]
        if became is State.PIECE:
            characters.append(PIECE)
        elif became is not State.FREE or index in closed:
            characters.append(TAKEN_NUMBER if became is State.FREE and token.number else TAKEN)
        elif token.number:
            characters.append(_number(token.text))
        else:
            characters.append(letters.get(token.fold, OTHER))
    characters.append(_gap(state, len(state.tokens)))
    return "".join(characters)


def _number(text: str) -> str:
    size = len(text)
    if size == 1:
        return text if text in "23" else "0"
    if size == 2:
        return next(
            (
                kind
                for kind, most in zip("ABCD", (12, 24, 31, 59), strict=True)
                if int(text) <= most
            ),
            "E",
        )
    if size == 4:
        return "G" if int(text) in _YEARS else "H"
    return {3: "F", 5: "I"}.get(size, "J" if size < 10 else TAKEN_NUMBER)


def _gap(state: ParseState, index: int) -> str:
    """What stands before a token (after the last, its index being one more), as one character."""
    before = state.tokens[index - 1].end if index else 0
    after = state.tokens[index].start if index < len(state.tokens) else len(state.q)
    between = state.q[before:after]
    bare = between.strip()
    if bare and (bare[0] in _SIGNS or bare[-1] in _SIGNS):
        return "¤" if len(bare) == 1 else "£" if bare[0] in _SIGNS else "¥"
    if not 0 < index < len(state.tokens):
        return "!"
    if bare.strip(". \u00a0\u202f") in ("°", "º"):
        return "°"
    gap = state.tokens[index].gap
    if gap is Gap.GLUE:
        return "~" if not between else between if between in "-." else "'"
    if gap is Gap.BLANK:
        return " "
    if gap is Gap.SLASH:
        return "/" if between == "/" else "|" if bare == "/" else "&"
    if bare in (".", ".:"):
        return "¬"
    if gap is Gap.COMMA:
        return ":" if ":" in bare else "," if between == "," else "¦" if bare in ("-", "–") else ";"
    return "!"


_CODE = re.compile(
    r"([LRD])\.?[ \u00a0\u202f]?\*?(\d{3,4}(?:-\d{1,3}){1,3})(?![\d-])", re.IGNORECASE
)
_HOUR = r"(?<![\d.,])(?:\d{1,3}(?:[ \u00a0\u202f\u2009.,'’]\d{3})+|\d+)(?!\d)[ \u00a0\u202f]?(?:heures?|h|hours?)\b"
_INSERTION = r"(?:insertion|work integration)\b"
_HOURS = re.compile(
    rf"(?:{_HOUR}[ \u00a0]?(?:d['’]|en |of ){_INSERTION}|(?=\d{{1,3}}\W?\d\d){_HOUR}(?=.{{0,40}}?\b{_INSERTION})"
    rf"|(?:clauses? d['’])?\binsertion(?:\W|de |minimum |au moins ){{0,6}}{_HOUR}"
    r"|\bheures? d.insertion ?[:=] ?\d+(?:[ \u00a0\u202f.,'’]\d{3})*)"
    r"(?:(?: (?:par|per|a) | ?/ ?)(?:an|année|year|mois|month)\b)?",
    re.IGNORECASE,
)
_SHARE = re.compile(r"[\s:àa(]{0,4}\d{1,3}(?:[.,]\d)?\s?%")
_BEFORE = 3  # words of a name that may precede its number, or a word for a supplier
_LARGE = 3  # digits: shorter numbers may be departments
_SHORT = 3  # characters of a number that a document's name makes a reference

Span = tuple[int, int]
"""First and last token of a piece."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of piece by its words (`phrases`), or by a pattern of its tokens.

    `leads`: phrases that belong to the piece where they stand before it. `after`: one of these
    must; where `led` is given, that pattern is read instead of `pattern` after one of them.
    `narrowed`: the piece's tokens of those that match, or None where the words around them say that
    it is no such piece. `share`: a percentage after it belongs to it ("clause d'insertion 5 %").
    """

    type: PieceType
    pattern: str = ""
    value: str = ""
    phrases: Phrases = Phrases()
    leads: Phrases = Phrases()
    after: Phrases | None = None
    led: str = ""
    narrowed: Callable[[ParseState, int, int], Span | None] | None = None
    share: bool = False


@lru_cache(maxsize=4)
def _rules(
    grammar: Grammar,
) -> tuple[Alphabet, tuple[tuple[Rule, re.Pattern[str], re.Pattern[str]], ...]]:
    """The rules in the order in which they are tried, with their patterns compiled."""
    alphabet = Alphabet()
    amounts = _amounts(alphabet, grammar)
    rules = (
        _street(alphabet, grammar),
        *_references(alphabet, grammar),
        Rule("legal", value="wording", phrases=grammar.legal.phrases, share=True),
        *_sizes(alphabet, grammar, amounts),
        *_dates(alphabet, grammar, amounts),
        Rule("budget", phrases=grammar.budgets.phrases),
    )
    alphabet.close()
    compiled = (
        (rule, alphabet.compile(rule.pattern), alphabet.compile(rule.led or rule.pattern))
        for rule in rules
    )
    return alphabet, tuple(compiled)


@dataclass(frozen=True, slots=True)
class _Amounts:
    """Patterns of numbers in digits and letters. `several`: a range or a list of them; `counted`:
    no bare article.
    """

    numeral: str
    rough: str
    amount: str
    several: str
    counted: str


def _amounts(alphabet: Alphabet, grammar: Grammar) -> _Amounts:
    """ "1 500", "2,5", "vingt et un", "une trentaine"; several: "20 à 30", "10, 20 ou 30", "10-12"."""
    words, numbers = alphabet.words, grammar.numbers
    numeral, rough = (
        words({name[0] for name in numbers.numerals}),
        words({name[0] for name in numbers.rough}),
    )
    one = words({name[0] for name, value in numbers.numerals.items() if value == 1})
    letters = f"(?:{numeral}(?:{TIED}(?:{words(numbers.linked_by)}{TIED})?{numeral})*(?:{TIED}{rough})?|{rough})"
    digits = rf"(?:{UP_TO_THREE_DIGITS}(?: {THREE_DIGITS})+|{NUMBER})(?:[,.]{NUMBER})?"
    amount = f"(?:{digits}|{letters})"
    begins = rf"(?<![~\-.])(?<!{A_NUMBER}{TIED})"
    to = words(grammar.quantities.to)
    several = f"{amount}(?:(?:[,;:¦]{NUMBER})*{TIED}{to}{TIED}{amount}|[-¦]{NUMBER})*"
    article = f"{one}(?!{TIED}(?:{numeral}|{rough}))"
    return _Amounts(numeral, rough, amount, begins + several, f"{begins}(?!{article}){several}")


def _sizes(alphabet: Alphabet, grammar: Grammar, amounts: _Amounts) -> Iterator[Rule]:
    """ "1 500 € HT", "budget 1500", "deux fois par mois", "320 m²", "pour 80 personnes", "12
    tonnes", "500 flyers".
    """
    words, phrases = alphabet.words, alphabet.phrases
    budgets, quantities, several = grammar.budgets, grammar.quantities, amounts.several
    multiple = f"{TIED}{words(budgets.multiples)}"
    currency = f"(?:{multiple})?(?:[¤£]|{TIED}{words(budgets.currencies)})"
    details = f"(?:(?:{TIED}|(?<=[¤£])){phrases(budgets.after)})*"
    priced = f"(?:{several}{currency}|(?<=[¤¥]){several}(?!{multiple})){details}"
    yield Rule("budget", priced, leads=budgets.before)
    named = Phrases.of(frozenset(words for words in budgets.before if words[0] in budgets.nouns))
    yield Rule("budget", f"{several}(?!{multiple}){details}", leads=budgets.before, after=named)
    repeated, each = _frequencies(alphabet, grammar, amounts)
    yield Rule("frequency", repeated)
    yield Rule(
        "surface", f"{several}{TIED}{phrases(quantities.surfaces)}", leads=quantities.surface_leads
    )
    sized_by = Phrases.of(frozenset((word,) for word in quantities.sized_by))
    by, counted = f"{TIED}{words(quantities.counted_by)}", amounts.counted
    people = f"{counted}(?:(?<={amounts.rough}){by})?{TIED}{words(quantities.people)}"
    yield Rule("quantity", people, leads=sized_by, narrowed=_people)
    measures = (
        f"(?:{phrases(quantities.measures)}|{words(grammar.distances.between_only)})(?!{GLUED})"
    )
    yield Rule("quantity", f"{counted}{TIED}{measures}", leads=sized_by)
    yield Rule("quantity", f"{counted}(?:{by})?{TIED}{WORD}", leads=sized_by, narrowed=_things)
    yield Rule("frequency", each)


def _frequencies(alphabet: Alphabet, grammar: Grammar, amounts: _Amounts) -> tuple[str, str]:
    """ "deux fois par mois", "5 jours sur 7", "24h/24", "chaque lundi", "hebdomadaire", "(300
    couverts)/jour".
    """
    words, phrases, frequencies = alphabet.words, alphabet.phrases, grammar.frequencies
    period = words(frequencies.periods)
    each = f"(?:{TIED}(?:{NUMBER}|{amounts.numeral}))?{TIED}{period}"
    per, every = f"{phrases(frequencies.per)}{each}", f"{phrases(frequencies.every)}{each}"
    times, lengths = words(frequencies.times), words(grammar.dates.durations)
    out_of = f"(?:{TIED}{words(frequencies.out_of)}{TIED}|[/|&]){NUMBER}(?:{TIED}{lengths})?"
    repeated = f"(?:{times}{TIED}{per}|(?!{words({'x'})}){times}|{lengths}(?:{TIED}{per}|{out_of}))"
    counted = f"{amounts.several}{TIED}{repeated}"
    return (
        counted,
        f"{phrases(frequencies.phrases)}(?:{TIED}{per})?|(?<={PIECE}[/|&]){period}|{every}",
    )


def _dates(alphabet: Alphabet, grammar: Grammar, amounts: _Amounts) -> Iterator[Rule]:
    """ "jeudi 12 juin 2026", "12/06/2026", "18 h", "du 3 au 5 mai", "2026-2029", "sous 15 jours",
    "urgent".
    """
    words, dates = alphabet.words, grammar.dates
    months, ordinals, hours = words(dates.months), words(dates.ordinals), words(dates.hours)
    links, units = alphabet.phrases(dates.links), words(grammar.units)
    with_year = f"(?:{UP_TO_COMMA}{YEAR})?"
    weekday = f"{words(dates.days)}(?:{TIED}{UP_TO_31})?"
    day = f"{UP_TO_31}(?:{TIED}{ordinals})?(?:{ANY_GAP}{words({'of'})})?{TIED}{months}"
    day_of_week = f"(?:{words(dates.days)}{TIED})?{day}{with_year}"
    month_day = f"{months}(?:{TIED}{UP_TO_31}(?:{GLUED}{ordinals})?{with_year}|{UP_TO_COMMA}{YEAR})"
    year = f"(?:{TWO_DIGITS}|{FOUR_DIGITS})"
    figures = rf"{UP_TO_31}(?:/{UP_TO_12}/{year}|-{UP_TO_12}-{FOUR_DIGITS}|\.{UP_TO_12}\.{year})"
    hour = f"{UP_TO_24}(?:{TIED}{hours}{GLUED}{UP_TO_59}|{GLUED}{hours}(?!{GLUED}))"
    years = f"{YEAR}[-¦/|]{YEAR}(?!{TIED}{units})"
    first_day = f"{UP_TO_31}(?={TIED}{links}{TIED}{day})"
    date = f"{day_of_week}|{weekday}|{month_day}|{figures}|{hour}|{years}|{first_day}"
    bare_year = f"(?<!{GLUED}){YEAR}(?!{GLUED}|{TIED}{units})"
    bare = rf"{months}|{UP_TO_31}/{UP_TO_12}(?![~\-.'/|])|{UP_TO_24}{TIED}{hours}(?!{GLUED})|{bare_year}"
    more = f"(?:(?:{TIED}{links}{TIED}|[-¦/|])(?:{date}|{bare})|{TIED}{words(dates.after)})*"
    yield Rule("date", phrases=dates.phrases, leads=grammar.date_leads)
    leads = grammar.date_leads
    yield Rule(
        "date",
        f"(?<!-)(?:{date}){more}",
        leads=leads,
        after=dates.before,
        led=f"(?:{date}|{bare}){more}",
    )
    yield Rule(
        "date",
        f"(?<!-){amounts.amount}{TIED}{words(dates.durations)}",
        leads=leads,
        after=dates.delays,
    )


def _street(alphabet: Alphabet, grammar: Grammar) -> Rule:
    """ "8 bis, avenue Jean-Jaurès", "rue de la Paix": one word after what ties it, the next only
    after "de".
    """
    words, places, ties = alphabet.words, grammar.places, grammar.connectives
    links = f"(?:{TIED}{words(ties.of | ties.articles)})"
    name = f"{links}*{TIED}{FREE}(?:{GLUED}{FREE})*"
    number = f"(?:{NUMBER}(?:[ ~]{words(places.street_numbers)})?{UP_TO_COMMA}{words(places.numbered_streets)}"
    street = f"{number}|(?:{NUMBER}(?:[ ~]{words(places.street_numbers)})?{UP_TO_COMMA})?{words(places.streets)})"
    return Rule(
        "address", f"{street}{name}(?:{links}+{TIED}{FREE})?", "street", narrowed=_named_street
    )


def _references(alphabet: Alphabet, grammar: Grammar) -> Iterator[Rule]:
    """ "lot n° 4", "lots 1, 2 et 3", "MAPA 2024-12", "19v1411"."""
    words, references = alphabet.words, grammar.references
    to = words(grammar.quantities.to)
    sign, marked = words(references.signs), "[ ~°.¬]"
    signed = f"(?:[ ~°.¬:]{sign}(?={marked}))?+[ ~°.¬:]"
    whole = rf"(?:[~\-.'/]{FREE})*"
    lot = f"(?:{UP_TO_THREE_DIGITS}(?!{TIED}{words(grammar.units)})|{words(ascii_lowercase)}(?!{GLUED})){whole}"
    listed = f"(?:{TIED}{to}{TIED}{lot}|[,;:¦]{NUMBER}(?!{TIED}(?!{to})))*"
    yield Rule("reference", f"{words(references.lots)}{signed}{lot}{listed}", narrowed=_lot)
    document = (
        f"(?:(?>{alphabet.phrases(references.documents)}){signed}|{sign}{marked}){NUMBER}{whole}"
    )
    yield Rule("reference", document, narrowed=_document)


def claim_ignored(state: ParseState) -> None:
    """Claim, as ignored pieces, all that is shown to the user but never searched (sizes, dates,
    prices, legal wording…). Call before places and trades are claimed.
    """
    claim_articles(state)
    alphabet, rules = _rules(state.grammar)
    closed = frozenset(state.negated)
    text = written(state, alphabet.letters, closed)
    for rule, pattern, led in rules:
        spans = (
            _phrases(state, rule.phrases)
            if rule.phrases.longest
            else _matches(state, rule, pattern, led, text)
        )
        claimed = [_claim(state, rule, *span, closed) for span in spans]
        if any(claimed):
            text = written(state, alphabet.letters, closed)


def _phrases(state: ParseState, phrases: Phrases) -> Iterator[tuple[int, int, bool]]:
    """First and last token of each of some phrases; none that is refused, though one may be a
    refusal ("pas cher").
    """
    for first, size in state.phrases(phrases):
        denied = first in state.negated and first - 1 in state.negated
        if not denied or state.phrase_at(first, state.grammar.negation.negations):
            yield first, first + size - 1, False


def _matches(
    state: ParseState, rule: Rule, pattern: re.Pattern[str], led: re.Pattern[str], text: str
) -> Iterator[tuple[int, int, bool]]:
    """First and last token of what matches a rule's pattern, and whether the sign that follows
    belongs to it.
    """
    position = 1
    while found := led.search(text, position):
        first = found.start() // 2
        match: re.Match[str] | None = found
        if rule.after is not None and not state.phrase_before(first, rule.after):
            match = pattern.match(text, found.start()) if rule.led else None
        position = found.start() + 2
        if match:
            yield first, match.end() // 2 - 1, match.end() % 2 == 1


def _claim(
    state: ParseState, rule: Rule, first: int, last: int, signed: bool, closed: Set[int]
) -> bool:
    """Claim tokens by a rule, with what leads to them. `signed`: up to the sign (€) that follows."""
    span = rule.narrowed(state, first, last) if rule.narrowed else (first, last)
    if span is None or not state.unclaimed_run(*span):
        return False
    start = _with_leads(state, first, rule.leads, closed) if span == (first, last) else first
    last, end = span[1], None
    if signed:
        after = state.tokens[last].end
        end = next(
            index
            for index, character in enumerate(state.q[after:], after + 1)
            if character in "€$£"
        )
    elif rule.share and (share := _SHARE.match(state.q, state.tokens[last].end)):
        end = share.end()
        last = max(index for index, token in enumerate(state.tokens) if token.start < end)
        if not state.unclaimed_run(first, last):
            return False
    draft = state.ignore(rule.type, rule.value or rule.type, start, last, end)
    if rule.type == "address":
        state.notes.append(Note("street", draft.label))
    return True


def _with_leads(state: ParseState, first: int, leads: Phrases, closed: Set[int]) -> int:
    """Go back from token `first` over the phrases that lead to it; the index of the first of their
    tokens.

    The letter of a number is no word: "2A pour dix personnes".
    """
    while size := state.phrase_before(first, leads):
        lead = first - size
        if any(index in closed for index in range(lead, first)):
            break
        if state.between(lead) == "" and lead > 0 and state.tokens[lead - 1].number:
            break
        first = lead
    return first


def _named_street(state: ParseState, first: int, last: int) -> Span | None:
    """ "nettoyage de rues de village" names none: without a number, a capital must follow."""
    named = state.tokens[first].number or any(
        token.text[:1].isupper() for token in state.tokens[first + 1 : last + 1]
    )
    return (first, last) if named else None


def _lot(state: ParseState, first: int, last: int) -> Span | None:
    """Unless a letter is no capital, and save "Lot 46", the department of that name with its
    number.
    """
    number = first + 1
    if state.folds[number] in state.grammar.references.signs and number < last:
        number += 1
    letters = [
        state.tokens[index]
        for index in range(number, last + 1)
        if len(state.tokens[index].text) == 1
    ]
    linked = state.grammar.quantities.to
    if any(token.text.islower() and token.fold not in linked for token in letters):
        return None
    department = number == first + 1 == last == len(state.tokens) - 1 and state.tokens[
        last
    ].text in ("46", "47")
    return None if department else (first, last)


def _document(state: ParseState, first: int, last: int) -> Span | None:
    """ "MAPA 2024-12", "accord-cadre n° 2023-018", "n° 2024-015": without "n°", a number of that
    many characters.
    """
    number = next(index for index in range(first, last + 1) if state.tokens[index].number)
    written_number = state.typed(number, last)
    signed = state.folds[number - 1] in state.grammar.references.signs
    told = signed or (len(written_number) >= _SHORT and len(written_number) != 5)
    return (first, last) if told and not state.is_quantity(last) else None


def _people(state: ParseState, first: int, last: int) -> Span | None:
    """Unless a word tells which people: those of "12 personnes âgées" are whom a service is for."""
    after, word = last + 1, state.folds[last + 1]
    ends = (
        not state.unclaimed[after]
        or state.gaps[after] >= Gap.SLASH
        or any(
            named.area or named.communes[0].population >= WELL_POPULATED
            for named in names_at(state, after)
        )
        or state.phrase_at(after, state.grammar.negation.negations)  # "60 personnes sauf ESAT"
        or word
        in state.connectives.trailing | state.connectives.listing | state.grammar.dates.months
    )
    return (first, last) if ends else None


def _things(state: ParseState, first: int, last: int) -> Span | None:
    """ "10000 flyers": the number sizes the order, and what is counted stays words where it may name
    the trade.
    """
    quantities = state.grammar.quantities
    after = last - (state.folds[last - 1] in quantities.counted_by)
    known = state.lexicon.knows(state.tokens[last].stem)
    # A large number before a plural of the vocabulary counts it, unless it is a year or a post
    # code.
    digits = "".join(state.tokens[index].text for index in range(first, after))
    large = (
        digits.isdigit()
        and after == last
        and len(digits) >= _LARGE
        and not digits.startswith(("97", "19", "20"))
    )
    ordered = (
        known
        and large
        and state.folds[last].endswith(("s", "x"))
        and post_code(state, first) is None
    )
    if not (ordered or state.folds[last] in quantities.things):
        return None
    return (first, after - 1) if known else (first, last)


def hours(text: str) -> tuple[float, str] | None:
    """Hours of insertion that a text asks for, and its words: "900 heures d'insertion par an",
    "insertion : 350 h".
    """
    match = _HOURS.search(text)
    return (float(re.sub(r"\D", "", match[0])), match[0]) if match else None


def claim_articles(state: ParseState) -> None:
    """Claim articles of the public procurement code; those that reserve contracts offer the kinds
    they name. And the hours of insertion that are asked for, which no more than order who is found.
    """
    legal = state.grammar.legal
    for match, first, last in state.matches(_HOURS):
        state.claim(Draft("hours", re.sub(r"\D", "", match[0]), match[0], first, last))
    for match, first, last in state.matches(_CODE):
        code = f"{match[1]}{match[2]}".lower()
        led = first - 1
        if state.unclaimed[led] and state.folds[led] in legal.article_words:
            first = led
        draft = state.ignore("legal", code.upper(), first, last)
        draft.alternatives = tuple(
            Option(entry.value, state.lexicon.term(entry).label(state.lang))
            for kind in legal.articles.get(code, ())
            for entry in state.lexicon.codes.get(kind.lower(), ())
        )


def claim_greeting(state: ParseState, index: int) -> int:
    """Claim the greetings that start at a token. Returns the index of the token after them."""
    while size := state.phrase_at(index, state.grammar.courtesy.opening):
        state.ignore("courtesy", "greeting", index, index + size - 1)
        index += size
    return index


def claim_thanks(state: ParseState) -> None:
    """Claim what thanks or signs, at the end or as a part of the phrase by itself; see where a
    signature begins.
    """
    closing = state.grammar.courtesy.closing
    end = len(state.tokens)
    signing = state.grammar.courtesy.signing
    for first, size in state.phrases(signing):
        if first and state.gaps[first] >= Gap.COMMA and state.gaps[first + size] >= Gap.COMMA:
            state.ignore("courtesy", "thanks", first, first + size - 1)
            state.signature = first + size
            break
    for first, size in reversed([*state.phrases(closing)]):
        after = first + size
        if after == end or (state.gaps[first] >= Gap.SLASH and state.gaps[after] >= Gap.SLASH):
            state.ignore("courtesy", "thanks", first, after - 1)
            end = first if after == end else end


def claim_supplier_words(state: ParseState) -> None:
    """Claim words for any supplier ("société", "prestataire") as ignored. Call once kinds are
    claimed: an "entreprise adaptée" is one.
    """
    free: list[bool] = []
    for index, size in state.phrases(state.grammar.suppliers.words):
        free = free or state.unclaimed_tokens()
        if index not in state.negated and not _belongs(state, index, size, free):
            state.ignore("supplier_word", "supplier", index, index + size - 1)


def _belongs(state: ParseState, first: int, size: int, free: list[bool]) -> bool:
    """Whether the word is a part of something else: "restaurant d'entreprise", "structure
    métallique".
    """
    before = first - 1
    if (
        state.unclaimed[before]
        and state.adjacent[first]
        and state.folds[before] in state.grammar.suppliers.after
    ):
        return True
    names = (
        state.lexicon.sector(state.tokens, start, free)
        for start in range(max(0, first - _BEFORE), first)
    )
    if any(name is not None and name.last >= first for name in names):
        return True
    own = state.lexicon.sector(state.tokens, first, free)
    if own is None or own.last < first + size:
        return False
    return not any(
        (rest := state.lexicon.sector(state.tokens, start, free)) is not None
        and rest.last >= own.last
        for start in range(first + size, own.last + 1)
    )
