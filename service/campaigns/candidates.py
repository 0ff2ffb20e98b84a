"""The stored photographs that may show what a new one shows: few, the likest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import Select, cast, literal, select
from sqlalchemy.orm import Session

from service.likeness.filters import DECIDED
from service.likeness.scan import follow_index
from service.tables import CampaignImage, Embedding, Image, Post
from similarity.samepicture import POSSIBLE_COSINE

RECENT = timedelta(days=30)
NEAREST = 24  # by the embedding; of one campaign only the first counts
EQUAL = 4  # with the same hash
LOOKED_AT = 2000  # embeddings, where most of what is near is too old


@dataclass(frozen=True)
class Candidate:
    """A photograph of another post; ``cosine`` of the embeddings is below 1 by rounding."""

    image_id: int
    post_id: int
    hash: int | None
    derivative: str | None
    campaign_id: int | None
    cosine: float


def candidates(session: Session, image: Image, made_by: str) -> list[Candidate]:
    """Photographs of other decided posts of the last weeks, those with the same hash among them.

    A photograph without an embedding of the network is like none.
    """
    mine = session.scalar(
        select(Embedding.vector).where(Embedding.image_id == image.id, Embedding.made_by == made_by)
    )
    if mine is None:
        return []
    follow_index(session, 2 * NEAREST, LOOKED_AT)
    found = list(session.execute(_nearest(image, mine, made_by)))
    if image.hash is not None:
        equal = _comparable(image, mine, made_by).where(Image.hash == image.hash)
        found += session.execute(equal.order_by(Image.id.desc()).limit(EQUAL))
    possible = {row[0]: Candidate(*row) for row in found if row[-1] >= POSSIBLE_COSINE}
    return sorted(possible.values(), key=lambda one: (-one.cosine, one.image_id))


def _nearest(image: Image, mine: Sequence[float], made_by: str) -> Select[Any]:
    form = HALFVEC(len(mine))
    distance = cast(Embedding.vector, form).cosine_distance(cast(literal(mine, form), form))
    return _comparable(image, mine, made_by).order_by(distance).limit(NEAREST)


def _comparable(image: Image, mine: Sequence[float], made_by: str) -> Select[Any]:
    """As ``Candidate`` has it."""
    form = HALFVEC(len(mine))
    distance = cast(Embedding.vector, form).cosine_distance(cast(literal(mine, form), form))
    return (
        select(
            Image.id, Post.id, Image.hash, Image.derivative, CampaignImage.campaign_id, 1 - distance
        )
        .select_from(Embedding)
        .join(Image, Image.id == Embedding.image_id)
        .join(Post, Post.id == Image.post_id)
        .outerjoin(CampaignImage, CampaignImage.image_id == Image.id)
        # The index is that of one network, which so stands in the statement itself.
        .where(Embedding.made_by == literal(made_by, literal_execute=True), DECIDED)
        .where(Post.received_at > datetime.now(UTC) - RECENT, Post.id != image.post_id)
    )
