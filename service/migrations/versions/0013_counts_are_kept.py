"""Counts are kept by triggers and by the hour, so that nobody has to count the rows"""

# ruff: noqa: S608  # the statements are put together from constants of this file alone

from collections.abc import Callable
from functools import partial

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

HOUR = "date_bin('1 hour', {}, 'epoch'::timestamptz)"
# Each event sees other transition tables, and a statement cannot name one that is not there; so
# each event has a function of its own.
EVENTS = {
    "INSERT": ("REFERENCING NEW TABLE AS now_rows", "", "now_rows"),
    "UPDATE": ("REFERENCING OLD TABLE AS old_rows NEW TABLE AS now_rows", "old_rows", "now_rows"),
    "DELETE": ("REFERENCING OLD TABLE AS old_rows", "old_rows", ""),
}
# Of each table: the name and the key of its tally, and the moments whose hours it makes stale.
TALLIES = {
    "posts": ("'posts'", "state || ' ' || coalesce(decision, '')"),
    "deliveries": ("'deliveries'", "state"),
    "shadow_verdicts": ("'shadow ' || ruleset_id", "live_verdict || ' ' || verdict"),
}
STALE = {
    "posts": (
        ("received_at",),
        "id, received_at, state, decision, decided_by, decided_at, bundle, ruleset",
    ),
    "deliveries": (("created_at",), "id, created_at, state"),
    "cases": (("opened_at", "closed_at"), "id, opened_at, closed_at"),
}


def upgrade() -> None:
    _tables()
    for table, (name, key) in TALLIES.items():
        _trigger(table, "tally", partial(_tally, name, key))
        op.execute(
            f"INSERT INTO tallies (name, key, n)"
            f" SELECT {name}, {key}, count(*) FROM {table} GROUP BY 1, 2"
        )
    for table, (moments, columns) in STALE.items():
        _trigger(table, "stale", partial(_stale, moments, columns))
        for moment in moments:
            op.execute(
                f"INSERT INTO stale_hours (hour) SELECT DISTINCT {HOUR.format(moment)}"
                f" FROM {table} WHERE {moment} > now() - interval '60 days'"
            )
    # What has been open for longer is counted with what is open now.
    op.execute(
        f"INSERT INTO stale_hours (hour) SELECT DISTINCT {HOUR.format('opened_at')} FROM cases"
        " WHERE closed_at IS NULL AND opened_at <= now() - interval '60 days'"
    )


def downgrade() -> None:
    for suffix, tables in (("tally", TALLIES), ("stale", STALE)):
        for table in tables:
            for event in EVENTS:
                op.execute(f"DROP TRIGGER {table}_{suffix}_{event.lower()} ON {table}")
                op.execute(f"DROP FUNCTION {table}_{suffix}_{event.lower()}")
    op.drop_index("ix_verdicts_category", "verdicts")
    op.create_index("ix_verdicts_category", "verdicts", ["category", "post_id"])
    op.drop_index("ix_verdicts_not_understood", "verdicts")
    op.drop_index("ix_deliveries_bodies", "deliveries")
    op.drop_index("ix_reviews_created", "reviews")
    op.drop_index("ix_cases_waiting", "cases")
    op.drop_index("ix_cases_opened", "cases")
    op.drop_index("ix_cases_closed", "cases")
    op.drop_index("ix_posts_waiting", "posts")
    for table in ("hourly_figures", "stale_hours", "tallies"):
        op.drop_table(table)


def _tables() -> None:
    op.create_table(
        "tallies",
        _number(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tallies")),
    )
    op.create_index("ix_tallies_name", "tallies", ["name"])
    op.create_table(
        "stale_hours",
        _number(),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stale_hours")),
    )
    op.create_index("ix_stale_hours_hour", "stale_hours", ["hour"])
    op.create_table(
        "hourly_figures",
        _number(),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("figure", "category", "kind", "bundle", "ruleset")
        ),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("n", "hits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hourly_figures")),
    )
    op.create_index("ix_hourly_figures_hour", "hourly_figures", ["hour"])
    op.create_index("ix_hourly_figures_figure", "hourly_figures", ["figure", "category", "hour"])
    # The hours of the cases, those that wait longest, the newest reviews.
    op.create_index("ix_cases_opened", "cases", ["opened_at"])
    op.create_index("ix_cases_closed", "cases", ["closed_at"])
    op.create_index(
        "ix_cases_waiting",
        "cases",
        ["opened_at"],
        postgresql_where=sa.text("closed_at IS NULL"),
        postgresql_include=["post_id"],
    )
    op.create_index(
        "ix_posts_waiting", "posts", ["received_at"], postgresql_where=sa.text("state = 'pending'")
    )
    op.create_index("ix_reviews_created", "reviews", ["created_at"])
    # The callbacks that the sweep may empty.
    op.create_index(
        "ix_deliveries_bodies",
        "deliveries",
        ["created_at"],
        postgresql_where=sa.text("state IN ('delivered', 'withdrawn') AND body <> '{}'"),
    )
    # The newest hashtags that nobody understood, and the newest of each category, without the
    # wide rows.
    op.create_index(
        "ix_verdicts_not_understood",
        "verdicts",
        ["id"],
        postgresql_where=sa.text("resolved_by IN ('none', 'neighbours')"),
        postgresql_include=["normalised", "tag", "post_id"],
    )
    op.drop_index("ix_verdicts_category", "verdicts")
    op.create_index(
        "ix_verdicts_category",
        "verdicts",
        ["category", "post_id"],
        postgresql_include=["normalised"],
    )


def _number() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False)


def _trigger(table: str, suffix: str, body: Callable[[str, str], str]) -> None:
    for event, (tables, old, now) in EVENTS.items():
        name = f"{table}_{suffix}_{event.lower()}"
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$"
            f" BEGIN {body(old, now)}; RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON {table} {tables}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )


def _tally(name: str, key: str, old: str, now: str) -> str:
    """Take the rows that were away from their counts, and add those that are."""
    sides = [
        f"SELECT {name} AS name, {key} AS key, {n} AS n FROM {t}"
        for t, n in ((old, -1), (now, 1))
        if t
    ]
    return (
        "INSERT INTO tallies (name, key, n) SELECT name, key, sum(n)"
        f" FROM ({' UNION ALL '.join(sides)}) AS changed GROUP BY name, key HAVING sum(n) <> 0"
    )


def _stale(moments: tuple[str, ...], columns: str, old: str, now: str) -> str:
    """The hours of rows that changed in what is counted."""
    if old and now:
        changed = (
            f"((SELECT {columns} FROM {old} EXCEPT SELECT {columns} FROM {now})"
            f" UNION ALL (SELECT {columns} FROM {now} EXCEPT SELECT {columns} FROM {old}))"
        )
    else:
        changed = f"(SELECT {columns} FROM {old or now})"
    hours = " UNION ".join(
        f"SELECT {HOUR.format(moment)} FROM changed WHERE {moment} IS NOT NULL"
        for moment in moments
    )
    return f"WITH changed AS {changed} INSERT INTO stale_hours (hour) {hours}"
