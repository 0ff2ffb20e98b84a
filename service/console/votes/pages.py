"""The page of hashtags that neighbours vote on, and the leave to decide."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from service.console.frame.access import Permission, may, needs
from service.console.frame.sorting import Column, Sorting
from service.parts import Parts
from service.votes.figures import Figures, figures
from service.votes.permit import VotesError, allow, forbid

SORTING: Sorting[Figures] = Sorting(
    "console.votes",
    {
        "tag": Column(lambda row: row.tag, descending=False),
        "authors": Column(lambda row: row.authors),
        "prior": Column(lambda row: row.prior),
        "support": Column(lambda row: row.support),
        "sent": Column(lambda row: row.sent.value),
        "caught": Column(lambda row: row.caught.value),
        "agreed": Column(lambda row: row.agreed.value),
        "decides": Column(lambda row: row.decides),
    },
    usual="-authors",
)


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The figures, and the form that gives leave or takes it back."""

    @blueprint.get("/votes")
    @needs(Permission.MAP)
    def votes() -> str:
        with parts.sessions() as session:
            rows = SORTING.rows(figures(session))
        return render_template(
            "votes/votes.html",
            rows=rows,
            sorting=SORTING,
            may_allow=may(Permission.RULES),
            authors=parts.config.vote_authors,
            is_off=not parts.config.vote_neighbours,
        )

    @blueprint.post("/votes")
    @needs(Permission.RULES)
    def allow_votes() -> ResponseReturnValue:
        tag, decides = request.form.get("tag", "").lstrip("#"), request.form.get("decides") == "1"
        try:
            with parts.sessions.begin() as session:
                change = allow if decides else forbid
                change(session, tag, current_user.name)
        except VotesError:
            flash(_("Neighbours do not vote on #%(tag)s.", tag=tag), "bad")
        else:
            flash(
                _("Neighbours decide on #%(tag)s, for every post from now on.", tag=tag)
                if decides
                else _("Neighbours can only send #%(tag)s to review from now on.", tag=tag)
            )
        return redirect(url_for("console.votes", sort=SORTING.asked, _anchor=f"tag-{tag}"), 303)
