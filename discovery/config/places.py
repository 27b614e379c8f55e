"""Places that analysts own: `places/areas.yaml` and `places/names.yaml`, read at start and again when they change."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from discovery.config.problems import Problem
from discovery.gazetteer import gazetteer
from discovery.gazetteer.named_places import AreasFile, Entries, NamedPlaces, NamesFile
from discovery.gazetteer.resolve_places import Fault, resolve


def read_places(
    areas: AreasFile | None, names: NamesFile | None, files: list[Path], problems: list[Problem]
) -> NamedPlaces:
    """The areas and names that two files give, resolved; an absent file (None) holds none. `files`: their paths. Faults
    are appended to `problems`."""
    names = names or NamesFile()
    faults: list[Fault] = []
    found = resolve(Entries(areas.areas if areas else (), names.names, names.adjectives), gazetteer(), faults)
    texts = {file: file.read_text(encoding="utf-8").splitlines() for file in files if file.exists()}
    for fault in faults:
        file, line = _where(texts, fault.text)
        problems.append(Problem(file, line, fault.said, fault.fix))
    return found


def _where(texts: Mapping[Path, list[str]], text: str) -> tuple[Path, int]:
    """Where a text stands; the first file as a whole when it can't be told."""
    for file, lines in texts.items():
        for number, line in enumerate(lines, 1):
            if text in line:
                return file, number
    return next(iter(texts)), 0
