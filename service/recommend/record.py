"""Write down what people did, and count it: at once, however many do it at the same moment."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.items.hold import keep_items
from service.recommend.counts import Growth, add_counts, add_pairs
from service.recommend.events import LIKED, Event
from service.recommend.likes import Likes, Pairs
from service.recommend.opinions import read_likes, write_likes
from service.recommend.viewers import hold_viewers
from service.tables import Interaction, Item, Viewer

Name = tuple[str, str]  # an item's kind, and its id on the platform


@dataclass(frozen=True)
class Recorded:
    """How many events there were, and of how many the item is known. The others are not kept."""

    accepted: int
    known: int


def record_events(session: Session, events: Sequence[Event]) -> Recorded:
    """Write down events in the caller's transaction, each once, however often it is sent.

    People are locked first, then items are kept from being deleted, then what is counted is
    changed in ascending order: so nobody waits in a circle, and no count is lost.
    """
    items = _items(session, {(event.item_kind, event.item) for event in events})
    known = [event for event in events if (event.item_kind, event.item) in items]
    viewers = hold_viewers(session, {event.viewer for event in known})
    known = [event for event in known if event.viewer in viewers]
    touched = {
        (viewers[event.viewer].id, items[event.item_kind, event.item])
        for event in known
        if event.kind != "view"
    }
    likes = read_likes(session, viewers.values(), touched)
    partners = {item for one in likes.values() for item in one.nth}
    kept = keep_items(session, partners | set(items.values()))
    for one in likes.values():
        one.keep(kept)
    known = [event for event in known if items[event.item_kind, event.item] in kept]
    _count(session, _new(session, known, viewers, items), viewers, items, likes)
    return Recorded(len(events), len(known))


def _items(session: Session, names: Collection[Name]) -> dict[Name, int]:
    query = select(Item.kind, Item.external_id, Item.id)
    rows = session.execute(query.where(tuple_(Item.kind, Item.external_id).in_(names)))
    return {(kind, name): row for kind, name, row in rows}


def _new(
    session: Session,
    events: Sequence[Event],
    viewers: Mapping[str, Viewer],
    items: Mapping[Name, int],
) -> list[Event]:
    """Those that were not sent before, in the order in which they happened."""
    by_id = {event.id: event for event in reversed(events)}  # of two with one id, the first
    if not by_id:
        return []
    rows = [
        {
            "external_id": event.id,
            "viewer_id": viewers[event.viewer].id,
            "item_id": items[event.item_kind, event.item],
            "kind": event.kind,
            "seconds": event.seconds,
            "at": event.at,
        }
        for event in sorted(by_id.values(), key=lambda event: event.id)
    ]
    added = insert(Interaction).values(rows).on_conflict_do_nothing()
    new = set(session.scalars(added.returning(Interaction.external_id)))
    once = {event.id: event for event in events if by_id[event.id] is event and event.id in new}
    return sorted(once.values(), key=lambda event: event.at)


def _count(
    session: Session,
    events: Sequence[Event],
    viewers: Mapping[str, Viewer],
    items: Mapping[Name, int],
    likes: Mapping[int, Likes],
) -> None:
    pairs = Pairs()
    growth: dict[int, Growth] = {}
    for event in events:
        item, viewer = items[event.item_kind, event.item], viewers[event.viewer]
        growth.setdefault(item, Growth()).add(event)
        if event.kind in LIKED:
            likes[viewer.id].like(item, event.at, pairs)
        elif event.kind == "dislike":
            likes[viewer.id].dislike(item, event.at, pairs)
    for viewer in viewers.values():
        viewer.likes = likes[viewer.id].count
    session.flush()
    write_likes(session, likes)
    add_pairs(session, pairs)
    add_counts(session, growth)
