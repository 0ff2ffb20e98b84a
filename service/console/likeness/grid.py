"""The posts that were found, as a grid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, render_template
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from service.console.likeness.query import filters_of, least_of
from service.console.likeness.words import DAYS, LEAST, degree
from service.console.posts.pages import chips
from service.likeness.search import LikenessQuery, search
from service.posts.cursor import CursorError
from service.tables import Post
from similarity.duplicates import Floats

A_PAGE = 24


@dataclass(frozen=True)
class GridPost:
    """A post in the grid, and the cosine of its likest photograph."""

    post: Post
    likeness: float


def found(
    session: Session,
    embeddings: Floats,
    made_by: str,
    asked: Mapping[str, str],
    other_than: str | None = None,
    cursor: str | None = None,
) -> dict[str, Any]:
    """The rows of the grid, and the cursor of what is less alike.

    Raises:
        NotFound: the cursor is none that a page carries.
    """
    least, filters = least_of(asked), filters_of(asked)
    try:
        page = search(
            session, LikenessQuery(embeddings, made_by, A_PAGE, least, filters, other_than, cursor)
        )
    except CursorError:
        abort(404)
    query = select(Post).where(Post.id.in_([one.row for one in page.posts]))
    whole = selectinload(Post.images), selectinload(Post.verdicts)
    posts = {post.id: post for post in session.scalars(query.options(*whole))}
    rows = [
        GridPost(posts[one.row], one.likeness)
        for one in page.posts
        if one.row in posts and posts[one.row].state == "decided"
    ]
    return {"rows": rows, "cursor": page.next_cursor}


def draw(template: str, asked: Mapping[str, str], **values: object) -> str:
    """A page with the grid, or the grid alone."""
    words = {"degree": degree, "chips": chips, "LEAST": LEAST, "DAYS": DAYS}
    return render_template(template, asked=asked, **words, **values)
