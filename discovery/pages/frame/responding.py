"""Templates → HTML, in an environment without Flask around it; and a page's response: form,
language (the browser's for whoever comes from elsewhere), validator.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any
from urllib.parse import quote

import markupsafe
from flask import Flask, Response, redirect, request
from flask.globals import request_ctx
from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer
from werkzeug.wrappers import Response as BaseResponse

from discovery.answers import links
from discovery.answers.search import message
from discovery.answers.supplier import Names
from discovery.desk.alerts import RHYTHMS, Every
from discovery.disk_cache import cached
from discovery.engine.port import EngineUnavailable
from discovery.http.addresses import origin
from discovery.http.api.endpoint import services as services
from discovery.http.errors import engine_away
from discovery.http.problems import Details, of_parameters
from discovery.http.requests import note
from discovery.http.responses import unkept, validated
from discovery.mappings.mailbox import MAX_LENGTH
from discovery.mappings.vocabulary import LANGS
from discovery.model import dataclass
from discovery.pages.files import bundles
from discovery.pages.frame.urls import (
    KINDS_PATH,
    NEED_PATH,
    PEOPLE,
    PROGRAMME_PATH,
    STANDING,
    PageUrls,
)
from discovery.search.query import MAX_Q, NO_LIMIT, InvalidQuery, Query
from discovery.texts import (
    day,
    decimal,
    language,
    percent,
    shown_km,
    t,
    template,
    typeset,
    typesetter,
    written,
)
from discovery.texts import warm as read_texts


@dataclass(frozen=True, slots=True)
class Site:
    """What every page shows. `base`: the service's address as seen from outside, without a slash at
    its end, or ""; `scope`: what is open, presented, when not everything is.
    """

    lang: str
    base: str = ""
    sample: bool = False
    scope: Mapping[str, Any] | None = None

    @property
    def query(self) -> str:
        """What keeps the language in an address that has no other parameter."""
        return "" if self.lang == "fr" else f"?lang={self.lang}"

    @property
    def other_lang(self) -> str:
        return "en" if self.lang == "fr" else "fr"


class _Direct(CodeGenerator):
    """Writes `a.b` so that a dictionary's key is taken without a call, and what is shown so that a
    text is escaped without becoming Markup, since it is joined at once: most of what pages show is
    such.
    """

    def _output_child_pre(self, *_: Any) -> None:
        self.write("(environment.escaped(_text) if type(_text := ")

    def _output_child_post(self, *_: Any) -> None:
        self.write(") is str else escape(_text))")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 - by this name it is called
        self.write(f"(_of[{node.attr!r}] if type(_of := ")
        self.visit(node.node, frame)
        self.write(
            f") is dict and {node.attr!r} in _of else environment.getattr(_of, {node.attr!r}))"
        )


class Prepared(Environment):
    """Asks once, when a template is compiled, for what no page changes: texts and addresses of
    files by name. Drops the indentation that templates are read by.
    """

    code_generator_class = _Direct
    # Its inner step makes no Markup; it is private, so a version without it falls back to the
    # whole.
    escaped = staticmethod(getattr(markupsafe, "_escape_inner", markupsafe.escape))
    unchanging: Mapping[str, Callable[..., str]] = {}
    """Functions that always answer the same, by their names in templates."""

    def preprocess(self, source: str, *args: Any) -> str:
        return super().preprocess(re.sub(r"(?m)^[ \t]+", "", source), *args)

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
        name, given = (
            getattr(node.node, "name", ""),
            [getattr(one, "value", None) for one in node.args],
        )
        if (
            name not in self._functions
            or node.kwargs
            or not all(isinstance(one, str) for one in given)
        ):
            return self.generic_visit(node)
        return nodes.Const(self._functions[name](*given), lineno=node.lineno)


_CODES: Mapping[str, _Codes] = {lang: _Codes() for lang in LANGS}


@cache
def environment(lang: str) -> Environment:
    """Compiled templates of one language: its filters and its texts are bound when they are
    compiled.
    """
    made = Prepared(
        loader=FileSystemLoader(sorted({path.parent for path in bundles.ROOMS.glob("*/*.html")})),
        autoescape=True,
        trim_blocks=True,
        undefined=StrictUndefined,
        auto_reload=False,
        bytecode_cache=_CODES[lang],
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
        _CODES[lang].codes = codes[lang]
        _get_all(environment(lang))
        _CODES[lang].codes = {}


def _compiled() -> dict[str, dict[str, bytes]]:
    """By language, the templates' codes, in which texts and addresses stand."""
    for lang in LANGS:
        _get_all(environment(lang))
    return {lang: known.codes for lang, known in _CODES.items()}


def _get_all(made: Environment) -> None:
    for name in template_names():
        made.get_template(name)


def template_names() -> list[str]:
    """Files beside the pages' views; each name stands once."""
    return sorted(path.name for path in bundles.ROOMS.glob("*/*.html"))


def drawn(template: str, site: Site, here: PageUrls, context: Mapping[str, Any]) -> str:
    """A page. `here`: its own address, which leads to the other language, and whole to either. The
    form at its head is empty, unless `context` has that of a search (`search_form`).
    """
    form = (
        {} if "radii" in context else search_form(Query(), home(site), services().presenter.names)
    )
    tongues: dict[str, str] = {
        one: here.keep(lang=None if one == LANGS[0] else one) for one in LANGS
    }
    shown = {
        "site": site,
        "lang": site.lang,
        "home": f"/{site.query}",
        "other_language": tongues[site.other_lang],
        "addresses": {one: site.base + address for one, address in tongues.items()},
        **form,
        **context,
    }
    return environment(site.lang).get_template(template).render(shown)


def km(value: float, lang: str) -> str:
    """Kilometres as pages write them: 3.24 → "3,2"; 12.6 → "13"."""
    return written(shown_km(value), lang)


def siret(number: str) -> str:
    """ "78467169500103" → "784 671 695 00103", as it is written on paper, unbreakable."""
    return "\u00a0".join(
        part for part in (number[:3], number[3:6], number[6:9], number[9:]) if part
    )


def filters(lang: str) -> dict[str, Callable[..., str]]:
    """Jinja's filters that write numbers, distances, days and signs as a language does."""
    return {
        "number": lambda value: written(value, lang),
        "km": lambda value: km(value, lang),
        "decimal": lambda value: decimal(value, lang),
        "siret": siret,
        "percent": lambda value: percent(value, lang),
        "typeset": lambda value: typeset(value, lang),
        "day": lambda value: day(value, lang),
    }


def json_ld(told: Mapping[str, Any]) -> markupsafe.Markup:
    """Safe within a script element; members that have nothing to say are left out."""
    text = json.dumps(
        _present({"@context": "https://schema.org", **told}),
        ensure_ascii=False,
        separators=(",", ":"),
    )
    text = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return markupsafe.Markup(text)  # noqa: S704


def item_list(addresses: Iterable[str], first: int, total: int) -> markupsafe.Markup:
    """A page of results as an ItemList: the whole addresses of its suppliers, in their order, and
    how many there are in all.
    """
    entries = [
        {"@type": "ListItem", "position": position, "url": address}
        for position, address in enumerate(addresses, first)
    ]
    return json_ld({"@type": "ItemList", "numberOfItems": total, "itemListElement": entries})


def _present(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            name: _present(held) for name, held in value.items() if held not in (None, "", [], {})
        }
    return value


def site(lang: str | None = None) -> Site:
    """The page's frame; `lang`: the request's own unless given."""
    settings = services().settings
    lang = lang or language(request.args.get("lang"))
    return Site(
        lang=lang,
        base=origin(settings),
        sample=settings.sample,
        scope=services().presenter.scope(lang),
    )


def home(site: Site) -> PageUrls:
    """Addresses of searches that start from nothing but the language."""
    return PageUrls((("lang", "" if site.lang == "fr" else site.lang),), "/")


def page_at(path: str, template: str, site: Site, context: Mapping[str, Any]) -> str:
    """A page of its own, which no search leads to. `path`: its address, without a language."""
    return drawn(template, site, PageUrls(home(site).pairs, path), context)


def at_fault(error: InvalidQuery | EngineUnavailable, lang: str) -> tuple[list[str], Details]:
    """Why what somebody sent has no answer: in sentences for the page, and as the problem that it
    is.
    """
    if isinstance(error, InvalidQuery):
        return [message(one, lang) for one in error.problems], of_parameters(error.problems)
    return [t("page.away_hint", lang)], engine_away(error)


def refused(text: str, details: Details, lang: str) -> Response:
    """The answer to what somebody sent and can't be used: `text`, the page that says so. The log
    says why, and no word of it.
    """
    note(problem=details.name)
    response = unkept_page(text, lang)
    response.status_code = details.status
    response.headers.extend(details.headers)
    return response


def unkept_page(text: str, lang: str) -> Response:
    """The answer to what somebody sent; kept by nobody."""
    return unkept(Response(text.encode("utf-8", "replace"), mimetype="text/html"), lang)


def html(text: str) -> Response:
    """A page as a response: 200 with a validator, or 304."""
    response = validated(text.encode("utf-8", "replace"), "text/html")
    response.headers["Content-Language"] = language(request.args.get("lang"))
    return response


def error_page(title: str, detail: str, lang: str) -> str:
    """An error outside the search, drawn for people, with the form to start again from."""
    return page_at(
        "/",
        "message.html",
        site(lang),
        {"title": typeset(title, lang), "detail": typeset(detail, lang)},
    )


FIELDS = ("q", "near", "radius")
"""Parameters that the form shows; it carries the others along."""
KM = (5, 10, 20, 30, 50, 100, 200)

Option = tuple[str, str, bool]
"""(value of `radius`, in words, whether it holds)."""


def search_form(query: Query, urls: PageUrls, names: Names) -> dict[str, Any]:
    """What the form holds: as typed, whatever became of it."""
    return {
        "q": query.q,
        "near": names.gazetteer.label(query.near, query.lang) if query.near else "",
        "longest": MAX_Q,
        "too_long": len(query.q) > MAX_Q,
        "radii": radii(query.radius_km, query.lang),
        "no_limit": query.radius == NO_LIMIT,
        "hidden": [pair for pair in urls.pairs if pair[0] not in {*FIELDS, "page"}],
        "understood_place": "",
        "understood_radius": "",
        "by_car": by_car(query),
    }


def by_car(query: Query) -> str:
    """The minutes of a parameter, in words; "" without."""
    held = query.minutes if query.radius is None else None
    return "" if held is None else t("search.by_car", query.lang, minutes=decimal(held, query.lang))


def radii(held: float | None, lang: str) -> tuple[Option, ...]:
    """The usual distances, and the one that holds if it is another."""
    return tuple(
        (links.written(km), f"{decimal(km, lang)} km", km == held)
        for km in sorted({float(km) for km in (*KM, held) if km})
    )


EMAIL, RHYTHM = "courriel", "rythme"


def follow_form(action: str, given: str = "", every: str = Every.WEEK) -> dict[str, Any]:
    """What the form that follows a search is made of. `action`: where it is sent; `given`: the
    address so far.
    """
    return {
        "follow_action": action,
        "follow_given": given,
        "follow_every": every,
        "follow_fields": {"email": EMAIL, "rhythm": RHYTHM},
        "longest_address": MAX_LENGTH,
        "rhythms": RHYTHMS,
    }


READ = frozenset(module.removesuffix(".view").rpartition(".")[2] for module in PEOPLE)
"""Blueprints of pages that people read."""

VARY = ("Accept-Language", "Sec-Fetch-Site")
"""What the answer to an address without a language depends on."""


def install(app: Flask) -> None:
    """Lead whoever comes from elsewhere to the page in the language of their browser."""
    app.before_request(_led)
    app.after_request(_varies)


def _led() -> BaseResponse | None:
    """To the same address with `lang`. Within the site, or in a frame, nobody is led: a page
    without one is French, as its links say. A browser that does not say where somebody comes from
    gets French.
    """
    if not _languageless() or request.headers.get("Sec-Fetch-Dest") != "document":
        return None
    if request.headers.get("Sec-Fetch-Site") == "same-origin":
        return None
    asked = (
        tag.partition("-")[0].lower() for tag, weight in request.accept_languages if weight > 0
    )
    lang = next((tongue for tongue in asked if tongue in LANGS), LANGS[0])
    if lang == LANGS[0]:
        return None
    here = PageUrls(request.args.items(multi=True), quote(request.path))
    response = redirect(here.keep(lang=lang), 302)
    response.headers["Cache-Control"] = "no-store"
    return response


def _varies(response: Response) -> Response:
    if _languageless() and response.mimetype == "text/html":
        response.vary.update(VARY)
    return response


def _languageless() -> bool:
    """Whether a page for people, no file, is read by an address that leaves its language open."""
    request = request_ctx.request
    reads = request.method in ("GET", "HEAD") and request.blueprint in READ
    return reads and "." not in request.path and not request.args.get("lang", "").strip()
