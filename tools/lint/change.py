"""What an edit needs: nothing, a reload, or a rebuild; told from what the files mean, not from
their bytes.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from discovery.mappings.files import Need, layers, row_of

SUFFIXES = frozenset({".yaml", ".txt", ".json"})


@dataclass(frozen=True, slots=True)
class Change:
    """A changed file, and what that needs.

    `file`: relative to the folder.
    """

    file: str
    need: Need


def changes(before: Path, after: Path) -> Iterator[Change]:
    """Every file that differs between two mappings folders, or that an overlay holds. MappingsError
    is not raised: check both first.
    """
    asked = (before, after) if len(layers(after)) == 1 else (after,)
    names = sorted({str(file.relative_to(folder)) for folder in asked for file in _files(folder)})
    for name in names:
        old, new = before / name, after / name
        if _bytes(old) == _bytes(new):
            continue
        row = row_of(name)
        needs = row.needs if row else Need.REBUILD
        yield Change(
            name, Need.NOTHING if needs is Need.NOTHING or _meaning(old) == _meaning(new) else needs
        )


def _files(folder: Path) -> Iterator[Path]:
    return (file for file in folder.rglob("*") if file.suffix in SUFFIXES)


def _bytes(file: Path) -> bytes | None:
    return file.read_bytes() if file.exists() else None


def _meaning(file: Path) -> Any:
    """What the file says without its comments, blank lines and reasons; None when it is not there."""
    if not file.exists():
        return None
    text = file.read_text(encoding="utf-8")
    match file.suffix:
        case ".yaml":
            return _without_reasons(yaml.safe_load(text))
        case ".json":
            return json.loads(text)
        case _:
            lines = (line.split("#", 1)[0].strip() for line in text.splitlines())
            return [line for line in lines if line]


def _without_reasons(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _without_reasons(value) for key, value in node.items() if key != "why"}
    return [_without_reasons(value) for value in node] if isinstance(node, list) else node
