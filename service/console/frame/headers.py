"""Headers that keep other sites, and anything injected, from using a page."""

from __future__ import annotations

from flask import Flask, Response

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
# Try it keeps nothing, so its photographs travel inside the page that shows them.
POLICY_WITH_PHOTOGRAPHS_INSIDE = POLICY.replace("img-src 'self'", "img-src 'self' data:")

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def install(app: Flask) -> None:
    """Send the headers with every answer that does not set its own."""

    @app.after_request
    def _add(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        # Pages, tables and answers of the API tell of posts and people; files say how long they
        # may be kept.
        response.headers.setdefault("Cache-Control", "no-store")
        return response
