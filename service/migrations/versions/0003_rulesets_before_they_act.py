"""Rulesets before they act"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NOW = sa.text("now()")


def upgrade() -> None:
    op.create_table(
        "rulesets",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'shadow', 'live', 'retired')",
            name=op.f("ck_rulesets_state_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rulesets")),
        sa.UniqueConstraint("name", name=op.f("uq_rulesets_name")),
    )
    op.create_index(
        "ix_rulesets_live",
        "rulesets",
        ["state"],
        unique=True,
        postgresql_where=sa.text("state = 'live'"),
    )
    op.create_table(
        "promotions",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("ruleset_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ruleset_id"], ["rulesets.id"], name=op.f("fk_promotions_ruleset_id_rulesets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotions")),
    )
    op.create_table(
        "shadow_verdicts",
        sa.Column("ruleset_id", sa.BigInteger(), nullable=False),
        sa.Column("post_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("live_verdict", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ruleset_id"],
            ["rulesets.id"],
            name=op.f("fk_shadow_verdicts_ruleset_id_rulesets"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id", "position"],
            ["verdicts.post_id", "verdicts.position"],
            name=op.f("fk_shadow_verdicts_post_id_position_verdicts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "ruleset_id", "post_id", "position", name=op.f("pk_shadow_verdicts")
        ),
    )
    op.create_index(
        "ix_shadow_verdicts_flip",
        "shadow_verdicts",
        ["ruleset_id", "live_verdict", "verdict", "post_id"],
    )
    op.create_index("ix_shadow_verdicts_post", "shadow_verdicts", ["post_id", "position"])
    op.create_index("ix_posts_received", "posts", ["received_at"])
    op.create_index(
        "ix_verdicts_figures",
        "verdicts",
        ["post_id"],
        postgresql_include=["category", "model_verdict", "verdict"],
    )


def downgrade() -> None:
    op.drop_index("ix_verdicts_figures", "verdicts")
    op.drop_index("ix_posts_received", "posts")
    op.drop_table("shadow_verdicts")
    op.drop_table("promotions")
    op.drop_table("rulesets")
