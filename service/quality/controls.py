"""Controls: posts whose right answer is known, shown to moderators without telling them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, all_, delete, exists, func, literal, not_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, contains_eager

from service.audit import record
from service.cases import close, open_case
from service.config import Config
from service.posts.find import find_post
from service.posts.lock import hold_post, hold_posts
from service.quality.draw import drawn, lot
from service.tables import Case, Control, Json, Post, Review, User

Origin = Literal["agreed", "third", "analyst"]

MOST_WAITING = 5  # a person whose filters never show them must not gather controls for ever
TRIED = 10
NEWEST = 2_000  # that are shown and counted; nobody answers as many


@dataclass
class ControlError(Exception):
    """A post cannot be a control, or is none: it is unknown, not settled, or no control."""

    why: Literal["unknown", "unsettled", "none"]


def keep_control(
    session: Session,
    post_id: int,
    answers: Mapping[str, str],
    origin: Origin,
    chosen_by: int | None = None,
) -> None:
    """Store the right answer to a post, replacing an earlier one."""
    values: Json = {"expected": dict(answers), "origin": origin, "chosen_by": chosen_by}
    row = insert(Control).values(post_id=post_id, **values)
    changed = values | {"added_at": func.now()}
    session.execute(row.on_conflict_do_update(index_elements=["post_id"], set_=changed))


def choose(session: Session, external_id: str, user: User) -> Post:
    """Make a settled post a control, on an analyst's word, in the caller's transaction.

    Raises:
        ControlError: there is no such post, or no person has settled it.
    """
    post = find_post(session, external_id)
    if post is None:
        raise ControlError("unknown")
    hold_post(session, post.id)
    if post.state == "deleted":
        raise ControlError("unknown")
    if post.state != "decided" or post.decided_by == "model":
        raise ControlError("unsettled")
    keep_control(session, post.id, _verdicts(post), "analyst", user.id)
    record(session, user.name, "control.chosen", f"post:{post.external_id}@{post.revision}", {})
    return post


def put_aside(session: Session, post_id: int, user: User) -> Post:
    """Make a post a control no more, in the caller's transaction; those that wait are closed.

    Raises:
        ControlError: it is none.
    """
    held = hold_posts(session, [post_id])
    control = session.get(Control, post_id, populate_existing=True)
    if not held or control is None:
        raise ControlError("none")
    (post,) = held
    session.delete(control)
    close(session, *_waiting(Case.post_id == post_id))
    record(session, user.name, "control.put_aside", f"post:{post.external_id}@{post.revision}", {})
    return post


def forget(session: Session, post_id: int) -> None:
    """Remove a control whose answer is in question, until it is known again."""
    session.execute(delete(Control).where(Control.post_id == post_id))


def forget_learned(session: Session, post_id: int) -> None:
    """Remove a control that was learned from people's answers, which no longer agree; one that an
    analyst chose stays.
    """
    learned = Control.post_id == post_id, Control.origin.in_(("agreed", "third"))
    session.execute(delete(Control).where(*learned))


def withdraw_doubted(session: Session, post: Post) -> None:
    """Close a post's waiting controls whose right answer is not what stands any more: whoever gave
    today's answer to one would be counted as wrong."""
    query = select(Case.id, Case.details, Control.post_id).where(*_waiting(Case.post_id == post.id))
    rows = session.execute(query.outerjoin(Control, Control.post_id == Case.post_id)).all()
    stands = None if post.decided_by == "model" else _verdicts(post)
    doubted = [
        case for case, details, known in rows if known is None or details["expected"] != stands
    ]
    if doubted:
        close(session, Case.id.in_(doubted))


def unlearn(session: Session, review: Review) -> None:
    """A review was taken back: forget the control that may have come from it."""
    compared = select(Case.id).where(Case.kind == "double", Case.review_id == review.id)
    if review.kind in ("double", "third") or session.scalar(compared.limit(1)) is not None:
        forget_learned(session, review.post_id)


def listed(session: Session, limit: int) -> Sequence[Control]:
    """The newest controls with their posts, the newest first."""
    query = select(Control).join(Control.post).options(contains_eager(Control.post))
    newest = Control.added_at.desc(), Control.post_id.desc()
    return session.scalars(query.where(_stands()).order_by(*newest).limit(limit)).all()


def counted(session: Session) -> Counter[str]:
    """How many controls there are of each origin, among the newest."""
    query = select(Control.origin, func.count()).join(Control.post).where(_stands(), _is_new())
    rows = session.execute(query.group_by(Control.origin))
    return Counter({origin: int(count) for origin, count in rows})


def slip_in(session: Session, review: Review, priority: float, config: Config) -> Case | None:
    """After some of a moderator's answers, put a control among what they see next.

    Controls become ``config.control_share`` of the moderator's answers. A control has the priority
    of the case just answered, so that it comes soon and looks like any other.
    """
    share = config.control_share / (1.0 - config.control_share)
    if not drawn(config.secret_key, "control", review.id, share):
        return None
    waiting = select(func.count()).where(
        *_waiting(Case.for_id == review.user_id, literal(review.user_id) != all_(Case.set_aside))
    )
    if (session.scalar(waiting.select_from(Case)) or 0) >= MOST_WAITING:
        return None
    found = _pick(session, review.user_id, lot(config.secret_key, "which control", review.id))
    if found is None:
        return None
    details = {"expected": found.expected}
    return open_case(
        session, found.post, "control", priority, for_id=review.user_id, details=details
    )


def _pick(session: Session, user_id: int, seed: str) -> Control | None:
    """A control that the person never had before and whose answer still stands, by lot.

    A post that somebody answers at this very moment is passed over, so that no two answers wait
    for each other's post.
    """
    had = exists().where(Case.post_id == Control.post_id, Case.for_id == user_id)
    answered = exists().where(Review.post_id == Control.post_id, Review.user_id == user_id)
    query = (
        select(Control)
        .join(Post)
        .where(_stands(), _is_new(), Post.decided_by != "model", not_(had), not_(answered))
        .order_by(func.md5(func.concat(Control.post_id, seed)))
        .limit(TRIED)
        .with_for_update(of=Post, read=True, key_share=True, skip_locked=True)
    )
    stands = (one for one in session.scalars(query) if _verdicts(one.post) == one.expected)
    return next(stands, None)


def _stands() -> ColumnElement[bool]:
    return Post.state == "decided"


def _is_new() -> ColumnElement[bool]:
    newest = select(Control.post_id).order_by(Control.added_at.desc(), Control.post_id.desc())
    return Control.post_id.in_(newest.limit(NEWEST))


def _verdicts(post: Post) -> dict[str, str]:
    return {verdict.tag: verdict.verdict for verdict in post.verdicts}


def _waiting(*more: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    return (Case.kind == "control", Case.closed_at.is_(None), *more)
