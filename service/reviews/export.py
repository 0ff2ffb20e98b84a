"""Settled posts as labelled photographs, which `python -m training train` reads."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, selectinload

from service.csvfile import Cell, Writer
from service.database import Sessions
from service.imagestore import ImageStore
from service.reviews.learned import Learned, Parents, learned
from service.reviews.settling import settles
from service.tables import Image, Post, Review, User

LABELLED, UNLABELLED, PHOTOGRAPHS = "labels.csv", "to_label.csv", "photographs"
COLUMNS = (
    *("file", "labels", "not", "unknown", "source", "licence"),
    *("post", "revision", "position", "answers", "moderator", "reviewed_at"),
    *("reason", "note"),
    *("ruleset", "bundle", "by", "why"),
)
CHUNK = 200

Read = Callable[[str], bytes | None]
Put = Callable[[str, bytes], None]


class ExportError(Exception):
    """The folder cannot be written; the text says why."""


@dataclass(frozen=True)
class Exported:
    """How many photographs were labelled, put to be labelled, and had no copy any more."""

    labelled: int = 0
    unlabelled: int = 0
    without_copy: int = 0


@dataclass(frozen=True)
class Settled:
    """A post with the newest review of it, and who gave that."""

    post: Post
    review: Review
    moderator: str


def count_settled(session: Session, since: datetime | None, most: int | None = None) -> int:
    """How many posts ``settled`` gives; no more than ``most`` are counted."""
    posts = _newest(since).limit(most).subquery()
    return session.scalar(select(func.count()).select_from(posts)) or 0


def settled(sessions: Sessions, since: datetime | None) -> Iterator[Settled]:
    """Each post that a person settled, with its newest review; superseded ones are left out.

    They are read some at a time, in the order of their rows, and no transaction is open while
    whoever asked works with them.
    """
    after = 0
    while True:
        with sessions() as session:
            chunk = _chunk(session, since, after)
        yield from chunk
        if len(chunk) < CHUNK:
            return
        after = chunk[-1].post.id


def _newest(since: datetime | None, after: int = 0) -> Select[int, int]:
    """The settled posts behind a row, each with the id of its newest review."""
    return (
        select(Review.post_id, func.max(Review.id).label("review_id"))
        .join(Post, Post.id == Review.post_id)
        .where(_reviewed(since), _stands(), Review.post_id > after)
        .group_by(Review.post_id)
        .order_by(Review.post_id)
    )


def _chunk(session: Session, since: datetime | None, after: int) -> Sequence[Settled]:
    newest = _newest(since, after).limit(CHUNK).subquery()
    query = (
        select(Post, Review, User.name)
        .join(newest, newest.c.post_id == Post.id)
        .join(Review, Review.id == newest.c.review_id)
        .join(User, User.id == Review.user_id)
        .options(selectinload(Post.images), selectinload(Post.videos), selectinload(Post.verdicts))
        .order_by(Post.id)
    )
    return [Settled(*row) for row in session.execute(query)]


def export(
    posts: Iterable[Settled], images: ImageStore, parents: Parents, names: Sequence[str], out: Path
) -> Exported:
    """Write photographs with what is known of them, and those that a person must label.

    ``labels.csv`` states for each photograph the labels that it shows, those it does not, and those
    of ``names`` that nothing is known of; ``to_label.csv`` has the photographs of which nothing
    follows. Both say on whose word, and by which rules and bundle.

    Raises:
        ExportError: the folder holds an export already, or cannot be written.
    """

    def put(file: str, data: bytes) -> None:
        (out / file).write_bytes(data)

    try:
        (out / PHOTOGRAPHS).mkdir(parents=True, exist_ok=True)
        with (
            (out / LABELLED).open("x", encoding="utf-8", newline="") as known,
            (out / UNLABELLED).open("x", encoding="utf-8", newline="") as open_,
        ):
            writers = Writer(known), Writer(open_)
            return write(posts, images.get, parents, names, put, *writers)
    except FileExistsError:
        raise ExportError(f"{out} holds an export already: name a new folder.") from None
    except OSError as error:
        raise ExportError(f"{out} cannot be written: {error.strerror}.") from None


def write(
    posts: Iterable[Settled],
    read: Read,
    parents: Parents,
    names: Sequence[str],
    put: Put,
    known: Writer,
    open_: Writer,
) -> Exported:
    """Write both tables, and ``put`` the bytes of each photograph, as ``read`` from its key.

    Raises:
        OSError: a photograph cannot be read or written.
    """
    labelled = unlabelled = without = 0
    for writer in (known, open_):
        writer.row(COLUMNS)
    for one in posts:
        lessons = learned(one.post, parents)
        for image, lesson in lessons:
            data = read(image.derivative) if image.derivative else None
            if data is None:
                without += 1
                continue
            file = f"{PHOTOGRAPHS}/{image.id}.jpg"
            put(file, data)
            row = _origin(one, image) | {"file": file, "by": lesson.by, "why": lesson.why}
            if lesson.facts:
                known.row(_cells(row | _facts(lesson, names)))
                labelled += 1
            else:
                open_.row(_cells(row | {"by": ""}))
                unlabelled += 1
    return Exported(labelled, unlabelled, without)


def _cells(row: Mapping[str, Cell]) -> Sequence[Cell]:
    return [row.get(name) for name in COLUMNS]


def _facts(lesson: Learned, names: Sequence[str]) -> dict[str, str]:
    return {
        "labels": "|".join(sorted(name for name, fact in lesson.facts.items() if fact)),
        "not": "|".join(sorted(name for name, fact in lesson.facts.items() if not fact)),
        "unknown": "|".join(sorted(set(names) - lesson.facts.keys())),
    }


def _origin(one: Settled, image: Image) -> dict[str, Cell]:
    author = hashlib.sha256(one.post.author_id.encode()).hexdigest()[:12]
    return {
        # Photographs of one author are alike: they stay on one side of a split.
        "source": f"author {author}",
        "post": one.post.external_id,
        "revision": one.post.revision,
        "position": image.position,
        "answers": " ".join(f"#{v.tag}={v.verdict}" for v in one.post.verdicts),
        "moderator": one.moderator,
        "reviewed_at": one.review.created_at.isoformat(timespec="seconds"),
        "reason": one.review.reason,
        "note": one.review.note,
        "ruleset": one.post.ruleset,
        "bundle": one.post.bundle,
    }


def _reviewed(since: datetime | None) -> ColumnElement[bool]:
    return settles() if since is None else and_(settles(), Review.created_at >= since)


def _stands() -> ColumnElement[bool]:
    return Post.state == "decided"
