"""Save a note on an author and the watch over their posts; drop both with the author's last
post.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from sqlalchemy import delete, exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.audit import record
from service.locks import Lock, lock
from service.tables import Author, Post, User

LONGEST_NOTE = 500  # characters


class AuthorError(ValueError):
    """A note cannot be saved; the text says why. ``why`` is long, nobody or overtaken."""

    def __init__(self, why: str, text: str) -> None:
        super().__init__(text)
        self.why = why


def version(kept: Author | None) -> str:
    """Tells what is kept about an author at one time from what is kept at another."""
    return kept.changed_at.isoformat() if kept else ""


def save_note(
    session: Session,
    author_id: str,
    user: User,
    note: str,
    *,
    watched: bool,
    seen: str | None = None,
) -> None:
    """Save a note on an author and whether they are watched, in the caller's transaction.

    The audit log says who did it, and not to whom or what the note says, as it is never erased.

    Args:
        seen: the ``version`` that the person looked at; None where they looked at none.

    Raises:
        AuthorError: the note is longer than ``LONGEST_NOTE``, the author has no post, or what is
            kept was changed since it was seen, so that another's note would be lost.
    """
    if len(note) > LONGEST_NOTE:
        raise AuthorError("long", f"The note has {len(note)} characters, over {LONGEST_NOTE}.")
    if not _has_posts(session, author_id):
        raise AuthorError("nobody", "No post of this author is known.")
    lock(session, Lock.AUTHOR, author_id)
    before = session.get(Author, author_id, populate_existing=True)
    if seen is not None and seen != version(before):
        raise AuthorError("overtaken", "Another moderator changed what is kept meanwhile.")
    was = before.watched if before else False
    if note or watched:
        values = {"note": note, "watched": watched, "changed_by": user.name}
        row = insert(Author).values(author_id=author_id, **values)
        changed = values | {"changed_at": func.now()}
        session.execute(row.on_conflict_do_update(index_elements=["author_id"], set_=changed))
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
