"""People's verdicts on posts with exactly the same photographs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from service.tables import Post

NEWEST = 20  # posts that are looked at


def photographs_key(hashes: Iterable[str]) -> str:
    """A key that posts with the same photographs share, whatever the photographs' order.

    Args:
        hashes: SHA-256 of the bytes of each photograph, as hexadecimal digits.
    """
    return hashlib.sha256(",".join(sorted(hashes)).encode()).hexdigest()


def newest_settled(photographs: str) -> Select[Post]:
    """The posts with these photographs that people settled last. There may be thousands of copies,
    so only an index of settled posts is read.
    """
    return (
        select(Post)
        .where(Post.photographs == photographs)
        .where(Post.state == "decided", Post.decided_by != "model")
        .order_by(Post.decided_at.desc(), Post.id.desc())
        .limit(NEWEST)
    )


def settled_verdicts(session: Session, photographs: str) -> dict[str, str]:
    """The verdicts that people gave on posts with these photographs.

    A hashtag on which people differ is left out: a person should look again.

    Args:
        photographs: their ``photographs_key``.

    Returns:
        verdicts by normalised hashtag.
    """
    query = newest_settled(photographs).options(selectinload(Post.verdicts))
    given: dict[str, set[str]] = {}
    for post in session.scalars(query):
        for verdict in post.verdicts:
            given.setdefault(verdict.normalised, set()).add(verdict.verdict)
    return {tag: said.pop() for tag, said in given.items() if tag and len(said) == 1}
