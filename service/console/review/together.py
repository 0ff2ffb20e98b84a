"""The same answer for posts that show the same: what each would get, and giving it as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from service.cases.blind import held_blind, shown
from service.console.frame.access import Permission, needs
from service.console.frame.words import Words
from service.console.posts.filters import carried
from service.console.posts.forms import NoteTooLong, read_remark
from service.parts import Parts
from service.reviews import ANSWERS
from service.similar.neighbours import neighbours
from service.similar.together import LeftOut, Part, answer_together, plan
from service.tables import Post, User

MOST = 50


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The plan as a page, and carrying it out."""

    @blueprint.get("/posts/<int:row_id>/together")
    @needs(Permission.SETTLE)
    def together(row_id: int) -> ResponseReturnValue:
        with parts.sessions() as session:
            return _page(session, parts, _find(session, row_id))

    @blueprint.post("/posts/<int:row_id>/together")
    @needs(Permission.SETTLE)
    def settle_together(row_id: int) -> ResponseReturnValue:
        chosen = [n for n in request.form.getlist("post", type=int) if 0 < n < 2**63][: MOST + 1]
        with parts.sessions.begin() as session:
            post = _find(session, row_id)
            if not chosen:
                return _page(session, parts, post, _("Tick at least one post.")), 422
            user = session.get_one(User, current_user.id)
            answers = _answers(session, post, request.form)
            try:
                remark = read_remark(request.form, answers)
            except NoteTooLong as error:
                return _page(session, parts, post, str(error)), 422
            reviews, left_out = answer_together(
                session, chosen, answers, user, parts.config, remark=remark
            )
            if not reviews:
                message = _("No post took the answer; below is why.")
                return _page(session, parts, post, message), 409
        for part in left_out:
            flash(_("%(post)s was left out: %(why)s.", post=part.post.external_id, why=why(part)))
        return redirect(url_for("console.next_case", **carried(request.args)), 303)


def why(part: Part) -> str:
    """Why a post is left out, in words."""
    if part.why is LeftOut.HELD and part.because:
        return str(_("%(name)s is looking at it", name=part.because))
    if part.why is LeftOut.HANDED:
        return str(_("it was handed to %(name)s", name=part.because))
    if part.why is LeftOut.UNCERTAIN:
        return str(_("#%(tag)s would stay uncertain", tag=part.because.lstrip("#")))
    return {
        LeftOut.HELD: str(_("another moderator is looking at it")),
        LeftOut.APPEAL: str(_("its author objects: answer it by itself")),
        LeftOut.NOTHING_SHARED: str(_("it has none of these hashtags")),
    }.get(part.why or LeftOut.NOT_WAITING, str(_("it does not wait for an answer")))


def _find(session: Session, row_id: int) -> Post:
    post = session.get(Post, row_id)
    if post is None or post.state != "decided":
        abort(404)
    return post


def _answers(session: Session, post: Post, given: Mapping[str, str]) -> dict[str, str]:
    """The answer to each hashtag: the one chosen, else the verdict that is shown; none in doubt."""
    stood = {v.tag: v.verdict for v in post.verdicts}
    for case in held_blind(session, [post.id], current_user.id).values():
        stood = dict(shown(post, case))
    chosen = {v.tag: given.get(f"verdict-{v.position}", stood[v.tag]) for v in post.verdicts}
    return {tag: answer for tag, answer in chosen.items() if answer in ANSWERS}


def _page(session: Session, parts: Parts, post: Post, message: str | None = None) -> str:
    current = parts.screener.current()
    answers = _answers(session, post, request.values)
    near = neighbours(session, post, current.bundle.embedding_id, MOST)
    ids = [post.id, *(one.post.id for one in near if one.likeness.same)]
    planned = plan(session, ids, answers, current_user.id)
    return render_template(
        "review/together.html",
        post=post,
        answers=answers,
        words=Words(current),
        able=[part for part in planned if part.why is None],
        unable=[part for part in planned if part.why is not None],
        others=_others(planned, post),
        why=why,
        message=message,
        place=carried(request.args),
        possible=[answer.value for answer in ANSWERS],
    )


def _others(planned: Sequence[Part], post: Post) -> int:
    return sum(part.post.id != post.id for part in planned)
