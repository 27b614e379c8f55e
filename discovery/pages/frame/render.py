"""Templates → HTML, in an environment of our own, without Flask around it; its filters; JSON-LD of schema.org."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from discovery.disk_cache import cached
from discovery.mappings.vocabulary import LANGS
from discovery.pages.files import bundles
from discovery.pages.frame.urls import KINDS_PATH, NEED_PATH, PROGRAMME_PATH, STANDING, in_language
from discovery.texts import day, decimal, percent, shown_km, template, typeset, typesetter, written
from discovery.texts import warm as read_texts


@dataclass(frozen=True, slots=True)
class Site:
    """What every page shows. `base`: the service's address as seen from outside, without a slash at its end, or "";
    `scope`: what is open, presented, when not everything is."""

    lang: str
    base: str = ""
    sample: bool = False
    scope: Mapping[str, Any] | None = None

    @property
    def home(self) -> str:
        """The address of the home page, in the page's language."""
        return f"/{self.query}"

    @property
    def query(self) -> str:
        """What keeps the language in an address that has no other parameter."""
        return "" if self.lang == "fr" else f"?lang={self.lang}"

    def absolute(self, address: str) -> str:
        """An address of ours for others to keep."""
        return self.base + address

    @property
    def other_lang(self) -> str:
        """The language that the page is not in."""
        return "en" if self.lang == "fr" else "fr"


class _Direct(CodeGenerator):
    """Writes `a.b` so that a dictionary's key is taken without a call: most of what pages show is such."""

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 - by this name it is called
        self.write(f"(_of[{node.attr!r}] if type(_of := ")
        self.visit(node.node, frame)
        self.write(f") is dict and {node.attr!r} in _of else environment.getattr(_of, {node.attr!r}))")


class Prepared(Environment):
    """Asks once, when a template is compiled, for what no page changes: texts and addresses of files by name."""

    code_generator_class = _Direct
    unchanging: Mapping[str, Callable[..., str]] = {}
    """Functions that always answer the same, by their names in templates."""

    def _generate(self, source: nodes.Template, *args: Any, **options: Any) -> str:
        return super()._generate(_Known(self.unchanging).visit(source), *args, **options)


class _Codes(BytecodeCache):
    """Compiled templates by their names in jinja2's eyes."""

    def __init__(self) -> None:
        self.codes: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.codes:
            bucket.bytecode_from_string(self.codes[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.codes[bucket.key] = bucket.bytecode_to_string()


class _Known(NodeTransformer):
    """Calls of such functions with texts alone → what they answer."""

    def __init__(self, functions: Mapping[str, Callable[..., str]]) -> None:
        self._functions = functions

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - by this name it is called
        name, given = getattr(node.node, "name", ""), [getattr(one, "value", None) for one in node.args]
        if name not in self._functions or node.kwargs or not all(isinstance(one, str) for one in given):
            return self.generic_visit(node)
        return nodes.Const(self._functions[name](*given), lineno=node.lineno)


@cache
def environment(lang: str) -> Environment:
    """Compiled templates of one language: its filters and its texts are bound when they are compiled."""
    made = Prepared(
        loader=FileSystemLoader(sorted({path.parent for path in bundles.ROOMS.glob("*/*.html")})),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        auto_reload=False,
        bytecode_cache=_Codes(),
    )
    made.filters.update(filters(lang))
    made.unchanging = {
        "t": typesetter(lang),
        "template": lambda key: typeset(template(key, lang), lang),
        "static": bundles.address,
    }
    made.globals.update(made.unchanging)
    made.globals["standing"] = STANDING
    made.globals["kinds_path"] = KINDS_PATH
    made.globals["need_path"] = NEED_PATH
    made.globals["programme_path"] = PROGRAMME_PATH
    return made


@cache
def warm() -> None:
    """Read every text and compile every template now rather than during a first request."""
    read_texts()
    bundles.page_files()  # whose addresses stand in templates
    codes = cached(__file__, _compiled)
    for lang in LANGS:
        known = environment(lang).bytecode_cache
        assert isinstance(known, _Codes)
        known.codes = codes[lang]
        _get_all(environment(lang))
        known.codes = {}


def _compiled() -> dict[str, dict[str, bytes]]:
    """By language, the templates' codes, in which texts and addresses stand."""
    found: dict[str, dict[str, bytes]] = {}
    for lang in LANGS:
        known = environment(lang).bytecode_cache
        assert isinstance(known, _Codes)
        _get_all(environment(lang))
        found[lang] = known.codes
    return found


def _get_all(made: Environment) -> None:
    for name in template_names():
        made.get_template(name)


def template_names() -> list[str]:
    """Files beside the pages' views; each name stands once."""
    return sorted(path.name for path in bundles.ROOMS.glob("*/*.html"))


def render(template: str, site: Site, other_language: str, context: Mapping[str, Any]) -> str:
    """The page. `other_language`: address of the same page in the other language, from which its absolute addresses in
    each are made."""
    found = environment(site.lang).get_template(template)
    return found.render(
        {
            "site": site,
            "lang": site.lang,
            "home": site.home,
            "other_language": other_language,
            "addresses": {one: site.absolute(in_language(other_language, one)) for one in LANGS},
            **context,
        }
    )


def km(value: float, lang: str) -> str:
    """3.24 → "3,2"; 12.6 → "13"."""
    return written(shown_km(value), lang)


def siret(number: str) -> str:
    """ "78467169500103" → "784 671 695 00103", as it is written on paper, unbreakable."""
    return "\u00a0".join(part for part in (number[:3], number[3:6], number[6:9], number[9:]) if part)


def filters(lang: str) -> dict[str, Callable[..., str]]:
    """Jinja's filters that write numbers, distances and days as a language does."""
    return {
        "number": lambda value: written(value, lang),
        "km": lambda value: km(value, lang),
        "decimal": lambda value: decimal(value, lang),
        "siret": siret,
        "percent": lambda value: percent(value, lang),
        "day": lambda value: day(value, lang),
    }


def json_ld(told: Mapping[str, Any]) -> Markup:
    """Safe within a script element; members that have nothing to say are left out."""
    text = json.dumps(_present({"@context": "https://schema.org", **told}), ensure_ascii=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704


def item_list(addresses: Iterable[str], first: int, total: int) -> Markup:
    """A page of results as an ItemList: the whole addresses of its suppliers, in their order, and how many there are
    in all."""
    entries = [
        {"@type": "ListItem", "position": position, "url": address} for position, address in enumerate(addresses, first)
    ]
    return json_ld({"@type": "ItemList", "numberOfItems": total, "itemListElement": entries})


def _present(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _present(held) for name, held in value.items() if held not in (None, "", [], {})}
    return value
