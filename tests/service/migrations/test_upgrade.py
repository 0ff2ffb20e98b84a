"""Migrations lead to the tables in the code, and back to nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from service.audit import record
from service.audit.entries import stored
from service.audit.verify import verify
from service.config import Config
from service.database import make_engine, make_sessions
from service.migrations.upgrade import NewerSchemaError, downgrade, migrate
from service.tables import Base


@pytest.fixture
def empty(config: Config) -> Iterator[Engine]:
    """A second, empty database on the same server."""
    server = make_engine(config.database_url)
    with server.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("DROP DATABASE IF EXISTS empty"))
        connection.execute(text("CREATE DATABASE empty"))
    engine = make_engine(server.url.set(database="empty").render_as_string(hide_password=False))
    yield engine
    engine.dispose()
    server.dispose()


def test_the_newest_schema_is_what_the_tables_say(empty: Engine) -> None:
    migrate(empty)
    with empty.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_twice_changes_nothing(empty: Engine) -> None:
    before, newest = migrate(empty)
    assert before is None
    assert migrate(empty) == (newest, newest)
    assert "posts" in inspect(empty).get_table_names()


def test_what_a_newer_program_made_is_refused_in_a_sentence(empty: Engine) -> None:
    migrate(empty)
    with empty.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerSchemaError, match=r"A newer Tagsift .* its schema is 9999"):
        migrate(empty)


def test_every_step_can_be_taken_back(empty: Engine) -> None:
    migrate(empty)
    downgrade(empty, "base")
    assert inspect(empty).get_table_names() == ["alembic_version"]
    migrate(empty)
    assert "verdicts" in inspect(empty).get_table_names()


def test_entries_from_before_the_chain_are_bound_too(empty: Engine) -> None:
    migrate(empty, "0006")
    with empty.begin() as connection:
        for number in (1, 2, 3):
            connection.execute(
                text(
                    "INSERT INTO audit_log (at, actor, action, subject, details) VALUES"
                    " ('2026-01-01 09:00:00.00012+09', 'mina', 'post.settled', :subject, :details)"
                ),
                {"subject": f"post:p-{number}", "details": '{"b": 0.50, "a": ["맛집", null]}'},
            )
    migrate(empty)
    with make_sessions(empty).begin() as session:
        record(session, "mina", "post.settled", "post:p-4", {})
    with make_sessions(empty)() as session, stored(session) as entries:
        assert verify(entries).entries == 4
    downgrade(empty, "0006")
    with empty.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM audit_log")) == 4


KINDS = """
    SELECT cases.kind, reviews.kind, figure FROM cases, reviews, hourly_figures
"""


def test_drawn_posts_of_before_are_spot_checks(empty: Engine) -> None:
    migrate(empty, "0024")
    with empty.begin() as connection:
        for statement in (
            "INSERT INTO users (id, name, password_hash, role) OVERRIDING SYSTEM VALUE"
            " VALUES (1, 'mina', 'x', 'moderator')",
            "INSERT INTO posts (id, external_id, revision, author_id, caption, hashtags, posted_at,"
            " reach, state, attempts) OVERRIDING SYSTEM VALUE"
            " VALUES (1, 'p-1', 1, 'u-1', '', '{}', now(), 1, 'pending', 0)",
            "INSERT INTO cases (post_id, kind, priority) VALUES (1, 'audit', 1)",
            "INSERT INTO reviews (post_id, user_id, kind, answers) VALUES (1, 1, 'audit', '{}')",
            "INSERT INTO hourly_figures (hour, figure, category, kind, bundle, ruleset, n, hits)"
            " VALUES (now(), 'audits', '', '', '', '', 1, 0)",
        ):
            connection.execute(text(statement))
    migrate(empty, "0025")
    with empty.connect() as connection:
        assert connection.execute(text(KINDS)).all() == [
            ("spot_check", "spot_check", "spot_checks")
        ]
    downgrade(empty, "0024")
    with empty.connect() as connection:
        assert connection.execute(text(KINDS)).all() == [("audit", "audit", "audits")]
