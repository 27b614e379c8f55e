"""Which tests are slow, and how they are shared out among processes; `shared.py` is what these hold
for all tests.
"""

from collections import Counter
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadGroupScheduling  # type: ignore[import-untyped]

HERE = Path(__file__).parent
LONG = tuple(HERE / folder for folder in ("browser", "e2e", "real", "reliability"))
"""Folders whose every test is `slow`: they start programs, kill them, drive Chromium, or import the
real lists.
"""
BRIEF = {HERE / "browser" / name for name in ("test_journeys.py", "widget/test_element.py")}
"""What the short run sees of them."""
FEW = 6


def pytest_configure(config: pytest.Config) -> None:
    if (
        hasattr(config, "workerinput") or config.getoption("dist", "no") == "no"
    ):  # else it only shares tests out
        config.pluginmanager.import_plugin("tests.shared")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadGroupScheduling | None:
    return ByFile(config, log) if config.getoption("dist") == "loadgroup" else None


class ByFile(LoadGroupScheduling):
    """A group or a file is one worker's, the longest first; files of fewer than `FEW` tests go
    last, test by test.
    """

    @cached_property
    def _many(self) -> Counter[str]:
        return Counter(one.partition("::")[0] for one in self.collection or ())

    def _split_scope(self, nodeid: str) -> str:
        scope: str = super()._split_scope(nodeid)
        file = scope.partition("::")[0]
        return file if self._many[file] >= FEW else scope


@cache
def _long(path: Path) -> bool:
    return any(path.is_relative_to(folder) for folder in LONG) and not any(
        one.is_relative_to(path) for one in BRIEF
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """What the short run would leave aside it does not read either."""
    return (config.option.markexpr == "not slow" and _long(collection_path)) or None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _long(item.path):
            item.add_marker(pytest.mark.slow)
