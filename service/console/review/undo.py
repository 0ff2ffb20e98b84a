"""Take an answer back, from wherever it was given."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user

from service.console.frame.access import Permission, needs
from service.console.posts.filters import carried
from service.parts import Parts
from service.settlement import UndoError, undo
from service.tables import Review, User

WHY = {
    "another": _("Only the person who gave an answer can take it back."),
    "twice": _("This answer was taken back already."),
    "gone": _(
        "The platform replaced or deleted this post since, so there is nothing to take back."
    ),
    "later": _("This post was settled again since; answer it anew if that is wrong."),
    "forgotten": _("What this post was before is not known any more; answer it anew."),
}


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The button Undo."""

    @blueprint.post("/reviews/<int:review_id>/undo")
    @needs(Permission.SETTLE)
    def undo_review(review_id: int) -> ResponseReturnValue:
        place = carried(request.args)
        with parts.sessions() as session:
            review = session.get(Review, review_id)
            if review is None or review.user_id != current_user.id:
                abort(404)
            back = url_for("console.post", row_id=review.post_id)
            if review.case_id is not None:
                back = url_for("console.case", case_id=review.case_id, **place)
            user = session.get_one(User, current_user.id)
            try:
                undone = undo(session, review, user, parts.config)
            except UndoError as error:
                session.rollback()
                flash(WHY[error.why], "bad")
                return redirect(back, 303)
            session.commit()
        flash(
            _("Your answer was taken back.")
            if len(undone) == 1
            else gettext("%(count)s answers were taken back.", count=len(undone))
        )
        return redirect(back, 303)
