"""What a buyer notices of an answer besides its order: nothing found, refused ones shown,
confidence without ground.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from discovery.engine.port import Document
from tools.judge.answers import Ranked
from tools.judge.judge import Judge
from tools.judge.judgments import JudgedQuery
from tools.judge.measures import RELEVANT, Grades, relevant

TOP = 10
MISSPELT = "misspelled"


@dataclass(frozen=True, slots=True)
class Conduct:
    """Each from 0 to 1, or None where the query can't tell.

    `p10`: answers among the first ten, over ten or as many as there are, if fewer. `trade`: of the
    first ten shown, those that do the trade, wherever they are; `beside`: a trade is claimed that
    is not asked for. `zero`: nothing is found though there is an answer; `empty`: and the nearest
    are not shown either. `first`: the first hit is an answer. `seated`: the first hit does the
    trade and is seated in the place asked, where such exist. `negation`: none of the first fifty is
    what the phrase refuses, and something is found. `confident`: nothing is right and the answer
    does not say so; `widened`: it says so, and shows some all the same. `corrected`: words were
    corrected though none is misspelt.
    """

    p10: float | None = None
    trade: float | None = None
    beside: float | None = None
    zero: float | None = None
    empty: float | None = None
    first: float | None = None
    seated: float | None = None
    negation: float | None = None
    confident: float | None = None
    widened: float | None = None
    corrected: float | None = None


NOTHING_NOTICED = Conduct()


def conduct_of(
    query: JudgedQuery, answer: Ranked, grades: Grades, known: Mapping[str, Document], judge: Judge
) -> Conduct:
    """What a buyer notices of one answer besides its order. `known`: every supplier of the corpus,
    by id.
    """
    corrected = None if query.group == MISSPELT else float(answer.corrected is not None)
    if query.nothing:
        shown = answer.total > 0
        return Conduct(
            confident=float(answer.recognised and shown),
            widened=float(shown and not answer.recognised),
            corrected=corrected,
        )
    answers, top = relevant(grades), answer.ids[:TOP]
    hits = [known[id_] for id_ in answer.ids if id_ in known]
    need = query.needs
    told = Conduct(
        p10=len(answers & set(top)) / min(TOP, len(answers)) if answers else None,
        zero=float(answer.total == 0),
        empty=float(answer.total == 0 and not answer.nearest),
        first=float(bool(top) and top[0] in answers),
        corrected=corrected,
    )
    if need is None:
        return told
    trades = [judge.trade(need, one) >= RELEVANT for one in hits[:TOP]]
    there = need.places and any(
        judge.seated(need, one) and grades.get(id_, 0) >= RELEVANT for id_, one in known.items()
    )
    return replace(
        told,
        trade=sum(trades) / len(trades) if trades else None,
        beside=float(any(map(need.sectors.keys().isdisjoint, answer.trades)))
        if need.sectors and answer.trades is not None
        else None,
        seated=float(bool(hits) and trades[0] and judge.seated(need, hits[0])) if there else None,
        negation=float(bool(hits) and not any(judge.refused(need, one) for one in hits))
        if need.refused
        else None,
    )
