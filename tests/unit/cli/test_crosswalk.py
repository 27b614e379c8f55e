"""`discovery crosswalk`: a code explained."""

import pytest
from click.testing import CliRunner

from discovery.cli import main
from tests.tables import cases


@pytest.mark.parametrize(("code", "said"), cases(__file__, "a_code_is_explained"))
def test_a_code_is_explained(code: str, said: list[str]) -> None:
    result = CliRunner().invoke(main, ["crosswalk", code])
    assert result.exit_code == 0, result.output
    assert all(one in result.output for one in said), result.output


@pytest.mark.parametrize("code", ["nettoyage", "999", ""])
def test_what_is_no_code_is_refused_with_examples(code: str) -> None:
    result = CliRunner().invoke(main, ["crosswalk", code])
    assert result.exit_code == 2
    assert "90911200" in result.output
