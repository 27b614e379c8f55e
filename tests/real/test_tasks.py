"""The tasks of tests/browser on the public lists: what a buyer does there is done to its end here
too.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from discovery.context import Services
from tests.browser import test_tasks
from tests.browser.conftest import Open, listening, watched
from tests.browser.test_tasks import TASKS, Hands

pytestmark = [pytest.mark.browser]

UNTOLD = {test_tasks.ask_several_for_a_quote, test_tasks.list_the_members_of_a_network}
"""Tasks that need what these lists do not tell: e-mail addresses, networks."""


@pytest.fixture(scope="module")
def host(services: Services) -> Iterator[str]:
    with listening(services) as address:
        yield address


@pytest.fixture
def open_page(browser: Browser, host: str) -> Iterator[Open]:
    with watched(browser, host) as open_:
        yield open_


BY_TURNS = [
    (task, number % 2 == 0)
    for number, task in enumerate(task for task in TASKS if task not in UNTOLD)
]
"""With scripts or without: that each is played both ways is seen in tests/browser."""


@pytest.mark.parametrize(
    ("task", "scripts"), BY_TURNS, ids=[task.__name__.replace("_", " ") for task, _ in BY_TURNS]
)
def test_a_task_is_played_to_its_end(
    open_page: Open, task: Callable[[Hands], None], scripts: bool
) -> None:
    test_tasks.played(open_page, task, scripts, kind="EI", way="http", town="Strasbourg")
