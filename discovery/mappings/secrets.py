"""Secrets: read from files, made once, private on disk, and never shown."""

import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

OPAQUE = frozenset(
    {
        "secret_key",
        "relevance_token",
        "metrics_token",
        "engine_password",
        "engine_api_key",
        "smtp_password",
    }
)
"""Settings that are secrets altogether."""

HOLDING = frozenset({"database_url", "engine", "broker_url", "redis_url"})
"""Addresses, which may hold a password."""

FILE_SUFFIX = "_FILE"
"""Of the variable that names a file with the value, as container platforms mount secrets."""

MIN_CHARACTERS = 16
"""Characters of a signing secret."""

_NAMED = re.compile(
    r"""((?:password|passwd|pwd|secret|token|api[_-]?key)[a-z0-9_]*["']?\s*=\s*)('[^']*'|"[^"]*"|[^&\s,;'"]+)""",
    re.IGNORECASE,
)
"""A value behind a name that says what it is: of a query string, a driver's own form
(`password=…`), a variable.
"""

_BARE = re.compile(r"^([^\s:/@]*):(?!//).*@")
"""A value that lacks the beginning of an address: user:password@host."""


def masked(text: str) -> str:
    """A text for people, with asterisks in place of the passwords in it."""
    return _NAMED.sub(r"\1***", re.sub(r"(://[^:/@,\s]*):(?:(?!,https?://)\S)*@", r"\1:***@", text))


def masked_value(name: str, value: str) -> str:
    """What may be shown of a setting's value; what can't be read as an address may hold a password
    anywhere.
    """
    if name in OPAQUE:
        return "(set)"
    if name not in HOLDING:
        return masked(value)
    parts = re.split(r",(?=\s*[a-z]+://)", value)
    return ",".join(
        masked(re.sub(r"(://[^:/@]*):.*@", r"\1:***@", _BARE.sub(r"\1:***@", part)))
        for part in parts
    )


def given(variable: str, env: Mapping[str, str], *, secret: bool) -> str:
    """A value as its variable, or of a `secret` the file that `<variable>_FILE` names, gives it; ""
    when neither does.

    ValueError, which names the variable, when both do or the file can't be used.
    """
    value = env.get(variable, "").strip()
    file = env.get(variable + FILE_SUFFIX, "").strip() if secret else ""
    if not file:
        return value
    if value:
        raise ValueError(f"{variable}, {variable}{FILE_SUFFIX}: both are set; keep one")
    try:
        found = Path(file).expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not text in UTF-8"
        raise ValueError(
            f"{variable}{FILE_SUFFIX}={file}: {why}; name a file that holds the value"
        ) from None
    if not found:
        raise ValueError(
            f"{variable}{FILE_SUFFIX}={file}: the file is empty; write the value into it, or unset this"
        )
    return found


def private_folder(path: Path) -> None:
    """Make the folder, and those above it that lack, for its owner alone; one that is there is left
    as it is.
    """
    for missing in reversed([one for one in (path, *path.parents) if not one.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)
    path.mkdir(exist_ok=True)  # what is there and no folder is told


def private_file(path: Path) -> None:
    """Make the file, empty, for its owner alone, unless it is there."""
    path.touch(mode=0o600, exist_ok=True)


def shut(path: Path) -> None:
    """Take the rights of all others from a file or folder of ours; its group keeps those that it
    was given.
    """
    status = path.stat()
    if status.st_uid == os.getuid() and status.st_mode & 0o007:
        path.chmod(status.st_mode & 0o770)


def made_once(file: Path) -> str:
    """The secret in that file, made by whoever comes first: written aside, then linked, so that
    nobody reads a half.

    Raises OSError when it can't be made, ValueError when the file holds none.
    """
    private_folder(file.parent)
    if not file.exists():
        aside = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
        try:
            with os.fdopen(
                os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii"
            ) as out:
                out.write(secrets.token_urlsafe(32))
                out.flush()
                os.fsync(out.fileno())
            os.link(aside, file)
        except FileExistsError:
            pass
        finally:
            aside.unlink(missing_ok=True)
    found = file.read_text(encoding="ascii", errors="replace").strip()
    if len(found) < MIN_CHARACTERS:
        raise ValueError(
            f"{file}: holds no secret of {MIN_CHARACTERS} characters or more; remove it, and a new one is made: "
            "cursors to further pages end then"
        )
    return found
