"""Files of pages and widget: styles, and ES modules as written, or joined into one; each bundle at
an address with its hash.

Pages of ours get the widget's sources; other sites one module, whose integrity covers it. Joining
them is the whole of the "build", made when the service starts.
"""

import gzip
import json
import re
from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from hashlib import blake2b, sha384
from pathlib import Path
from typing import Any

from xstatic.pkg import leaflet  # type: ignore[import-untyped]

from discovery.disk_cache import cached
from discovery.mappings.vocabulary import LANGS
from discovery.model import dataclass
from discovery.model.attributes import FACETED
from discovery.pages.maps import outline_map
from discovery.places import Gazetteer, gazetteer, land
from discovery.texts import section, typeset


@dataclass(frozen=True, slots=True)
class File:
    """`packed`: the content in gzip, made once, as well as it can be."""

    content: bytes
    mimetype: str
    packed: bytes

    @property
    def integrity(self) -> str:
        """The hash for an `integrity` attribute: SHA-384 in Base64."""
        return "sha384-" + b64encode(sha384(self.content).digest()).decode()


def file(content: bytes | str, mimetype: str = "text/javascript") -> File:
    body = content.encode() if isinstance(content, str) else content
    return File(body, mimetype, gzip.compress(body, 9, mtime=0))


BASE = "base.json"
TOWNS = 700
"""The most populous, which the whole country's file names."""
PREFIX, SUFFIX = "communes-", ".json"

Name = tuple[str, int, int, int]
"""A commune's name, longitude and latitude in 1/`land.PER_DEGREE` degrees, inhabitants."""


@cache
def base_file() -> File:
    """The file for the whole country: `land.base()`, with `towns`, most populous first, and the
    `tiles` that there are.
    """
    tiles = [f"{x}_{y}" for x, y in land.tiles()]
    return _json({**land.base(), "towns": _names(gazetteer())[:TOWNS], "tiles": tiles})


@lru_cache(maxsize=128)
def tile(name: str) -> File | None:
    """The file `communes-X_Y.json`: outlines of communes, and their names, most populous first."""
    if not (name.startswith(PREFIX) and name.endswith(SUFFIX)):
        return None
    try:
        place = land.tile_of(name.removeprefix(PREFIX))
    except ValueError:
        return None
    if place not in land.tiles():
        return None
    return _json(
        {**json.loads(land.tiles()[place]), "names": _names_by_tile(gazetteer()).get(place, ())}
    )


def _names(known: Gazetteer) -> list[Name]:
    """Of communes that are no part of another, most populous first."""
    grid = land.PER_DEGREE
    held = [
        (one.name, round(lon * grid), round(lat * grid), one.population)
        for one in known.communes()
        if one.parent is None and one.point is not None
        for lat, lon in (one.point,)
    ]
    return sorted(held, key=lambda one: -one[3])


@cache
def _names_by_tile(known: Gazetteer) -> Mapping[tuple[int, int], list[Name]]:
    found: dict[tuple[int, int], list[Name]] = defaultdict(list)
    for one in _names(known):
        side = land.TILE * land.PER_DEGREE
        found[int(one[1] // side), int(one[2] // side)].append(one)
    return found


def _json(content: Mapping[str, Any]) -> File:
    return file(json.dumps(content, ensure_ascii=False, separators=(",", ":")), "application/json")


_IMPORT = re.compile(r'^import \{[^}]*\} from "\./([a-z-]+\.js)";\n', re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*(?://.*|/\*\*(?:[^*]|\*(?!/))*\*/)\n", re.MULTILINE)
_TRAILING = re.compile(r"(?<=[;,{}()\]]) // [^\n\"'`]*$", re.MULTILINE)
"""A comment behind code; one that holds quotes stays, for it may be a string's end."""
_INDENT = re.compile(r"^\s+", re.MULTILINE)
"""Of lines, and lines that are empty."""
_REMARK = re.compile(r"/\*.*?\*/", re.DOTALL)
"""In a style: no string of ours holds one."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """`files`: name → file, under `address`, a path below the service's root that ends with a
    slash.
    """

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


def _texts(lang: str) -> dict[str, str]:
    facets = section("label.facet", lang)
    texts = {
        **section("widget", lang),
        **{f"facet_{name}": title for name, title in facets.items()},
    }
    return {code: typeset(text, lang) for code, text in texts.items()}


@cache
def map_files() -> Mapping[str, File]:
    """What a map loads on demand, beside the module that asks for it, but for `tile`."""
    return {**dict(leaflet_files()), BASE: base_file()}


def leaflet_files() -> Iterator[tuple[str, File]]:
    """Leaflet as an ES module that leaves nothing in the host's globals, and its style."""
    folder = Path(leaflet.BASE_DIR)
    script = re.sub(
        r"^//# sourceMappingURL=.*$",
        "",
        (folder / "leaflet.js").read_text("utf-8"),
        flags=re.MULTILINE,
    )
    # Its test of the browser's SVG writes HTML, which a policy of Trusted Types refuses.
    drawn = 'append(document.createElementNS("http://www.w3.org/2000/svg", "svg"))'
    script = script.replace('innerHTML="<svg/>"', drawn)
    # Its wrapper takes these names for a CommonJS module, whatever loader the host may have.
    before, after = (
        "const exports = {}, module = { exports };",
        "exports.noConflict();\nexport default exports;",
    )
    yield "leaflet.js", file(f"{before}\n{script}\n{after}\n")
    yield "leaflet.css", file((folder / "leaflet.css").read_bytes(), "text/css")


def joined(sources: Mapping[str, str], entry: str) -> str:
    """A module and all that it imports as one, each after those it needs, without comments and
    indentation.

    Imports are whole lines, `import { a, b } from "./other.js";`; exports are declarations, of
    which the entry's stay; comments have lines of their own, or end one. ValueError for another
    import or export, for modules that need each other, and for a name that two modules declare:
    they come to share one scope.
    """
    parts, declared = [], dict[str, str]()
    for name in _order(sources, entry, ()):
        for found in re.findall(
            r"(?m)^(?:export )?(?:async )?(?:function|class|const|let) (\w+)", sources[name]
        ):
            if (other := declared.setdefault(found, name)) != name:
                raise ValueError(f"{name} and {other} both declare “{found}”")
        text = _INDENT.sub("", _TRAILING.sub("", _COMMENT.sub("", _IMPORT.sub("", sources[name]))))
        inner = re.sub(r"(?m)^export (?=(?:async )?function |class |const |let )", "", text)
        if left := re.search(r"(?m)^(?:import\s|export\b).*", inner):
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


WIDGET_FOLDER = Path(__file__).parent.parent / "widget" / "scripts"
WIDGET_ROOT = "/widget/"
ENTRY = "supplier-search.js"
LOADER = "v1.js"
CLASSIC = (LOADER, "resize.js")
"""Scripts at addresses that stay: hosts paste them once, and no integrity can be given."""


@dataclass(frozen=True, slots=True)
class Widget(Bundle):
    """The bundle, and the scripts at addresses that stay."""

    classic: Mapping[str, File]

    @property
    def module(self) -> str:
        return self.address + ENTRY

    @property
    def integrity(self) -> str:
        """The hash of the widget's entry, for an `integrity` attribute."""
        return self.files[ENTRY].integrity


def modules() -> dict[str, str]:
    """Name → source of the widget's modules, the texts among them."""
    found = {name: text for name, text in sources(WIDGET_FOLDER).items() if name not in CLASSIC}
    texts = json.dumps(
        {lang: _texts(lang) for lang in LANGS}, ensure_ascii=False, separators=(",", ":")
    )
    filters = f"export const FILTERS = {json.dumps(FACETED)};\n"
    return {**found, "texts.js": f"export const TEXTS = {texts};\n", "filters.js": filters}


@cache
def widget() -> Widget:
    return cached(str(Path(__file__).with_name("widget.py")), _made_widget)


def _made_widget() -> Widget:
    texts = modules()
    files = {name: file(text) for name, text in texts.items()} | {
        ENTRY: file(joined(texts, ENTRY)),
        **map_files(),
    }
    made = bundle(WIDGET_ROOT, files)
    classic = {name: (WIDGET_FOLDER / name).read_text(encoding="utf-8") for name in CLASSIC}
    classic[LOADER] = classic[LOADER].replace(
        "{{ module }}", made.address.removeprefix(WIDGET_ROOT) + ENTRY
    )
    return Widget(made.address, made.files, {name: file(text) for name, text in classic.items()})


ROOMS = Path(__file__).parent.parent
FOLDER = Path(__file__).parent / "scripts"
PAGES_ROOT = "/page/"
STYLES = {"css": "text/css", "svg": "image/svg+xml"}
"""Files beside a page's view, by how their names end."""
ENTRIES = ("page.js", "map-panel.js", "ground.js")
"""Scripts that a page names, or that one of its modules imports on demand, by an address beside its
own. Of two modules of one name, the pages' own is taken.
"""


OUTLINES, GROUND = "departments.svg", "ground.svg"


@cache
def page_files() -> Bundle:
    return cached(__file__, _made)


def _made() -> Bundle:
    texts = {**modules(), **sources(FOLDER)}
    scripts = {name: file(joined(texts, name)) for name in ENTRIES}
    styles = {
        path.name: file(_INDENT.sub("", _REMARK.sub("", path.read_text("utf-8"))), kind)
        for ending, kind in STYLES.items()
        for path in sorted(ROOMS.glob(f"*/*.{ending}"))
    }
    return bundle(
        PAGES_ROOT, {**styles, **scripts, **map_files(), OUTLINES: outlines(), GROUND: ground()}
    )


def outlines() -> File:
    """Departments by the ids of `outline_map.regions`, those of a region together under `r` and its
    number: for pages that show them without holding them.
    """
    drawn = ""
    for region, held in outline_map.regions().items():
        paths = (f'<path id="{id}" d="{shape.path}"/>' for id, shape in held.items())
        drawn += f'<g id="r{region}">{"".join(paths)}</g>'
    return _svg(drawn)


def ground() -> File:
    """What maps that are drawn without scripts stand on, by the names of `land.base`, north up in
    1/`land.PER_DEGREE` degrees: a page's transform brings it into view, and its strokes keep their
    width.
    """
    paths = (
        f'<path id="{name}" vector-effect="non-scaling-stroke" d="{"".join(map(_path, lines))}"/>'
        for name, lines in land.base().items()
    )
    return _svg("".join(paths))


def _path(line: Sequence[int]) -> str:
    return f"M{line[0]} {line[1]}l{' '.join(map(str, line[2:]))}".replace(" -", "-")


def _svg(drawn: str) -> File:
    return file(f'<svg xmlns="http://www.w3.org/2000/svg">{drawn}</svg>', "image/svg+xml")


def address(name: str) -> str:
    """Path under the service's root, of a file that a page names."""
    if name not in page_files().files:
        raise KeyError(name)
    return page_files().address + name
