"""What a buyer notices of an answer: each measure on answers made for it, then over HTTP as in the
program.
"""

import threading
from collections.abc import Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from discovery.app import application
from tests.relevance.conftest import Corpus
from tools.judge.answers import Ranked, served_ranker
from tools.judge.conduct import Conduct, conduct_of
from tools.judge.judge import Judge
from tools.judge.judgments import JudgedQuery
from tools.judge.needs import Need, Refused
from tools.judge.tables import conduct_cell

pytestmark = pytest.mark.xdist_group("judged")
LAUNDRY = Need(sectors={"blanchisserie": 3})


def query(group: str = "free", needs: Need | None = LAUNDRY) -> JudgedQuery:
    return JudgedQuery("x", "x", group, "tune", "fr", needs, None, {})


@pytest.fixture
def noticed(sample: Corpus) -> Any:
    """Conduct of an answer of these ids."""
    judge: Judge = sample.judge

    def notice(query: JudgedQuery, *ids: str, **answer: Any) -> Conduct:
        ranked = Ranked(ids, answer.pop("total", len(ids)), 1.0, **answer)
        return conduct_of(
            query, ranked, judge.grades(query, sample.documents), sample.documents, judge
        )

    return notice


@pytest.fixture
def launderers(sample: Corpus) -> list[str]:
    return sorted(sample.judge.grades(query(), sample.documents))


@pytest.fixture
def others(sample: Corpus, launderers: list[str]) -> list[str]:
    return sorted(set(sample.documents) - set(launderers))


def test_answers_among_the_first_ten(
    noticed: Any, launderers: list[str], others: list[str]
) -> None:
    assert noticed(query(), *launderers).p10 == 1
    assert noticed(query(), *launderers[:4], *others[:6], *launderers[4:]).p10 == 0.4
    assert noticed(query(), others[0], *launderers).first == 0
    assert noticed(query(), launderers[0], *others).first == 1
    assert noticed(query(), launderers[0], others[0]).trade == 0.5


def test_nothing_found(noticed: Any) -> None:
    found = noticed(query())
    assert (found.zero, found.p10, found.first, found.trade) == (1, 0, 0, None)
    assert (found.empty, noticed(query(), nearest=True).empty) == (1, 0)


def test_a_claimed_trade_that_is_not_asked_for_is_noticed(noticed: Any) -> None:
    own, other = frozenset(LAUNDRY.sectors), frozenset({"traiteur"})
    assert noticed(query(), trades=(own,)).beside == 0
    assert noticed(query(), trades=(own, other)).beside == 1
    assert noticed(query()).beside is None


def test_few_answers_are_all_that_can_be_asked(
    sample: Corpus, noticed: Any, launderers: list[str]
) -> None:
    seat = f"commune:{sample.documents[launderers[0]]['public']['address']['commune']}"
    asked = query(needs=Need(sectors=LAUNDRY.sectors, places=(seat,)))
    answers = [
        id_ for id_, grade in sample.judge.grades(asked, sample.documents).items() if grade >= 2
    ]
    assert noticed(asked, *answers).p10 == 1
    assert noticed(asked, launderers[0]).seated == 1


def test_the_first_is_to_be_seated_there(
    sample: Corpus, noticed: Any, launderers: list[str]
) -> None:
    seat = f"department:{sample.documents[launderers[0]]['public']['address']['department']}"
    need = Need(sectors=LAUNDRY.sectors, places=(seat,))
    asked = query(needs=need)
    there = [id_ for id_ in launderers if sample.judge.seated(need, sample.documents[id_])]
    elsewhere = [id_ for id_ in launderers if id_ not in there]
    assert noticed(asked, there[0], elsewhere[0]).seated == 1
    assert noticed(asked, elsewhere[0], there[0]).seated == 0
    assert noticed(query(), there[0]).seated is None


def test_a_refused_hit_anywhere_is_a_fault_and_so_is_finding_nobody(
    sample: Corpus, noticed: Any, launderers: list[str]
) -> None:
    kinds = {id_: sample.documents[id_]["public"]["kind"] for id_ in launderers}
    refused = kinds[launderers[0]]
    asked = query(needs=Need(sectors=LAUNDRY.sectors, refused=Refused(frozenset({refused}))))
    kept = [id_ for id_ in launderers if kinds[id_] != refused]
    assert noticed(asked, *kept).negation == 1
    assert noticed(asked, *kept, launderers[0]).negation == 0
    assert noticed(asked).negation == 0
    assert noticed(query(), *kept).negation is None


def test_confidence_and_corrections(noticed: Any, others: list[str]) -> None:
    nothing = query("nothing", None)
    assert noticed(nothing, others[0]).confident == 1
    assert noticed(nothing, others[0], recognised=False).confident == 0
    assert noticed(nothing).confident == 0
    assert [noticed(nothing, *ids, recognised=False).widened for ids in ((), others[:1])] == [0, 1]
    assert noticed(nothing, others[0]).widened == 0
    assert noticed(nothing, corrected="y").corrected == 1
    assert noticed(query("misspelled"), corrected="y").corrected is None


def test_a_cell_tells_the_mean_how_many_tell_and_how_sure_it_is() -> None:
    assert conduct_cell([None, None], whole=True) == "-"
    assert conduct_cell([1, 0, None], whole=False) == "0.50 of 2"
    assert conduct_cell([1.0] * 5, whole=True) == "1.00 [1.00 1.00] of 5"


class Silent(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def address(sample: Corpus) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, application(sample.services), handler_class=Silent)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_service_is_asked_as_the_program_is(sample: Corpus, address: str) -> None:
    ask = served_ranker(address)
    totals = {one.id: one.total for one in sample.evaluated().results}
    asked = [one for one in sample.judgments.queries if one.q and one.id in totals][::12]
    assert len(asked) > 8
    for one in asked:
        found = ask(one, one.q)
        assert found.total == totals[one.id]
        assert len(found.ids) <= 50
        assert set(found.ids) <= set(sample.documents)
