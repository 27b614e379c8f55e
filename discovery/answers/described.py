"""The types of answers → components of OpenAPI. A type is a TypedDict: the dict that is built, sent
and shown.

A member that is `Annotated` with a text is described by it; with a mapping, it has those keywords
of JSON Schema. Where something else has a type's plain name, it ends in `Body`, which the
component's name drops.
"""

from collections.abc import Callable, Iterable, Mapping
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

JsonSchema = dict[str, Any]
"""A schema, as JSON Schema writes it."""
Components = dict[str, JsonSchema]
"""Name → schema, each after those that it refers to."""

_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean"}
Type = TypeVar("Type", bound=type)


def with_lists(names: Iterable[str], of: type) -> Callable[[Type], Type]:
    """Declare members that are lists of `of`: a row of the table of attributes is enough for
    another one.
    """

    def declare(shape: Type) -> Type:
        shape.__annotations__.update(dict.fromkeys(names, list[of]))  # type: ignore[valid-type]
        return shape

    return declare


def reference(shape: type, components: Components) -> JsonSchema:
    """A reference to a type, which is put among the components with all that it holds."""
    name = shape.__name__.removesuffix("Body")
    if name not in components:
        made: JsonSchema = {"type": "object", "properties": {}, "additionalProperties": False}
        known = {**components, name: made}  # a type may hold itself
        required = []
        for member, held in get_type_hints(shape, include_extras=True).items():
            if get_origin(held) is NotRequired:
                (held,) = get_args(held)
            elif member not in shape.__optional_keys__:  # type: ignore[attr-defined]
                required.append(member)
            made["properties"][member] = schema(held, known)
        if required:
            made["required"] = sorted(required)
        components.update({each: known[each] for each in known if each != name})
        components[name] = made
    return {"$ref": f"#/components/schemas/{name}"}


def schema(held: Any, components: Components) -> JsonSchema:
    """The schema of a member's type; what it refers to is put among the components."""
    origin, arguments = get_origin(held), get_args(held)
    if origin is Annotated:
        described = schema(arguments[0], components)
        for told in arguments[1:]:
            described |= told if isinstance(told, Mapping) else {"description": told}
        return described
    if origin in (Union, UnionType):
        (inner,) = (one for one in arguments if one is not NoneType)
        return _or_null(schema(inner, components))
    if origin is Literal:
        return {"type": "string", "enum": list(arguments)}
    if origin is list:
        return {"type": "array", "items": schema(arguments[0], components)}
    if origin is dict:
        return {"type": "object", "additionalProperties": schema(arguments[1], components)}
    if held in _PLAIN:
        return {"type": _PLAIN[held]}
    return {} if held is object else reference(held, components)


def _or_null(made: JsonSchema) -> JsonSchema:
    if "$ref" in made:
        return {"anyOf": [made, {"type": "null"}]}
    return (
        made
        | {"type": [made["type"], "null"]}
        | ({"enum": [*made["enum"], None]} if "enum" in made else {})
    )
