"""The way of one search, and of one imported row, through the code: how many files and functions
each passes, by room. `scripts/bench walk [PHRASE]`.

The suppliers are those of `tests/api`, the engine is the embedded one. What is walked first,
unrecorded, builds what is built once; the look at the mappings, each half second, is left out: a
slow machine has it more often. A row goes from a canonical file to the store, and by the ledger to
the index.
"""

import json
import math
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType

from discovery.app import application
from discovery.context import make_services
from discovery.engine.embedded.folder import IndexFolder
from discovery.mappings import Settings, load_mappings, watched
from indexer.context import Context
from indexer.intake.canonical import example
from indexer.intake.run import import_files
from indexer.store.engine import migrate
from tests.api.corpus import build_index

HERE = Path(__file__).resolve().parents[2]
WARM, ASKED = "jardinage près de Lille", "nettoyage à 30 km de Lyon, ESAT ou EI"


def walk(about: str, warm: Callable[[], object], work: Callable[[], object]) -> None:
    """Print what `work` passes, once `warm` is done."""
    passed: set[tuple[str, str, int]] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        ours = code.co_filename.startswith((str(HERE / "discovery"), str(HERE / "indexer")))
        if event == "call" and code.co_name[0] != "<" and ours:
            passed.add((code.co_filename, code.co_qualname, code.co_firstlineno))

    warm()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    files = {file for file, _, _ in passed}
    rooms = Counter("/".join(Path(file).relative_to(HERE).parts[:2]) for file in files)
    print(f"{about}: {len(files)} files, {len(passed)} functions")
    print("  " + ", ".join(f"{name} {count}" for name, count in rooms.most_common()))


def main() -> None:
    asked = sys.argv[1] if len(sys.argv) > 1 else ASKED
    watched.EVERY_S = math.inf
    with tempfile.TemporaryDirectory() as home:
        mappings = load_mappings()
        build_index(IndexFolder(Path(home) / "index", "suppliers"), mappings)
        client = application(
            make_services(Settings(home=Path(home)), mappings=mappings)
        ).test_client()

        def search(address: str, phrase: str) -> None:
            answer = client.get(address, query_string={"q": phrase})
            assert answer.status_code == 200, answer.data

        for address in ("/api/v1/search", "/"):
            walk(
                f"{address}?q={asked}",
                partial(search, address, WARM),
                partial(search, address, asked),
            )
    with tempfile.TemporaryDirectory() as home:
        context = Context(Settings(home=Path(home)))
        migrate(context.store)

        def take(name: str) -> None:
            file = Path(home) / "row.jsonl"
            file.write_text(
                json.dumps({**example(), "id": name, "name": name}) + "\n", encoding="utf-8"
            )
            report = import_files(
                context.store, [file], mappings=context.mappings, gazetteer=context.gazetteer
            )
            assert report.created == 1
            assert context.synchroniser().drain().indexed == 1

        walk("an imported row", lambda: take("Warm"), lambda: take("Walked"))
        context.close()


if __name__ == "__main__":
    main()
