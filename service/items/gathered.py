"""What is known of items, and of posts as items: what their vectors are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from items import Item as Content
from service.items.content import looked_by
from service.items.encoders import Encoding
from service.items.pictures import SeenPicture, pictures_of
from service.parts import Parts
from service.screen import Screen
from service.tables import Embedding, Image, Item, Post, Reembedding


@dataclass(frozen=True)
class Known:
    """Contents by the rows of items; what is new of their pictures; by what they were looked at
    (empty: not all that is to be seen of them is there yet)."""

    contents: Mapping[int, Content]
    looked_by: str
    pictures: Mapping[int, SeenPicture] = field(default_factory=dict)


def of_items(parts: Parts, current: Screen, encoding: Encoding, ids: Sequence[int]) -> Known:
    """Title, text, tags and year of items that were sent, and what is seen in their pictures."""
    pictures, new = pictures_of(parts, current, ids, encoding.pictures_by)
    query = select(Item.id, Item.title, Item.text, Item.tags, Item.year).where(Item.id.in_(ids))
    with parts.sessions() as session:
        rows = session.execute(query).all()
    contents = {
        row.id: Content(
            title=row.title,
            text=row.text,
            tags=tuple(row.tags),
            year=row.year,
            pictures=np.array(pictures[row.id]) if row.id in pictures else None,
        )
        for row in rows
    }
    return Known(contents, looked_by(encoding, current), new)


def of_posts(parts: Parts, current: Screen, encoding: Encoding, ids: Sequence[int]) -> Known:
    """Caption and hashtags of posts, and what was seen in their photographs when they were judged.

    While stored photographs get the embeddings that the item bundle takes, more is to come.
    """
    takes = encoding.pictures_by
    mean = (
        select(func.avg(Embedding.vector, type_=HALFVEC()))
        .join(Image, Image.id == Embedding.image_id)
        .where(Image.post_id == Post.id, Embedding.made_by == takes)
        .scalar_subquery()
    )
    query = select(Item.id, Post.caption, Post.hashtags, mean.label("mean"))
    query = query.join(Post, Post.id == Item.post_id).where(Item.id.in_(ids))
    with parts.sessions() as session:
        is_whole = has_embeddings(session, takes)  # asked before they are read
        rows = session.execute(query).all()
    contents = {
        row.id: Content(
            text=row.caption,
            tags=tuple(row.hashtags),
            pictures=None if row.mean is None else np.asarray([row.mean], np.float32),
        )
        for row in rows
    }
    return Known(contents, looked_by(encoding, current) if is_whole else "")


def has_embeddings(session: Session, network: str) -> bool:
    """Whether stored photographs are not about to get embeddings by a network."""
    query = select(Reembedding.made_by).where(Reembedding.made_by == network)
    return session.scalar(query.where(Reembedding.finished_at.is_(None))) is None
