"""Stored photographs that show a style: those of an author, or those that bear a category out."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from rules import Ruleset
from service.tables import Embedding, Image, Post, Verdict
from similarity.duplicates import Floats

MOST = 200  # photographs, the newest


def of_channel(session: Session, author: str, made_by: str) -> Floats | None:
    """Embeddings of the newest photographs that an author posted, [n, dimension]; of one who posted
    none, those of the kept frames of videos. None: there are none of this network."""
    return _found(session, made_by, Post.author_id == author)


def of_categories(session: Session, names: Collection[str], made_by: str) -> Floats | None:
    """The same of the newest posts with a relevant hashtag of one of these categories."""
    relevant = select(Verdict.post_id).where(
        Verdict.category.in_(names), Verdict.verdict == "relevant"
    )
    return _found(session, made_by, Post.id.in_(relevant))


def with_children(ruleset: Ruleset, name: str) -> set[str]:
    """A category and those that claim it, too: a cat is a pet."""
    names, before = {name}, 0
    while len(names) > before:
        before = len(names)
        names |= {one.name for one in ruleset.categories.values() if one.parent in names}
    return names


def _found(session: Session, made_by: str, which: ColumnElement[bool]) -> Floats | None:
    newest = (
        select(Embedding.vector)
        .join(Image, Image.id == Embedding.image_id)
        .join(Post, Post.id == Image.post_id)
        .where(Embedding.made_by == made_by, Post.state == "decided", which)
        .order_by(Image.id.desc())
        .limit(MOST)
    )
    for kind in (Image.video_id.is_(None), Image.video_id.is_not(None)):
        vectors = session.scalars(newest.where(kind)).all()
        if vectors:
            return np.array(vectors, np.float32)
    return None
