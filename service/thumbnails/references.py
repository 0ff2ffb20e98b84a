"""Stored photographs that show a style: those of an author, or those that bear a category out."""

from __future__ import annotations

import numpy as np
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from service.tables import Embedding, Image, Post, Verdict
from similarity.duplicates import Floats

MOST = 200  # photographs, the newest


def of_channel(session: Session, author: str, made_by: str) -> Floats | None:
    """Embeddings of the newest photographs that an author posted, [n, dimension]; None: there are
    none of this network. Frames of videos are left out: they are what thumbnails are chosen from.
    """
    return _found(session, _photographs(made_by).where(Post.author_id == author))


def of_category(session: Session, category: str, made_by: str) -> Floats | None:
    """The same of the newest posts with a hashtag of the category that is relevant."""
    relevant = select(Verdict.post_id).where(
        Verdict.category == category, Verdict.verdict == "relevant"
    )
    return _found(session, _photographs(made_by).where(Post.id.in_(relevant)))


def _photographs(made_by: str) -> Select[Floats]:
    return (
        select(Embedding.vector)
        .join(Image, Image.id == Embedding.image_id)
        .join(Post, Post.id == Image.post_id)
        .where(Embedding.made_by == made_by, Image.video_id.is_(None), Post.state == "decided")
        .order_by(Image.id.desc())
        .limit(MOST)
    )


def _found(session: Session, query: Select[Floats]) -> Floats | None:
    vectors = session.scalars(query).all()
    return np.array(vectors, np.float32) if vectors else None
