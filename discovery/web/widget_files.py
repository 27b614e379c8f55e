"""The widget's files under one address that holds a hash of them all: kept for a year, never stale, and pinnable.

The sources are ES modules, served as they are to pages of ours. Other sites get them as one module: a single request,
whose integrity covers everything. Joining them is the whole of the "build", made when the service starts.
"""

from __future__ import annotations

import gzip
import json
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b, sha384
from pathlib import Path

from xstatic.pkg import leaflet  # type: ignore[import-untyped]

from discovery.gazetteer import outlines
from discovery.present.widget_texts import WIDGET_TEXTS

FOLDER = Path(__file__).parent / "static" / "widget"
PATH = "/widget/"
ENTRY = "supplier-search.js"
LOADER = "v1.js"
CLASSIC = (LOADER, "resize.js")
"""Scripts at addresses that stay: hosts paste them once, and no integrity can be given."""

_IMPORT = re.compile(r'^import \{[^}]*\} from "\./([a-z-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function |class |const |let )", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*(?://.*|/\*\*(?:[^*]|\*(?!/))*\*/)\n", re.MULTILINE)
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
_LEFT = re.compile(r"^(?:import\s|export\b).*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class File:
    """`packed`: the content in gzip, made once, as well as it can be."""

    content: bytes
    mimetype: str
    packed: bytes

    @property
    def integrity(self) -> str:
        """For an `integrity` attribute."""
        return "sha384-" + b64encode(sha384(self.content).digest()).decode()


def _file(content: bytes | str, mimetype: str = "text/javascript") -> File:
    body = content.encode() if isinstance(content, str) else content
    return File(body, mimetype, gzip.compress(body, 9, mtime=0))


@dataclass(frozen=True, slots=True)
class Widget:
    """`files`: name → file, under `address`, a path below the service's root that ends with a slash."""

    address: str
    files: Mapping[str, File]
    classic: Mapping[str, File]

    @property
    def module(self) -> str:
        return self.address + ENTRY

    @property
    def integrity(self) -> str:
        return self.files[ENTRY].integrity


@cache
def widget() -> Widget:
    """All files, read once."""
    sources = {path.name: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.js"))}
    classic = {name: sources.pop(name) for name in CLASSIC}
    sources["texts.js"] = texts_module()
    files = {name: _file(text) for name, text in sources.items()}
    files[ENTRY] = _file(joined(sources, ENTRY))
    files |= leaflet_files()
    files["departments.json"] = _file(gzip.decompress(outlines.geojson_gz()), "application/json")
    digest = blake2b(digest_size=8)
    for name, file in sorted(files.items()):
        digest.update(name.encode() + b"\0" + file.content)
    address = f"{PATH}{digest.hexdigest()}/"
    loader = classic[LOADER].replace("{{ module }}", address.removeprefix(PATH) + ENTRY)
    return Widget(address, files, {name: _file(text) for name, text in (classic | {LOADER: loader}).items()})


def texts_module() -> str:
    """The catalogue as a module: `TEXTS[lang][code]`."""
    texts = {lang: {code: both[lang] for code, both in WIDGET_TEXTS.items()} for lang in ("fr", "en")}
    return f"export const TEXTS = {json.dumps(texts, ensure_ascii=False, separators=(',', ':'))};\n"


def leaflet_files() -> Iterator[tuple[str, File]]:
    """Leaflet as an ES module that leaves nothing in the host's globals, and its style."""
    folder = Path(leaflet.BASE_DIR)
    script = re.sub(r"^//# sourceMappingURL=.*$", "", (folder / "leaflet.js").read_text("utf-8"), flags=re.MULTILINE)
    # Its test of the browser's SVG writes HTML, which a policy of Trusted Types refuses.
    drawn = 'append(document.createElementNS("http://www.w3.org/2000/svg", "svg"))'
    script = script.replace('innerHTML="<svg/>"', drawn)
    # Its wrapper takes these names for a CommonJS module, whatever loader the host may have.
    before, after = "const exports = {}, module = { exports };", "exports.noConflict();\nexport default exports;"
    yield "leaflet.js", _file(f"{before}\n{script}\n{after}\n")
    yield "leaflet.css", _file((folder / "leaflet.css").read_bytes(), "text/css")


def joined(sources: Mapping[str, str], entry: str) -> str:
    """A module and all that it imports as one, each after those it needs, without comments and indentation.

    Imports are whole lines, `import { a, b } from "./other.js";`; exports are declarations, of which the entry's stay;
    comments have lines of their own. ValueError for another import or export, and for modules that need each other.
    """
    parts = []
    for name in _order(sources, entry, ()):
        text = _INDENT.sub("", _COMMENT.sub("", _IMPORT.sub("", sources[name])))
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
