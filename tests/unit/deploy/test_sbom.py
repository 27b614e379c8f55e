"""The bill of materials lists just what the lock does, by version and hash, and is the same each
time.
"""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.tools import fetching, reached

ROOT = Path(__file__).parents[3]

pytestmark = pytest.mark.slow


def test_it_lists_what_the_lock_does(tmp_path: Path) -> None:
    file = tmp_path / "sbom.json"
    done = reached(
        subprocess.run(
            [ROOT / "scripts" / "sbom", file],
            env=fetching(),
            capture_output=True,
            text=True,
            check=False,
        )
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(file.read_text(encoding="utf-8"))
    assert not {"serialNumber", "timestamp"} & {*found, *found["metadata"]}, (
        "what differs each time is left out"
    )
    assert (found["bomFormat"], found["specVersion"]) == ("CycloneDX", "1.6")
    assert found["metadata"]["component"]["name"] == "inclusive-discovery"
    assert str(ROOT) not in json.dumps(found)
    components = {
        f"{one['name']}=={one['version']}": {
            each["content"]
            for reference in one["externalReferences"]
            for each in reference["hashes"]
        }
        for one in found["components"]
    }
    assert components == locked((ROOT / "requirements.lock").read_text(encoding="utf-8"))


def locked(text: str) -> dict[str, set[str]]:
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    return {
        re.split(r"[\s;\\]", block)[0]: set(re.findall(r"sha256:([0-9a-f]{64})", block))
        for block in blocks
    }
