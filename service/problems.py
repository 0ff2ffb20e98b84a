"""Errors of the API as RFC 9457 problem details."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

import structlog
from flask import Flask, Response, json, request
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import BadRequest, HTTPException

from service.outages import OUTAGES, is_outage, name_of

KEPT_HEADERS = {"Allow", "Retry-After"}  # of those that Flask's errors carry
AWAY_SECONDS = 5  # after which a client may ask again

log = structlog.get_logger()


@dataclass(frozen=True)
class FieldError:
    """One broken rule: ``pointer`` is a JSON pointer (RFC 6901) into the body."""

    pointer: str
    rule: str
    detail: str


@dataclass
class Problem(Exception):  # noqa: N818  # the RFC calls it a problem
    """An error answer. ``code`` is stable and documented; ``detail`` says what to do about it."""

    status: HTTPStatus
    code: str
    detail: str
    errors: Sequence[FieldError] = field(default_factory=tuple)
    headers: dict[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        """The problem as ``application/problem+json``."""
        body: dict[str, object] = {
            "type": f"urn:tagsift:problem:{self.code}",
            "title": self.status.phrase,
            "status": self.status.value,
            "code": self.code,
            "detail": self.detail,
            "instance": request.path,
        }
        if self.errors:
            body["errors"] = [vars(error) for error in self.errors]
        return Response(
            json.dumps(body),
            status=self.status.value,
            headers=self.headers,
            mimetype="application/problem+json",
        )


def unavailable() -> Problem:
    """The problem of a request that cannot be served while a part of the service is away."""
    return Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "unavailable",
        "A part of the service is away or restarting. Nothing was changed; send it again.",
        headers={"Retry-After": str(AWAY_SECONDS)},
    )


def install(
    app: Flask,
    page: Callable[[HTTPException], Response],
    away_page: Callable[[], Response],
    prefix: str = "/v1/",
) -> None:
    """Answer every error below ``prefix`` as a problem, also those that Flask itself raises.

    Errors elsewhere are answered by ``page``, outages by ``away_page``.
    """

    @app.errorhandler(Problem)
    def _problem(problem: Problem) -> Response:
        return problem.response()

    def _away(error: Exception) -> Response:
        if not is_outage(error):
            raise error
        log.warning("part_away", error=name_of(error))
        response = unavailable().response() if request.path.startswith(prefix) else away_page()
        response.headers["Retry-After"] = str(AWAY_SECONDS)
        return response

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        cause = getattr(error, "original_exception", None)
        if isinstance(cause, OUTAGES) and is_outage(cause):  # also while a page of an error is made
            return _away(cause)
        if not request.path.startswith(prefix):
            return page(error)
        status = HTTPStatus(error.code or 500)
        code = status.name.lower().replace("_", "-")
        told = {name: value for name, value in error.get_headers() if name in KEPT_HEADERS}
        return Problem(status, code, error.description or status.phrase, headers=told).response()

    @app.errorhandler(ParseException)
    def _framing(_error: Exception) -> Response:
        """The server's parser refuses the end of a body while it is read: a trailer, say."""
        answer = _http(BadRequest("The framing of the body is wrong."))
        answer.headers["Connection"] = "close"  # where the next request begins is not known
        return answer

    for kind in OUTAGES:
        app.register_error_handler(kind, _away)
