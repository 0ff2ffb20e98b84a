"""Which authors post photographs that look like another author's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Select, func, lateral, select, true, values
from sqlalchemy import column as named
from sqlalchemy.orm import Session, aliased
from sqlalchemy.types import Text

from service.likeness.filters import DECIDED
from service.likeness.index import is_indexed
from service.likeness.others import distance_to, of_others
from service.likeness.scan import probe
from service.tables import Embedding, Image, Post
from similarity.duplicates import Floats

MINE = 24  # photographs of the author that are compared, the newest
NEAREST = 40  # that the index finds for each of them
THEIRS = 30  # photographs of another author that the mean is of, the newest
MOST = 20  # authors that are compared
PAIRS = 3
DECIMALS = 4  # of a likeness that is told; stored embeddings have half precision


class NotIndexedError(Exception):
    """The live network's index is not built yet, so that a search would read everything."""


@dataclass(frozen=True)
class ChannelPhotograph:
    """A photograph by its row, its post and its place among the post's."""

    row: int
    post_row: int
    post: str
    revision: int
    index: int


@dataclass(frozen=True)
class Pair:
    """A photograph of the author and one of the other, and their cosine."""

    mine: ChannelPhotograph
    theirs: ChannelPhotograph
    likeness: float


@dataclass(frozen=True)
class Channel:
    """Another author. ``mean`` is the mean cosine of all pairs of photographs, ``best`` the
    highest; ``photographs`` of theirs were compared."""

    id: str
    mean: float
    best: float
    photographs: int
    pairs: Sequence[Pair]


def is_known(session: Session, author_id: str) -> bool:
    """Whether an author has a post that was not deleted."""
    query = select(Post.id).where(Post.author_id == author_id, Post.state != "deleted").limit(1)
    return session.scalar(query) is not None


def similar_channels(
    session: Session, author_id: str, made_by: str, limit: int
) -> list[Channel] | None:
    """Other authors by the mean cosine of their photographs with an author's, the highest first.

    Authors are found by what the index holds near the author's newest ``MINE`` photographs; those
    with the likest photographs, ``MOST`` at most, are then compared by their newest ``THEIRS``.

    Returns:
        None where the author has no photograph that ``made_by`` has looked at.

    Raises:
        NotIndexedError: nothing can be searched yet.
    """
    if not is_indexed(session, made_by):
        raise NotIndexedError
    mine = _newest(session, [author_id], made_by, MINE).get(author_id)
    if mine is None:
        return None
    found = _near(session, author_id, mine, made_by)
    theirs = _newest(session, found, made_by, THEIRS)
    compared = [_compare(name, mine, theirs[name]) for name in theirs]
    return sorted(compared, key=lambda one: (-one.mean, one.id))[:limit]


@dataclass(frozen=True)
class _Seen:
    """Photographs of one author with their embeddings [n, dimension]."""

    photographs: Sequence[ChannelPhotograph]
    vectors: Floats


def _newest(
    session: Session, authors: Sequence[str], made_by: str, most: int
) -> Mapping[str, _Seen]:
    """The newest photographs of each author, of those that have any."""
    if not authors:
        return {}
    asked = values(named("author_id", Text), name="asked").data([(one,) for one in authors])
    whole = (Post.id, Post.external_id, Post.revision, Image.position, Embedding.vector)
    newest = lateral(
        select(Image.id.label("row"), *whole)
        .join_from(Post, Image, Image.post_id == Post.id)
        .join(Embedding, Embedding.image_id == Image.id)
        .where(Post.author_id == asked.c.author_id, DECIDED, Embedding.made_by == made_by)
        .order_by(Post.id.desc(), Image.position)
        .limit(most)
    )
    rows = session.execute(select(asked.c.author_id, newest).join(newest, true()))
    found: dict[str, list[tuple[ChannelPhotograph, Any]]] = defaultdict(list)
    for author, row, post_row, post, revision, index, vector in rows:
        found[author].append((ChannelPhotograph(row, post_row, post, revision, index), vector))
    return {
        author: _Seen([one for one, _ in seen], np.array([v for _, v in seen], np.float32))
        for author, seen in found.items()
    }


def _near(session: Session, author_id: str, mine: _Seen, made_by: str) -> list[str]:
    """The authors of what lies near, those with the likest photographs first."""
    probe(session)
    rows = [one.row for one in mine.photographs]
    return list(session.scalars(_authors(author_id, rows, made_by, mine.vectors.shape[1])))


def _authors(author_id: str, rows: Sequence[int], made_by: str, dimension: int) -> Select[str]:
    mine = aliased(Embedding)
    distance = distance_to(mine.vector, dimension)
    nearest = lateral(
        of_others((Post.author_id, distance.label("distance")), made_by)
        .where(Post.author_id != author_id)
        .order_by(distance)
        .limit(NEAREST)
    )
    likest = func.min(nearest.c.distance)
    return (
        select(nearest.c.author_id)
        .select_from(mine)
        .join(nearest, true())
        .where(mine.image_id.in_(rows), mine.made_by == made_by)
        .group_by(nearest.c.author_id)
        .order_by(likest, nearest.c.author_id)
        .limit(MOST)
    )


def _compare(name: str, mine: _Seen, theirs: _Seen) -> Channel:
    cosines = np.clip(_unit(mine.vectors) @ _unit(theirs.vectors).T, -1, 1)
    return Channel(
        name,
        _told(cosines.mean()),
        _told(cosines.max()),
        len(theirs.photographs),
        list(_likest(cosines, mine, theirs)),
    )


def _likest(cosines: Floats, mine: _Seen, theirs: _Seen) -> list[Pair]:
    """The likest pairs, each photograph in one of them at most."""
    left = cosines.copy()
    found = []
    for _ in range(min(PAIRS, *left.shape)):
        row, column = divmod(int(left.argmax()), left.shape[1])
        likeness = _told(cosines[row, column])
        found.append(Pair(mine.photographs[row], theirs.photographs[column], likeness))
        left[row], left[:, column] = -np.inf, -np.inf
    return found


def _unit(vectors: Floats) -> Floats:
    """Half precision leaves norms that differ from 1 in the fourth digit."""
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def _told(cosine: Any) -> float:
    return round(float(cosine), DECIMALS)
