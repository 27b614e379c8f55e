"""`discovery crosswalk`: a code explained."""

import pytest
from click.testing import CliRunner

from discovery.cli import main


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("90910000-9", ("CPV 90910000 – Services de nettoyage", "nettoyage-de-locaux", "decided by '909'", "90917")),
        ("909", ("CPV 909 ", "decided by '909'")),
        ("CPV 66", ("no inclusive trade: Banks and insurance.",)),
        ("81.21Z", ("NAF 8121Z", "nettoyage-de-locaux", "vocabulary/naf.yaml")),
        ("K2204", ("ROME K2204", "nettoyage-de-locaux")),
        ("A9999", ("nobody decided",)),
    ],
)
def test_a_code_is_explained(code: str, said: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, ["crosswalk", code])
    assert result.exit_code == 0, result.output
    assert all(one in result.output for one in said), result.output


@pytest.mark.parametrize("code", ["nettoyage", "999", ""])
def test_what_is_no_code_is_refused_with_examples(code: str) -> None:
    result = CliRunner().invoke(main, ["crosswalk", code])
    assert result.exit_code == 2
    assert "90911200" in result.output
