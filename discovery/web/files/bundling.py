"""ES modules served as they are written, or joined into one: a single request, whose address is a hash of everything.

Joining them is the whole of the "build", made when the service starts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path

from xstatic.pkg import leaflet  # type: ignore[import-untyped]

from discovery.config.vocabulary import LANGS
from discovery.locales import section, typeset
from discovery.schema.attributes import FACETED
from discovery.web.files import ground
from discovery.web.files.packing import File, file

_IMPORT = re.compile(r'^import \{[^}]*\} from "\./([a-z-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function |class |const |let )", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*(?://.*|/\*\*(?:[^*]|\*(?!/))*\*/)\n", re.MULTILINE)
_TRAILING = re.compile(r"(?<=[;,{}()\]]) // [^\n\"'`]*$", re.MULTILINE)
"""A comment behind code; one that holds quotes stays, for it may be a string's end."""
_INDENT = re.compile(r"^\s+", re.MULTILINE)
"""Of lines, and lines that are empty."""
_DECLARED = re.compile(r"^(?:export )?(?:async )?(?:function|class|const|let) (\w+)", re.MULTILINE)
_LEFT = re.compile(r"^(?:import\s|export\b).*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Bundle:
    """`files`: name → file, under `address`, a path below the service's root that ends with a slash."""

    address: str
    files: Mapping[str, File]


def bundle(prefix: str, files: Mapping[str, File]) -> Bundle:
    """The files under one address that holds a hash of them all: kept for a year, never stale."""
    digest = blake2b(digest_size=8)
    for name, made in sorted(files.items()):
        digest.update(name.encode() + b"\0" + made.content)
    return Bundle(f"{prefix}{digest.hexdigest()}/", files)


def sources(folder: Path) -> dict[str, str]:
    """Name → text of a folder's scripts."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.js"))}


def texts_module() -> str:
    """The catalogue as a module: `TEXTS[lang][code]`."""
    texts = {lang: _texts(lang) for lang in LANGS}
    return f"export const TEXTS = {json.dumps(texts, ensure_ascii=False, separators=(',', ':'))};\n"


def _texts(lang: str) -> dict[str, str]:
    facets = section("label.facet", lang)
    texts = {**section("widget", lang), **{f"facet_{name}": title for name, title in facets.items()}}
    return {code: typeset(text, lang) for code, text in texts.items()}


def filters_module() -> str:
    """Filters that facets set, as a module."""
    return f"export const FILTERS = {json.dumps(FACETED)};\n"


@cache
def map_files() -> Mapping[str, File]:
    """What a map loads on demand, beside the module that asks for it, but for `ground.tile`."""
    return {**dict(leaflet_files()), ground.BASE: ground.base_file()}


def leaflet_files() -> Iterator[tuple[str, File]]:
    """Leaflet as an ES module that leaves nothing in the host's globals, and its style."""
    folder = Path(leaflet.BASE_DIR)
    script = re.sub(r"^//# sourceMappingURL=.*$", "", (folder / "leaflet.js").read_text("utf-8"), flags=re.MULTILINE)
    # Its test of the browser's SVG writes HTML, which a policy of Trusted Types refuses.
    drawn = 'append(document.createElementNS("http://www.w3.org/2000/svg", "svg"))'
    script = script.replace('innerHTML="<svg/>"', drawn)
    # Its wrapper takes these names for a CommonJS module, whatever loader the host may have.
    before, after = "const exports = {}, module = { exports };", "exports.noConflict();\nexport default exports;"
    yield "leaflet.js", file(f"{before}\n{script}\n{after}\n")
    yield "leaflet.css", file((folder / "leaflet.css").read_bytes(), "text/css")


def joined(sources: Mapping[str, str], entry: str) -> str:
    """A module and all that it imports as one, each after those it needs, without comments and indentation.

    Imports are whole lines, `import { a, b } from "./other.js";`; exports are declarations, of which the entry's stay;
    comments have lines of their own, or end one. ValueError for another import or export, for modules that need each
    other, and for a name that two modules declare: they come to share one scope.
    """
    parts, declared = [], dict[str, str]()
    for name in _order(sources, entry, ()):
        for found in _DECLARED.findall(sources[name]):
            if (other := declared.setdefault(found, name)) != name:
                raise ValueError(f"{name} and {other} both declare “{found}”")
        text = _INDENT.sub("", _TRAILING.sub("", _COMMENT.sub("", _IMPORT.sub("", sources[name]))))
        inner = _EXPORT.sub("", text)
        if left := _LEFT.search(inner):
            raise ValueError(f"{name}: “{left.group()}” can't be joined")
        parts.append((text if name == entry else inner).strip())
    return "\n".join(parts) + "\n"


def _order(sources: Mapping[str, str], name: str, above: tuple[str, ...]) -> Iterator[str]:
    """Names depth first, each once."""
    if name in above:
        raise ValueError(f"{name} imports itself, by {' → '.join(above)}")
    seen: dict[str, None] = {}
    for needed in _IMPORT.findall(sources[name]):
        seen |= dict.fromkeys(_order(sources, needed, (*above, name)))
    yield from dict.fromkeys((*seen, name))
