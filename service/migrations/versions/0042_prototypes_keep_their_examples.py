"""Which posts a prototype was made from, for and against, and who named them"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "prototype_examples",
        sa.Column("prototype_id", sa.BigInteger(), nullable=False),
        sa.Column("post_id", sa.BigInteger(), nullable=False),
        sa.Column("bears_out", sa.Boolean(), nullable=False),
        sa.Column("named_by", sa.Text(), nullable=False),
        sa.Column(
            "named_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["prototype_id"],
            ["prototypes.id"],
            name=op.f("fk_prototype_examples_prototype_id_prototypes"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"],
            ["posts.id"],
            name=op.f("fk_prototype_examples_post_id_posts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("prototype_id", "post_id", name=op.f("pk_prototype_examples")),
    )
    op.create_index(op.f("ix_prototype_examples_post_id"), "prototype_examples", ["post_id"])


def downgrade() -> None:
    op.drop_table("prototype_examples")
