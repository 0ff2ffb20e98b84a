"""The page of an author, and what a moderator keeps about them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from service.authors import LONGEST_NOTE, AuthorError, save_note, version
from service.authors.read import LOOKED_AT, portrait
from service.console.frame.access import Permission, needs
from service.console.posts.pages import chips
from service.parts import Parts
from service.tables import User


@dataclass(frozen=True)
class SentNote:
    """What the form holds: the note, and whether the author is watched."""

    note: str
    watched: bool


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The page and its form. An author's id may be any text, so it stands in the query."""

    @blueprint.get("/author")
    @needs(Permission.READ)
    def author() -> ResponseReturnValue:
        with parts.sessions() as session:
            return _page(session, request.args.get("id", ""))

    @blueprint.post("/author")
    @needs(Permission.SETTLE)
    def keep_author() -> ResponseReturnValue:
        author_id = request.form.get("id", "")
        # Forms send line ends as two characters, which a browser counts as one.
        note = request.form.get("note", "").replace("\r\n", "\n").replace("\0", "").strip()
        with parts.sessions.begin() as session:
            user = session.get_one(User, current_user.id)
            watched, seen = "watched" in request.form, request.form.get("seen")
            try:
                save_note(session, author_id, user, note, watched=watched, seen=seen)
            except AuthorError as error:
                if error.why == "nobody":
                    abort(404)
                written = SentNote(note, watched)
                if error.why == "overtaken":
                    return _page(session, author_id, _overtaken(), written, overtaken=True), 409
                return _page(session, author_id, _("The note is too long."), written), 422
        flash(_("Saved. A watch applies to posts that are decided from now on."))
        return redirect(url_for("console.author", id=author_id), 303)


def _overtaken() -> str:
    return str(
        _(
            "The note or the watch was changed since you opened the page. What you wrote is still "
            "below; save again to replace what is kept now."
        )
    )


def _page(
    session: Session,
    author_id: str,
    message: str = "",
    written: SentNote | None = None,
    *,
    overtaken: bool = False,
) -> str:
    found = portrait(session, author_id) or abort(404)
    kept = found.kept
    shown = SentNote(kept.note, kept.watched) if kept else SentNote("", watched=False)
    return render_template(
        "authors/author.html",
        author=found,
        chips=chips,
        message=message,
        written=written or shown,
        seen=version(kept),
        overtaken=overtaken,
        longest=LONGEST_NOTE,
        looked_at=LOOKED_AT,
    )
