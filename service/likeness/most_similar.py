"""The few most similar posts that a post's representation includes, if they are found quickly."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from psycopg.errors import QueryCanceled
from sqlalchemy import Select, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from service.likeness.index import is_indexed
from service.likeness.others import distance_to, of_others
from service.likeness.scan import probe
from service.likeness.search import DECIMALS, LEAST_WIDTH
from service.likeness.stored import dimension_of
from service.tables import Embedding, Image, Json, Post
from similarity import NEAR

FEW = 5
LEAST = 0.8  # a cosine; what is less alike shows something else
FIRST = 3  # photographs of the post that are searched from
MILLISECONDS = 200  # for each post
LIMIT = "statement_timeout"


def most_similar(session: Session, post: Post, made_by: str | None = None) -> list[Json]:
    """The likest posts of a decided one, as the wire shows them.

    Args:
        made_by: the live network; by default the one that made the post's embeddings.
    """
    network = made_by or _network(session, post)
    return most_similar_each(session, [post], network)[post.id] if network else []


def most_similar_each(
    session: Session, posts: Collection[Post], made_by: str
) -> Mapping[int, list[Json]]:
    """The likest posts of each of several, by their rows, found by one statement.

    Empty if that would take long or no index is built. A statement that takes too long is rolled
    back without harm to the caller's transaction.
    """
    found: dict[int, list[Json]] = {post.id: [] for post in posts}
    ids = [post.id for post in posts if post.state == "decided"]
    if not ids or not is_indexed(session, made_by):
        return found
    try:
        with session.begin_nested():
            before = session.scalar(select(func.current_setting(LIMIT))) or "0"
            _limit(session, str(MILLISECONDS * len(ids)))
            near = _search(session, ids, made_by)
            _limit(session, before)
    except DBAPIError as error:
        if not isinstance(error.orig, QueryCanceled):
            raise
        return found
    return found | {row: _shown(others) for row, others in near.items()}


def _search(
    session: Session, ids: Collection[int], made_by: str
) -> dict[int, list[tuple[float, int, str, int]]]:
    """By each post's row: how far others are, their rows, ids and revisions."""
    dimension = dimension_of(session, ids, made_by)
    if dimension is None:
        return {}
    probe(session)
    near: dict[int, list[tuple[float, int, str, int]]] = {}
    for post_id, *other in session.execute(_nearest(ids, made_by, dimension)):
        near.setdefault(post_id, []).append((*other,))
    return near


def _nearest(ids: Collection[int], made_by: str, dimension: int) -> Select[Any]:
    """What the index finds near each of the posts' first photographs. Vectors stay in the
    database: as text they would cost more than the search."""
    number = func.row_number().over(partition_by=Image.post_id, order_by=Image.position)
    mine = (
        select(Image.post_id, Post.external_id, Embedding.vector, number.label("number"))
        .select_from(Embedding)
        .join(Image, Image.id == Embedding.image_id)
        .join(Post, Post.id == Image.post_id)
        .where(Image.post_id.in_(ids), Embedding.made_by == made_by)
        .subquery("mine")
    )
    distance = distance_to(mine.c.vector, dimension)
    other = (distance.label("distance"), Post.id, Post.external_id, Post.revision)
    near = (
        of_others(other, made_by)
        .where(Post.external_id != mine.c.external_id)
        .order_by(distance)
        .limit(LEAST_WIDTH)
        .lateral("near")
    )
    columns: tuple[Any, ...] = (mine.c.post_id, *near.c)
    return select(*columns).join(near, near.c.distance <= 1 - LEAST).where(mine.c.number <= FIRST)


def _shown(others: Sequence[tuple[float, int, str, int]]) -> list[Json]:
    """Each other post once, as like as its likest photograph."""
    closest: dict[int, tuple[float, int, str, int]] = {}
    for other in sorted(others):
        closest.setdefault(other[1], other)
    return [
        {
            "id": name,
            "revision": revision,
            "likeness": round(min(1 - distance, 1.0), DECIMALS),
            "same": 1 - distance >= NEAR,
        }
        for distance, _, name, revision in list(closest.values())[:FEW]
    ]


def _network(session: Session, post: Post) -> str | None:
    """What made the post's embeddings; of several networks the last by name that has an index."""
    query = select(Embedding.made_by).join(Image, Image.id == Embedding.image_id)
    networks = session.scalars(query.where(Image.post_id == post.id).distinct()).all()
    indexed = [network for network in sorted(networks) if is_indexed(session, network)]
    return indexed[-1] if indexed else None


def _limit(session: Session, milliseconds: str) -> None:
    """Set how long a statement may take in this transaction."""
    session.execute(select(func.set_config(LIMIT, milliseconds, True)))
