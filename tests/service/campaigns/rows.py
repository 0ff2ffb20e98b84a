"""Posts with photographs whose embeddings and hashes are known, and the serial truth of sets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from service.parts import Parts
from service.tables import Campaign, CampaignImage, CampaignName, Image, Post, Unplaced
from tests.service.similar.rows import add_seen

Shape = tuple[frozenset[str], int, int, int, dict[tuple[str, str], int]]


def add_one(
    parts: Parts,
    name: str,
    degrees: float,
    hashes: int | None = None,
    tags: Iterable[str] = ("카페",),
    **changes: Any,
) -> int:
    """Add a decided post with one photograph that nobody compared yet; its row's id."""
    row = add_seen(parts, name, dict.fromkeys(tags, "irrelevant"), (degrees,), **changes)
    with parts.sessions.begin() as session:
        session.get_one(Post, row).images[0].hash = hashes
        session.add(Unplaced(post_id=row))
    return row


def image_of(parts: Parts, row: int) -> int:
    """The id of a post's first photograph."""
    with parts.sessions() as session:
        return session.scalars(select(Image.id).where(Image.post_id == row)).one()


def shapes(parts: Parts) -> list[Shape]:
    """What each campaign is, whatever its number: posts, counts, and the posts of each name."""
    with parts.sessions() as session:
        found = []
        for campaign in session.scalars(select(Campaign)):
            members = (
                select(Post.external_id)
                .join(CampaignImage, CampaignImage.post_id == Post.id)
                .where(CampaignImage.campaign_id == campaign.id)
            )
            names = select(CampaignName).where(CampaignName.campaign_id == campaign.id)
            found.append(
                (
                    frozenset(session.scalars(members)),
                    campaign.posts,
                    campaign.authors,
                    campaign.hashtags,
                    {(one.kind, one.name): one.posts for one in session.scalars(names)},
                )
            )
        return sorted(found, key=lambda shape: sorted(shape[0]))
