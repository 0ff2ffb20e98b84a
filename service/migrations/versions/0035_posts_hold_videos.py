"""Posts hold videos; their kept frames are images"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "videos",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("post_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.Column("source_bytes", sa.LargeBinary(), nullable=True),
        sa.Column("source_upload", sa.Text(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("stored", sa.Text(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("error", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_videos_post_id_posts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_videos")),
        sa.UniqueConstraint("post_id", "position", name=op.f("uq_videos_post_id_position")),
    )
    op.add_column("images", sa.Column("video_id", sa.BigInteger(), nullable=True))
    op.add_column(
        "images",
        sa.Column("frame", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    )
    op.create_foreign_key(
        op.f("fk_images_video_id_videos"),
        "images",
        "videos",
        ["video_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.create_index(
        "ix_images_video",
        "images",
        ["video_id"],
        postgresql_where=sa.text("video_id IS NOT NULL"),
    )
    op.add_column(
        "deletions",
        sa.Column("videos", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )


def downgrade() -> None:
    op.execute("DELETE FROM images WHERE video_id IS NOT NULL")
    op.drop_column("deletions", "videos")
    op.drop_index("ix_images_video", table_name="images")
    op.drop_constraint(op.f("fk_images_video_id_videos"), "images", type_="foreignkey")
    op.drop_column("images", "frame")
    op.drop_column("images", "video_id")
    op.drop_table("videos")
