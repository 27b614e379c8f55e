"""Sources of every sort, one after the other, over one store: whatever they tell, index and store
agree.
"""

import pytest

from tests.unit.sources.conftest import Run, stored
from tests.unit.sources.double import (
    Boamp,
    Decp,
    Double,
    Finess,
    Holders,
    LesEmplois,
    Rge,
    Sirene,
    contract,
    establishment,
    notice,
    serving,
    structure,
)  # fmt: skip
from tools.sample.supplier import siret


@pytest.mark.slow
def test_after_all_of_them_store_and_index_agree(indexer: Run) -> None:
    own = [siret(number, 42) for number in range(6)]
    register = {
        one: {"activite_principale": "81.30Z", "etat_administratif": "F" if at == 5 else "A"}
        for at, one in enumerate(own)
    }
    doubles: dict[str, Double] = {
        "les-emplois": LesEmplois(structures=[structure(number, "69") for number in range(6)]),
        "finess": Finess(rows=[establishment(number) for number in range(4)]),
        "decp": Decp(contracts=[contract(1, own[0])]),
        "boamp": Boamp(notices=[notice(1, ("Tonte des pelouses", "77310000"))]),
        "sirene": Sirene(known={number: dict(one) for number, one in register.items()}),
        "rge": Rge(sirets=own[:2]),
        "ess": Holders(sirens=[own[2][:9]]),
    }
    for _ in range(2):
        for name, double in doubles.items():
            with serving(double):
                done = indexer("pull", name, "--url", double.url, "--per-minute", "1000000")
            assert done.exit_code == 0, done.output
            checked = indexer("check")
            assert checked.exit_code == 0, checked.output
    suppliers = stored()
    assert len(suppliers) == 10
    assert {one.source for each in suppliers.values() for one in each.contracts} == {"decp"}
    assert [one.siret for one in suppliers.values() if one.closed] == [own[5]]
