"""Settled posts are found by their photographs, however often those were posted."""

from __future__ import annotations

import importlib
from collections.abc import Callable

from sqlalchemy import select, text, update

from service.copies.settled import newest_settled, photographs_key
from service.parts import Parts
from service.posts.delete import delete_post
from service.screening.batch import screen
from service.tables import Post
from tests.emptying import WITHOUT_TRIGGERS
from tests.service.screening.conftest import Add

Jpeg = Callable[..., bytes]
VERSION = "service.migrations.versions.0037_settled_copies_are_indexed"
COPIES = """
    INSERT INTO posts (external_id, revision, author_id, caption, hashtags, posted_at, reach, state,
        attempts, decision, decided_by, decided_at, photographs)
    SELECT 'p-' || n, 1, 'u', '', '{}', now(), 0, 'decided', 1, 'flag',
        CASE WHEN mod(n, 2) = 0 THEN 'moderator' ELSE 'model' END, now(), 'copy ' || mod(n, 5)
    FROM generate_series(1, 20000) AS n
"""


def test_thousands_of_copies_are_not_read_for_one_more(parts: Parts) -> None:
    with parts.sessions() as session:
        dialect = session.get_bind().dialect
        query = newest_settled("copy 1").compile(
            dialect=dialect, compile_kwargs={"literal_binds": True}
        )
        session.execute(WITHOUT_TRIGGERS)
        session.execute(text(COPIES))
        session.execute(text("ANALYZE posts"))
        plan = "\n".join(session.scalars(text(f"EXPLAIN {query}")))
    assert "ix_posts_settled_photographs" in plan
    assert "Sort" not in plan


def test_the_order_of_photographs_makes_no_difference() -> None:
    assert photographs_key(["a", "b"]) == photographs_key(["b", "a"])
    assert photographs_key(["a", "b"]) != photographs_key(["a", "b", "b"])


def test_a_deleted_post_keeps_no_key(parts: Parts, add: Add, jpeg: Jpeg) -> None:
    row = add(jpeg(seed=1), external_id="p-1")
    screen(parts, [row])
    with parts.sessions.begin() as session:
        assert session.get_one(Post, row).photographs
        delete_post(session, "p-1")
    with parts.sessions() as session:
        assert session.get_one(Post, row).photographs is None


def test_posts_of_before_get_the_same_key_from_the_migration(
    parts: Parts, add: Add, jpeg: Jpeg
) -> None:
    rows = [add(jpeg(seed=2), jpeg(seed=1)), add(jpeg(seed=1), jpeg(seed=2)), add(b"broken")]
    screen(parts, rows)
    keys = select(Post.photographs).order_by(Post.id)
    migration = importlib.import_module(VERSION)
    with parts.sessions.begin() as session:
        before = session.scalars(keys).all()
        session.execute(update(Post).values(photographs=None, decided_by="moderator"))
        session.execute(text(migration.PHOTOGRAPHS))
        after = session.scalars(keys).all()
    assert after == before
    assert before[0] == before[1] is not None
    assert before[2] is None
