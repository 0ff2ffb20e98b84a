"""The stored photographs that may show what new ones show: few, the likest first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, select
from sqlalchemy.orm import Session

from service.likeness.others import distance_to, of_others
from service.likeness.scan import probe
from service.likeness.stored import dimension_of
from service.tables import Embedding, Image, Post
from similarity.samepicture import POSSIBLE_COSINE

RECENT = timedelta(days=30)
NEAREST = 24  # by the embedding; of one campaign only the first counts
EQUAL = 4  # with the same hash


@dataclass(frozen=True)
class Candidate:
    """A photograph of another post; ``cosine`` of the embeddings is below 1 by rounding."""

    image_id: int
    post_id: int
    hash: int | None
    derivative: str | None
    cosine: float


def candidates(
    session: Session, post_ids: Collection[int], made_by: str
) -> dict[int, list[Candidate]]:
    """By each photograph of some posts, those of other decided posts of the last weeks that may
    show the same, those with the same hash among them.

    A photograph without an embedding of the network is like none.
    """
    dimension = dimension_of(session, post_ids, made_by)
    if dimension is None:
        return {}
    probe(session)
    mine = _mine(post_ids, made_by)
    distance = distance_to(mine.c.vector, dimension)
    others = _others(mine, distance, made_by)
    nearest = others.order_by(distance).limit(NEAREST)
    equal = others.where(Image.hash == mine.c.hash).order_by(Image.id.desc()).limit(EQUAL)
    found: dict[int, dict[int, Candidate]] = {}
    for query in (nearest, equal):
        for image_id, *other in session.execute(_possible(mine, query)):
            found.setdefault(image_id, {})[other[0]] = Candidate(*other)
    return {
        image_id: sorted(near.values(), key=lambda one: (-one.cosine, one.image_id))
        for image_id, near in found.items()
    }


def _mine(post_ids: Collection[int], made_by: str) -> Subquery:
    """The posts' photographs. Vectors stay in the database: as text they would cost more than the
    search."""
    return (
        select(Image.id, Image.post_id, Image.hash, Embedding.vector)
        .join(Embedding, Embedding.image_id == Image.id)
        .where(Image.post_id.in_(post_ids), Embedding.made_by == made_by)
        .subquery("mine")
    )


def _others(mine: Subquery, distance: ColumnElement[float], made_by: str) -> Select[Any]:
    """The photographs that one of ``mine`` is compared with, as ``Candidate`` has them."""
    columns: tuple[Any, ...] = (
        *(Image.id, Post.id.label("post_id"), Image.hash, Image.derivative),
        (1 - distance).label("cosine"),
    )
    recent = Post.received_at > datetime.now(UTC) - RECENT
    return of_others(columns, made_by).where(recent, Post.id != mine.c.post_id)


def _possible(mine: Subquery, others: Select[Any]) -> Select[Any]:
    near = others.lateral("near")
    columns: tuple[Any, ...] = (mine.c.id, *near.c)
    return select(*columns).join(near, near.c.cosine >= POSSIBLE_COSINE)
