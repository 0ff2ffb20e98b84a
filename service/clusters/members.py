"""Membership of campaigns: join, merge and leave, in the caller's transaction.

Photographs that show the same picture are in one campaign, and so is whatever either was in: the
sets of a union-find. The smaller of two that meet is moved into the larger, so no photograph is
moved more often than the logarithm of their number.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from service.clusters.counts import add_post, count_again
from service.locks import Lock, lock
from service.tables import Campaign, CampaignImage, Image, Post


def join(session: Session, image_id: int, same: Collection[int]) -> int | None:
    """Put a photograph and those that show the same into one campaign.

    The rows of all of their posts are locked (``service/posts/lock.py``). What is not there, or
    whose post is not decided any more, is left out.

    Returns:
        the campaign; None where nothing is left to join.
    """
    lock(session, Lock.CAMPAIGNS)
    rows = session.execute(
        select(Image.id, Image.post_id, CampaignImage.campaign_id)
        .join(Post, Post.id == Image.post_id)
        .outerjoin(CampaignImage, CampaignImage.image_id == Image.id)
        .where(Image.id.in_([image_id, *same]), Post.state == "decided")
        .order_by(Image.id)
    ).all()
    if image_id not in {row.id for row in rows} or len({row.post_id for row in rows}) == 1:
        return None
    into = _merge(session, sorted({row.campaign_id for row in rows if row.campaign_id}))
    new = [(row.id, row.post_id) for row in rows if row.campaign_id is None]
    if into is None:
        return _begin(session, new)
    for one, post_id in new:
        _add(session, into, one, post_id)
    return into


def leave(session: Session, post_ids: Collection[int]) -> None:
    """Take posts out of every campaign and its counts: they were replaced or are deleted.

    Their rows are locked. Photographs that only these posts connected stay together.
    """
    theirs = CampaignImage.post_id.in_(post_ids)
    # Nobody adds a photograph of a post whose row another has locked.
    if session.scalar(select(CampaignImage.image_id).where(theirs).limit(1)) is None:
        return
    lock(session, Lock.CAMPAIGNS)
    left = delete(CampaignImage).where(theirs).returning(CampaignImage.campaign_id)
    for campaign_id in sorted(set(session.scalars(left.execution_options(**_FAST)))):
        count_again(session, campaign_id)


def _begin(session: Session, images: Sequence[tuple[int, int]]) -> int:
    now = func.now()
    made = Campaign(posts=0, authors=0, hashtags=0, reach=0, first_at=now, last_at=now)
    session.add(made)
    session.flush()
    session.add_all(
        CampaignImage(image_id=image_id, post_id=post_id, campaign_id=made.id)
        for image_id, post_id in images
    )
    session.flush()
    count_again(session, made.id)
    return made.id


def _add(session: Session, campaign_id: int, image_id: int, post_id: int) -> None:
    there = select(CampaignImage.image_id).where(
        CampaignImage.campaign_id == campaign_id, CampaignImage.post_id == post_id
    )
    is_new = session.scalar(there.limit(1)) is None
    session.add(CampaignImage(image_id=image_id, post_id=post_id, campaign_id=campaign_id))
    session.flush()
    if is_new:
        add_post(session, campaign_id, session.get_one(Post, post_id))


def _merge(session: Session, ids: Sequence[int]) -> int | None:
    """Make one campaign of several: the largest, of equal ones the oldest, takes the others in."""
    if not ids:
        return None
    sizes = select(Campaign.id).where(Campaign.id.in_(ids))
    into, *others = session.scalars(sizes.order_by(Campaign.posts.desc(), Campaign.id)).all()
    if others:
        moved = update(CampaignImage).where(CampaignImage.campaign_id.in_(others))
        session.execute(moved.values(campaign_id=into), execution_options=_FAST)
        session.execute(delete(Campaign).where(Campaign.id.in_(others)), execution_options=_FAST)
        count_again(session, into)
    return into


_FAST = {"synchronize_session": False}
