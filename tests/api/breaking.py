"""What a change of the OpenAPI document would break for who uses the API, in words. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

Spec = Mapping[str, Any]


def breaking(then: Spec, now: Spec) -> list[str]:
    """Each thing that clients of `then` may rely on and `now` lacks; empty when all is only added
    to.
    """
    return [*_paths(then["paths"], now["paths"]), *_schemas(_components(then), _components(now))]


def _components(spec: Spec) -> Spec:
    found: Spec = spec.get("components", {}).get("schemas", {})
    return found


def _paths(then: Spec, now: Spec) -> Iterator[str]:
    for path, item in then.items():
        if path not in now:
            yield f"{path}: the endpoint is gone"
            continue
        for method in ("get",):
            before, after = item.get(method, {}), now[path].get(method, {})
            yield from _parameters(path, _by_name(before), _by_name(after))
            for status in before.get("responses", {}):
                if status.startswith("2") and status not in after.get("responses", {}):
                    yield f"{path}: no longer answers {status}"


def _by_name(operation: Spec) -> dict[str, Any]:
    return {one["name"]: one for one in operation.get("parameters", ())}


def _parameters(path: str, then: Spec, now: Spec) -> Iterator[str]:
    for name, one in then.items():
        if name not in now:
            yield f"{path}: parameter {name} is gone"
            continue
        schema = one.get("schema", {})
        yield from _values(
            f"{path}: parameter {name}", schema, _as_before(schema, now[name].get("schema", {}))
        )
        if now[name].get("required") and not one.get("required"):
            yield f"{path}: parameter {name} is required now"
    for name, one in now.items():
        if name not in then and one.get("required"):
            yield f"{path}: a new parameter, {name}, is required"


def _as_before(then: Spec, now: Spec) -> Spec:
    """Of a parameter that takes more than it did, the form that it had: what clients send stays
    valid.
    """
    same = (one for one in now.get("anyOf", ()) if one.get("type") == then.get("type"))
    return next(same, now)


def _schemas(then: Spec, now: Spec) -> Iterator[str]:
    for name, schema in then.items():
        if name not in now:
            yield f"{name}: the object is gone"
            continue
        for member, described in schema.get("properties", {}).items():
            after = now[name].get("properties", {})
            if member not in after:
                yield f"{name}.{member} is gone"
                continue
            yield from _values(f"{name}.{member}", described, after[member])
            if member in schema.get("required", ()) and member not in now[name].get("required", ()):
                yield f"{name}.{member} may be missing now"


def _values(what: str, then: Spec, now: Spec) -> Iterator[str]:
    gone = [value for value in then.get("enum", ()) if "enum" in now and value not in now["enum"]]
    if gone:
        yield f"{what} no longer has {', '.join(map(str, gone))}"
    if "enum" in now and "enum" not in then:
        yield f"{what} takes listed values only now"
    if then.get("type") != now.get("type") or then.get("$ref") != now.get("$ref"):
        yield f"{what} has another type"
