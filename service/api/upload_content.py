"""`PUT /v1/uploads/…/content`: the file itself, from anybody who has its URL."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, jsonify, request
from flask_cors import CORS

from service.api.uploads import shown
from service.audit.refusals import Refusal, Refusals
from service.client_address import asked, network
from service.credentials import CALLER
from service.parts import Parts
from service.problems import Problem, unavailable
from service.uploads.errors import Rule, UploadError
from service.uploads.receive import receive
from service.uploads.ticket import ForgedError, LateError, Ticket, Tickets, tickets_of
from service.waits import OutageError

PREFLIGHT_SECONDS = 3600


def add_routes(blueprint: Blueprint, parts: Parts, refusals: Refusals) -> None:
    """Add the route to the API's blueprint. A forged URL is noted as refused."""
    tickets = tickets_of(parts.config)
    _let_pages_put(blueprint, parts.config.upload_origins)

    @blueprint.put("/uploads/<key>/content")
    def put_upload(key: str) -> Response:
        ticket = _ticket(tickets, key, refusals)
        _check_length(ticket)
        request.max_content_length = ticket.size
        try:
            receive(parts, ticket, request.stream)
        except UploadError as error:
            raise _refused(error) from None
        except OutageError:
            raise unavailable() from None
        return jsonify(shown(parts, key))


def _let_pages_put(blueprint: Blueprint, origins: tuple[str, ...]) -> None:
    """Let pages of these origins put files from a browser."""
    if origins:
        CORS(
            blueprint,
            resources={r"/v1/uploads/[^/]+/content": {"origins": list(origins)}},
            methods=["PUT"],
            allow_headers=["Content-Type"],
            max_age=PREFLIGHT_SECONDS,
        )


def _ticket(tickets: Tickets, key: str, refusals: Refusals) -> Ticket:
    try:
        return tickets.read(key, request.args.get("ticket", ""))
    except LateError:
        raise _expired() from None
    except ForgedError:
        refusals.note(Refusal(CALLER, "refused.bad_upload_url", asked(request), network()))
        raise Problem(
            HTTPStatus.FORBIDDEN,
            "bad-upload-url",
            "This URL was not handed out like this; use it as POST /v1/uploads answered it.",
        ) from None


def _check_length(ticket: Ticket) -> None:
    length = request.content_length
    if length is None:
        raise Problem(
            HTTPStatus.LENGTH_REQUIRED, "length-required", "Send the file with Content-Length."
        )
    detail = f"The file was announced with {ticket.size} bytes, and has {length}."
    if length > ticket.size:
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "upload-too-large", detail)
    if length < ticket.size:
        raise Problem(HTTPStatus.BAD_REQUEST, "wrong-length", detail)


def _refused(error: UploadError) -> Problem:
    match error.rule:
        case Rule.CLAIMED:
            return Problem(HTTPStatus.CONFLICT, "upload-claimed", str(error))
        case Rule.WRONG_TYPE:
            return Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "wrong-type", str(error))
        case Rule.WRONG_LENGTH:
            return Problem(HTTPStatus.BAD_REQUEST, "wrong-length", str(error))
    return _expired()  # also one whose post was deleted


def _expired() -> Problem:
    detail = "The URL is no longer good. Begin the upload again."
    return Problem(HTTPStatus.GONE, "upload-expired", detail)
