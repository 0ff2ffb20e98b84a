"""What became of the campaigns: found whole or not, and which honest posts were swept in."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from sqlalchemy import select

from benchmarks.similarity.campaigns.plan import Plan
from service.parts import Parts
from service.tables import CampaignImage, Post


@dataclass(frozen=True)
class Outcome:
    """Of the first posts of a plan.

    ``whole`` of ``campaigns`` have all of their copies in one cluster, and ``together`` is the
    share of all copies that are in the largest cluster of theirs. ``mixed`` clusters hold copies of
    several. ``swept`` honest posts are in a cluster with a copy. Of clusters without a copy,
    ``one`` show one photograph, and ``several`` several, with ``wrongly`` posts beside those of
    the most frequent one.
    """

    posts: int
    copies: int
    campaigns: int
    whole: int
    together: float
    mixed: int
    swept: int
    one: int
    several: int
    wrongly: int

    @property
    def honest(self) -> int:
        """Posts that are no copies."""
        return self.posts - self.copies


def outcome(parts: Parts, plan: Plan, posts: int) -> Outcome:
    """Compare the clusters with the plan."""
    clusters = _clusters(parts, plan)
    sizes = plan.copies(posts)
    largest = {
        one: max((cluster[one] for cluster in clusters), default=0)
        for one, size in sizes.items()
        if size > 1
    }
    copies = {one: sizes[one] for one in largest}
    spam = [{one for one in cluster if one < plan.campaigns} for cluster in clusters]
    honest = [cluster for cluster, found in zip(clusters, spam, strict=True) if not found]
    several = [cluster for cluster in honest if len(cluster) > 1]
    return Outcome(
        posts=posts,
        copies=sum(sizes.values()),
        campaigns=len(copies),
        whole=sum(largest[one] == size for one, size in copies.items()),
        together=sum(largest.values()) / max(sum(copies.values()), 1),
        mixed=sum(len(found) > 1 for found in spam),
        swept=sum(
            cluster.total() - sum(cluster[one] for one in found)
            for cluster, found in zip(clusters, spam, strict=True)
            if found
        ),
        one=len(honest) - len(several),
        several=len(several),
        wrongly=sum(cluster.total() - max(cluster.values()) for cluster in several),
    )


def told(found: Outcome) -> str:
    """In words."""
    return (
        f"{found.posts:,} posts: {found.honest:,} honest, {found.copies:,} copies of "
        f"{found.campaigns} pictures.\n"
        f"Found whole: {found.whole} of {found.campaigns} campaigns; in the largest cluster of "
        f"each are {found.together:.2%} of their copies. {found.mixed} clusters mix campaigns.\n"
        f"Honest posts swept into a campaign: {found.swept}.\n"
        f"Clusters of honest posts: {found.one} of one photograph; {found.several} of several, "
        f"with {found.wrongly} posts beside those of their most frequent photograph."
    )


def _clusters(parts: Parts, plan: Plan) -> list[Counter[int]]:
    """How often each photograph of the plan is in each cluster."""
    found: defaultdict[int, Counter[int]] = defaultdict(Counter)
    query = select(CampaignImage.campaign_id, Post.external_id)
    with parts.sessions() as session:
        rows = session.execute(query.join(Post, Post.id == CampaignImage.post_id)).all()
    for campaign_id, name in rows:
        found[campaign_id][plan.posts[_number(name)].photograph] += 1
    return list(found.values())


def _number(name: str) -> int:
    return int(name.removeprefix("p-"))
