"""The file of widget keys: read whole, written whole, followed while the service runs."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from threading import Lock

import structlog
from marshmallow import ValidationError

from discovery.config import SettingsError
from discovery.config.secrets import private_folder
from discovery.http.keys import Key, KeyFileSchema, find

LOOK_SECONDS = 0.5
"""Between two looks at the file's date: a revoked key is refused within a second."""

Keys = tuple[Key, ...]
Stamp = tuple[int, int, int] | None


class KeyFileError(SettingsError):
    """The file can't be used; the message names it, the place and what to do."""


def load(path: Path) -> Keys:
    """All keys, revoked ones too; none without a file. KeyFileError."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFileError(f"{path}: can't be read ({error}); set DISCOVERY_KEYS to a file that can") from error
    try:
        keys: list[Key] = KeyFileSchema().loads(text)["keys"]
    except json.JSONDecodeError as error:
        raise KeyFileError(f"{path}:{error.lineno}: not JSON ({error.msg}); restore it, or remove it") from error
    except ValidationError as error:
        raise KeyFileError(f"{path}: {json.dumps(error.messages, ensure_ascii=False)}; correct or remove it") from error
    return tuple(keys)


@contextmanager
def edited(path: Path) -> Iterator[list[Key]]:
    """The keys as a list to change, written back at the end; two commands at once take turns.

    The file is replaced whole: a service reads the former keys or the new ones, never a half.
    """
    private_folder(path.parent)
    with path.with_name(path.name + ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        keys = list(load(path))
        yield keys
        body = json.dumps({"keys": [asdict(key) for key in keys]}, ensure_ascii=False, indent=2) + "\n"
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
            out.write(body)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(path)


class KeyRing:
    """The keys in use, followed as the file changes. Shared by threads, inherited by forked workers."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        """KeyFileError when the file can't be used: said at start rather than at a first request."""
        self._path, self._clock = path, clock
        self._lock = Lock()
        self._stamp = _stamp(path)
        self._keys = load(path)
        self._next = clock() + LOOK_SECONDS

    def find(self, token: str) -> Key | None:
        """The key of a token; None when there is none or it is revoked."""
        key = find(token, self._current())
        return None if key is None or key.revoked else key

    def _current(self) -> Keys:
        with self._lock:
            if self._clock() >= self._next:
                self._next = self._clock() + LOOK_SECONDS
                self._look()
            return self._keys

    def _look(self) -> None:
        stamp = _stamp(self._path)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._keys = load(self._path)
        except KeyFileError as error:  # the keys of a moment ago serve until somebody mends the file
            structlog.get_logger().error("key file unusable", reason=str(error))


def _stamp(path: Path) -> Stamp:
    """Changes with the file: a replaced file has another inode."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
