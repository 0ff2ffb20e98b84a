"""Rules are asked again about stored posts, in the background"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "reruns",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ruleset_id", sa.BigInteger(), nullable=True),
        sa.Column("ruleset", sa.Text(), nullable=False),
        sa.Column("lexicon", sa.Text(), nullable=False),
        sa.Column("lexicon_now", sa.Text(), nullable=False),
        sa.Column("preview_id", sa.BigInteger(), nullable=True),
        sa.Column("since", MOMENT, nullable=True),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ended_by", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("reached", sa.BigInteger(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("waiting", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("result", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('backtest', 'rejudgement')", name=op.f("ck_reruns_kind_known")
        ),
        sa.CheckConstraint(
            "state IN ('running', 'done', 'stopped', 'overtaken', 'failed')",
            name=op.f("ck_reruns_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["preview_id"], ["reruns.id"], name=op.f("fk_reruns_preview_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["ruleset_id"], ["rulesets.id"], name=op.f("fk_reruns_ruleset_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reruns")),
    )
    op.create_index("ix_reruns_kind", "reruns", ["kind", "id"])
    op.create_index(
        "uq_reruns_rejudgement",
        "reruns",
        ["kind"],
        unique=True,
        postgresql_where=sa.text("kind = 'rejudgement' AND state = 'running'"),
    )


def downgrade() -> None:
    op.drop_table("reruns")
