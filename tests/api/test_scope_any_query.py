"""Any search under any scope: it answers as the same search would with the scope's filters asked
for besides.

On the service itself, over the pages' crowd of suppliers; expected answers are made from all that
the index holds.
"""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from discovery.context import Services
from discovery.engine import predicate
from discovery.engine.port import Document, Filters, SearchRequest
from discovery.model.attributes import FILTERS
from discovery.search import launch
from discovery.search.answer import BY_NAME
from discovery.search.query import InvalidQuery, Problem, Query
from discovery.search.service import SearchService
from discovery.search.suggestions import apply
from tests.examples import some
from tests.pages.world import TRADES, services_in
from tools.judge import judgments
from tools.judge.answers import service_ranker

SCOPES = (
    "region=84", "region=84,93,76 sector=hygiene-et-proprete", "department=69,75", "region=11 department=38",
    "sector=blanchisserie,traiteur", "region=11,84 sector=nettoyage-de-locaux", "region=53 sector=menuiserie",
)  # fmt: skip
PHRASES = (
    "",
    "",
    "nettoyage",
    "nettoyage de bureaux à Lyon",
    "traiteur Paris",
    "menuisrie",
    "ESAT linge",
    "buffets",
)


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Services:
    return services_in(tmp_path_factory.mktemp("scoped"))


def under(known: Services, text: str) -> SearchService:
    found = known.search.everywhere()
    found.scope = launch.read(text, known.mappings.vocabulary, known.gazetteer)
    return found


@st.composite
def queries(draw: st.DrawFn) -> Query:
    """Mostly few filters, else nothing would be found."""
    seldom = st.integers(0, 3).map(lambda number: number == 0)

    def maybe(*values: str) -> tuple[str, ...]:
        return (draw(st.sampled_from(values)),) if draw(seldom) else ()

    place = maybe(
        "commune:69123", "department:75", "region:84", "country", "commune:13055", "postcode:44000"
    )
    return Query(
        q=draw(st.sampled_from(PHRASES)),
        kind=maybe("ESAT", "EI"),
        sector=maybe(*TRADES, "hygiene-et-proprete", "agro-alimentaire"),
        service_type=maybe("PREST", "DISP"),
        region=maybe("84", "11"),
        department=maybe("69", "75", "38"),
        place=place,
        radius=50.0 if place and place[0].startswith("commune:") and draw(st.booleans()) else None,
        coverage=draw(st.sampled_from([None, None, "located", "serves", "any"])),
        national=draw(st.sampled_from([None, None, "exclude", "only"])),
        per_page=100,
    )


asked = settings(
    max_examples=some(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@asked
@given(text=st.sampled_from(SCOPES), query=queries())
def test_an_answer_is_that_of_the_whole_with_the_scope_asked_for_besides(
    known: Services, text: str, query: Query
) -> None:
    service = under(known, text)
    closed = refused(service, query)
    assert {one.code for one in closed} <= {"out_of_scope"}
    for one in closed:  # nobody in the scope has it
        alone: dict[str, Any] = {one.parameter: (one.value,)}
        assert known.engine.counts(
            [SearchRequest(filters=Filters(**alone), scope=service.scope.filters)]
        ) == [0]
    if closed:
        return
    answer = service.search(query)
    whole = replace(answer.plan.request, scope=(), facets=(), size=500)
    within = [
        hit.document
        for hit in known.engine.search(whole).hits
        if passes(hit.document, answer.plan.request)
    ]
    assert answer.page.total == len(within)
    assert {hit.id for hit in answer.page.hits} <= {one["id"] for one in within}
    assert all(service.scope.holds(hit.document) for hit in answer.page.hits)
    if merged := together(whole.filters, *service.scope.filters):
        assert known.engine.counts([replace(whole, filters=merged)]) == [answer.page.total]


def refused(service: SearchService, query: Query) -> tuple[Problem, ...]:
    try:
        service.plan(query)
    except InvalidQuery as error:
        return error.problems
    return ()


def passes(document: Document, request: SearchRequest) -> bool:
    """Of the suppliers that the request finds without its scope: in the scope, by an activity that
    meets all.
    """
    if not predicate.in_scope(document, request.scope):
        return False
    by_zone = bool(request.targets) and not predicate.seated(document, request)
    return not predicate.asks_for_activity(request) or any(
        predicate.matched(document, request, by_zone=by_zone)
    )


def together(asked: Filters, scope: Filters) -> Filters | None:
    """Both as one set of filters; None when they choose values of the same one."""
    values: dict[str, Any] = {}
    for name in FILTERS:
        own, other = getattr(asked, name), getattr(scope, name)
        if own and other:
            return None
        values[name] = own or other
    return Filters(**values, siret=asked.siret)


@asked
@given(text=st.sampled_from(SCOPES), query=queries(), data=st.data())
def test_what_is_counted_is_what_is_found(
    known: Services, text: str, query: Query, data: st.DataObject
) -> None:
    """A facet's value chosen alone, an offer taken, a way out followed: each finds as many as it
    says, and can be.
    """
    service = under(known, text)
    assume(not refused(service, query))
    answer = service.search(query)
    for name, values in answer.facets.items():
        chosen = [one for one in values if one["count"]]
        if chosen and BY_NAME[name].parameter in FILTERS:
            one = data.draw(st.sampled_from(chosen), label=name)
            alone: dict[str, Any] = {BY_NAME[name].parameter: (one["value"],)}
            assert total(service, replace(query, **alone)) == one["count"], (name, one)
    for offer in answer.offers:
        taken: dict[str, Any] = {offer.parameter: (offer.value,)}
        assert total(service, replace(query, **taken)) == offer.count
    for way in answer.suggestions:
        assert total(service, apply(query, way.change)) == way.count


def total(service: SearchService, query: Query) -> int:
    return service.search(query).page.total


def test_words_found_often_enough_elsewhere_are_searched_leniently_where_they_are_not(
    known: Services,
) -> None:
    """What the words alone find is counted within: a scope is no filter that somebody chose and
    could drop.
    """
    query = Query(q="blanchisserie repassage buffets", interpret=False)
    enough = known.mappings.profile().relax_below
    assert known.search.plan(query).request.text is not None
    whole, narrow = (
        known.search.search(query),
        under(known, "department=38 sector=menuiserie").search(query),
    )
    strictly = known.engine.counts([known.search.plan(query).request])[0]
    assert strictly >= enough
    assert whole.plan.relaxed is None
    assert narrow.plan.relaxed is not None


def test_a_scope_is_a_setting_of_the_service_and_not_of_the_index(known: Services) -> None:
    every = known.search.search(Query()).page.total
    parts = [
        under(known, text).search(Query()).page.total
        for text in ("region=84", "region=11", "region=84,11")
    ]
    assert parts[0] + parts[1] == parts[2] < every
    assert known.search.scope == launch.EVERYTHING


def test_the_ranking_is_measured_over_all_that_the_index_holds(known: Services) -> None:
    """Whatever is open where it is measured."""
    query = judgments.load(
        known.mappings.path, judgments.CORPORA[0], known.mappings.vocabulary
    ).queries[0]
    scoped = under(known, "region=53")
    everywhere, measured = (
        service_ranker(one)(query, "nettoyage") for one in (known.search, scoped)
    )
    assert measured.total == everywhere.total > scoped.search(Query(q="nettoyage")).page.total
