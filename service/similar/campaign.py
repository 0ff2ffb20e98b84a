"""Settle a campaign: one answer for all of its waiting posts, with a preview."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from service.config import Config
from service.reviews.remark import NO_REMARK, Remark
from service.similar.together import Part, answer_together, plan
from service.tables import CampaignImage, Case, Review, User, Verdict

MOST = 300  # posts in one transaction; what is left can be settled after that
TAGS = 30


@dataclass(frozen=True)
class Tag:
    """A hashtag of the posts that wait; ``stands`` is its verdict where all agree."""

    name: str
    posts: int
    stands: str | None


@dataclass(frozen=True)
class Preview:
    """What each post would get. ``waiting`` wait in all; ``until`` is the newest looked at."""

    parts: Sequence[Part]
    waiting: int
    until: int


def tags_of(session: Session, campaign_id: int) -> Sequence[Tag]:
    """The hashtags of most posts that wait."""
    query = (
        select(
            Verdict.normalised,
            func.count(Verdict.post_id.distinct()),
            func.count(Verdict.verdict.distinct()),
            func.min(Verdict.verdict),
        )
        .where(Verdict.post_id.in_(_waiting(campaign_id)), Verdict.normalised != "")
        .group_by(Verdict.normalised)
        .order_by(func.count(Verdict.post_id.distinct()).desc(), Verdict.normalised)
        .limit(TAGS)
    )
    return [Tag(r[0], r[1], r[3] if r[2] == 1 else None) for r in session.execute(query)]


def preview(
    session: Session,
    campaign_id: int,
    answers: Mapping[str, str],
    user_id: int,
    until: int | None = None,
) -> Preview:
    """What the oldest ``MOST`` posts that wait would get.

    Args:
        answers: the verdict of each hashtag that is answered; others keep theirs.
        until: the row of the newest post that counts: what came after a preview is not in it.
    """
    count = select(func.count()).select_from(_waiting(campaign_id).subquery())
    ids = _ids(session, campaign_id, until)
    newest = max(ids, default=0)
    return Preview(plan(session, ids, answers, user_id), session.scalar(count) or 0, newest)


def settle_campaign(
    session: Session,
    campaign_id: int,
    answers: Mapping[str, str],
    user: User,
    config: Config,
    until: int,
    remark: Remark = NO_REMARK,
) -> tuple[Sequence[Review], Sequence[Part]]:
    """Give the answers to what a preview showed, as one batch that one undo takes back.

    Args:
        remark: why, kept with each review.

    Returns:
        the reviews, and the posts that were left out.
    """
    ids = _ids(session, campaign_id, until)
    return answer_together(session, ids, answers, user, config, remark=remark)


def _ids(session: Session, campaign_id: int, until: int | None) -> Sequence[int]:
    query = _waiting(campaign_id).order_by(CampaignImage.post_id).limit(MOST)
    if until is not None:
        query = query.where(CampaignImage.post_id <= until)
    return session.scalars(query).all()


def _waiting(campaign_id: int) -> Select[int]:
    return (
        select(CampaignImage.post_id)
        .distinct()
        .join(Case, Case.post_id == CampaignImage.post_id)
        .where(CampaignImage.campaign_id == campaign_id)
        .where(Case.kind == "review", Case.closed_at.is_(None))
    )
