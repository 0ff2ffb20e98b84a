"""Visually close posts vote on hashtags that no rule covers"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "usual_votes",
        sa.Column("normalised", sa.Text(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("authors", sa.Integer(), nullable=False),
        sa.Column("prior", sa.Float(), nullable=False),
        sa.Column("support", sa.Float(), nullable=False),
        sa.Column("floor", sa.Float(), nullable=False),
        sa.Column("figures", postgresql.JSONB(), nullable=False),
        sa.Column("learned_at", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("normalised", name=op.f("pk_usual_votes")),
    )
    op.create_table(
        "vote_permissions",
        sa.Column("normalised", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("normalised", name=op.f("pk_vote_permissions")),
    )
    op.create_table(
        "polls",
        sa.Column("verdict_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("normalised", sa.Text(), nullable=False),
        sa.Column("says", sa.Boolean(), nullable=True),
        sa.Column("ballot", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["verdict_id"],
            ["verdicts.id"],
            name=op.f("fk_polls_verdict_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("verdict_id", name=op.f("pk_polls")),
    )
    op.create_index("ix_polls_normalised", "polls", ["normalised", "verdict_id"])
    op.create_table(
        "votes",
        sa.Column("verdict_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("post_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("likeness", sa.Float(), nullable=False),
        sa.Column("carries", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_votes_post_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["verdict_id"],
            ["polls.verdict_id"],
            name=op.f("fk_votes_verdict_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("verdict_id", "post_id", name=op.f("pk_votes")),
    )
    op.create_index(op.f("ix_votes_post_id"), "votes", ["post_id"])


def downgrade() -> None:
    op.drop_table("votes")
    op.drop_table("polls")
    op.drop_table("vote_permissions")
    op.drop_table("usual_votes")
