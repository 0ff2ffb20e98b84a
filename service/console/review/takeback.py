"""Take back posts that were handed over, while nobody has them open."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from service.cases.hand_over_together import take_back
from service.console.frame.access import Permission, needs
from service.console.review.selected import back_to_list, numbers
from service.parts import Parts
from service.tables import User


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The button Undo of a list from which posts were handed over."""

    @blueprint.post("/cases/take-back")
    @needs(Permission.SETTLE)
    def take_cases_back() -> ResponseReturnValue:
        with parts.sessions.begin() as session:
            user = session.get_one(User, current_user.id)
            back = take_back(session, numbers(request.form.getlist("case")), user)
        if back:
            flash(
                ngettext(
                    "%(num)s post is in the queue again.",
                    "%(num)s posts are in the queue again.",
                    len(back),
                )
            )
        else:
            flash(_("There is nothing left to take back."), "bad")
        return redirect(back_to_list(), 303)
