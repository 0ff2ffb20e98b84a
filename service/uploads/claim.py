"""Make uploads a post's; they are erased with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from service.erasure import owe_erasure
from service.tables import Upload
from service.uploads.adopt import now
from service.uploads.derived import forget_derived
from service.uploads.errors import Rule, UploadError
from service.uploads.kinds import Family, family_of


@dataclass(frozen=True)
class Named:
    """An upload that a post names, and what the post uses it as."""

    key: str
    family: Family


def claim(session: Session, post: str, named: Sequence[Named]) -> None:
    """Make uploads the post's, in the transaction that adds its newest revision.

    An upload is one post's, over all of its revisions. What an older revision named and this one
    does not is given back: nobody will look at it, so it is owed as an erasure.

    Args:
        post: the platform's id of the post.
        named: all uploads of the revision. Those of a bucket were settled before.

    Raises:
        UploadError: one cannot be used; the transaction must not go on.
    """
    keys = {one.key for one in named}
    rows = session.scalars(
        select(Upload)
        .where(or_(Upload.key.in_(keys), Upload.claimed_by == post))
        .order_by(Upload.id)
        .with_for_update()
    ).all()
    by_key = {row.key: row for row in rows}
    for one in named:
        _check(session, post, one, by_key.get(one.key))
    for row in rows:
        if row.key in keys and row.claimed_by is None:
            row.claimed_by, row.claimed_at = post, func.clock_timestamp()
    session.flush()
    _forget(session, [row for row in rows if row.key not in keys])


@dataclass(frozen=True)
class GivenUp:
    """Uploads that are forgotten: how many, and the places of their files in the image store, and
    of the thumbnails that were made from them."""

    count: int
    places: list[str]


def give_up(session: Session, post: str) -> GivenUp:
    """Forget all uploads of a post that is deleted, in the caller's transaction, which owes their
    places as erasures."""
    ours = select(Upload.id).where(Upload.claimed_by == post).order_by(Upload.id).with_for_update()
    ids = session.scalars(ours).all()
    gone = delete(Upload).where(Upload.id.in_(ids))
    rows = session.execute(gone.returning(Upload.key, Upload.path, Upload.landing)).all()
    places = [place for row in rows for place in (row.path, row.landing) if place]
    derived = forget_derived(session, [row.key for row in rows])
    return GivenUp(len(rows), [*places, *derived])


def _check(session: Session, post: str, one: Named, row: Upload | None) -> None:
    if row is None:
        raise UploadError(one.key, Rule.UNKNOWN)
    if row.claimed_by not in (None, post):
        raise UploadError(one.key, Rule.CLAIMED)
    if row.claimed_by is None and (row.erased_at or row.expires_at <= now(session)):
        raise UploadError(one.key, Rule.EXPIRED)
    if row.path is None:
        raise UploadError(one.key, Rule.WAITING)
    if family_of(row.content_type) != one.family:
        raise UploadError(one.key, Rule.WRONG_TYPE, one.family)


def _forget(session: Session, rows: Sequence[Upload]) -> None:
    places = [row.path for row in rows if row.path]
    places += forget_derived(session, [row.key for row in rows])
    owe_erasure(session, places, "superseded")
    for row in rows:
        session.delete(row)
    session.flush()
