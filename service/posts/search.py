"""Find posts by id, author, hashtag, day, or words of the caption.

Each is a query of its own with its own index, so none slows down as the table grows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal

from sqlalchemy import ColumnElement, func, literal_column, select, text
from sqlalchemy.orm import Session, selectinload

from rules import normalise
from service.cases import PostFilter
from service.tables import Post

MOST = 20  # posts of each kind
WORDS = 8  # of a caption; more than that nobody types
LONGEST = 200

By = Literal["id", "day", "author", "hashtag", "caption"]
Condition = ColumnElement[bool]
# Written out: a partial index is only used where its condition stands in the query.
LIVING = text("posts.state IN ('pending', 'decided')")


@dataclass(frozen=True)
class FoundPosts:
    """The newest posts that ``by`` finds; ``more``: there are others. ``value`` is what was looked
    for: a normalised hashtag, say."""

    by: By
    value: str
    posts: Sequence[Post]
    more: bool


def search(session: Session, wanted: str, zone: tzinfo = UTC, most: int = MOST) -> list[FoundPosts]:
    """The posts that a text finds, for each kind of search with a result, the most exact first.

    Posts that are superseded or deleted are not found. ``zone`` says where a day begins.
    """
    wanted = wanted.replace("\0", "").strip()[:LONGEST]
    if not wanted:
        return []
    found = (_newest(session, by, *asks(wanted, zone), most) for by, asks in QUESTIONS.items())
    return [one for one in found if one is not None]


def _newest(
    session: Session, by: By, value: str, conditions: Sequence[Condition], most: int
) -> FoundPosts | None:
    if not conditions:
        return None
    query = (
        select(Post)
        .where(LIVING, *conditions)
        .options(selectinload(Post.images), selectinload(Post.verdicts))
        .order_by(Post.id.desc())
        .limit(most + 1)
    )
    posts = session.scalars(query).all()
    return FoundPosts(by, value, posts[:most], len(posts) > most) if posts else None


def _id(wanted: str, _: tzinfo) -> tuple[str, list[Condition]]:
    return wanted, [Post.external_id == wanted]


def _day(wanted: str, zone: tzinfo) -> tuple[str, list[Condition]]:
    """``2026-11-21``, ``2026.11.21`` or ``20261121``: the day on which a post was received."""
    digits = re.fullmatch(r"(\d{4})[-./]?(\d{2})[-./]?(\d{2})\.?", wanted, re.ASCII)
    try:
        day = date(*map(int, digits.groups())) if digits else None
        begins = datetime.combine(day, time(), zone) if day else None
        ends = begins + timedelta(days=1) if begins else None
    except (ValueError, OverflowError):
        return wanted, []
    if begins is None or ends is None:
        return wanted, []
    return begins.date().isoformat(), [Post.received_at >= begins, Post.received_at < ends]


def _author(wanted: str, _: tzinfo) -> tuple[str, list[Condition]]:
    author = wanted.removeprefix("@")
    return author, [Post.author_id == author]


def _hashtag(wanted: str, _: tzinfo) -> tuple[str, list[Condition]]:
    tag = normalise(wanted)
    return tag, [*PostFilter(hashtag=tag).of_post()] if tag else []


def _caption(wanted: str, _: tzinfo) -> tuple[str, list[Condition]]:
    """Every word begins a word of the caption: Korean particles stand at the end."""
    words = re.findall(r"\w+", wanted)[:WORDS]
    if not words:
        return wanted, []
    query = " & ".join(f"'{word}':*" for word in words)
    return wanted, [
        caption_words().bool_op("@@")(func.to_tsquery(literal_column("'simple'"), query))
    ]


def caption_words() -> ColumnElement[str]:
    """What the index of captions holds."""
    return func.to_tsvector(literal_column("'simple'"), Post.caption)


Asks = Callable[[str, tzinfo], tuple[str, Sequence[Condition]]]
QUESTIONS: Mapping[By, Asks] = {
    "id": _id,
    "day": _day,
    "author": _author,
    "hashtag": _hashtag,
    "caption": _caption,
}
