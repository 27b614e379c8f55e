"""What files of the package are made into at every start (mappings, templates), kept where Python keeps its modules.

Making it takes a second of a processor, and it changes with releases. As with compiled modules, whoever may write there
may run code in our name: an analysts' folder is another place, and is always read.
"""

from __future__ import annotations

import gc
import importlib.metadata
import os
import pickle
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any, TypeVar, cast

T = TypeVar("T")

PACKAGE = Path(__file__).parent
_READING = tuple(PACKAGE / room for room in ("engine/analysis", "gazetteer", "intent", "search", "spelling", "suggest"))
"""Where texts are read: what `derived` keeps depends on this code."""
WORTH = 20_000
"""Characters; the names of the vocabulary are some 300,000."""


def compiled_beside(module: str) -> Path:
    """The file for what a module (its `__file__`) keeps."""
    return Path(cache_from_source(module)).with_suffix(".kept")


def kept(file: Path, folders: Sequence[Path], packages: Sequence[str], read: Callable[[], T]) -> T:
    """What `read` makes of the folders, code included, with other packages: from `file`, where nothing was touched."""
    return _kept(file, _signature(folders, packages), read)


def derived(file: Path, texts: Iterable[str], make: Callable[[], T]) -> T:
    """What `make` makes of texts and of our code alone, whatever folder the texts come from: from `file`, where it was
    made of the same. Only of many texts: of few it is made sooner than read."""
    told = "\0".join(texts)
    if len(told) < WORTH:
        return make()
    return _kept(file, sha256(_code() + told.encode("utf-8", "surrogatepass")).digest(), make)


@lru_cache(maxsize=1)
def _code() -> bytes:
    return _signature(_READING, ())


def _kept(file: Path, key: bytes, read: Callable[[], T]) -> T:
    with suppress(Exception):  # none, cut, of another version: whatever is wrong with it, the folder is there to read
        held = file.read_bytes()
        if held.startswith(key):
            return cast(T, _loaded(memoryview(held)[len(key) :]))
    found = read()
    if not sys.dont_write_bytecode:
        with suppress(OSError):
            _write(file, key + pickle.dumps(found, pickle.HIGHEST_PROTOCOL))
    return found


def _loaded(content: memoryview) -> Any:
    """All of it stays: a look for garbage while it is made, and there are dozens, is for nothing."""
    looked = gc.isenabled()
    gc.disable()
    try:
        return pickle.loads(content)  # noqa: S301 - written by us, where our code is
    finally:
        if looked:
            gc.enable()


def _write(file: Path, content: bytes) -> None:
    """Whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=file.name)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
        Path(name).replace(file)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _signature(folders: Sequence[Path], packages: Sequence[str]) -> bytes:
    """Of a size that never changes: of the files, as they lie there, and of what makes objects of them."""
    seen = [sys.version, *map(importlib.metadata.version, packages)]
    for each in folders:
        seen += sorted(_files(each))
    return sha256("\n".join(seen).encode()).digest()


def _files(folder: Path) -> Iterator[str]:
    for path, folders, names in os.walk(folder):
        folders[:] = [one for one in folders if one != "__pycache__"]
        for name in names:
            state = os.stat(os.path.join(path, name))
            yield f"{path}/{name} {state.st_mtime_ns} {state.st_size}"
