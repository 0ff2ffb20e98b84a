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
    """What is sent of an item. ``language`` is ko, en, empty for everybody, or None where the
    letters are to tell it."""

    id: str
    title: str
    text: str
    tags: Sequence[str]
    link: str
    year: int | None = None
    language: str | None = None

    @property
    def spoken(self) -> str:
        """Its language: the one that is said, or else told by its letters."""
        if self.language is not None:
            return self.language
        return language_of(f"{self.title} {self.text}")


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

    The same body again changes nothing. Where words or pictures differ, the vector goes, and the
    item waits for another; pictures that stay are not looked at again. What a worker finds in the
    old body meanwhile is not written: the item is nobody's any more. Uploads of a bucket were
    settled before.

    Raises:
        UploadError: an upload that it names cannot be used; the transaction must not go on.
    """
    lock(session, Lock.ITEM, sent.id)
    item = hold_item(session, sent.id)
    if item is not None and _is_same(session, item, sent, images):
        return Put(item.id, item.state)
    named = [Named(image.upload, Family.IMAGE) for image in images if image.upload]
    if named or item is not None:
        claim(session, owner_of(sent.id), named)
    if item is None:
        item = Item(kind="item", external_id=sent.id)
        session.add(item)
    says_other = item.id is None or not _says(item, sent)
    item.title, item.text, item.link, item.year = sent.title, sent.text, sent.link, sent.year
    item.tags = list(sent.tags)
    item.language = sent.spoken
    session.flush()
    shows_other = not _shows(session, item, images)
    if shows_other:
        _replace(session, item, images)
    if says_other or shows_other:
        _forget_vector(session, item)
    session.flush()
    return Put(item.id, item.state)


def _is_same(session: Session, item: Item, sent: NewItem, images: Sequence[NewImage]) -> bool:
    told = (item.link, item.language) == (sent.link, sent.spoken)
    return told and _says(item, sent) and _shows(session, item, images)


def _says(item: Item, sent: NewItem) -> bool:
    """Whether the words are the same; a link is none of them, nor is the language."""
    mine = (item.title, item.text, item.tags, item.year)
    return mine == (sent.title, sent.text, list(sent.tags), sent.year)


def _shows(session: Session, item: Item, images: Sequence[NewImage]) -> bool:
    columns = select(ItemImage.source_url, ItemImage.source_bytes, ItemImage.source_upload)
    rows = session.execute(columns.where(ItemImage.item_id == item.id).order_by(ItemImage.position))
    return [tuple(row) for row in rows] == [(one.url, one.data, one.upload) for one in images]


def _replace(session: Session, item: Item, images: Sequence[NewImage]) -> None:
    gone = delete(ItemImage).where(ItemImage.item_id == item.id)
    session.execute(gone, execution_options=_FAST)
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


def _forget_vector(session: Session, item: Item) -> None:
    """Nobody is shown an item for what it was."""
    gone = delete(ItemVector).where(ItemVector.item_id == item.id)
    session.execute(gone, execution_options=_FAST)
    item.state, item.queued_at, item.attempts = "pending", func.clock_timestamp(), 0
    item.claimed_by = item.claimed_until = None


_FAST = {"synchronize_session": False}
