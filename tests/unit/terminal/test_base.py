"""Known trouble is a line and an exit code; what is not known is raised."""

import errno
from collections.abc import Mapping
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from discovery.errors import DiscoveryError
from discovery.terminal.base import Told, command_base, os_trouble


def tell(error: Exception, asked: Mapping[str, Any]) -> Told:
    return f"{asked['word']} is no key" if isinstance(error, KeyError) else None


def run(error: Exception, prefix: str = "") -> Result:
    @click.command()
    @click.argument("word")
    @command_base(tell, prefix=prefix)
    def command(word: str) -> None:
        raise error

    return CliRunner().invoke(command, ["thing"])


def test_an_error_of_ours_is_its_message() -> None:
    result = run(DiscoveryError("the store is away"), prefix="indexer: ")
    assert (result.exit_code, result.stderr) == (2, "indexer: the store is away\n")


def test_what_the_program_knows_besides_is_told_with_what_was_asked() -> None:
    result = run(KeyError("thing"))
    assert (result.exit_code, result.stderr) == (2, "thing is no key\n")


def test_a_fault_of_ours_is_not_hidden() -> None:
    assert isinstance(run(ZeroDivisionError()).exception, ZeroDivisionError)


def test_who_has_read_enough_is_told_nothing() -> None:
    """`discovery search … | head`"""
    result = run(BrokenPipeError(errno.EPIPE, "Broken pipe"))
    assert (result.exit_code, result.stderr) == (1, "")


def test_passwords_are_not_shown() -> None:
    assert "geheim" not in run(DiscoveryError("postgresql://me:geheim@host/name is away")).stderr


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(2, "No such file", "a.csv"), "a.csv: No such file; look"),
        (OSError("odd"), "odd; look"),
    ],
)
def test_the_system_s_own_words(error: OSError, said: str) -> None:
    assert os_trouble(error, "look") == said
