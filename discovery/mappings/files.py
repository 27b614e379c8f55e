"""The files of a mappings folder, one row each: what it holds, and what an edit of it needs to
serve.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import make_dataclass
from enum import StrEnum
from fnmatch import fnmatch
from importlib import resources
from pathlib import Path
from typing import Any

from discovery.declared import about
from discovery.errors import MappingsError, Problem
from discovery.mappings import yamlfile
from discovery.mappings.crosswalk import CpvFile, RomeFile
from discovery.mappings.equivalences import Equivalences, read_spelled
from discovery.mappings.grammar import sections
from discovery.mappings.profiles import Near, ProfileFile
from discovery.mappings.purchases import ColumnsFile, Figures, Headings, Law, NoticesFile
from discovery.mappings.trades import (
    ClassifierFile,
    CloseFile,
    ExamplesFile,
    UsualFile,
    WebsitesFile,
)
from discovery.mappings.vocabulary import (
    LIST_ENTRIES,
    KindsFile,
    OwnWords,
    PresumedZones,
    SectorGroup,
    Term,
)
from discovery.model import dataclass
from discovery.places.resolve_places import AreasFile, NamesFile


def packaged_mappings() -> Path:
    """The folder shipped with the package; in a checkout, `mappings/` at its root."""
    installed = Path(str(resources.files("discovery"))) / "_mappings"
    return (
        installed
        if installed.is_dir()
        else Path(str(resources.files("discovery"))).parent / "mappings"
    )


def layers(folder: Path) -> tuple[Path, ...]:
    """The folders that a folder of mappings is read from, the last first. One without
    `suppliers.json` is an overlay: it holds the files that differ, and the package's stand for the
    others, and for keys that a file lacks.
    """
    return (
        (packaged_mappings(), folder)
        if folder.is_dir() and not (folder / INDEX).exists()
        else (folder,)
    )


def file_of(folder: Path, name: str) -> Path:
    """A file of a folder of mappings, by its path in there; the package's where an overlay has
    none.
    """
    return next(
        (layer / name for layer in reversed(layers(folder)) if (layer / name).exists()),
        folder / name,
    )


def unread(folder: Path) -> list[Problem]:
    """Files of an overlay that nobody reads: named or placed wrongly, they would change nothing and
    say nothing.
    """
    fix = f"name and place it as in {packaged_mappings()}, or take it out"
    files = sorted(folder.rglob("*")) if len(layers(folder)) > 1 else []
    names = [
        (file, str(file.relative_to(folder)))
        for file in files
        if file.suffix in {".yaml", ".txt", ".json"}
    ]
    return [
        Problem(file, 0, "no file of mappings", fix) for file, name in names if row_of(name) is None
    ]


class Need(StrEnum):
    """What must be done for an edit to serve."""

    NOTHING = "nothing"
    RELOAD = "reload"
    REBUILD = "rebuild"


@dataclass(frozen=True, slots=True)
class Row:
    """One file, or all that a pattern names.

    `shape`: the declared class of its content; or a function (path, problems → content) of another
    format; None: the analysis, tools or editors read it. `needs`: what an edit needs. `reread`:
    whether a reload takes it in. `optional`: it may be absent.
    """

    path: str
    shape: Any = None
    needs: Need = Need.RELOAD
    reread: bool = True
    optional: bool = False

    def files(self, folder: Path) -> list[Path]:
        """The files of the row; one that must be there is named though it is not."""
        if "*" not in self.path:
            return [file_of(folder, self.path)]
        named = {file.name: file for layer in layers(folder) for file in layer.glob(self.path)}
        return [named[name] for name in sorted(named)]


def _indexed(path: str, shape: Any = None) -> Row:
    """A file whose content stands in the index: nothing of it serves before a rebuild."""
    return Row(path, shape, Need.REBUILD, reread=False)


def _of_tools(path: str) -> Row:
    """A file that never serves."""
    return Row(path, None, Need.NOTHING, reread=False, optional=True)


def _list(name: str, entry: type[Term]) -> Any:
    """The shape of a file that holds one list under its own name: `certifications: [...]`."""
    entries: Any = tuple[entry, ...]  # type: ignore[valid-type]
    return make_dataclass(
        name,
        [("entries", entries, about(key=name))],
        namespace={"parsed": lambda self: self.entries},
    )


def _read_index(path: Path, problems: list[Problem]) -> dict[str, Any] | None:
    try:
        index = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        problems.append(Problem(path, 0, "file not found", "restore it from the package"))
        return None
    except json.JSONDecodeError as error:
        problems.append(Problem(path, error.lineno, f"not valid JSON: {error.msg}"))
        return None
    problems += [
        Problem(path, 0, f"`{key}` is missing", "see Elasticsearch's create-index body")
        for key in ("settings", "mappings")
        if key not in index
    ]
    return dict(index)


INDEX = "suppliers.json"
KINDS, SECTORS, SERVICE_TYPES = (
    "vocabulary/kinds.yaml",
    "vocabulary/sectors/*.yaml",
    "vocabulary/service_types.yaml",
)
NAF, SOURCES, OWN_WORDS = (
    "vocabulary/naf.yaml",
    "vocabulary/sources.yaml",
    "vocabulary/own_words.yaml",
)
PRESUMED_ZONES = "places/presumed_zones.yaml"
CPV, ROME = "vocabulary/crosswalk/cpv.yaml", "vocabulary/crosswalk/rome.yaml"
PROFILES, EQUIVALENCES, SPELLED = "profiles/*.yaml", "synonyms/words.txt", "spelled.txt"
AREAS, NAMES, NEAR, CLOSE = (
    "places/areas.yaml",
    "places/names.yaml",
    "places/near.yaml",
    "vocabulary/close.yaml",
)
CLASSIFIER, EXAMPLES, USUAL = "trades/classifier.yaml", "trades/examples.yaml", "trades/usual.yaml"
HEADINGS, NOTICES, LAW, FIGURES = (
    "needs/headings.yaml",
    "needs/notices.yaml",
    "law.yaml",
    "figures.yaml",
)
COLUMNS, WEBSITES = "columns.yaml", "websites.yaml"

FILES = (
    _indexed(INDEX, _read_index),
    _indexed("stop.txt"),
    _indexed("stems.txt"),
    _indexed("synonyms/multiword.txt"),
    _indexed(KINDS, KindsFile),
    *(
        _indexed(f"vocabulary/{name}.yaml", _list(name, entry))
        for name, entry in LIST_ENTRIES.items()
    ),
    _indexed(SECTORS, SectorGroup),
    _indexed(PRESUMED_ZONES, PresumedZones),
    _indexed(OWN_WORDS, OwnWords),
    Row(
        CPV, CpvFile, Need.REBUILD
    ),  # what codes mean is read at search time, and stands in documents as evidence
    Row(ROME, RomeFile, Need.REBUILD),
    Row(PROFILES, ProfileFile),
    *(Row(f"grammar/{name}.yaml", shape) for name, shape in sections().items()),
    Row(EQUIVALENCES, Equivalences.read),
    Row(SPELLED, read_spelled),
    Row(AREAS, AreasFile, optional=True),
    Row(NAMES, NamesFile, optional=True),
    Row(NEAR, Near),
    Row(CLOSE, CloseFile, optional=True),
    Row(CLASSIFIER, ClassifierFile),
    Row(EXAMPLES, ExamplesFile),
    Row(USUAL, UsualFile, optional=True),
    Row(HEADINGS, Headings),
    Row(NOTICES, NoticesFile),
    Row(LAW, Law),
    Row(FIGURES, Figures),
    Row(COLUMNS, ColumnsFile, Need.NOTHING, reread=False, optional=True),  # each import reads it
    Row(WEBSITES, WebsitesFile, Need.NOTHING, reread=False, optional=True),
    _of_tools("judgments/*"),
    _of_tools("schemas/*"),
    _of_tools("collisions.yaml"),
)


def row_of(name: str) -> Row | None:
    """The row of a file, by its path in the folder; None for a file that nobody reads."""
    return next((row for row in FILES if fnmatch(name, row.path)), None)


def reread_files(folder: Path) -> list[Path]:
    """The files that a reload takes in, where they exist."""
    return [file for row in FILES if row.reread for file in row.files(folder)]


def read_files(
    folder: Path, problems: list[Problem], chosen: Callable[[Row], bool] = lambda _: True
) -> dict[str, Mapping[Path, Any]]:
    """Path of the row → content of each of its files, of the rows `chosen`. A file that is absent
    or can't be used is left out; faults are appended to `problems`.
    """
    return {
        row.path: dict(_contents(row, folder, problems))
        for row in FILES
        if row.shape and chosen(row)
    }


def _contents(row: Row, folder: Path, problems: list[Problem]) -> Iterator[tuple[Path, Any]]:
    overlaid = len(layers(folder)) > 1
    for file in row.files(folder):
        if row.optional and not file.exists():
            continue
        below = (
            packaged_mappings() / file.relative_to(folder)
            if overlaid and folder in file.parents
            else None
        )
        try:
            content = (
                yamlfile.load(file, row.shape, below)
                if isinstance(row.shape, type)
                else row.shape(file, problems)
            )
        except MappingsError as error:
            problems += error.problems
        else:
            if content is not None:
                yield file, content
