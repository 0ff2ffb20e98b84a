"""Campaigns as people see them: a list, and one with its posts, authors, hashtags and hours."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, literal, select, tuple_
from sqlalchemy.orm import Session, aliased, selectinload

from service.tables import Campaign, CampaignImage, CampaignName, Case, Image, Post

LEAST_SHOWN = 3  # posts; two that show the same are near-duplicates, and shown as such
A_PAGE = 24
NAMES = 20
BARS = 60  # hours or days
HOURS = timedelta(hours=48)  # of a longer campaign the days are told apart
ORDERS = {"spread": Campaign.posts, "newest": Campaign.last_at}


@dataclass(frozen=True)
class Listed:
    """A campaign, a photograph of it, and how many of its posts wait for a moderator."""

    campaign: Campaign
    cover: int | None
    waiting: int


@dataclass(frozen=True)
class Bar:
    """How many of a campaign's posts came within an hour or a day."""

    at: datetime
    posts: int


def listed(session: Session, order: str, after: int | None = None) -> tuple[Sequence[Listed], bool]:
    """Some campaigns that follow one, or the first; and whether there are more."""
    by = ORDERS[order]
    query = select(Campaign).where(Campaign.posts >= LEAST_SHOWN)
    if after is not None:
        here = select(by, Campaign.id).where(Campaign.id == after).subquery()
        query = query.where(tuple_(by, Campaign.id) < tuple_(here.c[0], here.c[1]))
    found = session.scalars(query.order_by(by.desc(), Campaign.id.desc()).limit(A_PAGE + 1)).all()
    ids = [one.id for one in found[:A_PAGE]]
    covers, waiting = _covers(session, ids), count_waiting(session, ids)
    rows = [Listed(one, covers.get(one.id), waiting.get(one.id, 0)) for one in found[:A_PAGE]]
    return rows, len(found) > A_PAGE


def campaigns_of(session: Session, post_ids: Collection[int]) -> Mapping[int, Campaign]:
    """The largest campaign that each of some posts is in, of those that are shown."""
    query = (
        select(CampaignImage.post_id, Campaign)
        .join(Campaign, Campaign.id == CampaignImage.campaign_id)
        .where(CampaignImage.post_id.in_(post_ids), Campaign.posts >= LEAST_SHOWN)
        .order_by(Campaign.posts, Campaign.id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def count_waiting(session: Session, ids: Collection[int]) -> Mapping[int, int]:
    """How many posts of each campaign wait for a moderator."""
    query = (
        select(CampaignImage.campaign_id, func.count(CampaignImage.post_id.distinct()))
        .join(Case, Case.post_id == CampaignImage.post_id)
        .where(CampaignImage.campaign_id.in_(ids), Case.kind == "review", Case.closed_at.is_(None))
        .group_by(CampaignImage.campaign_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def posts_of(
    session: Session, campaign_id: int, before: int | None = None
) -> tuple[Sequence[Post], bool]:
    """Some posts of a campaign, the newest first; and whether there are more."""
    members = select(CampaignImage.post_id).where(CampaignImage.campaign_id == campaign_id)
    query = select(Post).where(Post.id.in_(members), Post.state == "decided")
    if before is not None:
        query = query.where(Post.id < before)
    query = query.options(selectinload(Post.images), selectinload(Post.verdicts))
    found = session.scalars(query.order_by(Post.id.desc()).limit(A_PAGE + 1)).all()
    return found[:A_PAGE], len(found) > A_PAGE


def names_of(session: Session, campaign_id: int, kind: str) -> Sequence[CampaignName]:
    """The authors or hashtags of most posts."""
    query = select(CampaignName).where(
        CampaignName.campaign_id == campaign_id, CampaignName.kind == kind
    )
    order = query.order_by(CampaignName.posts.desc(), CampaignName.name)
    return session.scalars(order.limit(NAMES)).all()


def bars_of(session: Session, campaign: Campaign) -> tuple[str, Sequence[Bar]]:
    """The last hours, or days where it took longer, in which posts came; and which of the two."""
    unit = "hour" if campaign.last_at - campaign.first_at <= HOURS else "day"
    members = select(CampaignImage.post_id).where(CampaignImage.campaign_id == campaign.id)
    at = func.date_trunc(unit, Post.received_at).label("at")
    query = select(at, func.count()).where(Post.id.in_(members)).group_by(at)
    rows = session.execute(query.order_by(at.desc()).limit(BARS)).all()
    return unit, [Bar(row[0], row[1]) for row in reversed(rows)]


def shown_with_others(session: Session, case_ids: Collection[int]) -> Collection[int]:
    """Those of some cases that a list leaves out, as it shows an older one of their campaign."""
    mine, theirs, other = aliased(CampaignImage), aliased(CampaignImage), aliased(Case)
    older = (
        select(literal(True))
        .select_from(mine)
        .join(Campaign, and_(Campaign.id == mine.campaign_id, Campaign.posts >= LEAST_SHOWN))
        .join(theirs, theirs.campaign_id == mine.campaign_id)
        .join(other, other.post_id == theirs.post_id)
        .where(mine.post_id == Case.post_id, Case.kind == "review")
        .where(other.kind == "review", other.closed_at.is_(None), other.id < Case.id)
        # Whoever looks at the list can have it.
        .where(other.for_id.is_(None), other.handed_to_id.is_(None), other.not_for == [])
        .limit(1)
        .correlate(Case)
    )
    # Asked of each case on its own: as a condition, PostgreSQL makes a join of whole tables of it.
    query = select(Case.id, older.scalar_subquery()).where(Case.id.in_(case_ids))
    return {row[0] for row in session.execute(query) if row[1]}


def _covers(session: Session, ids: Collection[int]) -> Mapping[int, int]:
    query = (
        select(CampaignImage.campaign_id, func.min(CampaignImage.image_id))
        .join(Image, Image.id == CampaignImage.image_id)
        .where(CampaignImage.campaign_id.in_(ids), Image.derivative.is_not(None))
        .group_by(CampaignImage.campaign_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}
