"""One picture in many posts: hashes of photographs, and campaigns with their counts"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("images", sa.Column("hash", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_images_hash", "images", ["hash"], postgresql_where=sa.text("hash IS NOT NULL")
    )
    op.create_table(
        "campaigns",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.Column("authors", sa.Integer(), nullable=False),
        sa.Column("hashtags", sa.Integer(), nullable=False),
        sa.Column("reach", sa.BigInteger(), nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "posts >= 0 AND authors >= 0 AND hashtags >= 0",
            name=op.f("ck_campaigns_counts_possible"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
    )
    op.create_index("ix_campaigns_spread", "campaigns", ["posts", "id"])
    op.create_index("ix_campaigns_last", "campaigns", ["last_at", "id"])
    op.create_table(
        "campaign_images",
        sa.Column("image_id", sa.BigInteger(), nullable=False),
        sa.Column("post_id", sa.BigInteger(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [f"{one}_id"],
                [f"{one}s.id"],
                name=op.f(f"fk_campaign_images_{one}_id"),
                ondelete="CASCADE",
            )
            for one in ("image", "post", "campaign")
        ),
        sa.PrimaryKeyConstraint("image_id", name=op.f("pk_campaign_images")),
    )
    op.create_index("ix_campaign_images_campaign_id", "campaign_images", ["campaign_id", "post_id"])
    op.create_index("ix_campaign_images_post_id", "campaign_images", ["post_id"])
    op.create_table(
        "campaign_names",
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('author', 'hashtag')", name=op.f("ck_campaign_names_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaigns.id"],
            name=op.f("fk_campaign_names_campaign_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("campaign_id", "kind", "name", name=op.f("pk_campaign_names")),
    )
    op.create_table(
        "unplaced",
        sa.Column("post_id", sa.BigInteger(), nullable=False),
        sa.Column("since", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_unplaced_post_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_unplaced")),
    )


def downgrade() -> None:
    for table in ("unplaced", "campaign_names", "campaign_images", "campaigns"):
        op.drop_table(table)
    op.drop_index("ix_images_hash", "images")
    op.drop_column("images", "hash")
