"""The lexicon changes"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lexicon_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("normalised", sa.Text(), nullable=False),
        sa.Column("categories", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lexicon_changes")),
    )
    op.create_table(
        "learned_hashtags",
        sa.Column("normalised", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("normalised", name=op.f("pk_learned_hashtags")),
    )
    op.create_index("ix_lexicon_changes_newest", "lexicon_changes", ["normalised", "id"])
    op.create_index(
        "ix_verdicts_unmapped",
        "verdicts",
        ["normalised", "post_id"],
        postgresql_where=sa.text("resolved_by IN ('none', 'neighbours')"),
    )


def downgrade() -> None:
    op.drop_index("ix_verdicts_unmapped", table_name="verdicts")
    op.drop_table("learned_hashtags")
    op.drop_table("lexicon_changes")
