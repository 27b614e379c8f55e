"""A pasted text read into lots. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from unicodedata import normalize

from discovery.desk.layout import LOT, laid_out
from discovery.desk.lot import (
    LABEL,
    MAX_TITLE,
    Amount,
    Lot,
    amounts,
    any_of,
    cut,
    labelled,
    of_all,
    sentences,
)
from discovery.desk.series import ITEMS, series_of_lots
from discovery.mappings.codes import cut_cpv_codes
from discovery.mappings.mappings import Mappings
from discovery.mappings.purchases import LABELS, Headings
from discovery.model import replace
from discovery.phrase.ignored import hours
from discovery.phrase.trades.reader import reader_of
from discovery.places.lookup import place_of_nuts
from discovery.places.names import normalise

_NUMBER = r"(?:\d{1,3}(?:[.-]\d{1,2})?(?! \d{3}\b)|(?-i:[A-Z]\d{0,2}|[IVX]{2,4}))(?!\w)"


def lots_of_text(text: str, mappings: Mappings) -> list[Lot]:
    """A text's lots, in their order; at least one unless it is blank. What stands before the first,
    is said of all, or follows the last of lots of one line each, is of the whole; a sentence that
    names a lot is of that one.
    """
    headings = mappings.headings
    text = laid_out(text, headings)
    series = series_of_lots(text, headings, reader_of(mappings.trades))
    if series is None:
        return [_lot("", text, headings)] if text.strip() else []
    marks = sorted(series.marks)
    bodies = [text[one.end : after.start] for one, after in pairwise(marks)] + [
        text[marks[-1].end :]
    ]
    head = text[: marks[0].start]
    if len({*series.numbers}) == len(marks):
        head, *bodies = _headed(
            [head, *bodies], indented=all(text[mark.start] == " " for mark in marks)
        )
    words = frozenset({series.word, LOT}) if series.word in headings.lot else headings.lot
    mention = _mention(words, headings.every, items=series.form in ITEMS)
    numbers, word = [_number(one.number) for one in marks], series.word
    headings = (
        replace(headings, divisions=headings.divisions | {word, f"{word}s"}) if word else headings
    )
    told, common = _apart(head, numbers, _alike(bodies, numbers), mention, headings)
    whole = _lot("", common, headings)
    return [
        replace(_lot(*one, headings), whole=None if whole == Lot("") else whole)
        for one in told.items()
    ]


def _headed(parts: Sequence[str], *, indented: bool) -> list[str]:
    """A head and the lots, each with the line that heads its group, "À Rezé :", and stands behind
    the one before. `indented`: the lots are, which their heads are not.
    """
    heads_group = _HEADS_INDENTED if indented else _HEADS_GROUP
    heads = [heads_group.search(part.rstrip(" ")) for part in parts[:-1]]
    if not any(heads[1:]):
        return [*parts]
    found, heading = [parts[0][: heads[0].start()] if heads[0] else parts[0]], ""
    for before, body, after in zip(heads, parts[1:], [*heads[1:], None], strict=True):
        heading = next(filter(None, before.groups())) if before else heading
        lines = (body[: after.start()] if after else body).strip().splitlines()
        found.append("\n".join([*lines[:1], *[f" {heading}"] * bool(heading), *lines[1:]]))
    return found


_HEADS_GROUP = re.compile(
    r"(?:(?:\n|[.!?]) ?((?:(?![.!?] )[^\n]){3,160}) ?:\n{,3}"
    r"|\n\n ?([^\n]{3,80})\n|\n ?(?:[A-Z]|\d\d?)[.)/] ?([^\n]{3,80})\n *)\Z"
)  # "À Rezé :", "Rezé" below a blank line, "B. Rezé" over B1
_HEADS_INDENTED = re.compile(rf"{_HEADS_GROUP.pattern}|\n((?! )[^\n]{{3,80}})\n\Z")


def _alike(bodies: Sequence[str], numbers: Sequence[str]) -> list[str]:
    """The lots, each with what another reserves where it says no more than "réservé comme le lot
    2".
    """
    found: list[str] = []
    for body in bodies:
        if same := _SAME.search(body):
            of = [
                one
                for number, one in zip(numbers, bodies, strict=True)
                if number == _number(same["lot"] or "")
            ]
            kept = next(
                (one for other in (*of, *reversed(found)) if (one := _KEPT.search(other))), None
            )
            body = f"{body[: same.start()]}{kept[0]}{body[same.end() :]}" if kept else body
        found.append(body)
    return found


_SAME = re.compile(
    r"(?i)(?:réservée?s?,? (?:comme|(?:(?:dans|sous|aux|selon) les )?mêmes? (?:conditions?|article|structures?))"
    r"|\bmême réserv\w+)"
    r"(?: que)?(?: pour)?(?: l[ea])?(?: celui du| celles du)?(?: lot (?:n ?[°º] ?)?0*(?P<lot>\w{1,2})\b)?"
)
_KEPT = re.compile(r"(?i)réserv.*?(?=[;)\n]|(?<!\bL)(?<!\bart)\. |\.?$)")


def _number(told: str) -> str:
    return told.upper().lstrip("0")


def _named(mention: re.Match[str]) -> list[str]:
    """The numbers of the lots that a mention names: "lots 1 à 3 et 5"."""
    told = _RANGE.sub(
        lambda one: str([*range(int(one[1]), int(one[2]) + 1)]), mention["several"] or ""
    )
    items = re.findall(r"\w+(?=[)°])", mention["item"] or "")
    return [
        *map(_number, re.findall(rf"(?<!\w){_NUMBER}", told) or items or [mention["number"] or ""])
    ]


_RANGE = re.compile(r"\b(\d{1,2}) (?:à|to) (?:n ?[°ºo.]+ ?)?(\d{1,2})\b")


@cache
def _mention(
    words: frozenset[str], every: frozenset[str], *, items: bool = False
) -> re.Pattern[str]:
    """Lots that a sentence names: "le lot 2", "lots n° 1 et 3", "par lot", and of items "b)"."""
    lot = rf"\b(?:(?:le|du|au) )?(?:{'|'.join(words)})"
    sign = r"(?:(?:[^\W\d_]{4,} )?n ?[°ºo.]+ ?:? ?)?"
    then = r"(?:,| et| and| &| à| to) "
    several = rf"{lot}(?P<s>s)? {sign}(?P<several>{_NUMBER}(?:{then}(?(s)(?:{lot}s? )?|{lot}s? ){sign}{_NUMBER})+)"
    one = r"(?:\d{1,2}|[A-Za-z])[)°]"
    item = rf"|(?<![\w(])(?P<item>(?:{one}(?:,| et) )*{one})(?=[ ,.;])" if items else "(?P<item>)"
    return re.compile(
        rf"{several}|{lot} {sign}(?P<number>{_NUMBER})|(?P<every>{'|'.join(every)})(?! {sign}\d){item}",
        re.IGNORECASE,
    )


def _apart(
    head: str,
    numbers: Sequence[str],
    bodies: Sequence[str],
    mention: re.Pattern[str],
    headings: Headings,
) -> tuple[dict[str, str], str]:
    """The texts of lots by their numbers, and that of the whole. A notice may list its lots, then
    tell each.
    """
    own: dict[str, list[str]] = {number: [] for number in numbers}
    named: dict[str, list[str]] = {number: [] for number in numbers}
    whole: list[str] = []
    texts = {one: bodies[numbers.index(one)] for one in numbers}

    def sort(lines: Iterable[str], of: list[str]) -> None:
        for line in lines:
            for lots, part in _by_lot(line, texts, mention, headings):
                for number in lots:
                    named[number].append(part)
                if not lots:
                    (whole if of_all(part, headings) else of).append(part)

    sort(head.splitlines(), whole)
    last = [
        *[then in numbers[:at] for at, then in enumerate(numbers)][1:],
        True,
    ]  # which lots end a list of them
    short = not any("\n" in body for body in bodies[:-1])
    broken = [
        _BREAK.search(body.strip()) for body, end in zip(bodies, last, strict=True) if not end
    ]
    for number, body, end in zip(numbers, bodies, last, strict=True):
        first, *after = (
            _BREAK.split(body.strip(), maxsplit=1) if end and broken and not any(broken) else [body]
        )
        lines = [line for line in first.splitlines() if line.strip()]
        lines[:1] = sentences(lines[0]) if lines and (short or own[number]) else lines[:1]
        part = next(
            (at for at, line in enumerate(lines) if at and _opens_part(line, headings)), len(lines)
        )
        own[number] += map(str.strip, lines[:1])
        sort(lines[1:part], own[number])
        sort([*lines[part:], *"".join(after).splitlines()], whole)
    *others, final = own.values()
    if others and sum(last) == 1 and all(len(lines) < 2 for lines in others):
        whole += (line for line in final[1:] if not line.startswith(" "))
        final[1:] = (
            line for line in final[1:] if line.startswith(" ")
        )  # below its lot, and further in
    if any(
        "reserv" in normalise(part) for parts in named.values() for part in parts
    ):  # else "Vu l'article L. 2113-12"
        whole = [
            line
            for line in whole
            if not re.search(r"2113-1[2-5]\b", line) or "reserv" in normalise(line)
        ]
    return {
        number: "\n".join(dict.fromkeys(own[number] + named[number])) for number in own
    }, "\n".join(whole)


_BREAK = re.compile(
    r"\n\s*\n"
)  # where no lot but the last of a list has one, what follows it there is of the whole


def _opens_part(line: str, headings: Headings) -> bool:
    """Whether a line is the head of a part of the text, such as "Article 14", or "8.
    Organisations".
    """
    folded, section = normalise(line), any_of(headings.section).pattern
    named = any_of(headings.parties).match(folded.lstrip("0123456789 "))
    return bool(named or re.match(rf"{section} (?:\d|[ivx]+\b)", folded))


def _by_lot(
    line: str, texts: Mapping[str, str], mention: re.Pattern[str], headings: Headings
) -> Iterator[tuple[list[str], str]]:
    """A line in parts with the lots that each names: sentences, "lot 1 : …, lot 2 : …", "… pour le
    lot 1, …".
    """

    numbers = [*texts]

    def named(mark: re.Match[str]) -> list[str]:
        return [one for one in numbers if mark["every"] or _number(one) in _named(mark)]

    def bound(sentence: str) -> bool:
        folded = normalise(sentence)
        return bool(
            kept.search(folded) or (amounts(sentence, headings) and not of_one.search(folded))
        )

    kept, of_one = any_of(headings.reserving), any_of(headings.each)
    every = sentences(line.replace(";", ","))
    every = [_by_number(one, numbers, headings) if bound(one) else one for one in every]
    subjects = [_by_subject(one, texts, headings) for one in every]
    turns = any(map(_IN_TURN.search, every))
    if not (
        turns
        or any(subjects)
        or any(named(mark) for one in every for mark in mention.finditer(one))
    ):
        yield [], line
        return
    before: list[str] = []
    for sentence, subject in zip(every, subjects, strict=True):
        marks = [mark for mark in mention.finditer(sentence) if named(mark)]
        each = (
            named(marks[0]) if marks else numbers
        )  # "dans l'ordre : 9 000 €, 12 000 € et 4 000 €"
        sums = amounts(sentence, headings) if len(marks) < 2 and _IN_TURN.search(sentence) else []
        if sums and len(sums) == len(each):
            for lot, price in zip(each, sums, strict=True):
                others = [*(mark[0] for mark in marks), *(one.text for one in sums if one != price)]
                yield [lot], re.sub("|".join(map(re.escape, others)), "", sentence)
            continue
        if not marks and (subject or _THESE.match(sentence)):
            yield subject or before, sentence
            continue
        if not marks and before and _LAST_OF.match(sentence):
            yield before[-1:], sentence
            continue
        before = [one for mark in marks for one in named(mark)]
        lead = sentence[: marks[0].start()].rstrip(" :(") if marks else ""
        label = LABEL.match(sentence)
        apart = (
            rf"[\s,(]*(?:à l['’])?\b(?:{'|'.join(headings.but)})\b(?! t(?:va|axe))[^,;:(]{{0,8}}$"
        )
        but = re.search(apart, lead, re.IGNORECASE)
        if but:  # "tous les lots, sauf le lot 1, …"; "à Alès, sauf lot 3 : à Anduze"
            ends = [*(mark.start() for mark in marks[1:]), len(sentence)]
            tails = [sentence[mark.end() : end] for mark, end in zip(marks, ends, strict=True)]
            left = {one for mark in marks for one in named(mark)}
            yield (
                [one for one in numbers if one not in left],
                lead[: but.start()] + _ITS_OWN.sub("", tails[-1]),
            )
            told, of = (
                f"{label['name']} : " if label and label.end("name") < marks[0].start() else "",
                [],
            )
            for mark, tail in zip(marks, tails, strict=True):
                of += named(mark)
                if own := _ITS_OWN.match(tail):
                    yield of, told + own[0].lstrip(" :,")
                    of = []
            continue
        behind = all(
            sentence[mark.end() : mark.end() + 1] == ")" for mark in marks
        )  # "1 600 h (lot 1), 900 h (lot 2)"
        led = [re.search(r"\w[^:]* pour (?:les )?$", sentence[: mark.start()]) for mark in marks]
        tied = len(marks) > 1 and all(led)  # "Nancy pour le lot 1, Metz pour le lot 2"
        priced = behind or tied or bool(amounts(lead, headings) or hours(lead))
        if (len(marks) > 1 and not priced) or any(
            re.match(" ?[:=]", sentence[mark.end() :]) for mark in marks
        ):
            if priced:
                yield [], lead
            for mark, then in zip(marks, [*marks[1:], None], strict=True):
                told = sentence[mark.end() : then.start() if then else None].strip(" :=,")
                yield named(mark), told if priced else f"{lead} : {told}".lstrip(" :")
                again = then and {*named(then)} <= {
                    *named(mark)
                }  # "les lots 1 et 2 sont réservés : lot 1 à …"
                lead = told if again and "reserv" in normalise(told) else lead
        else:
            ends = [*(mark.end() for mark in marks[:-1]), len(sentence)]
            for lots, start, end in zip(
                [*map(named, marks)] or [[]], [0, *ends[:-1]], ends, strict=True
            ):
                part = sentence[start:end].lstrip(" ,)").rstrip(" ,(")
                part = part.rpartition(" pour ")[0] if tied else part
                yield (
                    lots,
                    f"{label['name']} : {part}" if label and start > label.start("value") else part,
                )


def _by_subject(sentence: str, texts: Mapping[str, str], headings: Headings) -> list[str]:
    """The lots that a note is of, "(*) réservé aux ESAT"; or what one reserves, "la tonte est
    réservée aux ESAT".
    """
    said, note = _ONLY.sub("", normalise(sentence)), re.match(r"\(?(\*+)\)? ?\w", sentence)
    told = re.match(
        r"(?:oui )?pour |(?:l|la|les?) .+ (?:est|sont|sera|seront|s adressent?) |(?:le )?lot .+ reserve",
        said,
    )
    kept = any_of(headings.reserving).search(said)
    if note:
        return [
            one
            for one, text in texts.items()
            if re.search(rf"[^\n*(] *\(?{re.escape(note[1])}(?!\*)", text)
        ]
    keeps = _RESERVES.search(said)  # "nous réservons le lot impression à une EA"
    named = keeps[1] if keeps and not told else said[: kept.start()] if kept and told else ""
    subject = {one.rstrip("sx") for one in named.split() if len(one) > _SHORTEST}
    heads = {one: normalise(text.strip().partition("\n")[0]).split() for one, text in texts.items()}
    found = [
        one
        for one, head in heads.items()
        if not subject.isdisjoint(word.rstrip("sx") for word in head)
    ]
    return found if len(found) < len(texts) else []


_RESERVES = re.compile(
    r"\b(?:reserv(?:er|ons|e|era|erons)|confi(?:er|ons|e|era|erons)) (?:le|la|les|l) ((?:\w+ ){1,6}?)(?:a|aux|au) "
)
_ONLY = re.compile("^seule?s? ")
_SHORTEST = 4  # letters of a word that tells a lot


def _by_number(sentence: str, numbers: Sequence[str], headings: Headings) -> str:
    """A sentence that reserves lots, each by its number: "postes 1 et 3", "lot b)", "les deux
    premiers".
    """
    known = {_number(one): at for at, one in enumerate(numbers)}

    def lots(places: Iterable[int]) -> str:
        told = [numbers[at].upper() for at in places]
        return f"{LOT}s {', '.join(told)}" if told[1:] else f"{LOT} {told[0]}"

    def place(token: str) -> int:
        bare = _number(token.strip("()"))
        letter = (
            str(ord(bare[0]) - 64) if len(bare) == 1 else str(headings.roman.get(bare.lower(), ""))
        )
        return next(
            (
                known[way]
                for way in (bare, re.sub(r"^[A-Z]+-?0*", "", bare), letter)
                if way in known
            ),
            -1,
        )

    def listed(told: re.Match[str]) -> str:
        found = [*map(place, re.findall(_SIGN, told["tokens"]))]
        if " à " in told["tokens"] and len(found) == 2 and found[0] >= 0:
            found = [*range(found[0], found[1] + 1)]
        return lots(found) if found and min(found) >= 0 else told[0]

    def labelled(told: re.Match[str]) -> str:
        return f"{told[1]}{listed(told)}"

    def ordered(told: re.Match[str]) -> str:
        count = headings.roman.get((told["count"] or "un").lower(), 1)
        at = (
            headings.ordinals.get(told["at"].lower().removesuffix("s"), len(numbers) - count + 1)
            - 1
        )
        return lots(range(at, at + count)) if 0 <= at <= len(numbers) - count else told[0]

    called = headings.counted | headings.divisions | headings.lot
    words = _accented(called)
    the, sign = r"\b(?:l[ae]s? |l['’]|d[ue]s? )?", r"n ?[°ºo]s?\.? ?"
    several = rf"(?P<tokens>{_SIGN}(?:(?:,| et| ou| &| à) (?:{sign}|l[ea] )?{_SIGN})*)"
    sentence = re.sub(
        rf"(?i){the}(?:{words} (?:{sign})?|{sign}){several}", listed, normalize("NFKC", sentence)
    )
    sentence = re.sub(
        rf"(?i)(?:^(?:pour (?:l[ea] )?)?|(?<=: )|(?<=\bde la )|(?<=\bdu )){several}"
        r"(?= ?[:,]| (?:réserv|so?nt|est|seron|sera|ir[ao]|peu|pourr|on |nous |ne s['’]|s['’]adr))",
        listed,
        sentence,
    )  # "A et B :"
    sentence = re.sub(
        rf"(?i)(?<=réserv)((?:és?|ées?|ation) ?: ?)(?:{sign}|numéros? )?{several}",
        labelled,
        sentence,
    )
    last = "|".join(headings.last).replace("e", "[eéè]")
    called_at = rf"(?:{'|'.join(headings.ordinals)}|{last})s?"
    placed = rf"(?P<at>{called_at})\b(?: {words})?"
    sentence = re.sub(rf"(?i)\b(les {called_at}) et (?={called_at})", r"\1 et le ", sentence)
    return re.sub(
        rf"(?i)\bl[ae]s? (?:(?P<count>{'|'.join(headings.roman)}) )?{placed}", ordered, sentence
    )


@cache
def _accented(names: frozenset[str]) -> str:
    """A pattern of any of the names, with or without their accents."""
    return _ACCENTED.sub(
        lambda one: f"[{_ACCENTS[one[0]]}]", any_of(frozenset(map(normalise, names))).pattern
    )


_ACCENTS = {"e": "eéèê", "o": "oô", "c": "cç", "a": "aâà", "i": "iî"}
_ACCENTED = re.compile("[eocai]")
_SIGN = (
    r"(?<!\w)\(?(?:(?-i:[A-Z]{1,3})?-?\d{1,2}|(?-i:[IVX]{1,4}|[A-Z])|(?-i:[a-z])(?=[), ]|$))(?![\w'’]|,\d|[ .]\d{3}\b)"
    r"\)?"
)
_ITS_OWN = re.compile(
    r"^(?: ?:.*|,? (?:exécut|réalis|livr|situ).*|,? (?:qui|réservée?|ouverte?)\b(?:[^,(]|\([^)]*\))*)"
)  # after "sauf le lot 3": " : à Anduze", ", ouvert à tous"
_IN_TURN = re.compile(r"(?i)respecti[fv]|dans (?:l['’]|cet |le même )ordre")
_LAST_OF = re.compile(r"(?i)(?:seul\w* )?ce(?:tte)? derni(?:er|ère)\b")
_THESE = re.compile(r"(?i)ces? (?:\w+ )?lots?\b")


def several(text: str, mappings: Mappings) -> bool:
    """Whether a phrase is more than a search: several lots, or several codes."""
    return len(lots_of_text(text, mappings)) > 1 or len(cut_cpv_codes(text)[1]) > 1


def _lot(number: str, body: str, headings: Headings) -> Lot:
    """A lot's text: its labelled lines, and a title, which is the first line that is none when no
    label tells it.
    """
    body, found = cut_cpv_codes(body)
    told: dict[str, str] = {}
    prices: list[Amount] = []
    free: list[str] = []
    beside: list[str] = []
    led_in = any_of(headings.leading)  # "estimé à 65 000 €, concerne les sols"
    led, surest = (
        False,
        -1,
    )  # below "Lieu d'exécution"; how sure the place is: "Ville : …" may be the buyer's
    for sentence in sentences(re.sub(r"(?<=[^\W\d_]{3}) ?; (?=[^\W\d_])", ". ", body)):
        label = LABEL.match(sentence)
        name, value = (label["name"], label["value"].strip(" .;")) if label else ("", "")
        column = headings.of(name, LABELS)
        told_apart = (
            label or not headings.named(sentence, "amount") or led_in.search(normalise(sentence))
        )
        bare = () if told_apart else amounts(sentence, headings)
        column = (
            "amount" if any(not one.whole for one in bare) else column
        )  # "Budget prévu 9 000 HT"
        priced = amounts(sentence, headings) if column in ("amount", "place") else []
        if column == "place" and priced and value[:1].isdigit():  # "Location de vélos : 9 000 €"
            column, priced = "", []
        led = (
            led or normalise(sentence.lstrip("0123456789IVX.) ")) in headings.place - headings.seat
        )
        sure = -1 if column != "place" else int(led) if headings.named(name, "seat") else 2
        prices += priced
        if not sure and not place_of_nuts(value):
            beside.append(sentence)
        elif column in ("title", "cpv", "place", "date") and (column not in told or sure > surest):
            told[column], surest = value, max(sure, surest)
        elif priced:
            folded = normalise(sentence)
            named = (
                any_of(headings.lasting | headings.renewed),
                any_of(frozenset(headings.periods)),
            )
            kept = any_of(headings.reserving).search(folded) or all(
                name.search(folded) for name in named
            )
            beside += [sentence] if hours(sentence) or kept else []
        else:
            (beside if column else free).append(sentence)
    priced = [one for one in prices if not (one.whole and _OF_ONE.search(body))]
    price = max(priced, key=lambda one: one.euros, default=Amount(0))
    title = told.get("title") or (free[0] if free and number else _NEW.sub(". ", "\n".join(free)))
    placed = (
        sentences(body)[:1]
        if number and labelled(body.partition("\n")[0], headings)[0] == "place"
        else []
    )
    title = title or "".join(placed)  # "Département entier : traduction"
    priced_by, _, rest = title.partition(", ")
    if led_in.match(normalise(rest)) and amounts(priced_by, headings):
        title, beside = rest, [*beside, priced_by]
    led_by = led_in.match(normalise(title))
    shown = " ".join(title.split()[len(led_by[0].split()) if led_by else 0 :])
    others = (
        free if "title" in told else free[1:] if number else [] if len(title) <= MAX_TITLE else free
    )
    return Lot(
        title=cut(shown, MAX_TITLE).strip(" .;,|="),
        number=number,
        cpv=found,
        place=cut(told.get("place", "")),
        amount=price.euros or None,
        per=price.months,
        taxed=price.taxed,
        date=cut(told.get("date", "")),
        told=(*others, *beside),
    )


_OF_ONE = re.compile(
    r"\bdu lot\b|\(lot (?:n ?[°º] ?)?\d", re.IGNORECASE
)  # amounts of all are not its own
_NEW = re.compile(
    r"(?<=[\w)%€])\n(?=[A-ZÀ-Ý])|(?<=[^\W\d_]{4})\n(?=\d)"
)  # where a line does not go on
