"""An input file, readable twice: standard input and pipes are spooled; the encoding is found by
reading it all. What ends an import stands here too.
"""

import codecs
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import IO, BinaryIO, TextIO, cast

from discovery.errors import DiscoveryError


class IntakeError(DiscoveryError):
    """The import could not be done (exit code 2)."""


class BrokenFile(IntakeError):
    """A file is not what it should be, from its first line to its last; nothing of it was written.

    `line` counts from 1; 0 = the file as a whole.
    """

    def __init__(self, what: str, fix: str, line: int = 0) -> None:
        self.what, self.fix, self.line, self.file = what, fix, line, ""
        super().__init__(what)

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.what}. {self.fix}." if where else f"{self.what}. {self.fix}."


class Interrupted(IntakeError):
    """Stopped before its end. `rows` are done, up to `line` of `file`; 0 = nothing was written."""

    exit_code = 128 + signal.SIGINT

    def __init__(self, file: str, line: int, rows: int) -> None:
        self.file, self.line, self.rows = file, line, rows
        done = (
            f"Stopped after {file}:{line}. The {rows} rows up to there are in the store, whole batches only"
            if rows
            else "Stopped. Nothing was written"
        )
        super().__init__(
            f"{done}. Run the same command to go on: rows that are there already count as unchanged."
        )


STDIN = "-"
CHUNK = 1 << 20


@dataclass(slots=True)
class Source:
    """An input file.

    `name` as the user gave it. `encoding` is a Python codec; `size` in bytes.
    """

    name: str
    file: BinaryIO | IO[bytes]
    encoding: str
    size: int

    @contextmanager
    def text(self) -> Iterator[TextIO]:
        """The text from its beginning, line ends as they are. The file stays open afterwards."""
        self.file.seek(0)
        wrapped = TextIOWrapper(self.file, encoding=self.encoding, newline="")
        try:
            yield wrapped
        except BrokenFile as error:
            error.file = self.name
            raise
        except UnicodeDecodeError as error:
            raise IntakeError(
                f"{self.name}: the file changed while it was read. Run the import again."
            ) from error
        finally:
            wrapped.detach()

    def position(self) -> int:
        """Bytes read so far, as far as the buffers tell."""
        return self.file.tell()


@contextmanager
def open_source(path: str | Path, stdin: BinaryIO | None = None) -> Iterator[Source]:
    """Open a file, or `-` for `stdin`. Raises IntakeError if it cannot be read, BrokenFile if it is
    no text.
    """
    name = str(path)
    with _opened(name, stdin) as given, _seekable(given) as file:
        yield source_of(name, file)


def source_of(name: str, file: BinaryIO | IO[bytes]) -> Source:
    """A file that can be read twice, looked at. Raises BrokenFile if it is no text."""
    try:
        encoding, size = _inspect(file)
    except BrokenFile as error:
        error.file = name
        raise
    return Source(name, file, encoding, size)


@contextmanager
def _opened(name: str, stdin: BinaryIO | None) -> Iterator[BinaryIO]:
    if name == STDIN:
        if stdin is None:
            raise IntakeError("-: there is no standard input here. Name a file.")
        yield stdin
        return
    try:
        file = open(name, "rb")  # noqa: SIM115 - closed below; the error message is for opening only
    except IsADirectoryError:
        raise IntakeError(f"{name}: is a folder. Name a file.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise IntakeError(f"{name}: {reason}. Check the path.") from None
    with file:
        yield file


@contextmanager
def _seekable(file: BinaryIO) -> Iterator[BinaryIO]:
    if file.seekable():
        yield file
        return
    with tempfile.TemporaryFile(prefix="indexer-import-") as spool:
        shutil.copyfileobj(cast("IO[bytes]", file), spool, CHUNK)
        yield cast(BinaryIO, spool)


def _inspect(file: BinaryIO | IO[bytes]) -> tuple[str, int]:
    """(encoding, size): UTF-8 with or without a mark, else Windows-1252.

    A file with one letter of valid UTF-8 beyond ASCII is UTF-8: a later bad byte is a fault, not
    another encoding.
    """
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    size, line, ascii_only = 0, 1, True
    fault: UnicodeDecodeError | None = None
    while chunk := file.read(CHUNK):
        if size == 0 and chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise BrokenFile("the file is in UTF-16", "Save it as UTF-8")
        size += len(chunk)
        if b"\0" in chunk:
            at = line + chunk[: chunk.index(b"\0")].count(b"\n")
            raise BrokenFile(
                "the file is not text (it holds a NUL byte)", "Give a CSV or JSON file", at
            )
        if fault is None:
            try:
                text = decoder.decode(chunk)
            except UnicodeDecodeError as error:
                fault = error
                before = error.object[: error.start]
                ascii_only = ascii_only and before.isascii()
                if not ascii_only:
                    byte, at = error.object[error.start], line + before.count(b"\n")
                    raise BrokenFile(
                        f"byte 0x{byte:02X} is not UTF-8, though what precedes it is",
                        "Save the file anew as UTF-8",
                        at,
                    ) from None
            else:
                ascii_only = ascii_only and text.isascii()
        if fault is not None:
            _check_windows(chunk, line)
        line += chunk.count(b"\n")
    if fault is None:
        if decoder.getstate()[0]:
            raise BrokenFile(
                "the file ends in the middle of a character",
                "Fetch it again: it was cut short",
                line,
            )
        file.seek(0)
        return ("utf-8-sig" if file.read(3) == codecs.BOM_UTF8 else "utf-8"), size
    return "cp1252", size


def _check_windows(chunk: bytes, line: int) -> None:
    try:
        chunk.decode("cp1252")
    except UnicodeDecodeError as error:
        at = line + chunk[: error.start].count(b"\n")
        raise BrokenFile(
            f"byte 0x{chunk[error.start]:02X} is neither UTF-8 nor Windows-1252",
            "Save the file as UTF-8",
            at,
        ) from None
