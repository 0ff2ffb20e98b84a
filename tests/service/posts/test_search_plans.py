"""However many posts there are, no search reads them all."""

from __future__ import annotations

import pytest
from sqlalchemy import event, text

from service.parts import Parts
from service.posts.search import search
from tests.emptying import WITHOUT_TRIGGERS, Emptier

FEW_OF_MANY = """
    INSERT INTO posts (external_id, revision, author_id, caption, hashtags, posted_at, reach, state,
        attempts, decision, decided_by, received_at)
    SELECT 'p-' || n, 1, 'u-' || mod(n, 500), 'word' || n || ' common', '{}', now(), 0,
        'decided', 1, 'pass', 'model', now() - n * interval '1 minute'
    FROM generate_series(1, 20000) AS n
"""


@pytest.fixture(autouse=True)
def _clean() -> None:
    """What ``many`` wrote stays for all these tests: they only read."""


@pytest.fixture(scope="module")
def many(parts: Parts, emptier: Emptier) -> Parts:
    """Twenty thousand posts, stored once: it takes seconds."""
    emptier.empty()
    with parts.sessions.begin() as session:
        session.execute(WITHOUT_TRIGGERS)
        session.execute(text(FEW_OF_MANY))
        session.execute(text("ANALYZE posts"))
    return parts


@pytest.mark.parametrize("wanted", ["p-77", "u-77", "word77", "common", "2026-11-21", "카페"])
def test_no_question_reads_all_posts(many: Parts, wanted: str) -> None:
    plans: list[str] = []
    with many.sessions() as session:
        connection = session.connection()
        sent: list[tuple[str, object]] = []
        event.listen(
            connection,
            "before_cursor_execute",
            lambda c, cur, statement, values, ctx, many: sent.append((statement, values)),
        )
        search(session, wanted)
        for statement, values in [one for one in sent if "FROM posts" in one[0]]:
            rows = connection.exec_driver_sql(f"EXPLAIN {statement}", values)  # type: ignore[arg-type]
            plans.append("\n".join(line for (line,) in rows))
    assert plans
    assert not [plan for plan in plans if "Seq Scan on posts" in plan]
