"""A hashtag's posts without the irrelevant ones."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from rules import normalise
from service.tables import Post, Verdict


class CursorError(ValueError):
    """A cursor is none that was handed out."""


@dataclass(frozen=True)
class Page:
    """Some posts, the newest first, and the cursor of the next page, if there is one."""

    posts: Sequence[Post]
    next_cursor: str | None


def feed(session: Session, hashtag: str, verdict: str, limit: int, cursor: str | None) -> Page:
    """One page of the decided posts whose hashtag has a verdict, however it was written.

    Pages go by descending row, so posts that arrive meanwhile move nothing.

    Raises:
        CursorError: the cursor cannot be read.
    """
    with_tag = (
        select(Verdict.post_id)
        .where(Verdict.normalised == normalise(hashtag), Verdict.verdict == verdict)
        .scalar_subquery()
    )
    query = (
        select(Post)
        .where(Post.state == "decided", Post.id.in_(with_tag))
        .order_by(Post.id.desc())
        .limit(limit + 1)
    )
    if cursor is not None:
        query = query.where(Post.id < _read(cursor))
    found = session.scalars(query).all()
    page = found[:limit]
    return Page(page, _write(page[-1].id) if len(found) > limit else None)


def _write(row_id: int) -> str:
    return base64.urlsafe_b64encode(f"before:{row_id}".encode()).decode().rstrip("=")


def _read(cursor: str) -> int:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        word, _, number = text.partition(":")
        row_id = int(number)
    except (binascii.Error, ValueError):
        raise CursorError("the cursor cannot be read") from None
    if word != "before" or not 0 < row_id < 2**63:
        raise CursorError("the cursor cannot be read")
    return row_id
