"""One answer for posts that show the same: a plan to look at, then one batch."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from rules import Verdict as Answer
from rules import normalise
from service.cases import take
from service.cases.blind import decision_shown, held_blind, shown
from service.cases.holders import holders_of_cases, reserved_for
from service.config import Config
from service.posts.lock import hold_posts
from service.reviews.remark import NO_REMARK, Remark
from service.settlement import answer
from service.tables import Case, Post, Review, User

KINDS = ("appeal", "spot_check", "review")


class LeftOut(StrEnum):
    """Why a post does not take the answer."""

    NOT_WAITING = "not_waiting"  # it passed, was settled or replaced: nobody is asked
    HELD = "held"  # another moderator has it at this moment
    HANDED = "handed"  # it was handed to another, and is theirs alone
    NOTHING_SHARED = "nothing_shared"  # it has none of the hashtags that are answered
    APPEAL = "appeal"  # its author objects, which is answered by itself
    UNCERTAIN = "uncertain"  # a hashtag of its own would stay uncertain


@dataclass(frozen=True)
class Part:
    """What one post gets.

    ``answers`` is the verdict of each hashtag as sent, those in ``taken`` by the answer that is
    shared; ``stood`` and ``decision`` are what is shown of it before. ``why`` it is left out, if it
    is; ``because`` names the moderator or the hashtag.
    """

    post: Post
    case: Case | None
    stood: Mapping[str, str]
    decision: str | None
    answers: Mapping[str, str]
    taken: frozenset[str]
    why: LeftOut | None = None
    because: str = ""


def plan(
    session: Session,
    post_ids: Collection[int],
    answers: Mapping[str, str],
    user_id: int,
    *,
    unshared: LeftOut | None = LeftOut.NOTHING_SHARED,
) -> list[Part]:
    """What each post would get, in the order given; posts that are gone are not in it.

    Args:
        answers: the verdict of each hashtag, however it is written; those written alike share it.
        user_id: who would answer.
        unshared: why a post that has none of the hashtags is left out; None: it is not, and keeps
            its verdicts.
    """
    # Hashtags of emoji alone are nothing after normalising, and so have nothing in common.
    shared = {key: verdict for tag, verdict in answers.items() if (key := normalise(tag))}
    query = select(Post).where(Post.id.in_(post_ids), Post.state == "decided")
    query = query.options(selectinload(Post.verdicts), selectinload(Post.images))
    fresh = session.scalars(query, execution_options={"populate_existing": True})
    posts = {post.id: post for post in fresh}
    cases = {**_open(session, posts), **held_blind(session, posts, user_id)}
    rows = [case.id for case in cases.values()]
    others = {
        row: (LeftOut.HANDED, name) for row, name in reserved_for(session, rows, user_id).items()
    }
    others |= {
        row: (LeftOut.HELD, holder.name)
        for row, holder in holders_of_cases(session, rows, user_id).items()
    }
    return [
        _part(session, posts[row], cases.get(row), shared, user_id, others, unshared)
        for row in dict.fromkeys(post_ids)
        if row in posts
    ]


def answer_together(
    session: Session,
    post_ids: Collection[int],
    answers: Mapping[str, str],
    user: User,
    config: Config,
    *,
    unshared: LeftOut | None = LeftOut.NOTHING_SHARED,
    remark: Remark = NO_REMARK,
) -> tuple[Sequence[Review], Sequence[Part]]:
    """Give the answer to every post that can take it, as one batch in the caller's transaction.

    ``remark`` says why, for all of them; ``unshared`` is as in ``plan``.

    Returns:
        the reviews, and the posts that were left out by now, whatever a plan said before.
    """
    # Posts before their cases and in their order, as wherever they are locked.
    hold_posts(session, post_ids)
    parts = plan(session, sorted(post_ids), answers, user.id, unshared=unshared)
    wanted = {part.case.id: part for part in parts if part.case is not None and part.why is None}
    held = {case.id for case in take(session, wanted, user.id, config.lease)}
    batch = uuid.uuid4()
    reviews = [
        answer(session, part.case, user, part.answers, config, batch=batch, remark=remark)
        for key, part in wanted.items()
        if key in held and part.case is not None
    ]
    left_out = [part for part in parts if part.why is not None]
    # Somebody was taking it at this very moment.
    late = [part for key, part in wanted.items() if key not in held]
    return reviews, [*left_out, *(_without(part, LeftOut.HELD) for part in late)]


def _open(session: Session, post_ids: Collection[int]) -> dict[int, Case]:
    """The case of each post that anybody may know of; of several, the last of ``KINDS``."""
    opened = select(Case).where(
        Case.post_id.in_(post_ids), Case.kind.in_(KINDS), Case.closed_at.is_(None)
    )
    found = sorted(session.scalars(opened), key=lambda case: KINDS.index(case.kind))
    return {case.post_id: case for case in found}


def _part(
    session: Session,
    post: Post,
    case: Case | None,
    shared: Mapping[str, str],
    user_id: int,
    others: Mapping[int, tuple[LeftOut, str]],
    unshared: LeftOut | None,
) -> Part:
    taken = frozenset(verdict.tag for verdict in post.verdicts if verdict.normalised in shared)
    stood = shown(post, case) if case else {v.tag: v.verdict for v in post.verdicts}
    decision = decision_shown(session, post, case) if case else post.decision
    full = {v.tag: shared.get(v.normalised, stood[v.tag]) for v in post.verdicts}
    part = Part(post, case, stood, decision, full, taken)
    if case is None or user_id in case.not_for or case.for_id not in (None, user_id):
        return _without(part, LeftOut.NOT_WAITING)
    if case.id in others:
        return _without(part, *others[case.id])
    if case.kind == "appeal":
        return _without(part, LeftOut.APPEAL)
    if not taken and unshared:
        return _without(part, unshared)
    doubtful = [tag for tag, verdict in full.items() if verdict == Answer.UNCERTAIN]
    return _without(part, LeftOut.UNCERTAIN, doubtful[0]) if doubtful else part


def _without(part: Part, why: LeftOut, because: str = "") -> Part:
    return replace(part, why=why, because=because)
