"""Every refusal of the console is written to the audit log."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, request
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import Forbidden, HTTPException, TooManyRequests, Unauthorized

from service.accounts import tried
from service.audit.refusals import Refusal, Refusals
from service.client_address import asked, network
from service.console.frame.errors import error_page
from service.parts import Parts
from service.tables import Json

ANYBODY = "anonymous"
REFUSALS: dict[type[HTTPException], str] = {
    Forbidden: "refused.permission",
    Unauthorized: "refused.session",
    CSRFError: "refused.form",
    TooManyRequests: "refused.rate",
}


def watch(blueprint: Blueprint, parts: Parts) -> None:
    """Answer with the page of the error, once the refusal is written."""
    refusals = Refusals(parts.sessions)
    for kind, action in REFUSALS.items():
        blueprint.register_error_handler(kind, partial(_answer, parts, refusals, action))


def where() -> Json:
    """The address of the request, for an entry's details."""
    return {"address": network()}


def _answer(parts: Parts, refusals: Refusals, action: str, error: HTTPException) -> Response:
    actor = current_user.name if current_user.is_authenticated else ANYBODY
    subject = asked(request)
    if request.endpoint == "console.check_sign_in":
        with parts.sessions() as session:
            subject = tried(session, request.form.get("name", ""))
    refusals.note(Refusal(actor, action, subject, network()))
    return error_page(error)
