"""A service that answers the benchmark's mix in one process until it is ended: `python asking.py
HOME`.

To be looked into. Run by its path, so that it asks the code that `PYTHONPATH` names, of another
commit perhaps.
"""

import gc
import sys
from pathlib import Path

import structlog

from discovery.app import application
from discovery.context import make_services
from discovery.mappings import Settings
from tools.bench import feed
from tools.bench.queries import mix, named_in

REQUESTS = 300


def main(home: Path) -> None:
    """Says that it is ready, then asks."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    services = make_services(Settings(home=home))
    services.warm()
    client = application(services).test_client()
    gc.freeze()  # as `discovery serve`
    asked = mix(REQUESTS, named_in(home / feed.FILE))
    print("ready", flush=True)
    while True:
        for one in asked:
            client.get(one.address, headers={"Accept-Encoding": "gzip"}).get_data()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
