"""Many hashtags changed at once, by a CSV file: looked at first, then applied as a whole."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from service.console.frame.access import Permission, needs
from service.lexicon import LexiconError
from service.lexicon.csvfile import Difference, apply, differences, read_text, write_csv
from service.parts import Parts

SHOWN = 300
MOST = 1000  # more than that keeps a request waiting; the command line takes any number
NAME = "lexicon.csv"


class UnreadableError(Exception):
    """What was sent is no text that could be a CSV file; the text says why."""


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The form for a file, what the file would change, and changing it."""

    @blueprint.get("/lexicon")
    @needs(Permission.MAP)
    def upload_lexicon() -> str:
        return _page()

    @blueprint.post("/lexicon")
    @needs(Permission.MAP)
    def read_upload() -> ResponseReturnValue:
        known = parts.screener.current().ruleset.categories
        try:
            text, name = _sent()
            with parts.sessions() as session:
                found = differences(session, read_text(text, name), known)
        except UnreadableError as error:
            return _page(message=str(error)), 422
        except LexiconError as error:
            return _page(_("Nothing was changed. These rows cannot be used:"), str(error)), 422
        if len(found) > MOST:
            return _page(_too_many(len(found))), 422
        return _page(found=found, categories=known)

    @blueprint.post("/lexicon/apply")
    @needs(Permission.MAP)
    def apply_upload() -> ResponseReturnValue:
        known = parts.screener.current().ruleset.categories
        try:
            given = read_text(request.form.get("text", ""), NAME)
            with parts.sessions.begin() as session:
                found = differences(session, given, known)
                if _digest(found) != request.form.get("seen"):
                    since = _("Somebody changed the lexicon since. This is what would change now.")
                    return _page(since, found=found, categories=known), 409
                apply(session, found, who=current_user.name, known=known)
        except LexiconError as error:
            return _page(_("Nothing was changed. These rows cannot be used:"), str(error)), 422
        flash(
            ngettext(
                "%(count)s hashtag is changed, for every post from now on.",
                "%(count)s hashtags are changed, for every post from now on.",
                len(found),
                count=len(found),
            )
        )
        return redirect(url_for("console.hashtags"), 303)


def _sent() -> tuple[str, str]:
    """The text of the file that was sent, and its name."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise UnreadableError(_("Choose a CSV file."))
    data = file.stream.read()
    try:
        return data.decode("utf-8-sig"), file.filename
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UnreadableError(
            _("Line %(line)s is not UTF-8. Save the file as “CSV UTF-8”, and send it.", line=line)
        ) from None


def _too_many(count: int) -> str:
    return str(
        _(
            "The file changes %(count)s hashtags; this page takes %(most)s at once. Use "
            "“python -m service lexicon import”.",
            count=count,
            most=MOST,
        )
    )


def _digest(found: Sequence[Difference]) -> str:
    """Tells whether what is applied is what was looked at."""
    seen = [(one.entry.tag, one.entry.meaning, one.before) for one in found]
    return hashlib.sha256(repr(seen).encode()).hexdigest()


def _page(
    message: str | None = None,
    problems: str | None = None,
    found: Sequence[Difference] | None = None,
    **values: object,
) -> str:
    return render_template(
        "hashtags/upload.html",
        message=message,
        problems=problems,
        found=found,
        shown=SHOWN,
        text=write_csv(one.entry for one in found) if found else None,
        seen=_digest(found) if found else None,
        **values,
    )
