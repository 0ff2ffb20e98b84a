"""Of a liked item the partners in most pairs are read in their order, from an index alone

Before, all partners of an item were read and sorted: of popular ones there are thousands.
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_item_pairs_ranked", "item_pairs", ["item_id", sa.text("n DESC"), "other_id"]
    )
    op.drop_index("ix_item_pairs_most", table_name="item_pairs")


def downgrade() -> None:
    op.create_index("ix_item_pairs_most", "item_pairs", ["item_id", "n"])
    op.drop_index("ix_item_pairs_ranked", table_name="item_pairs")
