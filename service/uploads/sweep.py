"""Uploads that no post named in time: their files are erased, and later their rows."""

from __future__ import annotations

from datetime import timedelta

import structlog
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from service.erasure import owe_erasure
from service.parts import Parts
from service.tables import Upload

CHUNK = 500
MOST_CHUNKS = 10  # of one turn; the next one goes on
KNOWN_FOR = timedelta(days=7)  # an expired upload is told from one that never was


def sweep_uploads(parts: Parts) -> None:
    """One turn."""
    for what, step in (("expired", expire), ("forgotten", forget)):
        rows = 0
        for _ in range(MOST_CHUNKS):
            with parts.sessions.begin() as session:
                done = step(session)
            rows += done
            if not done:
                break
        if rows:
            structlog.get_logger().info("uploads_swept", what=what, rows=rows)


def expire(session: Session) -> int:
    """Owe the files of uploads whose time is over. One that is just claimed is left alone."""
    over = (
        select(Upload)
        .where(
            Upload.claimed_by.is_(None),
            Upload.erased_at.is_(None),
            Upload.expires_at <= func.clock_timestamp(),
        )
        .order_by(Upload.expires_at)
        .limit(CHUNK)
        .with_for_update(skip_locked=True)
    )
    rows = session.scalars(over).all()
    # What was put to a bucket is owed since the upload began.
    owe_erasure(session, [row.path for row in rows if row.path], "unfinished")
    for row in rows:
        row.path, row.erased_at = None, func.clock_timestamp()
    session.flush()
    return len(rows)


def forget(session: Session) -> int:
    """Drop the rows of uploads that expired long ago."""
    old = (
        select(Upload.id)
        .where(Upload.erased_at < func.clock_timestamp() - KNOWN_FOR)
        .order_by(Upload.erased_at)
        .limit(CHUNK)
        .with_for_update(skip_locked=True)
    )
    # Materialised: asked once, so that no more are locked than are dropped.
    wanted = select(old.cte("old").prefix_with("MATERIALIZED").c.id)
    dropped = delete(Upload).where(Upload.id.in_(wanted)).returning(Upload.id)
    return len(session.scalars(dropped.execution_options(synchronize_session=False)).all())
