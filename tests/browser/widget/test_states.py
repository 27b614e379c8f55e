"""Networks as they are: slow, cut, refused, overloaded. Each state is said, and leads on."""

import json
import time

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.widget.conftest import Visit
from tests.browser.widget.test_element import total

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SEARCHES = "**/api/v1/search*"


def refusing(status: int, times: int = 99, **headers: str) -> object:
    """A handler that refuses some requests as the service would, then lets the others through."""
    left = [times]

    def handle(route: Route) -> None:
        left[0] -= 1
        if left[0] < 0:
            route.continue_()
            return
        body = json.dumps(
            {"status": status, "title": "Refusé", "detail": "Voici pourquoi.", "errors": []}
        )
        all_headers = {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": "Retry-After",
            **headers,
        }
        route.fulfill(
            status=status, body=body, headers=all_headers, content_type="application/problem+json"
        )

    return handle


def problem(page: Page, kind: str, title: str) -> None:
    expect(page.locator(f".trouble[data-kind={kind}]")).to_contain_text(title)
    expect(page.get_by_role("status")).to_contain_text(title)


def test_offline_is_said_and_ends_by_itself(visit: Visit) -> None:
    page = visit('q="nettoyage"')
    before = total(page)
    page.context.set_offline(True)
    page.get_by_role("combobox").fill("traiteur")
    page.keyboard.press("Enter")
    problem(page, "offline", "Vous êtes hors ligne.")
    expect(page.locator(".card").first).to_be_visible()  # what was found stays
    page.context.set_offline(False)
    expect(page.locator(".trouble")).to_have_count(0)
    expect(page.locator(".total")).not_to_have_text(f"{before} fournisseurs")


def test_a_service_that_does_not_answer_is_tried_again_by_hand(visit: Visit) -> None:
    failing = [True]
    page = visit(
        wait=False,
        route=(SEARCHES, lambda route: route.abort() if failing[0] else route.continue_()),
    )
    problem(page, "unreachable", "injoignable")
    failing[0] = False
    page.get_by_role("button", name="Réessayer").click()
    expect(page.locator(".card").first).to_be_visible()
    expect(page.locator(".trouble")).to_have_count(0)


def test_too_many_requests(visit: Visit) -> None:
    page = visit(wait=False, route=(SEARCHES, refusing(429, **{"Retry-After": "60"})))  # type: ignore[arg-type]
    problem(page, "limited", "Trop de recherches")


def test_another_sites_key(visit: Visit) -> None:
    page = visit('key="wk_of_somebody_else"', wait=False, route=(SEARCHES, refusing(403)))
    problem(page, "origin", "pas prévue pour ce site")
    expect(page.get_by_role("button", name="Réessayer")).to_have_count(0)


def test_an_engine_away_is_waited_for(visit: Visit) -> None:
    page = visit(wait=False, route=(SEARCHES, refusing(503, times=1, **{"Retry-After": "1"})))
    expect(page.locator(".note")).to_contain_text(
        "Le moteur de recherche ne répond pas. Nouvel essai"
    )
    expect(page.locator(".card").first).to_be_visible()
    expect(page.locator(".trouble")).to_have_count(0)


def test_slow_answers_are_announced_and_the_last_question_wins(visit: Visit) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        if "q=traiteur" in route.request.url:
            held.append(route)
        else:
            route.continue_()

    page = visit('q="nettoyage"', route=(SEARCHES, hold))
    box = page.get_by_role("combobox")
    box.fill("traiteur")
    page.keyboard.press("Enter")
    expect(page.locator(".main")).to_have_attribute("aria-busy", "true")
    expect(page.get_by_role("status")).to_have_text("Recherche en cours…")
    box.fill("blanchisserie")
    page.keyboard.press("Enter")
    expect(page.locator(".main")).to_have_attribute("aria-busy", "false")
    after = page.locator(".total").inner_text()
    for route in held:
        route.abort()
    time.sleep(0.1)
    assert page.locator(".total").inner_text() == after
    expect(box).to_have_value("blanchisserie")


def test_nothing_found_says_what_would(visit: Visit) -> None:
    page = visit('q="traiteur ESAT à 5 km de Lyon"', wait=False)
    expect(page.locator(".total")).to_have_text("Aucun fournisseur connu")
    expect(page.locator(".panel")).to_contain_text(
        "Aucun fournisseur connu ne répond à tous vos critères"
    )
    page.locator(".panel .way").first.click()
    expect(page.locator(".total")).not_to_have_text(
        "Aucun fournisseur connu"
    )  # cards of the nearest may stand there before
    expect(page.locator(".card").first).to_be_visible()
    assert total(page) > 0
