"""Opinions read from and written to the database, under the lock of their person."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import and_, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from service.recommend.likes import WINDOW, Likes
from service.tables import Opinion, Viewer


def read_likes(
    session: Session, viewers: Collection[Viewer], touched: Collection[tuple[int, int]]
) -> dict[int, Likes]:
    """What people like, by their rows' ids: the last that can make a pair, the items of ``touched``
    (person and item), and whatever made a pair with these."""
    counts = {viewer.id: viewer.likes for viewer in viewers}
    nths: dict[int, dict[int, int]] = {viewer: {} for viewer in counts}
    ats: dict[int, dict[int, datetime]] = {viewer: {} for viewer in counts}
    near, mine = aliased(Opinion), Opinion
    columns = select(mine.viewer_id, mine.item_id, mine.nth, mine.at)
    recent = (
        columns.join(Viewer, Viewer.id == mine.viewer_id)
        .where(mine.viewer_id.in_(counts), mine.nth > Viewer.likes - WINDOW)
        .order_by(mine.nth)
    )
    named = columns.where(tuple_(mine.viewer_id, mine.item_id).in_(touched))
    beside = columns.join(
        near,
        and_(
            near.viewer_id == mine.viewer_id,
            mine.nth >= near.nth - WINDOW,
            mine.nth <= near.nth + WINDOW,
        ),
    ).where(tuple_(near.viewer_id, near.item_id).in_(touched))
    for query in (recent, *((named, beside) if touched else ())):
        for viewer_id, item_id, nth, at in session.execute(query):
            ats[viewer_id][item_id] = at
            if nth is not None:
                nths[viewer_id][item_id] = nth
    return {viewer: Likes(count, nths[viewer], ats[viewer]) for viewer, count in counts.items()}


def write_likes(session: Session, likes: Mapping[int, Likes]) -> None:
    """Write what changed."""
    rows = [
        {"viewer_id": viewer, "item_id": item, "nth": one.nth.get(item), "at": one.at[item]}
        for viewer, one in sorted(likes.items())
        for item in sorted(one.changed)
    ]
    if rows:
        row = insert(Opinion).values(rows)
        changed = {"nth": row.excluded.nth, "at": row.excluded.at}
        session.execute(
            row.on_conflict_do_update(index_elements=["viewer_id", "item_id"], set_=changed)
        )
