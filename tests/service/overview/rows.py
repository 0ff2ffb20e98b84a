"""Rows at known moments, as the service would have left them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from rules import Verdict as Kind
from rules import decide
from service.hourly.rollup import roll
from service.overview.scope import PERIODS, Scope
from service.tables import Case, Delivery, Image, Post, Review, User, Verdict

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TEXTS = {"en": "A plain reason.", "ko": "쉬운 이유입니다."}
LAST_DAY = Scope(PERIODS["24h"], NOON)


def counted(session: Session) -> Session:
    """The session, with the figures of every hour up to date."""
    session.flush()
    while roll(session):
        pass
    return session


def ago(**times: float) -> datetime:
    """A moment before noon: ``ago(hours=2)``."""
    return NOON - timedelta(**times)


def add_post(
    session: Session,
    at: datetime,
    verdicts: Mapping[str, str] | None = None,
    photographs: Sequence[Mapping[str, bool | None]] = (),
    *,
    bundle: str = "b-1",
    ruleset: str = "r-1",
    state: str = "decided",
) -> Post:
    """A post as the model decided it; ``verdicts`` are by category, one hashtag for each."""
    verdicts = verdicts or {"cafe": "relevant"}
    post = Post(
        external_id=uuid.uuid4().hex,
        revision=1,
        author_id="u-1",
        caption="",
        hashtags=list(verdicts),
        posted_at=at,
        received_at=at,
        state=state,
        decision=decide(Kind(said) for said in verdicts.values()).value,
        decided_by="model",
        decided_at=at,
        bundle=bundle,
        ruleset=ruleset,
    )
    post.verdicts = [
        Verdict(
            position=position,
            tag=category,
            normalised=category,
            verdict=said,
            model_verdict=said,
            category=category,
            resolved_by="lexicon",
            confidence=1.0,
            reason=TEXTS,
            trace={},
        )
        for position, (category, said) in enumerate(verdicts.items())
    ]
    post.images = [
        Image(
            position=position,
            labels={name: {"score": 0.5, "fact": fact} for name, fact in seen.items()},
        )
        for position, seen in enumerate(photographs)
    ]
    session.add(post)
    session.flush()
    return post


def settle(post: Post, answers: Mapping[str, str], by: str = "moderator") -> None:
    """What a person's answer leaves of a post."""
    for verdict in post.verdicts:
        verdict.verdict = answers.get(verdict.tag, verdict.verdict)
    post.decision = decide(Kind(verdict.verdict) for verdict in post.verdicts).value
    post.decided_by = by


def add_case(
    session: Session, opened: datetime, closed: datetime | None = None, post: Post | None = None
) -> Case:
    """A case of a post, of one of its own where none is named."""
    post = post or add_post(session, opened)
    case = Case(
        post_id=post.id, kind="review", priority=1, opened_at=opened, closed_at=closed, details={}
    )
    session.add(case)
    session.flush()
    return case


def add_review(
    session: Session, post: Post, user: User, answers: Mapping[str, str], **more: object
) -> Review:
    """A review of a post, given when the post came unless ``created_at`` says otherwise."""
    given = {"kind": "review", "created_at": post.received_at} | more
    review = Review(post_id=post.id, user_id=user.id, answers=dict(answers), **given)
    session.add(review)
    session.flush()
    return review


def add_delivery(session: Session, post: Post, state: str, at: datetime) -> None:
    """A callback that was owed at a moment."""
    session.add(Delivery(post_id=post.id, type="post.decided", body={}, state=state, created_at=at))
    session.flush()
