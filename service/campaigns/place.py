"""Compare decided posts with those before them, and put what shows the same into one campaign.

A post owes its place from the transaction that decided it (``Unplaced``). Of two posts that are
compared at the same moment, the one that was decided last finds the other.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from PIL import Image as Pillow
from sqlalchemy import ColumnElement, delete, func, insert, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from service import waits
from service.campaigns.candidates import Candidate, candidates
from service.clusters.members import join
from service.parts import Parts
from service.posts.lock import hold_posts
from service.queue import PLACE, hint
from service.tables import Image, Post, Unplaced
from similarity.alignment import SIDE
from similarity.hashes import grey
from similarity.samepicture import Picture, same_picture

LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 5  # then a post stays without a campaign
MOST_LOOKED = 4  # stored pictures whose pixels are looked at for one photograph
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
    others = _place_alone(parts, taken, made_by)
    placed = len(taken) - len(others)
    for post_id in others:
        try:
            place(parts, post_id, made_by)
            placed += 1
        except SoftTimeLimitExceeded:
            raise
        except Exception as error:  # its row says that it is still owed, and the sweep finds it
            structlog.get_logger().exception("post_not_placed", post=post_id, exc_info=error)
            if waits.outage_of(error) is not None:
                _uncount(parts, post_id)
    return placed


def _place_alone(parts: Parts, post_ids: Sequence[int], made_by: str) -> Sequence[int]:
    """Place the posts that show nothing like what others show: most, in a few statements for all.

    Returns:
        the rest. If the database fails, that is all of them, so that each is tried by itself.
    """
    try:
        with parts.sessions() as session:
            near = candidates(session, post_ids, made_by)
            like_others = set(session.scalars(select(Image.post_id).where(Image.id.in_(near))))
        alone = Unplaced.post_id.in_(set(post_ids) - like_others)
        with parts.sessions.begin() as session:
            session.execute(delete(Unplaced).where(alone))
    except SQLAlchemyError as error:
        structlog.get_logger().warning("posts_not_placed", posts=post_ids, error=str(error))
        return post_ids
    return sorted(like_others)


def hint_unplaced(parts: Parts) -> None:
    """Queue the task where posts wait that no worker is at; asked by the sweep."""
    with parts.sessions.begin() as session:
        hopeless = delete(Unplaced).where(Unplaced.attempts >= MOST_ATTEMPTS, _free())
        session.execute(hopeless, execution_options=_FAST)
        waits_long = Unplaced.since < func.clock_timestamp() - PATIENCE
        waiting = session.scalar(select(Unplaced.post_id).where(_free(), waits_long).limit(1))
    if waiting is not None:
        hint(parts.queue, PLACE)


def place(parts: Parts, post_id: int, made_by: str) -> None:
    """Place one post. No transaction is open while pictures are read and compared."""
    with parts.sessions() as session:
        decided = select(Image).join(Post).where(Post.id == post_id, Post.state == "decided")
        images = session.scalars(decided).all()
        near = candidates(session, [post_id], made_by) if images else {}
    same = {image.id: _same(parts, image, near.get(image.id, ())) for image in images}
    owners = {one.post_id for found in same.values() for one in found}
    with parts.sessions.begin() as session:
        if owners:  # most show what no other does
            hold_posts(session, {post_id, *owners})
        for image_id, found in sorted(same.items()):
            if found:
                join(session, image_id, [one.image_id for one in found])
        session.execute(delete(Unplaced).where(Unplaced.post_id == post_id))


def _same(parts: Parts, image: Image, near: Sequence[Candidate]) -> list[Candidate]:
    """Those that show the same: of each campaign the first that does, as one is enough to join."""
    found: list[Candidate] = []
    picture: Picture | None = None
    looked = 0
    for one in near:
        if one.campaign_id is not None and one.campaign_id in {f.campaign_id for f in found}:
            continue

        def pixels(one: Candidate = one) -> bool:
            nonlocal picture, looked
            if looked == MOST_LOOKED:
                return False
            looked += 1
            picture = picture or _picture(parts, image.derivative)
            other = _picture(parts, one.derivative)
            return picture is not None and other is not None and picture.lies_on(other)

        if same_picture((image.hash, one.hash), one.cosine, pixels):
            found.append(one)
    return found


def _picture(parts: Parts, key: str | None) -> Picture | None:
    """A stored copy; None where it was erased meanwhile, or is no picture any more."""
    data = parts.images.get(key) if key else None
    if data is None:
        return None
    try:
        with Pillow.open(io.BytesIO(data)) as copy:  # our own JPEG, not a stranger's file
            copy.draft("L", (2 * SIDE, 2 * SIDE))
            return Picture(grey(copy))
    except OSError as error:
        structlog.get_logger().warning("copy_unreadable", key=key, error=str(error))
        return None


def _free() -> ColumnElement[bool]:
    return or_(Unplaced.leased_until.is_(None), Unplaced.leased_until <= func.clock_timestamp())


def _uncount(parts: Parts, post_id: int) -> None:
    """An outage is not the post's fault; it is tried again when its lease is over."""
    tried = update(Unplaced).where(Unplaced.post_id == post_id)
    with suppress(SQLAlchemyError), parts.sessions.begin() as session:
        session.execute(tried.values(attempts=Unplaced.attempts - 1), execution_options=_FAST)


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
