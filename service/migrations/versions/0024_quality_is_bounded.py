"""The page of quality reads the answers of its period, and the newest controls, by an index"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_reviews_kind", "reviews", ["kind", "created_at", "id"])
    op.create_index("ix_reviews_case_id", "reviews", ["case_id"])
    op.create_index("ix_controls_added", "controls", ["added_at", "post_id"])


def downgrade() -> None:
    op.drop_index("ix_controls_added", "controls")
    op.drop_index("ix_reviews_case_id", "reviews")
    op.drop_index("ix_reviews_kind", "reviews")
