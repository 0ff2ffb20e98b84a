"""Compare decided posts with those before them, and put what shows the same into one campaign.

A post owes its place from the transaction that decided it (``Unplaced``). Of two posts that are
compared at the same moment, the one that was decided last finds the other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from itertools import groupby

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from sqlalchemy import ColumnElement, delete, func, insert, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from service import waits
from service.campaigns.candidates import Candidate, candidates
from service.campaigns.compare import reader, same_as
from service.clusters.members import join
from service.parts import Parts
from service.posts.lock import hold_posts
from service.queue import PLACE, hint
from service.tables import CampaignImage, Image, Post, Unplaced

LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 5  # then a post stays without a campaign
A_TURN = 64  # posts
PATIENCE = timedelta(seconds=30)  # whoever decides posts queues their placing at once


def owe_places(session: Session, posts: Sequence[Post]) -> None:
    """Have posts placed that are being decided, in the caller's transaction."""
    session.execute(insert(Unplaced), [{"post_id": post.id} for post in posts])


def place_waiting(parts: Parts) -> int:
    """Place the posts that wait longest and that nobody else is at; any number of workers may.

    Returns:
        how many were placed.
    """
    made_by = parts.screener.current().bundle.embedding_id
    with parts.sessions.begin() as session:
        taken = _lease(session)
    with _going_on(parts, taken):
        return place(parts, taken, made_by) if taken else 0
    return 0


def hint_unplaced(parts: Parts) -> None:
    """Queue the task where posts wait that no worker is at; asked by the sweep."""
    with parts.sessions.begin() as session:
        hopeless = delete(Unplaced).where(Unplaced.attempts >= MOST_ATTEMPTS, _free())
        session.execute(hopeless, execution_options=_FAST)
        waits_long = Unplaced.since < func.clock_timestamp() - PATIENCE
        waiting = session.scalar(select(Unplaced.post_id).where(_free(), waits_long).limit(1))
    if waiting is not None:
        hint(parts.queue, PLACE)


def place(parts: Parts, post_ids: Sequence[int], made_by: str) -> int:
    """Place posts. No transaction is open while pictures are read and compared.

    Returns:
        how many were placed. What went wrong with the others is in the log.
    """
    with parts.sessions() as session:
        near = candidates(session, post_ids, made_by)
        decided = select(Image).join(Post).where(Image.id.in_(near), Post.state == "decided")
        images = session.scalars(decided.order_by(Image.post_id, Image.position)).all()
        campaigns = _campaigns(session, near)
    unlike = set(post_ids) - {image.post_id for image in images}  # most show what no other does
    joined, read = 0, reader(parts.images)
    try:
        for post_id, own in groupby(images, lambda image: image.post_id):
            with _going_on(parts, [post_id]):
                same = {one.id: same_as(read, one, near[one.id], campaigns) for one in own}
                if any(same.values()):
                    campaigns |= _join(parts, post_id, same)
                    joined += 1
                else:
                    unlike.add(post_id)
    finally:
        _done(parts, unlike)
    return joined + len(unlike)


def _campaigns(session: Session, near: Mapping[int, Sequence[Candidate]]) -> dict[int, int]:
    """The campaigns of candidates, by their photographs."""
    images = {one.image_id for some in near.values() for one in some}
    query = select(CampaignImage.image_id, CampaignImage.campaign_id)
    found = session.execute(query.where(CampaignImage.image_id.in_(images)))
    return {row.image_id: row.campaign_id for row in found}


def _join(parts: Parts, post_id: int, same: Mapping[int, Sequence[Candidate]]) -> Mapping[int, int]:
    """Put a post into the campaigns of those that show the same.

    Returns:
        the campaigns that photographs are in now.
    """
    campaigns: dict[int, int] = {}
    with parts.sessions.begin() as session:
        hold_posts(session, {post_id, *(one.post_id for some in same.values() for one in some)})
        for image_id, some in sorted(same.items()):
            others = [one.image_id for one in some]
            campaign = join(session, image_id, others) if others else None
            if campaign is not None:
                campaigns |= dict.fromkeys([image_id, *others], campaign)
        session.execute(delete(Unplaced).where(Unplaced.post_id == post_id))
    return campaigns


def _done(parts: Parts, post_ids: Collection[int]) -> None:
    if post_ids:
        with parts.sessions.begin() as session:
            session.execute(delete(Unplaced).where(Unplaced.post_id.in_(post_ids)))


@contextmanager
def _going_on(parts: Parts, post_ids: Sequence[int]) -> Iterator[None]:
    """Log what goes wrong with posts: their rows say that they are still owed, and the sweep finds
    them when their leases are over. An outage is not their fault."""
    try:
        yield
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:
        structlog.get_logger().exception("posts_not_placed", posts=post_ids, exc_info=error)
        if waits.outage_of(error) is not None:
            tried = update(Unplaced).where(Unplaced.post_id.in_(post_ids))
            with suppress(SQLAlchemyError), parts.sessions.begin() as session:
                session.execute(
                    tried.values(attempts=Unplaced.attempts - 1), execution_options=_FAST
                )


def _free() -> ColumnElement[bool]:
    return or_(Unplaced.leased_until.is_(None), Unplaced.leased_until <= func.clock_timestamp())


def _lease(session: Session) -> list[int]:
    wanted = select(Unplaced.post_id).where(_free(), Unplaced.attempts < MOST_ATTEMPTS)
    wanted = wanted.order_by(Unplaced.since, Unplaced.post_id).limit(A_TURN)
    locked = wanted.with_for_update(skip_locked=True).cte("wanted").prefix_with("MATERIALIZED")
    leased = (
        update(Unplaced)
        .where(Unplaced.post_id.in_(select(locked.c.post_id)))
        .values(leased_until=func.clock_timestamp() + LEASE, attempts=Unplaced.attempts + 1)
        .returning(Unplaced.post_id)
    )
    return sorted(session.scalars(leased, execution_options=_FAST))


_FAST = {"synchronize_session": False}
