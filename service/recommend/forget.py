"""Forget a person, or what is older than it is kept, with all that was counted from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from service.database import one_of
from service.items.hold import keep_items
from service.recommend.counts import add_pairs, recount
from service.recommend.likes import Likes, Pairs
from service.tables import Interaction, Opinion, Viewer


@dataclass(frozen=True)
class GoneViewer:
    """What went with a person, in rows."""

    interactions: int
    opinions: int


def forget_viewer(session: Session, external_id: str) -> GoneViewer | None:
    """Forget a person in the caller's transaction; None: nothing is known of anybody of this id."""
    query = select(Viewer).where(Viewer.external_id == external_id).with_for_update()
    viewer = session.scalar(query, execution_options={"populate_existing": True})
    if viewer is None:
        return None
    gone = _forget(session, viewer, None)
    session.execute(delete(Viewer).where(Viewer.id == viewer.id), execution_options=_FAST)
    return gone


def forget_old(session: Session, before: datetime) -> int:
    """Forget what one person did that was received before a moment: of whom the oldest event is.

    What the person thinks of an item goes with the last event about it.

    Returns:
        how many people there were: 1 or 0.
    """
    oldest = select(Interaction.viewer_id).where(Interaction.received_at < before)
    oldest = oldest.order_by(Interaction.received_at).limit(1)
    query = select(Viewer).where(Viewer.id == oldest.scalar_subquery()).with_for_update()
    viewer = session.scalar(query, execution_options={"populate_existing": True})
    if viewer is None:
        return 0
    _forget(session, viewer, before)
    return 1


def _forget(session: Session, viewer: Viewer, before: datetime | None) -> GoneViewer:
    mine = session.execute(
        select(Opinion.item_id, Opinion.nth, Opinion.at).where(Opinion.viewer_id == viewer.id)
    ).all()
    kept = keep_items(session, set(session.scalars(_items_of(viewer))))
    old = [Interaction.viewer_id == viewer.id]
    if before is not None:
        old.append(Interaction.received_at < before)
    events = session.scalars(
        delete(Interaction).where(*old).returning(Interaction.item_id), execution_options=_FAST
    ).all()
    left = select(Interaction.item_id).where(Interaction.viewer_id == viewer.id)
    still = set(session.scalars(left)) if before is not None else set()
    nth = {item: nth for item, nth, _ in mine if nth is not None and item in kept}
    likes = Likes(viewer.likes, nth)
    going = {item for item, _, _ in mine} - still
    pairs = Pairs()
    for item in going:
        likes.forget(item, pairs)
    session.execute(
        delete(Opinion).where(Opinion.viewer_id == viewer.id, one_of(Opinion.item_id, going)),
        execution_options=_FAST,
    )
    add_pairs(session, pairs)
    recount(session, set(events))
    return GoneViewer(len(events), len(going))


def _items_of(viewer: Viewer) -> Select[int]:
    events = select(Interaction.item_id).where(Interaction.viewer_id == viewer.id)
    opinions = select(Opinion.item_id).where(Opinion.viewer_id == viewer.id)
    return select(events.union(opinions).subquery().c.item_id)


_FAST = {"synchronize_session": False}
