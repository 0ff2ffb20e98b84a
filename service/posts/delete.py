"""A deleted post is gone: photographs, embeddings, verdicts, reviews, callbacks."""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from service.imagestore import derivative_key
from service.tables import Case, Control, Delivery, Image, Post, Review, Verdict


def delete_post(session: Session, external_id: str) -> list[str] | None:
    """Forget every revision of a post, in the caller's transaction.

    What stays is a row with the id, the revision and the state, so that a late redelivery cannot
    bring the post back. The rows' states come first: a worker that is looking at the post then
    finds nothing to decide.

    Returns:
        the image store's keys to delete after the commit, or None where no such post is known.
    """
    emptied = (
        update(Post)
        .where(Post.external_id == external_id)
        .values(
            state="deleted",
            author_id="",
            caption="",
            hashtags=[],
            reach=0,
            decision=None,
            decided_by=None,
            decided_at=None,
            reason=None,
        )
        .returning(Post.id)
    )
    ids = session.scalars(emptied).all()
    if not ids:
        return None
    images = session.scalars(select(Image.id).where(Image.post_id.in_(ids))).all()
    # Embeddings go with their images.
    for table in (Verdict, Control, Case, Review, Delivery, Image):
        session.execute(delete(table).where(table.post_id.in_(ids)))
    return [derivative_key(image_id) for image_id in images]
