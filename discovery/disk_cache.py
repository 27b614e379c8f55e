"""Cache derived data between starts, beside Python's compiled modules: mappings, gazetteer,
templates, lexicon.

Making it takes a second of a processor, and it changes with releases. As with compiled modules,
whoever may write there may run code in our name: an analysts' folder is another place, and is
always read.
"""

import gc
import importlib.metadata
import os
import pickle
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any, TypeVar, cast

T = TypeVar("T")

PACKAGE = Path(__file__).parent
_LIBRARIES = ("jinja2", "markupsafe", "marshmallow", "numpy", "PyYAML", "XStatic-Leaflet")
"""Others whose code makes what is cached."""
MIN_CACHED_CHARS = 20_000
"""Fewer characters are sooner made anew than read; the names of the vocabulary are some 300,000."""


def cached(
    module: str,
    make: Callable[[], T],
    *,
    folder: Path | None = None,
    texts: Iterable[str] | None = None,
) -> T:
    """What `make` returns, from the cache file of a module (its `__file__`) where that was made of
    the same.

    The same is: every file of the package, its code and data; a `folder` outside of it; `texts`,
    whatever they were read from.
    """
    told = None if texts is None else "\0".join(texts)
    if told is not None and len(told) < MIN_CACHED_CHARS:
        return make()
    key = sha256(
        _package() + _state(folder) + (told or "").encode("utf-8", "surrogatepass")
    ).digest()
    file = Path(cache_from_source(module)).with_suffix(".cache")
    with suppress(
        Exception
    ):  # none, cut, of another version: whatever is wrong with it, it can be made
        held = file.read_bytes()
        if held.startswith(key):
            return cast(T, _loaded(memoryview(held)[len(key) :]))
    made = make()
    if not sys.dont_write_bytecode:
        with suppress(OSError):
            _write(file, key + pickle.dumps(made, pickle.HIGHEST_PROTOCOL))
    return made


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


@lru_cache(maxsize=1)
def _package() -> bytes:
    """Changes with any file of the package, Python and the libraries: what one module makes hangs
    on many.
    """
    versions = map(importlib.metadata.version, _LIBRARIES)
    return _state(PACKAGE) + "\n".join([sys.version, *versions]).encode()


def _state(folder: Path | None) -> bytes:
    """Changes with the files of a folder, as they lie there; of a size that never changes."""
    return sha256("\n".join(sorted(_files(str(folder))) if folder else ()).encode()).digest()


def _files(folder: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                if entry.name != "__pycache__":
                    yield from _files(entry.path)
            else:
                with suppress(FileNotFoundError):  # an editor's own file, gone since
                    state = entry.stat()
                    yield f"{entry.path} {state.st_mtime_ns} {state.st_size}"
