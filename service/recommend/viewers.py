"""People of the platform, by its ids for them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.tables import Viewer

MOST_TRIES = 10


def hold_viewers(session: Session, names: Collection[str]) -> dict[str, Viewer]:
    """Lock people's rows, and add those that are not there: what they like is counted by one
    transaction at a time. Rows are added by ascending name, then all are locked by ascending id.
    """
    wanted = sorted(set(names))
    if not wanted:
        return {}
    query = select(Viewer).where(Viewer.external_id.in_(wanted)).order_by(Viewer.id)
    for _ in range(MOST_TRIES):
        new = insert(Viewer).values([{"external_id": name} for name in wanted])
        session.execute(new.on_conflict_do_nothing())
        held = session.scalars(
            query.with_for_update(), execution_options={"populate_existing": True}
        ).all()
        if len(held) == len(wanted):  # or somebody was deleted in between
            break
    return {viewer.external_id: viewer for viewer in held}
