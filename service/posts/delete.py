"""Delete a post with its photographs, embeddings, verdicts, reviews and callbacks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, false, func, or_, select, update
from sqlalchemy.orm import Session

from service.authors import forget_without_posts
from service.clusters.members import leave
from service.erasure import owe_erasure
from service.imagestore import key_prefix, video_prefix
from service.locks import Lock, lock
from service.posts.lock import hold_revisions
from service.tables import (
    Base,
    Case,
    Control,
    Deletion,
    Delivery,
    Erasure,
    Image,
    Post,
    PrototypeExample,
    Review,
    Unplaced,
    Verdict,
    Video,
    Vote,
)
from service.uploads.claim import give_up

# What the platform sent, and what was decided: all that a row says but its id and its revision.
NOTHING: dict[str, Any] = {
    "state": "deleted",
    "author_id": "",
    "caption": "",
    "hashtags": [],
    "posted_at": Post.received_at,
    "reach": 0,
    "decision": None,
    "decided_by": None,
    "decided_at": None,
    "reason": None,
    "photographs": None,
}


def delete_post(session: Session, external_id: str) -> Deletion | None:
    """Forget every revision of a post, in the caller's transaction.

    What stays is a row with the id, the revision and the state, so that no delivery, whatever its
    revision, brings the post back. Its files are owed to the sweep as erasures, which the caller
    may try at once after the commit. Asked again, it forgets what is there by now.

    Returns:
        the receipt; None where no such post is known.
    """
    lock(session, Lock.POST, external_id)
    ids = [post.id for post in hold_revisions(session, external_id)]
    if not ids:
        return None
    authors = set(session.scalars(select(Post.author_id).where(Post.id.in_(ids))))
    leave(session, ids)
    images = session.scalars(select(Image).where(Image.post_id.in_(ids)).order_by(Image.id)).all()
    videos = session.scalars(select(Video).where(Video.post_id.in_(ids)).order_by(Video.id)).all()
    files = [*(image.derivative for image in images), *(video.stored for video in videos)]
    keys = [key for key in files if key]
    started = [key_prefix(image.id) for image in images]
    started += [video_prefix(video.id) for video in videos]
    unfinished = [Erasure.key.startswith(prefix) for prefix in started]
    session.execute(update(Post).where(Post.id.in_(ids)).values(NOTHING), execution_options=_UNSEEN)
    forget_without_posts(session, authors)
    uploads = give_up(session, external_id)
    # Embeddings and hashes go with their images, drafts with their cases.
    receipt = _receipt(session, external_id)
    receipt.revisions = len(ids)
    receipt.verdicts += _forget(session, Verdict, ids)
    _forget(session, Control, ids)
    receipt.reviews += _forget(session, Review, ids)
    _forget(session, Case, ids)
    receipt.callbacks += _forget(session, Delivery, ids)
    _forget(session, Vote, ids)
    _forget(session, PrototypeExample, ids)
    receipt.photographs += _forget(session, Image, ids)
    receipt.uploads += uploads.count
    receipt.videos += _forget(session, Video, ids)
    _forget(session, Unplaced, ids)
    _owe(session, receipt, [*keys, *uploads.places], unfinished)
    return receipt


_UNSEEN = {"synchronize_session": False}


def _forget(session: Session, table: type[Base], ids: Sequence[int]) -> int:
    owner = table.__table__.c.post_id
    gone = delete(table).where(owner.in_(ids)).returning(owner)
    return len(session.execute(gone, execution_options=_UNSEEN).all())


def _receipt(session: Session, external_id: str) -> Deletion:
    query = select(Deletion).where(Deletion.external_id == external_id).with_for_update()
    found = session.scalar(query)
    if found is None:
        found = Deletion(
            external_id=external_id,
            photographs=0,
            videos=0,
            verdicts=0,
            reviews=0,
            callbacks=0,
            uploads=0,
            revisions=0,
        )
        session.add(found)
    session.flush()
    return found


def _owe(
    session: Session,
    receipt: Deletion,
    keys: Sequence[str],
    unfinished: Sequence[ColumnElement[bool]],
) -> None:
    session.flush()
    # A worker may be about to put a copy: the receipt waits until its time is over, too.
    started = update(Erasure).where(or_(false(), *unfinished), Erasure.deletion_id.is_(None))
    waits = session.execute(started.values(deletion_id=receipt.id).returning(Erasure.id)).all()
    if owe_erasure(session, keys, "deleted", deletion_id=receipt.id) or waits:
        receipt.erased_at = None
    elif receipt.erased_at is None and not _is_owed(session, receipt):
        receipt.erased_at = func.clock_timestamp()
    session.flush()
    session.refresh(receipt)


def _is_owed(session: Session, receipt: Deletion) -> bool:
    query = select(Erasure.id).where(Erasure.deletion_id == receipt.id).limit(1)
    return session.scalar(query) is not None
