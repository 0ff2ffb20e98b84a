"""Compute the live network's embeddings of stored photographs, in the background.

A row stores the progress and is updated with each chunk: a killed process loses one chunk's work,
and the sweep continues from the row.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import structlog
from PIL import Image as Pillow
from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from pictures import ImageError, open_image, reduced
from service.parts import Parts
from service.queue import REEMBED, hint
from service.screening.pictures import limits_of, look_pixels
from service.tables import Embedding, Image, Post, Reembedding

CHUNK = 16
TURN_SECONDS = 10.0  # then others' tasks have their turn
# Batches that began before a bundle became live end within this time, with the old embedding.
SETTLES_AFTER = timedelta(minutes=2)


def follow(session: Session, made_by: str) -> None:
    """Begin to give stored photographs a network's embedding, if they lack it."""
    fresh = {
        "started_at": func.now(),
        "finished_at": None,
        "reached": 0,
        "made": 0,
        "made_in_pass": 0,
        "failed": 0,
    }
    row = insert(Reembedding).values(made_by=made_by, **fresh)
    session.execute(row.on_conflict_do_update(index_elements=[Reembedding.made_by], set_=fresh))


def follow_live(parts: Parts) -> None:
    """The same for a network that became live without being promoted: with another release, or by
    the settings. Called by the sweep."""
    made_by = parts.screener.current().bundle.embedding_id
    with parts.sessions.begin() as session:
        if session.get(Reembedding, made_by) is None:
            follow(session, made_by)


def hint_unfinished(parts: Parts) -> None:
    """Queue the task if there is work; called by the sweep."""
    with parts.sessions() as session:
        unfinished = session.scalars(
            select(Reembedding.made_by).where(Reembedding.finished_at.is_(None))
        ).all()
    for made_by in unfinished:
        hint(parts.queue, REEMBED, made_by)


def reembed(parts: Parts, made_by: str, seconds: float = TURN_SECONDS) -> None:
    """Work for a while on the embeddings of the live network; the sweep calls again."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and step(parts, made_by):
        pass


def step(parts: Parts, made_by: str, chunk: int = CHUNK) -> bool:
    """Make the embeddings of the next few photographs.

    Returns:
        whether to go on: False if all is done, another process does it, or another network is live.
    """
    current = parts.screener.current()
    if current.bundle.embedding_id != made_by:
        return False
    with parts.sessions.begin() as session:
        row = session.scalars(
            select(Reembedding)
            .where(Reembedding.made_by == made_by, Reembedding.finished_at.is_(None))
            .with_for_update(skip_locked=True)
        ).first()
        if row is None:
            return False
        images = _next(session, row, chunk, kept_since(parts))
        if not images:
            return _end_pass(session, row)
        pictures = {image.id: _open(parts, image, look_pixels(current.bundle)) for image in images}
        able = {key: picture for key, picture in pictures.items() if picture is not None}
        looks = current.see(list(able.values()))
        session.add_all(
            Embedding(image_id=key, made_by=made_by, vector=look.prediction.embedding)
            for key, look in zip(able, looks, strict=True)
        )
        row.reached = images[-1].id
        row.made += len(able)
        row.made_in_pass += len(able)
        row.failed += len(images) - len(able)
    return True


def left(session: Session, made_by: str, since: datetime) -> int:
    """How many photographs of the posts received since then lack the embedding of a network."""
    query = select(func.count()).select_from(Image).join(Post, Post.id == Image.post_id)
    query = query.where(Image.derivative.is_not(None), Post.received_at >= since)
    return session.scalar(query.where(~_has(made_by))) or 0


def reembeddings(session: Session) -> Sequence[Reembedding]:
    """How far each network's embeddings are, the newest first."""
    return session.scalars(select(Reembedding).order_by(Reembedding.started_at.desc())).all()


def kept_since(parts: Parts) -> datetime:
    """Embeddings of older posts would be dropped again (``service/operations/tidy.py``)."""
    return datetime.now(UTC) - timedelta(days=parts.config.keep_embedding_days)


def _next(session: Session, row: Reembedding, chunk: int, since: datetime) -> Sequence[Image]:
    """The next photographs, held against deletion until they have their embeddings."""
    query = (
        select(Image)
        .join(Post, Post.id == Image.post_id)
        .where(Post.received_at >= since)
        .where(Image.id > row.reached, Image.derivative.is_not(None), ~_has(row.made_by))
        .order_by(Image.id)
        .limit(chunk)
        .with_for_update(key_share=True, read=True, of=Image)
    )
    return session.scalars(query).all()


def _has(made_by: str) -> ColumnElement[bool]:
    return exists().where(Embedding.image_id == Image.id, Embedding.made_by == made_by)


def _end_pass(session: Session, row: Reembedding) -> bool:
    """Repeat the pass until it finds nothing to do, so that late batches are included."""
    now = datetime.now(UTC)
    again = row.made_in_pass > 0
    if not again and now - row.started_at > SETTLES_AFTER:
        row.finished_at = now
        structlog.get_logger().info("reembedded", made_by=row.made_by, made=row.made)
        return False
    row.reached, row.made_in_pass, row.failed = 0, 0, 0
    return again


def _open(parts: Parts, image: Image, looked_at: int) -> Pillow.Image | None:
    """The copy of a photograph, as large as screening looks at it; None where it cannot be read."""
    data = parts.images.get(image.derivative or "")
    try:
        if data is None:
            raise ImageError("missing", "The image store has no copy of it.")
        whole = open_image(data, limits_of(parts.config), at_least=parts.config.derivative_pixels)
    except ImageError as error:
        structlog.get_logger().warning("not_reembedded", image=image.id, error=error.message)
        return None
    return reduced(whole, looked_at)
