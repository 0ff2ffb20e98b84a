"""An item as one committed row; sent again, the new body takes the place of the old one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from service.items.hold import hold_item
from service.items.language import language_of
from service.locks import Lock, lock
from service.posts.accept import NewImage
from service.tables import Item, ItemImage, ItemVector
from service.uploads.claim import Named, claim
from service.uploads.kinds import Family


@dataclass(frozen=True)
class NewItem:
    """What is sent of an item."""

    id: str
    title: str
    text: str
    tags: Sequence[str]
    link: str


@dataclass(frozen=True)
class Put:
    """An item's row, and whether its pictures are to be looked at."""

    row: int
    state: str


def owner_of(item_id: str) -> str:
    """How uploads name the item they belong to: no post has an id with a control character."""
    return f"item\n{item_id}"


def put_item(session: Session, sent: NewItem, images: Sequence[NewImage]) -> Put:
    """Add an item or replace its body, in the caller's transaction.

    The same body again changes nothing. Pictures that differ are looked at anew, and what a worker
    finds in the old ones meanwhile is not written: the item is nobody's any more. Uploads of a
    bucket were settled before.

    Raises:
        UploadError: an upload that it names cannot be used; the transaction must not go on.
    """
    lock(session, Lock.ITEM, sent.id)
    item = hold_item(session, sent.id)
    if item is not None and _says(item, sent) and _same(session, item, images):
        return Put(item.id, item.state)
    named = [Named(image.upload, Family.IMAGE) for image in images if image.upload]
    if named or item is not None:
        claim(session, owner_of(sent.id), named)
    if item is None:
        item = Item(kind="item", external_id=sent.id)
        session.add(item)
    item.title, item.text, item.link = sent.title, sent.text, sent.link
    item.tags = list(sent.tags)
    item.language = language_of(f"{sent.title} {sent.text}")
    session.flush()
    if not _same(session, item, images):
        _replace(session, item, images)
    elif not images:
        item.state = "ready"
    session.flush()
    return Put(item.id, item.state)


def _says(item: Item, sent: NewItem) -> bool:
    mine = (item.title, item.text, item.link, item.tags)
    return mine == (sent.title, sent.text, sent.link, list(sent.tags))


def _same(session: Session, item: Item, images: Sequence[NewImage]) -> bool:
    columns = select(ItemImage.source_url, ItemImage.source_bytes, ItemImage.source_upload)
    rows = session.execute(columns.where(ItemImage.item_id == item.id).order_by(ItemImage.position))
    return [tuple(row) for row in rows] == [(one.url, one.data, one.upload) for one in images]


def _replace(session: Session, item: Item, images: Sequence[NewImage]) -> None:
    for table in (ItemImage, ItemVector):
        session.execute(delete(table).where(table.item_id == item.id), execution_options=_FAST)
    session.add_all(
        ItemImage(
            item_id=item.id,
            position=position,
            source_url=image.url,
            source_bytes=image.data,
            source_upload=image.upload,
        )
        for position, image in enumerate(images)
    )
    item.state = "pending" if images else "ready"
    item.queued_at, item.attempts = func.clock_timestamp(), 0
    item.claimed_by = item.claimed_until = None


_FAST = {"synchronize_session": False}
