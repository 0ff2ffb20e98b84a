"""Stored photographs that show a style: those of an author, or those that bear a category out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from rules import Ruleset
from service.tables import Embedding, Image, Post, Verdict
from similarity.duplicates import Floats

MOST = 200  # photographs, the newest
MOST_COPIES = 30  # of these, whose copies are looked at again


def of_channel(session: Session, author: str, made_by: str) -> Floats | None:
    """Embeddings of the newest photographs that an author posted, [n, dimension]; of one who posted
    none, those of the kept frames of videos. None: there are none of this network."""
    return _found(session, made_by, _of_author(author))


def of_categories(session: Session, names: Collection[str], made_by: str) -> Floats | None:
    """The same of the newest posts with a relevant hashtag of one of these categories."""
    return _found(session, made_by, _of_names(names))


def copies_of_channel(session: Session, author: str, made_by: str) -> Sequence[str]:
    """Where the copies of the newest of these photographs lie in the image store."""
    return _copies(session, made_by, _of_author(author))


def copies_of_categories(session: Session, names: Collection[str], made_by: str) -> Sequence[str]:
    """The same of categories."""
    return _copies(session, made_by, _of_names(names))


def with_children(ruleset: Ruleset, name: str) -> set[str]:
    """A category and those that claim it, too: a cat is a pet."""
    names, before = {name}, 0
    while len(names) > before:
        before = len(names)
        names |= {one.name for one in ruleset.categories.values() if one.parent in names}
    return names


def _of_author(author: str) -> ColumnElement[bool]:
    return Post.author_id == author


def _of_names(names: Collection[str]) -> ColumnElement[bool]:
    relevant = select(Verdict.post_id).where(
        Verdict.category.in_(names), Verdict.verdict == "relevant"
    )
    return Post.id.in_(relevant)


def _found(session: Session, made_by: str, which: ColumnElement[bool]) -> Floats | None:
    newest = _newest(Embedding.vector, made_by, which).limit(MOST)
    for kind in KINDS:
        vectors = session.scalars(newest.where(kind)).all()
        if vectors:
            return np.array(vectors, np.float32)
    return None


def _copies(session: Session, made_by: str, which: ColumnElement[bool]) -> Sequence[str]:
    newest = _newest(Image.derivative, made_by, which).limit(MOST_COPIES)
    for kind in KINDS:
        found = session.scalars(newest.where(kind, Image.derivative.is_not(None))).all()
        if found:
            return [key for key in found if key]
    return []


def _newest(
    column: InstrumentedAttribute[Any], made_by: str, which: ColumnElement[bool]
) -> Select[Any]:
    return (
        select(column)
        .select_from(Embedding)
        .join(Image, Image.id == Embedding.image_id)
        .join(Post, Post.id == Image.post_id)
        .where(Embedding.made_by == made_by, Post.state == "decided", which)
        .order_by(Image.id.desc())
    )


KINDS = (Image.video_id.is_(None), Image.video_id.is_not(None))  # photographs, else frames
