"""The invented notices, and the judged texts of the tests: what is learnt from."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from discovery.desk.lot import Lot
from discovery.desk.pasted import lots_of_text
from discovery.mappings.mappings import Mappings

HERE = Path(__file__).resolve().parent
NOTICES = HERE / "notices.yaml"
JUDGED = HERE.parents[1] / "tests/unit/desk"
OURS = 10.0
"""How much a text of the tests counts, by one of the notices."""


class Notice(NamedTuple):
    """A text, what a person reads in each of its lots, and how much it counts."""

    text: str
    lots: list[dict[str, Any]]
    weight: float = 1.0

    def split(self, mappings: Mappings) -> Iterator[tuple[Lot, dict[str, Any]]]:
        """Each lot with what is to be read in it; none where it is not split in as many."""
        found = lots_of_text(self.text, mappings)
        return zip(found, self.lots, strict=True) if len(found) == len(self.lots) else iter(())


def invented() -> Iterator[Notice]:
    for notice in yaml.safe_load(NOTICES.read_text(encoding="utf-8")):
        yield Notice(notice["text"], notice["lots"])


def judged() -> Iterator[Notice]:
    for notice in yaml.safe_load((JUDGED / "readings.yaml").read_text(encoding="utf-8"))["notices"]:
        yield Notice(notice["text"], notice["lots"], OURS)
