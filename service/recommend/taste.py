"""What a person liked lately, each the less the more came after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Select, Text, and_, bindparam, func, select, true
from sqlalchemy.orm import Session

from service.recommend.halfvec import received, sent
from service.recommend.words import title_of
from service.tables import Item, ItemCount, ItemVector, Opinion, Post, Viewer
from similarity.duplicates import Floats

LATELY = 20  # liked items that count
HALF = 5  # after so many more, a liked item counts half


@dataclass(frozen=True)
class Liked:
    """One liked item; ``weight`` is 1 for the last one, ``likes`` how many people like it."""

    item: int
    title: str
    weight: float
    likes: int
    vector: Floats | None


@dataclass(frozen=True)
class Taste:
    """A person's row (0: nobody known), what they liked lately, the last first, and in which
    language most of that is; empty where it cannot be told."""

    viewer: int
    liked: Sequence[Liked]
    language: str

    @property
    def vector(self) -> Floats | None:
        """The direction of what was liked, of norm 1; None where no vector is known."""
        seen = [one.weight * one.vector for one in self.liked if one.vector is not None]
        if not seen:
            return None
        mean = np.sum(np.array(seen), axis=0)
        norm = float(np.linalg.norm(mean))
        return (mean / norm).astype(np.float32) if norm > 0 else None


def taste_of(session: Session, viewer: str, made_by: str) -> Taste:
    """What is known of a person, by the platform's id. Vectors are those of one network."""
    rows = session.execute(_LIKED, {"viewer": viewer, "made_by": made_by}).all()
    if not rows:
        return Taste(0, (), "")
    liked = [
        Liked(item, title or "", 0.5 ** (place / HALF), likes, received(vector))
        for place, (_, item, title, _, likes, vector) in enumerate(rows)
        if item is not None  # a person who likes nothing is a row without an item
    ]
    languages = Counter(row.language for row in rows if row.language)
    return Taste(rows[0].id, liked, languages.most_common(1)[0][0] if languages else "")


def _liked() -> Select[int, int, str, str, int, bytes | None]:
    """A person's row with each of what they liked last; made once, as all these statements are."""
    last = (
        select(Opinion.item_id, Opinion.nth)
        .where(Opinion.viewer_id == Viewer.id, Opinion.nth.is_not(None))
        .order_by(Opinion.nth.desc())
        .limit(LATELY)
        .lateral("last")
    )
    by = ItemVector.made_by == bindparam("made_by", type_=Text)
    return (
        select(
            Viewer.id,
            Item.id.label("item"),
            title_of(),
            Item.language.label("language"),
            func.coalesce(ItemCount.likes + ItemCount.saves, 0),
            sent(ItemVector.vector),
        )
        .select_from(Viewer)
        .outerjoin(last, true())
        .outerjoin(Item, Item.id == last.c.item_id)
        .outerjoin(Post, Post.id == Item.post_id)
        .outerjoin(ItemCount, ItemCount.item_id == Item.id)
        .outerjoin(ItemVector, and_(ItemVector.item_id == Item.id, by))
        .where(Viewer.external_id == bindparam("viewer", type_=Text))
        .order_by(last.c.nth.desc())
    )


_LIKED = _liked()
