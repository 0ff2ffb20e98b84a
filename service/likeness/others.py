"""What a search by the index of embeddings is made of: stored photographs, and how far they are.

The index is that of one network and one dimension, so both stand in the statement itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import ColumnElement, Select, cast, literal, select

from service.likeness.filters import DECIDED
from service.tables import Embedding, Image, Post


def distance_to(vector: Any, dimension: int) -> ColumnElement[float]:
    """How far a stored embedding is from a vector of the database, as the index computes it."""
    form = HALFVEC(dimension)
    distance: ColumnElement[float] = cast(Embedding.vector, form).cosine_distance(
        cast(vector, form)
    )
    return distance


def of_others(columns: Sequence[Any], made_by: str) -> Select[Any]:
    """``columns`` of decided posts, their photographs, and embeddings of these by one network."""
    return (
        select(*columns)
        .select_from(Embedding)
        .join(Image, Image.id == Embedding.image_id)
        .join(Post, Post.id == Image.post_id)
        .where(Embedding.made_by == literal(made_by, literal_execute=True), DECIDED)
    )
