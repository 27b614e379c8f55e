"""Every error becomes a problem for people: JSON for programs, a small page for browsers. Never a
trace.
"""

import errno
from collections.abc import Callable

import structlog
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from discovery.engine.port import EngineUnavailable
from discovery.http.long_work import busy
from discovery.http.problems import MEDIA_TYPE, Details, Refused, of_parameters, unavailable
from discovery.http.requests import MAX_ADDRESS, note, policy_of, request_id
from discovery.http.responses import encoded, unkept
from discovery.search.query import InvalidQuery
from discovery.texts import language

ErrorPage = Callable[[str, str, str], str]
"""(title, detail, language) → an HTML page."""

_NAMES = {400: "bad_request", 404: "not_found"}


def install(app: Flask, page: ErrorPage | None = None) -> None:
    """Handle all that can be raised; `page` draws errors for browsers outside the API; without it
    they are data.
    """

    def answer(details: Details) -> Response:
        return respond(details, page)

    app.register_error_handler(Refused, lambda error: answer(error.details))
    app.register_error_handler(InvalidQuery, lambda error: answer(of_parameters(error.problems)))
    app.register_error_handler(EngineUnavailable, lambda error: answer(engine_away(error)))
    app.register_error_handler(HTTPException, lambda error: answer(http(error)))
    app.register_error_handler(Exception, lambda error: answer(accident(error)))


def respond(details: Details, page: ErrorPage | None = None) -> Response:
    """A problem as JSON (RFC 9457), or as a `page` where a browser asks; no cache keeps it."""
    lang = language(request.args.get("lang"))
    note(problem=details.name)
    by_reader = page is not None and not policy_of(request.path).data
    liked = (
        request.accept_mimetypes.best_match(["application/json", "text/html"])
        if by_reader
        else None
    )
    if page is not None and liked == "text/html":
        response = Response(
            page(details.title(lang), details.detail(lang), lang), mimetype="text/html"
        )
    else:
        response = Response(encoded(details.body(lang)), mimetype=MEDIA_TYPE)
    unkept(response, lang).status_code = details.status
    response.headers.extend(details.headers)
    if by_reader:
        response.vary.add("Accept")
    return response


def engine_away(error: EngineUnavailable) -> Details:
    """The problem told when no engine answers; logged."""
    structlog.get_logger().warning("engine unavailable", request_id=request_id(), reason=str(error))
    return unavailable(str(error))


def http(error: HTTPException) -> Details:
    """The problem told for what Flask refuses by itself."""
    status = error.code or 500
    if isinstance(error, MethodNotAllowed):
        allowed = ", ".join(sorted(error.valid_methods or ()))
        return Details("method_not_allowed", {"allowed": allowed}, headers=(("Allow", allowed),))
    if status == 414:
        length = len(request.path) + len(request.query_string)
        return Details("too_long", {"length": length, "limit": MAX_ADDRESS})
    if status == 413:
        return Details("too_large", {"limit": policy_of(request.path).max_body // 1_000})
    if status in _NAMES:
        return Details(_NAMES[status])
    return (
        accident(error)
        if status >= 500
        else Details("refused", {"status": str(status)}, refused=status)
    )


def accident(error: Exception) -> Details:
    """The problem told for a fault of ours: logged whole, said without detail. A disk that is full
    is no fault of ours, and may pass.
    """
    if _disk_full(error):
        structlog.get_logger().error(
            "no space left for temporary files", request_id=request_id(), reason=str(error)
        )
        return busy("overloaded")
    structlog.get_logger().error("internal error", request_id=request_id(), exc_info=error)
    return Details("internal", {"request_id": request_id()}, extra={"request_id": request_id()})


def _disk_full(error: BaseException | None) -> bool:
    """Whether an error, or one that led to it, says so."""
    if error is None:
        return False
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    return full or _disk_full(error.__cause__ or error.__context__)
