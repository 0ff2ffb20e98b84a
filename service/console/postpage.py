"""The page of one post, and the form that settles it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from service.console import tabs
from service.console.access import Permission, needs
from service.console.answers import Unanswered, read_answers
from service.console.templating import DECISIONS
from service.console.views import Photograph, bars_of, card_of
from service.console.words import Words
from service.parts import Parts
from service.queue import DELIVER, hint
from service.reviews import Standing, settle, standing
from service.tables import Post, User


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """One post to look at, and to settle."""

    @blueprint.get("/posts/<int:row_id>")
    @needs(Permission.READ)
    def post(row_id: int) -> ResponseReturnValue:
        words = Words(parts.screener.current())
        with parts.sessions() as session:
            return _page(session, _find(session, row_id), words)

    @blueprint.post("/posts/<int:row_id>")
    @needs(Permission.SETTLE)
    def settle_post(row_id: int) -> ResponseReturnValue:
        words = Words(parts.screener.current())
        with parts.sessions() as session:
            found = _find(session, row_id)
            now = standing(session, found, lock=True)
            try:
                answers = read_answers(request.form, found.verdicts)
            except Unanswered as error:
                return _page(session, found, words, error.given, message=str(error)), 422
            if found.state != "decided" or now.last_review != answers.saw_review:
                return _page(session, found, words, answers.by_tag, conflict=now), 409
            user = session.get_one(User, current_user.id)
            delivery = settle(
                session, found, user, answers.by_tag, callback_url=parts.config.callback_url
            )
            session.commit()
            if delivery is not None:
                hint(parts.queue, DELIVER, str(delivery.id))
            return _go_on(session, found)


def _find(session: Session, row_id: int) -> Post:
    post = session.get(Post, row_id)
    if post is None or post.state == "deleted":
        abort(404)
    return post


def _page(
    session: Session,
    post: Post,
    words: Words,
    given: Mapping[str, str] | None = None,
    *,
    conflict: Standing | None = None,
    message: str | None = None,
) -> str:
    which = _which()
    return render_template(
        "console/post.html",
        post=post,
        which=which,
        photographs=_photographs(post, words),
        cards=[card_of(verdict, words) for verdict in post.verdicts],
        given=given or {},
        standing=conflict or standing(session, post),
        conflict=conflict is not None,
        message=message,
        next_id=tabs.next_after(session, which, post.id),
        left=tabs.count(session)[which.tab.name],
    )


def _which() -> tabs.Filter:
    return tabs.filter_of(request.args.get("tab"), request.args.get("hashtag"))


def _photographs(post: Post, words: Words) -> list[Photograph]:
    return [
        Photograph(
            number,
            url_for("console.photograph", image_id=image.id) if image.derivative else None,
            image.width,
            image.height,
            bars_of(image, post, words),
            (image.error or {}).get("code"),
        )
        for number, image in enumerate(post.images, 1)
    ]


def _go_on(session: Session, post: Post) -> ResponseReturnValue:
    """To the next post of the queue, saying what became of this one."""
    decision = DECISIONS[post.decision or ""]
    flash(_("Settled: post %(post)s is %(decision)s.", post=post.external_id, decision=decision))
    which = _which()
    place: dict[str, Any] = {"tab": which.tab.name, "hashtag": which.hashtag or None}
    following = tabs.next_after(session, which, post.id)
    if following is None:
        return redirect(url_for("console.posts", **place), 303)
    return redirect(url_for("console.post", row_id=following, **place), 303)
