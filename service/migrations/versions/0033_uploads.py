"""Uploads, and photographs that come from them"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "uploads",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("created_at", moment, server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("landing", sa.Text(), nullable=True),
        sa.Column("path", sa.Text(), nullable=True),
        sa.Column("stored_at", moment, nullable=True),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("claimed_at", moment, nullable=True),
        sa.Column("erased_at", moment, nullable=True),
        sa.CheckConstraint("size > 0", name=op.f("ck_uploads_size_positive")),
        sa.CheckConstraint(
            "(claimed_by IS NULL) = (claimed_at IS NULL)", name=op.f("ck_uploads_claimed_at_once")
        ),
        sa.CheckConstraint(
            "claimed_by IS NULL OR path IS NOT NULL", name=op.f("ck_uploads_claimed_is_stored")
        ),
        sa.CheckConstraint(
            "claimed_by IS NULL OR erased_at IS NULL", name=op.f("ck_uploads_claimed_is_kept")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
        sa.UniqueConstraint("key", name=op.f("uq_uploads_key")),
    )
    op.create_index(
        "ix_uploads_unclaimed",
        "uploads",
        ["expires_at"],
        postgresql_include=["made_by", "size"],
        postgresql_where=sa.text("claimed_by IS NULL AND erased_at IS NULL"),
    )
    op.create_index(
        "ix_uploads_erased",
        "uploads",
        ["erased_at"],
        postgresql_where=sa.text("erased_at IS NOT NULL"),
    )
    op.create_index(
        "ix_uploads_post",
        "uploads",
        ["claimed_by"],
        postgresql_where=sa.text("claimed_by IS NOT NULL"),
    )
    # Without a default, so that no row is written.
    op.add_column("images", sa.Column("source_upload", sa.Text(), nullable=True))
    op.add_column(
        "deletions", sa.Column("uploads", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("deletions", "uploads")
    op.drop_column("images", "source_upload")
    op.drop_table("uploads")
