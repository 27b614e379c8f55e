"""Problem details (RFC 9457): what an error says, as data. Pure."""

from collections.abc import Iterable
from typing import Annotated, Any, NotRequired, TypedDict, cast

from discovery.answers.search import ParameterError, told_problem
from discovery.errors import DiscoveryError
from discovery.model import dataclass, field
from discovery.search.query import MALFORMED, Args, Problem
from discovery.texts import t

DOCS = "/api/docs"
MEDIA_TYPE = "application/problem+json"

_NAMES = {
    400: "malformed bad_request wrong_host",
    401: "token_needed",
    403: "unknown_key wrong_origin metrics_closed",
    404: "not_found supplier_not_found not_open alerts_closed",
    405: "method_not_allowed",
    410: "gone closed",
    413: "too_large",
    414: "too_long",
    415: "unsupported",
    422: "invalid",
    429: "too_many too_heavy one_at_a_time",
    500: "internal",
    503: "overloaded unavailable not_ready alerts_away",
}
STATUS = {name: status for status, names in _NAMES.items() for name in names.split()}
"""Each type of problem and its status; `type` leads to its paragraph in the documentation."""

VARYING = (
    "reason",
    "id",
    "allowed",
    "accepted",
    "length",
    "limit",
    "request_id",
    "origin",
    "seconds",
    "wait",
    "scope",
)
"""What the texts of problems leave open."""


class ProblemBody(TypedDict):
    """The one shape of errors."""

    type: Annotated[str, "Address of the paragraph that explains this type of problem."]
    title: str
    status: int
    detail: Annotated[str, "What happened and what to do, in the language of `lang`."]
    errors: NotRequired[Annotated[list[ParameterError], "All parameters at fault, at once."]]
    reason: NotRequired[Annotated[str, "With 503: why the engine can't answer."]]
    request_id: NotRequired[Annotated[str, "With 500: the number under which the fault is logged."]]


@dataclass(frozen=True, slots=True)
class Details:
    """One error to be answered. `name` is a key of `STATUS`, or `refused` with a `status` of its
    own.

    `errors`: the parameters at fault. `extra`: further members, such as an engine's `reason`.
    `headers`: Retry-After, Allow…
    """

    name: str
    args: Args = field(default_factory=dict)
    errors: tuple[Problem, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)
    headers: tuple[tuple[str, str], ...] = ()
    refused: int = 0

    @property
    def status(self) -> int:
        return self.refused or STATUS[self.name]

    def title(self, lang: str) -> str:
        return t(f"http.{self.name}.title", lang, **self.args)

    def detail(self, lang: str) -> str:
        return t(f"http.{self.name}.detail", lang, **self.args)

    def body(self, lang: str) -> ProblemBody:
        """The members of RFC 9457, then ours."""
        found: ProblemBody = {
            "type": f"{DOCS}#problem-{slug(self.name)}",
            "title": self.title(lang),
            "status": self.status,
            "detail": self.detail(lang),
        }
        if self.errors:
            found["errors"] = [told_problem(one, lang) for one in self.errors]
        return cast(ProblemBody, found | self.extra)


def slug(name: str) -> str:
    return name.replace("_", "-")


class Refused(DiscoveryError):
    """Raised by an endpoint to answer with a problem."""

    def __init__(self, details: Details) -> None:
        self.details = details
        self.status = details.status
        super().__init__(details.name)


def of_parameters(problems: Iterable[Problem]) -> Details:
    """The problem that tells all faults of the parameters at once: 400 as soon as one can't even be
    read, else 422.
    """
    found = tuple(problems)
    return Details(
        "malformed" if any(one.code in MALFORMED for one in found) else "invalid", errors=found
    )


def unavailable(reason: str, *, name: str = "unavailable") -> Details:
    """The problem told when the engine can't answer; `reason` is its own word on it, with the
    command to run when there is one.
    """
    return Details(
        name, {"reason": reason}, extra={"reason": reason}, headers=(("Retry-After", "5"),)
    )
