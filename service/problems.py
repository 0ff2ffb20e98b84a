"""Errors of the API as RFC 9457 problem details."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from flask import Flask, Response, json, request
from werkzeug.exceptions import HTTPException


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


def install(app: Flask, page: Callable[[HTTPException], Response], prefix: str = "/v1/") -> None:
    """Answer every error below ``prefix`` as a problem, also those that Flask itself raises.

    Errors elsewhere are answered by ``page``.
    """

    @app.errorhandler(Problem)
    def _problem(problem: Problem) -> Response:
        return problem.response()

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        if not request.path.startswith(prefix):
            return page(error)
        status = HTTPStatus(error.code or 500)
        code = status.name.lower().replace("_", "-")
        return Problem(status, code, error.description or status.phrase).response()
