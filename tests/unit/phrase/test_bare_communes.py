"""Names of communes typed bare, one in ten: those that are no word of the language or trade are
read.
"""

import pytest

from tools.tables import bare_communes


@pytest.mark.slow
def test_bare_names_are_read() -> None:
    counted = bare_communes.count("nettoyage {name}", every=10)
    fair = sum(len(names) for reason, names in counted.items() if not reason.startswith("a word"))
    assert fair > 3_000
    assert len(counted[bare_communes.READ]) / fair >= 0.95, {
        reason: len(names) for reason, names in counted.items()
    }
