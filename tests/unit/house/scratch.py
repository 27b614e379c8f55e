"""A copy of the house in which a how-to is followed to the letter, by what its page says.

New file `path`:                    the block that follows is its content
In `path`, after `words`:           the block goes below the first line that holds the words
In `path`, at its end:              the block goes there
In `path`, `old` becomes `new`.     once
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parents[3]
BLOCK = re.compile(r"\n+```\w*\n(.*?)^```", re.DOTALL | re.MULTILINE)
STEP = re.compile(
    r"^(?:\d+\. )?(?:New file `(?P<new>[^`]+)`:$|In `(?P<file>[^`]+)`, (?:after `(?P<after>[^`]+)`:$"
    r"|(?P<end>at its end):$|`(?P<old>[^`]+)` becomes `(?P<to>[^`]+)`\.$))",
    re.MULTILINE,
)


class Scratch:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("discovery", "indexer", "mappings"):
            shutil.copytree(
                HOME / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")
            )

    def follow(self, howto: str) -> list[str]:
        """Do every step of `docs/howto/<howto>.md`; the files that it made or changed, sorted."""
        text = (HOME / "docs/howto" / f"{howto}.md").read_text(encoding="utf-8")
        touched = set()
        for step in STEP.finditer(text):
            name = step["new"] or step["file"]
            touched.add(name)
            path = self.folder / name
            if step["old"]:
                before = path.read_text(encoding="utf-8")
                assert before.count(step["old"]) == 1, f"{name}: {step['old']!r} is not there once"
                path.write_text(before.replace(step["old"], step["to"]), encoding="utf-8")
                continue
            block = BLOCK.match(text, step.end())
            assert block is not None, f"{name}: no block follows"
            if step["new"]:
                assert not path.exists(), f"{name} is there already"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block[1], encoding="utf-8")
                continue
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
            places = [
                at for at, line in enumerate(lines) if step["after"] and step["after"] in line
            ]
            assert step["end"] or places, f"{name}: no line holds {step['after']!r}"
            lines.insert(len(lines) if step["end"] else places[0] + 1, block[1])
            path.write_text("".join(lines), encoding="utf-8")
        return sorted(touched)

    def run(self, code: str) -> str:
        """What Python code prints, run in the copy."""
        env = {
            name: value for name, value in os.environ.items() if not name.startswith("DISCOVERY_")
        }
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=self.folder, env=env | {"PYTHONPATH": str(self.folder)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout
