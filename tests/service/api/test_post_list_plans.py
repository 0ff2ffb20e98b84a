"""However many posts there are, a page of `GET /v1/posts` comes from an index, unsorted."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from service.parts import Parts
from service.posts.listed import PostQuery, list_posts
from tests.emptying import WITHOUT_TRIGGERS, Emptier
from tests.growth.recorder import recorded

MANY = """
    INSERT INTO posts (external_id, revision, author_id, caption, hashtags, posted_at, reach, state,
        attempts, decision, decided_by, received_at)
    SELECT 'p-' || n, 1, 'u-' || mod(n, 40), '', '{}', now(), 0,
        CASE mod(n, 50) WHEN 0 THEN 'superseded' ELSE 'decided' END, 1,
        CASE mod(n, 5) WHEN 1 THEN 'flag' ELSE 'pass' END, 'model',
        now() - make_interval(mins => n)
    FROM generate_series(1, 20000) AS n
"""


@pytest.fixture(autouse=True)
def _clean() -> None:
    """What ``many`` wrote stays for all these tests: they only read."""


@pytest.fixture(scope="module")
def many(parts: Parts, emptier: Emptier) -> Parts:
    """Twenty thousand posts, stored once: it takes a second."""
    emptier.empty()
    with parts.sessions.begin() as session:
        session.execute(WITHOUT_TRIGGERS)
        session.execute(text(MANY))
        session.execute(text("ANALYZE posts"))
    return parts


@pytest.mark.parametrize("cursor", [None, "of the page before"])
@pytest.mark.parametrize(
    ("asked", "index"),
    [
        (PostQuery(), "ix_posts_received"),
        (PostQuery(state="superseded"), "ix_posts_state_listed"),
        (PostQuery(decision="flag"), "ix_posts_decision_listed"),
        (PostQuery(decision="review"), "ix_posts_decision_listed"),
        (PostQuery(author="u-3"), "ix_posts_author_listed"),
    ],
)
def test_a_page_comes_from_an_index_and_sorts_nothing(
    many: Parts, asked: PostQuery, index: str, cursor: str | None
) -> None:
    with many.sessions() as session:
        begin = list_posts(session, PostQuery(), 20, None).next_cursor if cursor else None
        with recorded(many.sessions.kw["bind"]) as queries:
            list_posts(session, asked, 20, begin)
        (query,) = queries
        rows = session.connection().exec_driver_sql(f"EXPLAIN {query.statement}", query.parameters)
        plan = "\n".join(line for (line,) in rows)
    assert index in plan, plan
    assert "Sort" not in plan, plan
