"""Work in a process of its own, forked from one that has imported what is needed: a start by itself
costs a second of processor, a fork a twentieth. What is tested with kills alone needs no more of a
program than that.
"""

from collections.abc import Callable
from multiprocessing import get_context

from tests.unit.indexer.processes import PATIENCE_SECONDS

_CONTEXT = get_context("forkserver")
_CONTEXT.set_forkserver_preload(
    [
        "pytest",
        "indexer.alerts.run",
        "indexer.indices.rebuild",
        "psycopg",
        "discovery.engine.elasticsearch",
    ]
)


def exit_code(work: Callable[..., object], *given: object) -> int:
    """Of a process that does `work`, a module's function, to its end: -9 where it was killed."""
    process = _CONTEXT.Process(target=work, args=given)
    process.start()
    process.join(PATIENCE_SECONDS)
    code = process.exitcode
    process.kill()
    assert code is not None, "it has not ended"
    return code
