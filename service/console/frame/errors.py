"""Error pages in the product's look."""

from __future__ import annotations

import math
from http import HTTPStatus

from flask import Response, current_app, make_response, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

WRITTEN = ("note", "handed_note", "text", "reason", "why")  # fields of somebody's own words


def error_page(error: HTTPException) -> Response:
    """The page for an error of the console: what happened, and what to do."""
    status = error.code or 500
    if error.response is not None:
        return make_response(error.response)
    title, advice = _explain(error, status)
    is_late = isinstance(error, CSRFError) or status == HTTPStatus.UNAUTHORIZED
    written = _written() if is_late else ()
    page = render_template(
        "frame/error.html", status=status, title=title, advice=advice, written=written
    )
    response = make_response(page, status)
    response.headers.extend(h for h in error.get_headers() if h[0] in {"Retry-After", "Allow"})
    return response


def _written() -> list[str]:
    """What somebody wrote into a form that was refused, for them to copy: not every browser fills
    the form in again when they go back. Only the console's own pages get it back, so that no other
    site can put words on a page of ours."""
    if request.headers.get("Sec-Fetch-Site") != "same-origin":
        return []
    try:
        return [text for name in WRITTEN if (text := request.form.get(name, "").strip())]
    except HTTPException:  # too large to be read
        return []


def away_page() -> Response:
    """The page while a part of the service is away.

    It is made without the session, which the database would be asked for.
    """
    template = current_app.jinja_env.get_template("frame/away.html")
    return make_response(template.render(), HTTPStatus.SERVICE_UNAVAILABLE)


def _explain(error: HTTPException, status: int) -> tuple[str, str]:
    if isinstance(error, CSRFError):
        return _("This form is no longer valid"), _(
            "It was opened before you signed in, or a long time ago. Nothing was saved: go back "
            "and send it once more."
        )
    wait = _minutes(error)
    known = {
        400: (
            _("That cannot be read"),
            _(
                "It holds characters or parts that the page does not send. Go back, load the page "
                "again and send it once more."
            ),
        ),
        401: (
            _("You are not signed in"),
            _(
                "Your session has ended. Nothing was saved: sign in in another window, then go "
                "back; what you typed is still there."
            ),
        ),
        403: (
            _("You may not do this"),
            _("Your account does not have the permission. An admin can give it to you."),
        ),
        404: (
            _("There is nothing here"),
            _(
                "The address is wrong, or what it names was deleted. Posts are deleted by their "
                "platform."
            ),
        ),
        405: (_("That cannot be done here"), _("Go back and use the buttons of the page.")),
        413: (_("That is too large"), _("Send fewer or smaller photographs.")),
        429: (
            _("Too many attempts"),
            ngettext(
                "Wait %(minutes)s minute, then try again. This protects the accounts from "
                "guessing.",
                "Wait %(minutes)s minutes, then try again. This protects the accounts from "
                "guessing.",
                wait,
                minutes=wait,
            ),
        ),
    }
    return known.get(
        status,
        (
            _("Something went wrong on our side"),
            _("Nothing you entered was changed. Try again; the log tells the details."),
        ),
    )


def _minutes(error: HTTPException) -> int:
    """After how many minutes whoever tried too often may try again, at least one."""
    seconds = getattr(error, "retry_after", None)
    return max(1, math.ceil(seconds / 60)) if isinstance(seconds, int) else 1
