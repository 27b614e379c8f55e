"""Headers of every response: who may read it, and what a page of ours may load."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from flask import Flask, Response, request

from discovery.http.policy import policy_of
from discovery.mappings import Settings

EXPOSED = (
    "Content-Disposition, ETag, Link, RateLimit-Limit, RateLimit-Policy, RateLimit-Remaining, RateLimit-Reset, "
    "Retry-After, Server-Timing, X-Request-ID, X-Results-Capped, X-Scope, X-Total-Count"
)

PERMISSIONS = "camera=(), geolocation=(self), microphone=(), payment=(), usb=()"
"""What no page of ours asks the browser for, but where somebody is."""

_API_POLICY = "default-src 'none'; frame-ancestors 'none'"


def install(app: Flask, settings: Settings) -> None:
    """Add the headers to all that an application answers."""
    policy = page_policy(settings.tiles_from[0])

    def add(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
        headers.setdefault("Permissions-Policy", PERMISSIONS)
        if settings.public_url.startswith("https://"):
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        is_page = response.mimetype == "text/html"
        if is_page:
            headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Content-Security-Policy", policy if is_page else _API_POLICY)
        held = policy_of(request.path)
        if held.shared:
            headers["Access-Control-Allow-Origin"] = "*"
            headers["Access-Control-Expose-Headers"] = EXPOSED
            headers["Cross-Origin-Resource-Policy"] = "cross-origin"
            if request.method == "OPTIONS":
                headers["Access-Control-Allow-Methods"] = "POST, OPTIONS" if held.posted else "GET, HEAD, OPTIONS"
                headers["Access-Control-Allow-Headers"] = "*"
                headers["Access-Control-Max-Age"] = "86400"
        return response

    app.after_request(add)


def page_policy(tiles_url: str = "") -> str:
    """The content security policy of pages: no inline script or style, nothing from elsewhere but the map's tiles,
    never in a frame."""
    tiles = urlsplit(tiles_url)
    images = f"'self' data: {tiles.scheme}://{_host(tiles.netloc)}" if tiles.netloc else "'self' data:"
    return (
        f"default-src 'self'; img-src {images}; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )


def framed_by(policy: str, origins: Iterable[str]) -> str:
    """A content security policy changed so that pages of these origins, and ours, may show the page in a frame.
    `policy`: one that allows nobody (`frame-ancestors 'none'`)."""
    return policy.replace("frame-ancestors 'none'", " ".join(("frame-ancestors 'self'", *origins)))


def _host(netloc: str) -> str:
    """`{s}.tiles.example` stands for several hosts."""
    return netloc.replace("{s}", "*")
