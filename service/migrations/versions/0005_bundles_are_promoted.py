"""Bundles are promoted, and embeddings follow"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NOW = sa.text("now()")


def upgrade() -> None:
    op.create_table(
        "bundle_promotions",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("bundle", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("embedding_id", sa.Text(), nullable=False),
        sa.Column("figures", postgresql.JSONB(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundle_promotions")),
    )
    op.create_table(
        "reembeddings",
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reached", sa.BigInteger(), nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.Column("made_in_pass", sa.BigInteger(), nullable=False),
        sa.Column("failed", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("made_by", name=op.f("pk_reembeddings")),
    )
    op.drop_constraint("pk_embeddings", "embeddings")
    op.create_primary_key("pk_embeddings", "embeddings", ["image_id", "made_by"])


def downgrade() -> None:
    # One embedding a photograph is left: of several, any (they are made again from the copies).
    op.execute(
        "DELETE FROM embeddings AS one USING embeddings AS other"
        " WHERE one.image_id = other.image_id AND one.made_by > other.made_by"
    )
    op.drop_constraint("pk_embeddings", "embeddings")
    op.create_primary_key("pk_embeddings", "embeddings", ["image_id"])
    op.drop_table("reembeddings")
    op.drop_table("bundle_promotions")
