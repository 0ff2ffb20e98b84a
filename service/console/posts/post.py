"""The page of one post, and the form that settles it."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from service.cases import waiting_review
from service.cases.blind import held_blind
from service.cases.hand_over import handed
from service.cases.holders import reserved_for
from service.cases.last import last_answer
from service.config import Config
from service.console.frame.access import Permission, may, needs
from service.console.frame.words import Words
from service.console.posts import lists
from service.console.posts.films import films_of
from service.console.posts.forms import Refused, read_answers
from service.console.posts.views import Around, cards_of, photographs_of
from service.parts import Parts
from service.reviews import Standing, standing
from service.settlement import LeaseLostError, correct
from service.tables import Case, Post, User


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """One post to look at, and to settle."""

    @blueprint.get("/posts/<int:row_id>")
    @needs(Permission.READ)
    def post(row_id: int) -> ResponseReturnValue:
        words = Words(parts.screener.current())
        with parts.sessions() as session:
            for case in held_blind(session, [row_id], current_user.id).values():
                return redirect(url_for("console.case", case_id=case.id), 303)
            return _page(session, parts.config, _find(session, row_id), words)

    @blueprint.post("/posts/<int:row_id>")
    @needs(Permission.SETTLE)
    def settle_post(row_id: int) -> ResponseReturnValue:
        words = Words(parts.screener.current())
        with parts.sessions() as session:
            found = _find(session, row_id)
            now = standing(session, found, lock=True)
            try:
                shown = {verdict.tag: verdict.verdict for verdict in found.verdicts}
                answers = read_answers(request.form, found.verdicts, shown)
            except Refused as error:
                return _page(
                    session, parts.config, found, words, error.given, message=str(error)
                ), 422
            if found.state != "decided" or now.last_review != answers.saw_review:
                return _page(session, parts.config, found, words, answers.by_tag, conflict=now), 409
            user = session.get_one(User, current_user.id)
            try:
                correct(session, found, user, answers.by_tag, parts.config, remark=answers.remark)
            except LeaseLostError:
                busy = (
                    _("Your answers were not saved: the post was handed to somebody else.")
                    if _is_theirs(session, waiting_review(session, found.id))
                    else _("Another moderator is looking at this post; your answers are below.")
                )
                return _page(session, parts.config, found, words, answers.by_tag, message=busy), 409
            session.commit()
            return _go_on(session, found)


def _find(session: Session, row_id: int) -> Post:
    post = session.get(Post, row_id)
    if post is None or post.state == "deleted":
        abort(404)
    return post


def _page(
    session: Session,
    config: Config,
    post: Post,
    words: Words,
    given: Mapping[str, str] | None = None,
    *,
    conflict: Standing | None = None,
    message: str | None = None,
) -> str:
    which = _which()
    case = waiting_review(session, post.id)
    return render_template(
        "posts/post.html",
        post=post,
        decided=post.decision,
        is_models=post.decided_by == "model",
        which=which,
        photographs=photographs_of(post, words),
        films=films_of(post),
        cards=cards_of(post, words),
        given=given or {},
        standing=conflict or standing(session, post),
        conflict=conflict is not None,
        message=message,
        around=_around(session, which, post, theirs=_is_theirs(session, case)),
        handed=handed(session, case) if case else None,
        last=last_answer(session, current_user.id, config),
    )


def _is_theirs(session: Session, case: Case | None) -> bool:
    """Whether a review was handed to somebody else, who alone may answer it."""
    return case is not None and bool(reserved_for(session, [case.id], current_user.id))


def _around(session: Session, which: lists.Filter, post: Post, *, theirs: bool) -> Around:
    place = which.place(request.args)
    settles = post.state == "decided" and may(Permission.SETTLE) and not theirs
    following = lists.next_after(session, which, post)
    return Around(
        answer=url_for("console.settle_post", row_id=post.id, **place) if settles else None,
        back=url_for("console.posts", **place),
        title=which.tab.title,
        left=lists.count(session, which),
        skip=url_for("console.post", row_id=following, **place) if following else None,
    )


def _which() -> lists.Filter:
    return lists.filter_of(request.args, current_user.id)


def _go_on(session: Session, post: Post) -> ResponseReturnValue:
    """To the next post of the list."""
    which = _which()
    place = which.place(request.args)
    following = lists.next_after(session, which, post)
    if following is None:
        return redirect(url_for("console.posts", **place), 303)
    return redirect(url_for("console.post", row_id=following, **place), 303)
