"""The few most similar posts that a post's representation includes, if they are found quickly."""

from __future__ import annotations

from collections.abc import Sequence

from psycopg.errors import QueryCanceled
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from service.likeness.index import is_indexed
from service.likeness.search import LikenessQuery, Similar, search
from service.likeness.stored import embeddings_of
from service.tables import Embedding, Image, Json, Post

FEW = 5
LEAST = 0.8  # a cosine; what is less alike shows something else
FIRST = 3  # photographs of the post that are searched from
STATEMENT_MILLISECONDS = 200
LIMIT = "statement_timeout"


def most_similar(session: Session, post: Post, made_by: str | None = None) -> list[Json]:
    """The likest posts of a decided one, as the wire shows them.

    Empty if that would take long or no index is built. A statement that takes too long is rolled
    back without harm to the caller's transaction.

    Args:
        made_by: the live network; by default the one that made the post's embeddings.
    """
    if post.state != "decided":
        return []
    network = made_by or _network(session, post)
    if network is None or not is_indexed(session, network):
        return []
    try:
        with session.begin_nested():
            before = session.scalar(select(func.current_setting(LIMIT))) or "0"
            _limit(session, str(STATEMENT_MILLISECONDS))
            found = _search(session, post, network)
            _limit(session, before)
    except DBAPIError as error:
        if not isinstance(error.orig, QueryCanceled):
            raise
        return []
    return [_shown(one) for one in found]


def _shown(one: Similar) -> Json:
    return {"id": one.id, "revision": one.revision, "likeness": one.likeness, "same": one.same}


def _search(session: Session, post: Post, made_by: str) -> Sequence[Similar]:
    embeddings = embeddings_of(session, post.id, made_by)
    if embeddings is None:
        return ()
    asked = LikenessQuery(embeddings[:FIRST], made_by, FEW, LEAST, other_than=post.external_id)
    return search(session, asked).posts


def _network(session: Session, post: Post) -> str | None:
    """What made the post's embeddings; of several networks the last by name that has an index."""
    query = select(Embedding.made_by).join(Image, Image.id == Embedding.image_id)
    networks = session.scalars(query.where(Image.post_id == post.id).distinct()).all()
    indexed = [network for network in sorted(networks) if is_indexed(session, network)]
    return indexed[-1] if indexed else None


def _limit(session: Session, milliseconds: str) -> None:
    """Set how long a statement may take in this transaction."""
    session.execute(select(func.set_config(LIMIT, milliseconds, True)))
