"""Files as they come: encodings, pipes, folders."""

import io
import os
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.intake import source
from indexer.intake.source import BrokenFile, IntakeError, open_source


class Pipe(io.BytesIO):
    def seekable(self) -> bool:
        return False


def text_of(content: bytes) -> tuple[str, str]:
    with open_source("-", Pipe(content)) as opened, opened.text() as stream:
        return opened.encoding, stream.read()


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_broken(content: bytes) -> None:
    try:
        encoding, text = text_of(content)
    except BrokenFile as error:
        assert error.file == "-"  # noqa: PT017
        return
    assert text.encode(encoding) == content


@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=100),
    st.integers(1, 5),
)
def test_utf8_is_utf8_however_it_is_cut(text: str, chunk: int) -> None:
    before = source.CHUNK
    source.CHUNK = chunk
    try:
        expected = text.removeprefix("\ufeff")
        assert text_of(text.encode())[1] == expected
        assert text_of(b"\xef\xbb\xbf" + text.encode())[1] == text
    finally:
        source.CHUNK = before


def test_windows_1252_is_recognised() -> None:
    assert text_of("Éclat « œuvre » à 10 €".encode("cp1252")) == (
        "cp1252",
        "Éclat « œuvre » à 10 €",
    )


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        ("é\nà\n".encode() + b"\xe9\n", 3, "0xE9 is not UTF-8"),
        (b"abc\n\xe9\n\x81\n", 3, "neither UTF-8 nor Windows-1252"),
        ("abc\né".encode()[:-1], 2, "middle of a character"),
        ("texte".encode("utf-16"), 0, "UTF-16"),
        (b"PK\x03\x04\n\x00\x00", 2, "NUL"),
    ],
)
def test_a_wrong_encoding_is_said(content: bytes, line: int, said: str) -> None:
    with pytest.raises(BrokenFile) as caught:
        text_of(content)
    assert caught.value.line == line
    assert said in caught.value.what


def test_a_file_is_read_twice(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a\r\nb")
    with open_source(path) as opened:
        for _ in range(2):
            with opened.text() as stream:
                assert stream.read() == "a\r\nb"
    assert opened.size == 4


def test_a_pipe_is_spooled(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    writer = threading.Thread(target=fifo.write_bytes, args=(b"un\ndeux\n",), daemon=True)
    writer.start()
    with open_source(fifo) as opened:
        for _ in range(2):
            with opened.text() as stream:
                assert stream.read() == "un\ndeux\n"
    writer.join(30)
    assert not writer.is_alive()


@pytest.mark.parametrize("name", ["absent.csv", ".", "a\0b"])
def test_what_cannot_be_opened(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(IntakeError), open_source(name):
        pass


def test_no_standard_input() -> None:
    with pytest.raises(IntakeError), open_source("-"):
        pass
