"""However many posts wait, pages of the lists and the next case come from an index, unsorted."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from service.accounts import create
from service.cases import PostFilter, take_next
from service.console.posts import lists
from service.console.posts.tabs import TABS
from service.parts import Parts
from service.posts.author import history
from service.tables import Post
from tests.emptying import WITHOUT_TRIGGERS, Emptier

POSTS = """
    INSERT INTO posts (external_id, revision, author_id, caption, hashtags, posted_at, reach, state,
        attempts, decision, decided_by, received_at)
    SELECT 'p-' || n, 1, 'u-' || mod(n, 500), '', '{}', now(), mod(n, 997), 'decided', 1,
        CASE mod(n, 4) WHEN 0 THEN 'flag' WHEN 1 THEN 'review' ELSE 'pass' END,
        CASE WHEN mod(n, 4) = 3 THEN 'moderator' ELSE 'model' END, now()
    FROM generate_series(1, 20000) AS n
"""
CASES = """
    INSERT INTO cases (post_id, kind, priority, doubt, reach)
    SELECT id, 'review', reach, mod(id, 7) / 7.0, reach FROM posts WHERE decision <> 'pass'
"""

LARGE_SCAN = re.compile("Seq Scan on (cases|posts|verdicts)")  # there are few accounts


@pytest.fixture(autouse=True)
def _clean() -> None:
    """What ``viewer`` wrote stays for all these tests: none leaves anything behind."""


@pytest.fixture(scope="module")
def viewer(parts: Parts, emptier: Emptier) -> int:
    """Whoever looks at ten thousand posts that wait, and as many others."""
    emptier.empty()
    with parts.sessions.begin() as session:
        session.execute(WITHOUT_TRIGGERS)
        for statement in (POSTS, CASES, "ANALYZE posts, cases"):
            session.execute(text(statement))
        return create(session, "mina", "moderator")[0].id


def _plans(session: Session) -> list[str]:
    """From now on, how PostgreSQL goes about every question to the two long tables."""
    plans: list[str] = []

    @event.listens_for(session.connection(), "before_cursor_execute")
    def ask(connection, cursor, statement, parameters, context, many) -> None:  # type: ignore[no-untyped-def]  # SQLAlchemy's event
        if statement.startswith("SELECT") and (
            "FROM cases" in statement or "FROM posts" in statement
        ):
            cursor.execute(f"EXPLAIN {statement}", parameters)
            plans.append("\n".join(line for (line,) in cursor.fetchall()))

    return plans


@pytest.mark.parametrize("name", ["review", "flagged", "doubtful", "passed", "settled"])
@pytest.mark.parametrize("after", [None, 5000])
@pytest.mark.parametrize("sort", ["", "oldest", "newest"])
def test_a_page_of_a_list_sorts_nothing(
    parts: Parts, viewer: int, name: str, after: int | None, sort: str
) -> None:
    with parts.sessions() as session:
        plans = _plans(session)
        found = lists.page(session, lists.Filter(TABS[name], PostFilter(), viewer, sort), after)
    assert len(found.rows) == lists.PAGE_POSTS
    assert "Limit" in plans[0]
    assert "Sort" not in plans[0]
    assert not LARGE_SCAN.search(plans[0])


def test_nor_does_the_queue_by_doubt_or_by_reach(parts: Parts, viewer: int) -> None:
    with parts.sessions() as session:
        plans = _plans(session)
        for sort in ("doubt", "reach"):
            for after in (None, 5000):
                which = lists.Filter(TABS["review"], PostFilter(), viewer, sort)
                assert len(lists.page(session, which, after).rows) == lists.PAGE_POSTS
    pages = [plan for plan in plans if "ix_cases_open_by_" in plan]
    assert len(pages) == 4
    assert not [plan for plan in pages if "Sort" in plan or LARGE_SCAN.search(plan)]


def test_the_next_case_is_found_without_sorting_the_queue(parts: Parts, viewer: int) -> None:
    with parts.sessions() as session:
        plans = _plans(session)
        assert take_next(session, viewer, timedelta(minutes=1))
    assert plans
    assert not [plan for plan in plans if LARGE_SCAN.search(plan)]
    assert "ix_cases_open" in "".join(plans)


def test_an_authors_posts_are_found_by_the_author(parts: Parts, viewer: int) -> None:
    with parts.sessions() as session:
        post = session.get_one(Post, 1)
        plans = _plans(session)
        assert history(session, post).posts == 39
    assert all("ix_posts_author" in plan for plan in plans)
