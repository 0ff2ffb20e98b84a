"""Update the counts of a campaign for one post, or recount it. ``Lock.CAMPAIGNS`` is held."""

from __future__ import annotations

from sqlalchemy import delete, func, literal, select, union_all, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.tables import Campaign, CampaignImage, CampaignName, Post, Verdict

LEAST_POSTS = 2  # one post is no campaign
AUTHOR, HASHTAG = "author", "hashtag"


def add_post(session: Session, campaign_id: int, post: Post) -> None:
    """Add a post to the counts; the cost does not grow with the campaign."""
    tags = select(Verdict.normalised).where(Verdict.post_id == post.id, Verdict.normalised != "")
    names = [(AUTHOR, post.author_id)]
    names += [(HASHTAG, tag) for tag in sorted(set(session.scalars(tags)))]
    rows = [{"campaign_id": campaign_id, "kind": k, "name": n, "posts": 1} for k, n in names]
    adding = insert(CampaignName).values(rows)
    adding = adding.on_conflict_do_update(
        index_elements=["campaign_id", "kind", "name"],
        set_={"posts": CampaignName.posts + 1},
    )
    added = session.execute(adding.returning(CampaignName.kind, CampaignName.posts)).all()
    new = [kind for kind, posts in added if posts == 1]
    session.execute(
        update(Campaign)
        .where(Campaign.id == campaign_id)
        .values(
            posts=Campaign.posts + 1,
            authors=Campaign.authors + new.count(AUTHOR),
            hashtags=Campaign.hashtags + new.count(HASHTAG),
            reach=Campaign.reach + post.reach,
            first_at=func.least(Campaign.first_at, post.received_at),
            last_at=func.greatest(Campaign.last_at, post.received_at),
        ),
        execution_options={"synchronize_session": False},
    )


def count_again(session: Session, campaign_id: int) -> bool:
    """Count all of a campaign's posts; one with fewer than ``LEAST_POSTS`` is removed.

    Returns:
        whether it is still there.
    """
    members = (
        select(CampaignImage.post_id).where(CampaignImage.campaign_id == campaign_id).distinct()
    )
    posts, reach, first, last = session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(Post.reach), 0),
            func.min(Post.received_at),
            func.max(Post.received_at),
        ).where(Post.id.in_(members))
    ).one()
    if posts < LEAST_POSTS:
        session.execute(delete(Campaign).where(Campaign.id == campaign_id), execution_options=_FAST)
        return False
    session.execute(
        delete(CampaignName).where(CampaignName.campaign_id == campaign_id),
        execution_options=_FAST,
    )
    tags = select(Verdict.post_id, Verdict.normalised).where(
        Verdict.post_id.in_(members), Verdict.normalised != ""
    )
    tagged = tags.distinct().subquery()
    names = union_all(
        select(literal(campaign_id), literal(AUTHOR), Post.author_id, func.count())
        .where(Post.id.in_(members))
        .group_by(Post.author_id),
        select(literal(campaign_id), literal(HASHTAG), tagged.c.normalised, func.count()).group_by(
            tagged.c.normalised
        ),
    )
    columns = ["campaign_id", "kind", "name", "posts"]
    session.execute(insert(CampaignName).from_select(columns, names))
    kinds = select(CampaignName.kind, func.count()).group_by(CampaignName.kind)
    kinds = kinds.where(CampaignName.campaign_id == campaign_id)
    counts = {row[0]: row[1] for row in session.execute(kinds)}
    session.execute(
        update(Campaign)
        .where(Campaign.id == campaign_id)
        .values(
            posts=posts,
            authors=counts.get(AUTHOR, 0),
            hashtags=counts.get(HASHTAG, 0),
            reach=int(reach),
            first_at=first,
            last_at=last,
        ),
        execution_options=_FAST,
    )
    return True


_FAST = {"synchronize_session": False}
