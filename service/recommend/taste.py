"""What a person liked lately, each the less the more came after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

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
    row = session.scalar(select(Viewer.id).where(Viewer.external_id == viewer))
    if row is None:
        return Taste(0, (), "")
    query = (
        select(
            Item.id,
            title_of(),
            Item.language,
            func.coalesce(ItemCount.likes + ItemCount.saves, 0),
            ItemVector.vector,
        )
        .join(Opinion, Opinion.item_id == Item.id)
        .outerjoin(Post, Post.id == Item.post_id)
        .outerjoin(ItemCount, ItemCount.item_id == Item.id)
        .outerjoin(ItemVector, and_(ItemVector.item_id == Item.id, ItemVector.made_by == made_by))
        .where(Opinion.viewer_id == row, Opinion.nth.is_not(None))
        .order_by(Opinion.nth.desc())
        .limit(LATELY)
    )
    rows = session.execute(query).all()
    liked = [
        Liked(item, title or "", 0.5 ** (place / HALF), likes, _floats(vector))
        for place, (item, title, _, likes, vector) in enumerate(rows)
    ]
    languages = Counter(language for _, _, language, _, _ in rows if language)
    return Taste(row, liked, languages.most_common(1)[0][0] if languages else "")


def _floats(vector: object) -> Floats | None:
    return None if vector is None else np.asarray(vector, np.float32)
