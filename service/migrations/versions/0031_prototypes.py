"""Hashtags are judged by a few examples"""

import sqlalchemy as sa
from alembic import op
from pgvector.sqlalchemy import HALFVEC
from sqlalchemy.dialects import postgresql

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "prototypes",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("normalised", sa.Text(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("weights", HALFVEC(), nullable=False),
        sa.Column("bias", sa.Float(), nullable=False),
        sa.Column("figures", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("changed_at", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('shadow', 'live', 'retired')", name=op.f("ck_prototypes_state_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prototypes")),
    )
    op.create_index(
        "ix_prototypes_live",
        "prototypes",
        ["normalised"],
        unique=True,
        postgresql_where=sa.text("state = 'live'"),
    )
    op.create_table(
        "shadow_scores",
        sa.Column("prototype_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("verdict_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("says", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["prototype_id"],
            ["prototypes.id"],
            name=op.f("fk_shadow_scores_prototype_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["verdict_id"],
            ["verdicts.id"],
            name=op.f("fk_shadow_scores_verdict_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("prototype_id", "verdict_id", name=op.f("pk_shadow_scores")),
    )
    op.create_index(op.f("ix_shadow_scores_verdict_id"), "shadow_scores", ["verdict_id"])
    op.add_column("polls", sa.Column("prototype_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_polls_prototype_id"), "polls", "prototypes", ["prototype_id"], ["id"]
    )
    op.create_index(op.f("ix_polls_prototype_id"), "polls", ["prototype_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_polls_prototype_id"), "polls")
    op.drop_constraint(op.f("fk_polls_prototype_id"), "polls", type_="foreignkey")
    op.drop_column("polls", "prototype_id")
    op.drop_table("shadow_scores")
    op.drop_table("prototypes")
