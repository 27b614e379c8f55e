import pytest

from tests.tables import cases
from tools.sample.french import gerund, stem
from tools.sample.material import material


@pytest.mark.parametrize(("infinitive", "first_plural"), cases(__file__, "first_person_plural"))
def test_the_first_person_plural(infinitive: str, first_plural: str) -> None:
    assert stem(infinitive) + "ons" == first_plural
    assert gerund(infinitive) == first_plural.removesuffix("ons") + "ant"


def test_every_act_is_conjugated() -> None:
    for trade in material().trades.values():
        for act in trade.acts:
            assert act.we.split()[0].rstrip(",").endswith("ons"), act
            assert act.gerund.split()[0].rstrip(",").endswith("ant"), act
