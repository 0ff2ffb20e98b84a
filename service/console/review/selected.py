"""Several posts of a list: answered or handed over at once, after a look at what each gets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from service.cases.hand_over import HandOverError, colleagues
from service.cases.hand_over_together import hand_over_together
from service.console.frame.access import Permission, needs
from service.console.posts.filters import carried
from service.console.posts.forms import NoteTooLong, read_remark, written_note
from service.console.review.together import MOST, why
from service.incoming import whole_number
from service.parts import Parts
from service.reviews import ANSWERS
from service.similar.together import LeftOut, Part, answer_together, plan
from service.tables import User

MOST_TAGS = 20
TO = "to-"  # before a hashtag: the name of the field with its answer


@dataclass(frozen=True)
class Shared:
    """A hashtag of the selected posts: as it was sent first, how many have it, and of how many it
    is uncertain. ``answer`` is what all of them get; empty: each keeps what it has."""

    name: str
    tag: str
    posts: int
    uncertain: int
    answer: str


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """What each post would get, and doing it."""

    @blueprint.get("/posts/selected")
    @needs(Permission.SETTLE)
    def selected() -> ResponseReturnValue:
        if not numbers(request.args.getlist("post")):
            flash(_("Select at least one post."), "bad")
            return redirect(back_to_list(), 303)
        with parts.sessions() as session:
            return _page(session)

    @blueprint.post("/posts/selected")
    @needs(Permission.SETTLE)
    def settle_selected() -> ResponseReturnValue:
        answers = _answers(request.form)
        with parts.sessions.begin() as session:
            try:
                remark = read_remark(request.form, answers)
            except NoteTooLong as error:
                return _page(session, str(error)), 422
            user = session.get_one(User, current_user.id)
            ids = numbers(request.form.getlist("post"))
            reviews, left_out = answer_together(
                session, ids, answers, user, parts.config, unshared=None, remark=remark
            )
            if not reviews:
                return _page(session, _("No post took the answer; below is why.")), 409
        for part in left_out:
            flash(_("%(post)s was left out: %(why)s.", post=part.post.external_id, why=why(part)))
        return redirect(back_to_list(), 303)

    @blueprint.post("/posts/selected/hand-over")
    @needs(Permission.SETTLE)
    def hand_selected_over() -> ResponseReturnValue:
        to, note = (
            request.form.get("to", type=whole_number),
            written_note(request.form, "handed_note"),
        )
        with parts.sessions.begin() as session:
            user = session.get_one(User, current_user.id)
            movable = _movable(_planned(session, numbers(request.form.getlist("post"))))
            ids = [part.case.id for part in movable if part.case]
            try:
                handed = hand_over_together(session, ids, user, to or 0, note, parts.config.lease)
            except HandOverError as error:
                problem = {
                    "lost": _("Other moderators have these posts now, so none was handed over."),
                    "nobody": _("Choose who gets this post."),
                    "long": _("The note is too long."),
                }[error.why]
                return _page(session, problem), 409
        return redirect(back_to_list(handed=handed), 303)


def _page(session: Session, message: str | None = None) -> str:
    planned = _planned(session, numbers(request.values.getlist("post")))
    return render_template(
        "review/selected.html",
        planned=planned,
        able=[part for part in planned if part.why is None],
        unable=[part for part in planned if part.why is not None],
        movable=_movable(planned),
        hashtags=_hashtags(planned, request.values),
        colleagues=colleagues(session, current_user.id),
        why=why,
        message=message,
        back=back_to_list(),
        place=place(),
        possible=[answer.value for answer in ANSWERS],
    )


def _planned(session: Session, ids: Sequence[int]) -> list[Part]:
    return plan(session, ids, _answers(request.values), current_user.id, unshared=None)


def _movable(planned: Sequence[Part]) -> list[Part]:
    """The posts whose cases this person can take, to answer them or to hand them over."""
    others = (LeftOut.NOT_WAITING, LeftOut.HELD, LeftOut.HANDED)
    return [part for part in planned if part.why not in others]


def _hashtags(planned: Sequence[Part], given: Mapping[str, str]) -> list[Shared]:
    """The hashtags of the posts that can be answered, what is uncertain and most frequent first."""
    verdicts = [
        (one, part.stood[one.tag]) for part in _movable(planned) for one in part.post.verdicts
    ]
    posts = Counter(one.normalised for one, _verdict in verdicts if one.normalised)
    doubts = Counter(one.normalised for one, verdict in verdicts if verdict == "uncertain")
    tags = {one.normalised: one.tag for one, _verdict in reversed(verdicts)}
    names = sorted(posts, key=lambda name: (-doubts[name], -posts[name], name))
    answers = _answers(given)
    return [
        Shared(name, tags[name], posts[name], doubts[name], answers.get(name, ""))
        for name in names[:MOST_TAGS]
    ]


def _answers(given: Mapping[str, str]) -> dict[str, str]:
    """The answer to each hashtag that gets one, whichever posts have it."""
    return {
        name.removeprefix(TO): answer
        for name, answer in given.items()
        if name.startswith(TO) and answer in ANSWERS
    }


def numbers(given: Sequence[str]) -> list[int]:
    """The rows' ids that a form or an address carries."""
    found = [whole_number(number) for number in given]
    return [number for number in dict.fromkeys(found) if number][:MOST]


def place() -> dict[str, Any]:
    """The list from which the posts were selected, as an address carries it."""
    tab = request.args.get("tab")
    return ({"tab": tab} if tab else {}) | carried(request.args)


def back_to_list(handed: Sequence[int] = ()) -> str:
    """The address of that list; it offers to take those back that were ``handed`` over."""
    return url_for("console.posts", handed=handed or None, **place())
