"""Files that are to be erased are rows; deletions have receipts"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

COUNTS = ("revisions", "photographs", "verdicts", "reviews", "callbacks")


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def upgrade() -> None:
    op.create_table(
        "deletions",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        _moment("requested_at"),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deletions")),
        sa.UniqueConstraint("external_id", name=op.f("uq_deletions_external_id")),
    )
    op.create_table(
        "erasures",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("deletion_id", sa.BigInteger(), nullable=True),
        _moment("owed_at"),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        _moment("next_attempt_at"),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "why IN ('deleted', 'superseded', 'unfinished')", name=op.f("ck_erasures_why_known")
        ),
        sa.ForeignKeyConstraint(
            ["deletion_id"],
            ["deletions.id"],
            name=op.f("fk_erasures_deletion_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    for column in ("deletion_id", "next_attempt_at", "key"):
        op.create_index(op.f(f"ix_erasures_{column}"), "erasures", [column])


def downgrade() -> None:
    op.drop_table("erasures")
    op.drop_table("deletions")
