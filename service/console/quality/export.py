"""Reviews as a file to take away, for whoever has no shell on the service."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from threading import BoundedSemaphore

from flask import Blueprint, Response, flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_login import current_user

from service.audit import record
from service.console.frame.access import Permission, needs
from service.console.quality.pages import days_asked, since_days
from service.parts import Parts
from service.reviews.export import Exported, count_settled, settled
from service.reviews.zipped import IN_MEMORY, zip_export, zip_tables

MOST_POSTS = 1_000  # with their photographs: some hundred megabytes
MOST_IN_TABLES = 20_000

_place = BoundedSemaphore(1)  # one export at a time takes disk and a thread of a web process


class _NotMadeError(Exception):
    """No file was made; the text tells a person why."""


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The file, made when the button is pressed."""

    @blueprint.post("/quality/reviews.zip")
    @needs(Permission.QUALITY)
    def export_reviews() -> ResponseReturnValue:
        days = days_asked()
        try:
            return _file(parts, days, photographs="photographs" in request.form)
        except _NotMadeError as error:
            flash(str(error), "bad")
            return redirect(url_for("console.quality", days=days) + "#export", 303)


def _file(parts: Parts, days: int, *, photographs: bool) -> Response:
    since, most = since_days(days), MOST_POSTS if photographs else MOST_IN_TABLES
    with parts.sessions() as session:
        posts = count_settled(session, since, most + 1)
    if not posts:
        raise _NotMadeError(_("In this period nobody settled a post, so there is no file."))
    if posts > most:
        raise _NotMadeError(
            _(
                "There are more than %(most)s: choose a shorter time, or use "
                "“python -m service reviews export”.",
                most=format_decimal(most),
            )
        )
    if not _place.acquire(blocking=False):
        raise _NotMadeError(_("Another file is being made; try again in a moment."))
    # Closed, and gone from the disk, when the last byte was sent.
    out = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
    try:
        done = _write(parts, since, out, photographs=photographs)
        if not done.labelled + done.unlabelled:
            raise _NotMadeError(
                _("No photograph of a post settled in this period is kept any more.")
            )
        told = {"days": days, "photographs": photographs, **vars(done)}
        with parts.sessions.begin() as session:
            record(session, current_user.name, "reviews.exported", "reviews", told)
    except OSError as error:
        out.close()
        raise _NotMadeError(
            _("A photograph could not be read, so there is no file. Try again in a moment.")
        ) from error
    except BaseException:
        out.close()
        raise
    finally:
        _place.release()
    out.seek(0)
    today = datetime.now(UTC).date()
    return send_file(
        out, "application/zip", as_attachment=True, download_name=f"reviews-{today}-{days}d.zip"
    )


def _write(
    parts: Parts, since: datetime, out: tempfile.SpooledTemporaryFile[bytes], *, photographs: bool
) -> Exported:
    parents = {label.name: label.parent for label in parts.screener.current().bundle.labels}
    posts = settled(parts.sessions, since)
    if photographs:
        return zip_export(posts, parts.images.get, parents, list(parents), out)
    return zip_tables(posts, parents, list(parents), out)
