"""Save a note on an author and the watch over their posts; drop both with the author's last
post.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from sqlalchemy import delete, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.audit import record
from service.tables import Author, Post, User

LONGEST_NOTE = 500  # characters


class AuthorError(ValueError):
    """A note cannot be saved; the text says why. ``why`` is long or nobody."""

    def __init__(self, why: str, text: str) -> None:
        super().__init__(text)
        self.why = why


def save_note(session: Session, author_id: str, user: User, note: str, *, watched: bool) -> None:
    """Save a note on an author and whether they are watched, in the caller's transaction.

    The audit log says who did it, and not to whom or what the note says, as it is never erased.

    Raises:
        AuthorError: the note is longer than ``LONGEST_NOTE``, or the author has no post.
    """
    if len(note) > LONGEST_NOTE:
        raise AuthorError("long", f"The note has {len(note)} characters, over {LONGEST_NOTE}.")
    if not _has_posts(session, author_id):
        raise AuthorError("nobody", "No post of this author is known.")
    before = session.get(Author, author_id)
    was = before.watched if before else False
    if note or watched:
        values = {"note": note, "watched": watched, "changed_by": user.name}
        row = insert(Author).values(author_id=author_id, **values)
        session.execute(row.on_conflict_do_update(index_elements=["author_id"], set_=values))
    else:
        session.execute(delete(Author).where(Author.author_id == author_id))
    session.expire_all()
    details = {"watched": watched, "before": was, "note": bool(note)}
    record(session, user.name, "author.changed", subject(author_id), details)


def subject(author_id: str) -> str:
    """The author's name in the audit log: a hash, so that only somebody who knows the id can find
    it.
    """
    return f"author:{hashlib.sha256(author_id.encode()).hexdigest()[:16]}"


def forget_without_posts(session: Session, author_ids: Collection[str]) -> None:
    """Drop what is stored about authors whose last post was just deleted."""
    has_posts = exists().where(Post.author_id == Author.author_id, Post.state != "deleted")
    gone = delete(Author).where(Author.author_id.in_(author_ids), ~has_posts)
    session.execute(gone, execution_options={"synchronize_session": False})


def _has_posts(session: Session, author_id: str) -> bool:
    query = select(Post.id).where(Post.author_id == author_id, Post.state != "deleted").limit(1)
    return session.scalar(query) is not None
