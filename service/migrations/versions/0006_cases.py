"""Cases: why a post is in front of a person; reviews that can be undone"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NOW = sa.text("now()")
NOBODY = sa.text("'{}'")
KINDS = "kind IN ('review', 'double', 'third', 'control', 'audit', 'appeal')"


def upgrade() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("post_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("priority", sa.Float(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("holder_id", sa.BigInteger(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("for_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "not_for", postgresql.ARRAY(sa.BigInteger()), server_default=NOBODY, nullable=False
        ),
        sa.Column(
            "set_aside", postgresql.ARRAY(sa.BigInteger()), server_default=NOBODY, nullable=False
        ),
        sa.Column("review_id", sa.BigInteger(), nullable=True),
        sa.Column("details", postgresql.JSONB(), server_default=NOBODY, nullable=False),
        sa.CheckConstraint(KINDS, name=op.f("ck_cases_kind_known")),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_cases_post_id_posts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["holder_id"], ["users.id"], name=op.f("fk_cases_holder_id_users")),
        sa.ForeignKeyConstraint(["for_id"], ["users.id"], name=op.f("fk_cases_for_id_users")),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["reviews.id"],
            name=op.f("fk_cases_review_id_reviews"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
    )
    op.create_index("ix_cases_post_id", "cases", ["post_id"])
    op.create_index("ix_cases_review_id", "cases", ["review_id"])
    op.create_index(
        "ix_cases_open",
        "cases",
        [sa.text("priority DESC"), "id"],
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "uq_cases_open",
        "cases",
        ["post_id", "kind"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL AND kind <> 'control'"),
    )
    op.create_table(
        "drafts",
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("answers", postgresql.JSONB(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_drafts_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_drafts_user_id_users")),
        sa.PrimaryKeyConstraint("case_id", "user_id", name=op.f("pk_drafts")),
    )
    _let_reviews_be_undone()
    op.add_column(
        "users",
        sa.Column("preferences", postgresql.JSONB(), server_default=NOBODY, nullable=False),
    )
    _allow_deliveries("pending", "delivered", "dead", "withdrawn")
    # What waits already is a case, too; how doubtful it was is not known any more.
    op.execute(
        "INSERT INTO cases (post_id, kind, priority, opened_at)"
        " SELECT id, 'review', greatest(reach, 1), coalesce(decided_at, received_at) FROM posts"
        " WHERE state = 'decided' AND decided_by = 'model' AND decision IN ('flag', 'review')"
    )


def downgrade() -> None:
    op.execute("DELETE FROM deliveries WHERE state = 'withdrawn'")
    _allow_deliveries("pending", "delivered", "dead")
    op.drop_column("users", "preferences")
    op.drop_table("drafts")
    op.drop_constraint("fk_reviews_case_id_cases", "reviews")
    op.drop_table("cases")
    op.drop_index("ix_reviews_by_user", "reviews")
    op.drop_index("ix_reviews_batch", "reviews")
    for column in ("undone_at", "delivery_id", "seconds", "batch", "before", "kind", "case_id"):
        op.drop_column("reviews", column)


def _let_reviews_be_undone() -> None:
    for column in (
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), server_default="review", nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=True),
        sa.Column("batch", sa.Uuid(), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("delivery_id", sa.Uuid(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column("reviews", column)
    op.create_foreign_key(
        op.f("fk_reviews_case_id_cases"),
        "reviews",
        "cases",
        ["case_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_foreign_key(
        op.f("fk_reviews_delivery_id_deliveries"),
        "reviews",
        "deliveries",
        ["delivery_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_index("ix_reviews_batch", "reviews", ["batch"])
    op.create_index("ix_reviews_by_user", "reviews", ["user_id", "created_at"])


def _allow_deliveries(*states: str) -> None:
    op.drop_constraint("ck_deliveries_state_known", "deliveries")
    listed = ", ".join(f"'{state}'" for state in states)
    op.create_check_constraint(
        op.f("ck_deliveries_state_known"), "deliveries", f"state IN ({listed})"
    )
