"""The overview counts callbacks by time without reading their bodies"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_deliveries_created",
        "deliveries",
        ["created_at"],
        postgresql_include=["state", "post_id"],
    )


def downgrade() -> None:
    op.drop_index("ix_deliveries_created", "deliveries")
