"""Whether an answer is of its type: nothing missing, nothing besides, at any depth."""

from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from discovery.answers.described import Components, reference


@cache
def _validator(shape: type) -> Draft202012Validator:
    components: Components = {}
    return Draft202012Validator(
        {**reference(shape, components), "components": {"schemas": components}}
    )


def faults(shape: type, answer: Any) -> list[str]:
    """What of the answer is not as its type says, each with its path."""
    found = _validator(shape).iter_errors(answer)
    return [f"{'.'.join(map(str, one.absolute_path))}: {one.message[:300]}" for one in found]
