"""YAML read with its line numbers, and checked by a declared class or a schema: parsed, not merely
loaded.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from marshmallow import Schema, ValidationError

from discovery.declared import schema_of
from discovery.errors import MappingsError, Problem

# libyaml where the wheel has it: five times faster, and files are read at every start
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load(path: Path, shape: Any, below: Path | None = None) -> Any:
    """The file's content: an object of a declared class, or what a marshmallow schema makes of it.
    Keys that it lacks and must have are those of the file `below`. Raises MappingsError, which
    names each fault's line and the fix.
    """
    schema = shape if isinstance(shape, Schema) else schema_of(shape)()
    root = composed(path)
    # SafeLoader's constructor on a composed tree: the same objects that yaml.safe_load would build.
    loader = yaml.SafeLoader("")
    try:
        data = loader.construct_document(root)
    finally:
        loader.dispose()
    while True:
        try:
            return schema.load(data)
        except ValidationError as error:
            faults = list(_flatten(error.messages))
        given = table(below) if below and below.is_file() else None
        taken = sum(_completed(data, given, where) for where, _ in faults)
        if not taken:
            raise MappingsError(
                [
                    Problem(
                        path, line_of(root, where), f"{'.'.join(map(str, where)) or 'file'}: {said}"
                    )
                    for where, said in faults
                ]
            )


def composed(path: Path, fix: str = "") -> yaml.Node:
    """The file as nodes that know their lines, no key twice. Raises MappingsError; `fix`: of what
    is no YAML.
    """
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except FileNotFoundError:
        raise MappingsError(
            [Problem(path, 0, "file not found", "create it, or restore it from the package")]
        ) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        said = getattr(error, "problem", None) or str(error)
        raise MappingsError(
            [Problem(path, mark.line + 1 if mark else 0, f"not valid YAML: {said}", fix)]
        ) from None
    if root is None:
        raise MappingsError(
            [Problem(path, 0, "the file is empty", "see the files of the package for its form")]
        )
    if twice := list(_repeated_keys(root)):
        said, fix = "'{}' is given twice", "keep one of them"
        raise MappingsError(
            [Problem(path, key.start_mark.line + 1, said.format(key.value), fix) for key in twice]
        )
    return root


def _completed(data: Any, given: Any, where: tuple[str | int, ...]) -> bool:
    """Whether a path of keys ended too early in `data`, and was taken from `given`."""
    for step in where:
        if not (isinstance(data, dict) and isinstance(given, dict) and step in given):
            return False
        if step not in data:
            data[step] = given[step]
            return True
        data, given = data[step], given[step]
    return False


def table(path: Path) -> Any:
    """The plain content of a table that the package brings: nothing of it is checked."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe loader


def line(path: Path, where: tuple[str | int, ...]) -> int:
    """The line of a path of keys in a file that was read without fault."""
    return line_of(composed(path), where)


def line_of(root: yaml.Node, where: tuple[str | int, ...]) -> int:
    """The line (from 1) of the deepest node that exists along a path of keys and list positions."""
    node, line = root, root.start_mark.line + 1
    for step in where:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == str(step):
                    node, line = value, key.start_mark.line + 1
                    break
            else:
                break
        elif (
            isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value)
        ):
            node = node.value[step]
            line = node.start_mark.line + 1
    return line


def _repeated_keys(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    """YAML lets the last of two equal keys win silently: an analyst's edit would vanish."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield key
            seen.add(key.value)
            yield from _repeated_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _repeated_keys(value)


def _flatten(
    messages: Any, where: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(messages, dict):
        for key, below in messages.items():
            # marshmallow's own steps ("value", "key", "_schema") are not places in the file
            yield from _flatten(below, where if key in {"_schema", "key"} else (*where, key))
    elif isinstance(messages, list):
        for message in messages:
            yield from _flatten(message, where)
    else:
        yield where, str(messages)
