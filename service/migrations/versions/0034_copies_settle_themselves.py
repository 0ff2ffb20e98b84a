"""Exact copies of what a person settled take its verdicts, where an analyst allowed it"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "copy_rules",
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("checked", sa.Float(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.CheckConstraint("checked BETWEEN 0.01 AND 1", name=op.f("ck_copy_rules_share")),
        sa.PrimaryKeyConstraint("category", name=op.f("pk_copy_rules")),
    )
    op.create_table(
        "copy_checks",
        sa.Column("verdict_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("expected", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["verdict_id"],
            ["verdicts.id"],
            name=op.f("fk_copy_checks_verdict_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("verdict_id", name=op.f("pk_copy_checks")),
    )
    op.create_index("ix_copy_checks_category", "copy_checks", ["category", "verdict_id"])
    # Copies are found by their bytes.
    op.create_index("ix_images_sha256", "images", ["sha256"], postgresql_using="hash")


def downgrade() -> None:
    op.drop_index("ix_images_sha256", table_name="images")
    op.drop_table("copy_checks")
    op.drop_table("copy_rules")
