"""Thumbnails are chosen: requests, the pictures sent with them, and the frames"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def _jobs() -> None:
    op.create_table(
        "thumbnail_jobs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("video_url", sa.Text(), nullable=True),
        sa.Column("video_upload", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), server_default="pending", nullable=False),
        sa.Column("error", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "queued_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("claimed_by", sa.Uuid(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('pending', 'done', 'failed')", name=op.f("ck_thumbnail_jobs_state_known")
        ),
        sa.CheckConstraint(
            "video_url IS NULL OR video_upload IS NULL", name=op.f("ck_thumbnail_jobs_one_video")
        ),
        sa.CheckConstraint(
            "channel IS NULL OR category IS NULL", name=op.f("ck_thumbnail_jobs_one_style")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thumbnail_jobs")),
        sa.UniqueConstraint("key", name=op.f("uq_thumbnail_jobs_key")),
    )
    op.create_index(
        "ix_thumbnail_jobs_pending",
        "thumbnail_jobs",
        ["queued_at"],
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "ix_thumbnail_jobs_made_by",
        "thumbnail_jobs",
        ["made_by", "id"],
        postgresql_include=["state"],
    )
    op.create_index("ix_thumbnail_jobs_expires", "thumbnail_jobs", ["expires_at"])
    op.create_index(
        "ix_thumbnail_jobs_upload",
        "thumbnail_jobs",
        ["video_upload"],
        postgresql_where=sa.text("video_upload IS NOT NULL"),
    )


def _pictures() -> None:
    op.create_table(
        "thumbnail_pictures",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("upload", sa.Text(), nullable=True),
        sa.Column("error", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint(
            "role IN ('candidate', 'reference')", name=op.f("ck_thumbnail_pictures_role_known")
        ),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["thumbnail_jobs.id"],
            name=op.f("fk_thumbnail_pictures_job_id_thumbnail_jobs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thumbnail_pictures")),
        sa.UniqueConstraint(
            "job_id", "role", "position", name=op.f("uq_thumbnail_pictures_job_id_role_position")
        ),
    )
    op.create_index(
        "ix_thumbnail_pictures_upload",
        "thumbnail_pictures",
        ["upload"],
        postgresql_where=sa.text("upload IS NOT NULL"),
    )


def _frames() -> None:
    op.create_table(
        "thumbnail_frames",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("time", sa.Float(), nullable=True),
        sa.Column("small", sa.LargeBinary(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("quality", sa.Float(), nullable=True),
        sa.Column("closeness", sa.Float(), nullable=True),
        sa.Column("reason", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("stored", sa.Text(), nullable=True),
        sa.Column("focus_x", sa.Float(), nullable=True),
        sa.Column("focus_y", sa.Float(), nullable=True),
        sa.CheckConstraint(
            "(rank IS NULL) = (stored IS NULL)", name=op.f("ck_thumbnail_frames_chosen_is_stored")
        ),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["thumbnail_jobs.id"],
            name=op.f("fk_thumbnail_frames_job_id_thumbnail_jobs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thumbnail_frames")),
        sa.UniqueConstraint("job_id", "position", name=op.f("uq_thumbnail_frames_job_id_position")),
    )


def upgrade() -> None:
    _jobs()
    _pictures()
    _frames()


def downgrade() -> None:
    # Their files are owed to be erased: nobody knows of them any more.
    op.execute(
        "INSERT INTO erasures (key, why) SELECT stored, 'deleted' FROM thumbnail_frames"
        " WHERE stored IS NOT NULL"
    )
    for table in ("thumbnail_frames", "thumbnail_pictures", "thumbnail_jobs"):
        op.drop_table(table)
