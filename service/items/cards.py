"""Items as a page shows them: words, whether there is a picture, where they lead."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select, tuple_
from sqlalchemy.orm import Session

from service.tables import Image, Item, ItemImage, Post

LONGEST_TITLE = 120  # characters on a card
LONGEST_TEXT = 240
Name = tuple[str, str]  # an item's kind, and its id on the platform


@dataclass(frozen=True)
class Card:
    """An item that may be shown. A post's title is the beginning of its caption; ``row`` and
    ``post_row`` are numbers of rows, ``link`` an address of the web or empty."""

    row: int
    kind: str
    id: str
    title: str
    text: str
    tags: Sequence[str]
    language: str
    link: str
    state: str
    post_row: int | None
    has_picture: bool

    @property
    def name(self) -> Name:
        """By what others call it."""
        return self.kind, self.id


def cards_named(session: Session, names: Collection[Name]) -> dict[Name, Card]:
    """Those of the items that may be shown at this moment: no post that was flagged."""
    query = _CARDS.where(tuple_(Item.kind, Item.external_id).in_(names))
    return {card.name: card for card in _read(session, query)} if names else {}


def cards_of(session: Session, rows: Collection[int]) -> dict[int, Card]:
    """The same, by the items' rows."""
    query = _CARDS.where(Item.id.in_(rows))
    return {card.row: card for card in _read(session, query)} if rows else {}


def _has_picture() -> ColumnElement[bool]:
    """A picture that can be shown; one that was sent as a URL is not kept."""
    kept = or_(ItemImage.source_bytes.is_not(None), ItemImage.source_upload.is_not(None))
    sent = select(ItemImage.id).where(ItemImage.item_id == Item.id, kept, ItemImage.error.is_(None))
    seen = select(Image.id).where(Image.post_id == Item.post_id, Image.derivative.is_not(None))
    # By rows of one item: an EXISTS may be answered by reading all pictures of all items.
    first_sent = sent.limit(1).scalar_subquery()
    first_seen = seen.limit(1).scalar_subquery()
    return case((Item.kind == "post", first_seen.is_not(None)), else_=first_sent.is_not(None))


_CARDS = (
    select(
        Item.id,
        Item.kind,
        Item.external_id,
        func.left(case((Item.kind == "post", Post.caption), else_=Item.title), LONGEST_TITLE + 1),
        func.left(Item.text, LONGEST_TEXT + 1),
        case((Item.kind == "post", Post.hashtags), else_=Item.tags),
        Item.language,
        Item.link,
        Item.state,
        Item.post_id,
        _has_picture(),
    )
    .outerjoin(Post, Post.id == Item.post_id)
    .where(Item.available)
)


def _read(session: Session, query: Select[Any]) -> list[Card]:
    return [_card(*row) for row in session.execute(query)]


def _card(
    row: int,
    kind: str,
    name: str,
    title: str | None,
    text: str,
    tags: Sequence[str] | None,
    language: str,
    link: str,
    *others: Any,
) -> Card:
    shown = _short(title or "", LONGEST_TITLE), _short(text, LONGEST_TEXT)
    safe = link if link.startswith(("https://", "http://")) else ""
    return Card(row, kind, name, *shown, tags or (), language, safe, *others)


def _short(text: str, longest: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"
