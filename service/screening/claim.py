"""Which posts this worker may work on: a lease in the row, which other workers respect."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, text, update
from sqlalchemy.orm import Session, aliased, defer, selectinload

from service.database import Sessions
from service.pulse import renewing
from service.tables import Post

_FREE = and_(
    Post.state == "pending",
    or_(Post.claimed_until.is_(None), Post.claimed_until <= func.clock_timestamp()),
)
_NEVER_FAILED = and_(Post.attempts == 0, Post.claimed_until.is_(None))
# A lease that ran out says that its worker died, unless it was the database that was away: then the
# worker could not renew it.
_DIED = and_(Post.claimed_until.is_not(None), Post.claimed_at > text("pg_postmaster_start_time()"))


@dataclass(frozen=True)
class Claim:
    """One worker's name for the posts that it takes, and for how long it takes them."""

    lease: timedelta
    worker: uuid.UUID = field(default_factory=uuid.uuid4)


def claim_fresh(session: Session, claim: Claim, ids: Collection[int]) -> list[int]:
    """Claim the posts that never failed; they may be worked on together."""
    return _claim(session, claim, and_(Post.id.in_(ids), _NEVER_FAILED))


def claim_waiting(session: Session, claim: Claim, most: int) -> list[int]:
    """Claim posts that never failed, those that wait longest, whoever was told of them; none that
    rests, because its servers are slow (``release``)."""
    rested = Post.queued_at <= func.clock_timestamp()
    return _claim(session, claim, and_(_NEVER_FAILED, rested), most)


def claim_one(session: Session, claim: Claim, post_id: int) -> bool:
    """Claim a post that is to be worked on alone. Counts an attempt if a worker died at it."""
    return bool(_claim(session, claim, Post.id == post_id))


def free(session: Session, ids: Collection[int]) -> Sequence[int]:
    """The posts among ``ids`` that are pending, and that nobody is at."""
    return session.scalars(select(Post.id).where(Post.id.in_(ids), _FREE).order_by(Post.id)).all()


def _claim(
    session: Session, claim: Claim, which: ColumnElement[bool], most: int | None = None
) -> list[int]:
    # Materialised: asked once, so that no more are claimed than are locked.
    wanted = (
        select(Post.id)
        .where(which, _FREE)
        # Those that were given back are tried again after those that were not tried yet.
        .order_by(Post.id if most is None else Post.queued_at)
        .limit(most)
        .with_for_update(skip_locked=True)
        .cte("wanted")
        .prefix_with("MATERIALIZED")
    )
    now = func.clock_timestamp()
    claimed = (
        update(Post)
        .where(Post.id.in_(select(wanted.c.id)))
        .values(
            claimed_by=claim.worker,
            claimed_at=now,
            claimed_until=now + claim.lease,
            attempts=Post.attempts + case((_DIED, 1), else_=0),
        )
        .returning(Post.id)
        .execution_options(synchronize_session=False)
    )
    return sorted(session.scalars(claimed))


def may_wait(session: Session, claim: Claim, most: int) -> bool:
    """Whether this worker may wait for servers that are slow, rather than give their posts back.

    Not where ``most`` others have been at their posts for longer: of the workers that meet slow
    servers the first ones wait, and the rest goes on with what is quick.
    """
    own = aliased(Post)
    since = select(func.min(own.claimed_at)).where(
        own.state == "pending", own.claimed_by == claim.worker
    )
    others = select(func.count(Post.claimed_by.distinct())).where(
        Post.state == "pending",
        Post.claimed_by != claim.worker,
        Post.claimed_until > func.clock_timestamp(),
        Post.claimed_at < since.scalar_subquery(),
    )
    return session.scalars(others).one() < most


def load(session: Session, claim: Claim, ids: Collection[int]) -> Sequence[Post]:
    """The claimed posts with their images, without what screening does not look at."""
    return session.scalars(
        _mine(claim, ids).options(selectinload(Post.images), selectinload(Post.videos))
    ).all()


def hold(session: Session, claim: Claim, ids: Collection[int]) -> Sequence[Post]:
    """Lock the rows that are still this worker's and pending, by ascending id as everybody does."""
    query = _mine(claim, ids).where(Post.state == "pending").with_for_update()
    # For all posts at once, since each would ask for its own.
    query = query.options(selectinload(Post.images), selectinload(Post.videos))
    return session.scalars(query, execution_options={"populate_existing": True}).all()


def next_waiting(session: Session) -> int | None:
    """The post that waits longest and never failed."""
    waiting = select(Post.id).where(_NEVER_FAILED, _FREE).order_by(Post.queued_at)
    return session.scalars(waiting.limit(1)).first()


def release(
    session: Session,
    claim: Claim,
    ids: Collection[int],
    *,
    failures: int = 0,
    rest: timedelta = timedelta(0),
) -> None:
    """Give posts back. The sweep queues them again after a while.

    Args:
        failures: how many attempts to count: 0 where the posts were not the reason.
        rest: how much longer than usual that while is.
    """
    session.execute(
        update(Post)
        .where(Post.id.in_(_locked(and_(Post.id.in_(ids), Post.claimed_by == claim.worker))))
        .values(
            claimed_by=None,
            claimed_at=None,
            claimed_until=None,
            queued_at=func.clock_timestamp() + rest,
            attempts=Post.attempts + failures,
        )
        .execution_options(synchronize_session=False)
    )


@contextmanager
def alive(sessions: Sessions, claim: Claim) -> Iterator[None]:
    """Renew the leases of a claim for as long as this process lives and the block runs."""
    with renewing(sessions, claim.lease, lambda session: _renew(session, claim)):
        yield


def _renew(session: Session, claim: Claim) -> None:
    session.execute(
        update(Post)
        .where(
            Post.id.in_(
                _locked(and_(Post.claimed_until.is_not(None), Post.claimed_by == claim.worker))
            )
        )
        .values(claimed_until=func.clock_timestamp() + claim.lease)
        .execution_options(synchronize_session=False)
    )


def _locked(which: ColumnElement[bool]) -> Select[int]:
    """Rows locked in the one order. What is locked already is being decided: left out."""
    rows = select(Post.id).where(which, Post.state == "pending").order_by(Post.id)
    return select(
        rows.with_for_update(skip_locked=True).cte("held").prefix_with("MATERIALIZED").c.id
    )


def _mine(claim: Claim, ids: Collection[int]) -> Select[Post]:
    return (
        select(Post)
        .where(Post.id.in_(ids), Post.claimed_by == claim.worker)
        .options(defer(Post.caption), defer(Post.posted_at))
        .order_by(Post.id)
    )
