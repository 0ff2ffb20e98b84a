"""What is live"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "live",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column(
            "since", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.CheckConstraint(
            "kind IN ('bundle', 'ruleset', 'lexicon')", name=op.f("ck_live_kind_known")
        ),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_live")),
    )


def downgrade() -> None:
    op.drop_table("live")
