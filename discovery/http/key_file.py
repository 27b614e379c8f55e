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

from marshmallow import ValidationError

from discovery.http.keys import Key, KeyFileSchema, find
from discovery.mappings import SettingsError
from discovery.mappings.secrets import private_folder
from discovery.mappings.watched import WatchedFiles

Keys = tuple[Key, ...]


class KeyFileError(SettingsError):
    """The file can't be used; the message names it, the place and what to do."""


def load(path: Path) -> Keys:
    """All keys, revoked ones too; none without a file. Raises KeyFileError."""
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
        """Raises KeyFileError when the file can't be used: said at start rather than at a first request."""
        self._file = WatchedFiles(lambda: [path], lambda: load(path), clock=clock)

    def find(self, token: str) -> Key | None:
        """The key of a token; None when there is none or it is revoked."""
        key = find(token, self._file.current())
        return None if key is None or key.revoked else key
