"""A pass killed between each pair of steps: no mail is lost, no supplier told twice; which mail may
come twice.

The one moment that no protocol closes is between the server's answer and the note of it: the mail
comes again then, the same to the byte.
"""

import pytest

from tests.mailserver import Taken
from tests.reliability.alerts.conftest import World

OF_ALERTS = ("stored", "taken", "asked", "digested", "held", "accepted", "sent")
"""Steps of an e-mail alert: see `indexer.alerts.run`."""
TWICE = "accepted"


def stage(world: World, point: str) -> bool:
    """A pass that is killed at the point, and then another one, or that does not get there. Whether
    it was.
    """
    killed = world.in_a_process(point) == -9
    if killed:
        world.in_a_process()
    return killed


COMMITTED = ("stored", "held", "accepted")
"""Steps that end with what a database promises; the others are the same on either."""


@pytest.mark.parametrize(
    ("world", "point"),
    [("sqlite", point) for point in OF_ALERTS]
    + [pytest.param("postgresql", point, marks=pytest.mark.postgresql) for point in COMMITTED],
    indirect=["world"],
    scope="module",
)
def test_killed(world: World, point: str, address: str) -> None:
    def came() -> list[Taken]:
        return world.mail.to(address)

    world.follow(address)
    killed = stage(world, point)
    assert len(came()) == (2 if point == TWICE else 1)
    assert len({one.content for one in came()}) == 1
    world.post(world.link(address, "/suivre/confirmer"))
    killed |= stage(world, point)
    world.mail.taken.clear()
    new = world.add()
    world.monday()
    killed |= stage(world, point)
    assert killed, "the point was passed at least once"
    assert len(came()) == (2 if point == TWICE else 1)
    assert len({one.content for one in came()}) == 1
    assert new in came()[0].text
    stop = world.link(address, "/suivre/arreter")
    world.mail.taken.clear()
    world.monday()
    stage(world, point)
    assert came() == [], "told once"
    world.post(stop)
    stage(world, point)
    world.add()
    world.monday()
    stage(world, point)
    assert came() == [], "and stopped"
