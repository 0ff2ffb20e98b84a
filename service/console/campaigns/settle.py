"""One answer for a whole campaign: what each post would get, and giving it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from service.console.frame.access import Permission, needs
from service.console.posts.forms import NoteTooLong, read_remark
from service.console.posts.spread import spread
from service.console.review.together import why
from service.incoming import whole_number
from service.parts import Parts
from service.reviews import ANSWERS
from service.similar.campaign import MOST, preview, settle_campaign, tags_of
from service.tables import Campaign, User

FIELD = "tag:"
SHOWN = 24  # posts; all of them are counted


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The preview as a page, and carrying it out."""

    @blueprint.get("/campaigns/<int:campaign_id>/settle")
    @needs(Permission.SETTLE)
    def preview_campaign(campaign_id: int) -> ResponseReturnValue:
        with parts.sessions() as session:
            return _page(session, campaign_id, request.args)

    @blueprint.post("/campaigns/<int:campaign_id>/settle")
    @needs(Permission.SETTLE)
    def settle_whole_campaign(campaign_id: int) -> ResponseReturnValue:
        until = whole_number(request.form.get("until"))
        answers = _answers(request.form)
        with parts.sessions.begin() as session:
            if until is None or not answers:
                message = _("Answer at least one hashtag, and look at the preview first.")
                return _page(session, campaign_id, request.form, message), 422
            if session.get(Campaign, campaign_id) is None:
                abort(404)
            try:
                remark = read_remark(request.form, answers)
            except NoteTooLong as error:
                return _page(session, campaign_id, request.form, str(error)), 422
            user = session.get_one(User, current_user.id)
            reviews, left_out = settle_campaign(
                session, campaign_id, answers, user, parts.config, until, remark
            )
            if not reviews:
                message = _("No post took the answer; below is why.")
                return _page(session, campaign_id, request.form, message), 409
        flash(_("Posts settled: %(count)s.", count=format_decimal(len(reviews))))
        if left_out:
            flash(_("Posts left out: %(count)s.", count=format_decimal(len(left_out))))
        return redirect(url_for("console.campaign", campaign_id=campaign_id), 303)


def _answers(given: Mapping[str, str]) -> dict[str, str]:
    """The hashtags that are answered, as they are compared, with their verdicts."""
    chosen = {name.removeprefix(FIELD): given[name] for name in given if name.startswith(FIELD)}
    return {tag: answer for tag, answer in chosen.items() if tag and answer in ANSWERS}


def _page(
    session: Session, campaign_id: int, given: Mapping[str, str], message: str | None = None
) -> str:
    campaign = session.get(Campaign, campaign_id) or abort(404)
    answers = _answers(given)
    tags = tags_of(session, campaign_id)
    everything = given.get("all", "")
    if everything in ANSWERS:
        answers = {tag.name: everything for tag in tags if tag.stands != "unverifiable"}
    found = preview(session, campaign_id, answers, current_user.id) if answers else None
    able = [part for part in found.parts if part.why is None] if found else []
    unable = [part for part in found.parts if part.why is not None] if found else []
    return render_template(
        "campaigns/settle.html",
        campaign=campaign,
        spread=spread,
        tags=tags,
        answers=answers,
        found=found,
        able=able,
        shown=able[:SHOWN],
        unable=Counter(why(part) for part in unable),
        most=MOST,
        message=message,
        possible=[answer.value for answer in ANSWERS],
        field=FIELD,
    )
