"""The embeddings of a stored post's photographs."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.tables import Embedding, Image
from similarity.duplicates import Floats


def embeddings_of(session: Session, post_id: int, made_by: str) -> Floats | None:
    """The embeddings of a post's photographs, [photographs, dimension]; None where it has none."""
    query = (
        select(Embedding.vector)
        .join(Image, Image.id == Embedding.image_id)
        .where(Image.post_id == post_id, Embedding.made_by == made_by)
        .order_by(Image.position)
    )
    vectors = session.scalars(query).all()
    return np.array(vectors, np.float32) if vectors else None


def dimension_of(session: Session, post_ids: Collection[int], made_by: str) -> int | None:
    """The dimension of posts' embeddings by one network; None where it made none of them."""
    own = select(func.vector_dims(Embedding.vector)).join(Image, Image.id == Embedding.image_id)
    own = own.where(Image.post_id.in_(post_ids), Embedding.made_by == made_by)
    dimension: int | None = session.scalar(own.limit(1))
    return dimension
