"""Shapes of analysts' files, declared once: a dataclass is the rule, the reader's schema and the
editors' text.

Marshmallow reads, by a schema made of the annotations: analysts know its messages, apispec makes
JSON Schema of it, and the service needs both anyway. pydantic, an extra, would word each message
anew; cattrs makes no JSON Schema.
"""

import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, field, fields, is_dataclass
from functools import cache
from typing import (
    Annotated,
    Any,
    Literal,
    TypeVar,
    Union,
    cast,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

from marshmallow import Schema, ValidationError, post_load, validates_schema
from marshmallow import fields as forms
from marshmallow.validate import Length, OneOf, Range, Regexp

from discovery.model import dataclass

C = TypeVar("C", bound=type)

_MESSAGES = {
    "required": "is missing",
    "unknown": "Unknown field: misspelt, or of another version; take it out",
}


@dataclass(frozen=True, slots=True, eq=False)
class Options:
    """What the marshmallow field of a type gets besides, within `Annotated`."""

    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reasoned:
    """A value that files write below `key`, beside its `why`: `{weight: 3, why: …}` is the number
    3.
    """

    key: str = "value"
    about: str = ""
    why: Any = None
    """The type of the reason; None: `Why`."""


Filled = Annotated[str, Length(min=1)]
Sentence = Annotated[str, Regexp(r"^\S.*[.…]$", error="not a sentence: it ends with a full stop")]
Slug = Annotated[
    str,
    Regexp(
        r"^[a-z0-9]+(-[a-z0-9]+)*$",
        error="not a slug: lower case letters, digits and single hyphens",
    ),
]
Share = Annotated[float, Range(0, 1)]
Weight = Annotated[float, Range(0, 100)]
Why = Annotated[
    str,
    Length(min=10, error="say why in a sentence"),
    Options(
        {
            "error_messages": {"required": "every number needs its reason: add `why:`"},
            "metadata": {
                "description": "Why these numbers are what they are, in a sentence: change both together."
            },
        }
    ),
]


def about(
    text: str = "", *, key: str = "", either: Mapping[str, Any] | None = None, **given: Any
) -> Any:
    """A field of a declared class. `text`: its description for editors. `key`: its name in the
    file, where that is another. `either`: keys → types of which a file gives one. `given`: as of
    `dataclasses.field`.
    """
    return field(metadata={"about": text, "key": key, "either": either or {}}, **given)


@dataclass_transform(frozen_default=True, field_specifiers=(field, about))
def declared(
    *,
    why: Any = None,
    complete: bool = False,
    messages: Mapping[str, str] | None = None,
    **options: Any,
) -> Callable[[C], C]:
    """A frozen dataclass that files are read into.

    `why`: the type of the reason that an entry gives besides; it is for readers of the file, and
    not kept. `complete`: files give every field, and defaults are for code. `messages`: what is
    said of a field that is missing (`required`), empty (`null`), or `unknown`. `options`: as of
    `dataclasses.dataclass`.
    """

    def decorate(cls: C) -> C:
        made: Any = dataclass(**{"frozen": True, "slots": True, **options})(cls)
        made.__declared__ = (why, complete, {**_MESSAGES, **(messages or {})})
        return cast(C, made)

    return decorate


@cache
def schema_of(shape: Any) -> type[Schema]:
    """The marshmallow schema of a dataclass, or of a TypedDict, whose keys may all be left out.
    Loading gives an object of that type, or what its method `parsed` gives, which may raise
    ValidationError.

    Within `Annotated` stand: validators; a text, the description for editors; `Options`; another
    declared class, or a marshmallow field, that reads the type; `Reasoned`, the last.
    """
    why, complete, messages = getattr(shape, "__declared__", (None, False, _MESSAGES))
    said = {key: text for key, text in messages.items() if key != "unknown"}
    hints = get_type_hints(shape, include_extras=True)
    columns: dict[str, Any] = {"why": _form(why, required=True)} if why else {}
    renamed: dict[str, str] = {}
    one_of: list[list[str]] = []
    for name, required, rules in _members(shape, complete):
        if rules.get("either"):
            one_of.append(list(rules["either"]))
            renamed |= dict.fromkeys(rules["either"], name)
            columns |= {key: _form(type_) for key, type_ in rules["either"].items()}
            continue
        key = rules.get("key") or name
        renamed[key] = name
        metadata = {"description": rules["about"]} if rules.get("about") else None
        columns[key] = _form(hints[name], said, required=required, metadata=metadata)

    def one_key(_: Schema, data: dict[str, Any], **__: Any) -> None:
        for keys in one_of:
            if sum(key in data for key in keys) != 1:
                raise ValidationError(
                    f"needs a {' or a '.join(f'`{key}`' for key in keys)}, one of them"
                )

    def build(_: Schema, data: dict[str, Any], **__: Any) -> Any:
        if why:
            del data["why"]
        made = shape(**{renamed[key]: value for key, value in data.items()})
        return made.parsed() if hasattr(shape, "parsed") else made

    more: dict[str, Any] = {"build": post_load(build)}
    if one_of:
        more["one_key"] = validates_schema(one_key)
    if "unknown" in messages:
        more["error_messages"] = {"unknown": messages["unknown"]}
    return type(shape.__name__.strip("_"), (Schema,), {**columns, **more})


def _members(shape: Any, complete: bool) -> Iterator[tuple[str, bool, Mapping[str, Any]]]:
    """Name, whether files must give it, and rules of each field."""
    if not is_dataclass(shape):
        yield from ((name, False, {}) for name in shape.__annotations__)
        return
    for item in fields(shape):
        if item.init:
            left_out = item.default is not MISSING or item.default_factory is not MISSING
            yield item.name, complete or not left_out, item.metadata


@cache
def _reasoned(rule: Reasoned, type_: Any) -> type[Schema]:
    def build(_: Schema, data: dict[str, Any], **__: Any) -> Any:
        return data[rule.key]

    metadata = {"description": rule.about} if rule.about else None
    columns = {
        "why": _form(rule.why or Why, required=True),
        rule.key: _form(type_, required=True, metadata=metadata),
    }
    return type("Reasoned", (Schema,), {**columns, "build": post_load(build)})


def _form(type_: Any, messages: Mapping[str, str] = _MESSAGES, **options: Any) -> forms.Field[Any]:
    """The marshmallow field of a type. `options`: `required` and `metadata`, where they are
    anything.
    """
    rules: tuple[Any, ...] = ()
    if get_origin(type_) is Annotated:
        type_, *rest = get_args(type_)
        rules = tuple(rest)
    options = {key: value for key, value in options.items() if value}
    if get_origin(type_) in (Union, types.UnionType):
        [type_] = (part for part in get_args(type_) if part is not types.NoneType)
        if options.get("required"):
            options["allow_none"] = True
        return _form(Annotated[(type_, *rules)] if rules else type_, messages, **options)
    options["error_messages"] = {**messages}
    if rules and isinstance(rules[-1], Reasoned):  # the rules before it are its value's
        value = Annotated[(type_, *rules[:-1])] if rules[1:] else type_
        return forms.Nested(_reasoned(rules[-1], value), **options)
    checks = []
    for rule in rules:
        if isinstance(rule, type) and issubclass(rule, forms.Field):
            return rule(**options)
        if isinstance(rule, type):
            type_ = rule
        elif isinstance(rule, str):
            options["metadata"] = {"description": rule}
        elif isinstance(rule, Options):
            options |= rule.options
        else:
            checks.append(rule)
    if checks:
        options["validate"] = checks
    return _plain(type_, options)


def _plain(type_: Any, options: dict[str, Any]) -> forms.Field[Any]:
    origin, parts = get_origin(type_), get_args(type_)
    if origin is tuple or origin is frozenset:
        return (_Tuple if origin is tuple else _FrozenSet)(_form(parts[0]), **options)
    if origin is Literal:
        return forms.String(**{"validate": OneOf(parts), **options})
    if origin is not None and issubclass(origin, Mapping):
        return _Dict(_form(parts[0]), _form(parts[1]), **options)
    if type_ is int:
        return forms.Integer(strict=True, **options)
    return (
        _PLAIN[type_](**options) if type_ in _PLAIN else forms.Nested(schema_of(type_), **options)
    )


_PLAIN: dict[Any, type[forms.Field[Any]]] = {
    str: forms.String,
    float: forms.Float,
    bool: forms.Boolean,
}


class _Dict(forms.Dict):
    """Faults of a value stand at its key, as in the file."""

    def _deserialize(self, *args: Any, **settings: Any) -> Any:
        try:
            return super()._deserialize(*args, **settings)  # type: ignore[no-untyped-call]
        except ValidationError as error:
            if isinstance(error.messages, dict):
                error.messages = {
                    key: said.get("key") or said["value"] for key, said in error.messages.items()
                }
            raise


class _Tuple(forms.List[Any]):
    def _deserialize(self, *args: Any, **settings: Any) -> Any:
        return tuple(super()._deserialize(*args, **settings))


class _FrozenSet(forms.List[Any]):
    def _deserialize(self, *args: Any, **settings: Any) -> Any:
        return frozenset(super()._deserialize(*args, **settings))
