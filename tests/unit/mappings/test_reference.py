"""The page of settings is the one that the settings make, and names each."""

import re
from pathlib import Path

from click.testing import CliRunner

from discovery.cli import main
from discovery.mappings import Settings
from discovery.mappings.secrets import HOLDING, OPAQUE
from discovery.mappings.settings import variable_of

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "settings.md"


def test_the_page_is_up_to_date() -> None:
    made = CliRunner().invoke(main, ["config", "reference"])
    assert made.exit_code == 0
    assert PAGE.read_text(encoding="utf-8") == made.output, (
        "discovery config reference >docs/reference/settings.md"
    )


def test_every_setting_has_a_row_and_the_secrets_are_marked() -> None:
    rows = re.findall(
        r"^\| `(\w+)`( 🔑)? \| [^|]* \| \S.* \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert [name for name, _ in rows] == [
        variable_of(name) for name in Settings.__dataclass_fields__
    ]
    assert {name for name, secret in rows if secret} == {
        variable_of(name) for name in OPAQUE | HOLDING
    }
