"""What analyzers are made of: tokens, tables of the package, files named in `settings.analysis`,
parameters checked.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from discovery.errors import DiscoveryError


class AnalysisError(DiscoveryError):
    """A `settings.analysis` block, or a list it names, that this interpreter cannot honour to the
    letter.

    The message is for the person who edits `mappings/`: where, what, and what to do. It is raised
    when the block is read, never when a text is analysed.
    """


@cache
def table(name: str) -> tuple[str, ...]:
    """The lines of `data/<name>.txt`, comments left out."""
    text = (
        files("discovery.engine.analysis")
        .joinpath("data", f"{name}.txt")
        .read_text(encoding="utf-8")
    )
    return tuple(line for line in text.split("\n") if line and not line.startswith("# "))


class Token(NamedTuple):
    """One term of an analysed text.

    `start`, `end`: characters (code points) of the *original* text, before any char filter, end
    excluded. As in Lucene they span the whole surface word: after elision "l'entretien" still spans
    its eleven. `position`: 0 for the first word; a removed stop word leaves a gap, a contraction
    takes one position.
    """

    term: str
    start: int
    end: int
    position: int


SECTIONS = ("char_filter", "tokenizer", "filter", "analyzer")
_SUFFIX = "_path"


def inline_paths(analysis: Mapping[str, Any], read: Callable[[str], str]) -> dict[str, Any]:
    """A copy of the block in which every `<name>_path` has become `<name>`: the list of that file's
    lines.

    `read` gives the text of a file by the path as the block writes it. Blank lines and lines that
    start with `#` are dropped, as Elasticsearch and Solr do; a comment behind a rule is an
    `AnalysisError`, for there it would silently become part of the rule. A definition that has both
    the path and the list is one too.
    """
    return {
        section: {
            name: _inline(f"{section}.{name}", body, read) for name, body in definitions.items()
        }
        if isinstance(definitions, Mapping)
        else definitions
        for section, definitions in analysis.items()
    }


def _inline(where: str, definition: Any, read: Callable[[str], str]) -> Any:
    if not isinstance(definition, Mapping):
        return definition
    inlined: dict[str, Any] = {}
    for key, value in definition.items():
        if not key.endswith(_SUFFIX):
            inlined[key] = value
            continue
        name = key.removesuffix(_SUFFIX)
        if name in definition:
            raise AnalysisError(f"{where}: has both `{name}` and `{key}`; keep one.")
        if not isinstance(value, str):
            raise AnalysisError(f"{where}: `{key}` must be a path, not {value!r}.")
        inlined[name] = list(_lines(value, read(value)))
    return inlined


def _lines(path: str, text: str) -> Iterable[str]:
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if "#" in line:
            raise AnalysisError(
                f"{path}, line {number}: a comment stands on a line of its own; here it would be part of the rule."
            )
        yield line


class Parameters:
    """The parameters of one component, each to be taken once; `done` refuses whatever was not
    taken.

    So an unknown parameter, or one whose value this interpreter has no meaning for, cannot pass
    unseen.
    """

    def __init__(self, where: str, values: Mapping[str, Any]) -> None:
        self.where = where
        self._left = {key: value for key, value in values.items() if key != "type"}

    def error(self, message: str) -> AnalysisError:
        return AnalysisError(f"{self.where}: {message}")

    def words(self, key: str, *, required: bool = True) -> list[str]:
        """A list of strings (a single string stands for a list of one)."""
        value = self._left.pop(key, None)
        if value is None:
            if required:
                raise self.error(f"needs `{key}` (a list), or `{key}_path` (a file).")
            return []
        if isinstance(value, str):
            return [value]
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.error(f"`{key}` must be a list of strings.")
        return list(value)

    def string(self, key: str, default: str | None = None) -> str:
        """Take a parameter that is a string. Raises AnalysisError when it is none, or absent
        without a default.
        """
        value = self._left.pop(key, default)
        if not isinstance(value, str):
            raise self.error(f"needs `{key}` (a string), not {value!r}.")
        return value

    def flag(self, key: str, default: bool) -> bool:
        """A boolean; Elasticsearch also reads the words "true" and "false"."""
        value = self._left.pop(key, default)
        if value in ("true", "false"):
            return bool(value == "true")
        if not isinstance(value, bool):
            raise self.error(f"`{key}` must be true or false, not {value!r}.")
        return value

    def only(self, key: str, value: Any) -> None:
        """Accept `key` absent or equal to `value`, the one meaning supported here."""
        given = self._left.pop(key, value)
        if given != value:
            raise self.error(f"`{key}`: only {value!r} is supported, not {given!r}.")

    def done(self) -> None:
        """Raise AnalysisError for a parameter that nobody took: it is unknown here."""
        if not self._left:
            return
        key = next(iter(self._left))
        hint = " (inline the files first)" if key.endswith(_SUFFIX) else ""
        raise self.error(f"unknown parameter `{key}`{hint}.")
