"""How often each label is seen, day by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from service.overview.scope import DAY, Scope
from service.rulesets.intervals import Share
from service.tables import Image, Post

BEFORE = timedelta(weeks=4)
MOST_POSTS = 5_000


@dataclass(frozen=True)
class LabelDays:
    """For each label, the share of photographs in which its fact is true, by days from ``start``.

    ``every`` is 1 where every post was counted; n where one post in n was.
    """

    start: datetime
    every: int
    shares: Mapping[str, Sequence[Share]]

    @property
    def days(self) -> Sequence[datetime]:
        """When each day begins."""
        count = len(next(iter(self.shares.values()), ()))
        return [self.start + number * DAY for number in range(count)]


def labels_now(
    session: Session, scope: Scope, bundle: str, labels: Sequence[str], most: int = MOST_POSTS
) -> LabelDays:
    """The days of the period. Only what the bundle saw counts: another one sees differently."""
    return _label_days(session, scope, scope.start, scope.end, bundle, labels, most)


def labels_before(
    session: Session, scope: Scope, bundle: str, labels: Sequence[str], most: int = MOST_POSTS
) -> LabelDays:
    """The four weeks before the period, of the same bundle."""
    return _label_days(session, scope, scope.start - BEFORE, scope.start, bundle, labels, most)


def _label_days(
    session: Session,
    scope: Scope,
    start: datetime,
    end: datetime,
    bundle: str,
    labels: Sequence[str],
    most: int,
) -> LabelDays:
    """Count days, in a sample where there are more than ``most`` posts.

    Which posts are in the sample follows from their number, which has nothing to do with what
    they show; so a share stays right, and counting takes as long with ten times the posts.
    """
    received = and_(Post.received_at >= start, Post.received_at < end)
    posts = session.scalar(select(func.count()).select_from(Post).where(received)) or 0
    every = max(1, -(-posts // most))
    day = func.date_bin(DAY, Post.received_at, start)
    seen = [func.count().filter(Image.labels.contains({name: {"fact": True}})) for name in labels]
    query = (
        select(day, func.count(), *seen)
        .join(Post, Post.id == Image.post_id)
        .where(
            received,
            Post.state == "decided",
            Post.bundle == bundle,
            Post.id % every == 0,
            scope.about(Post.id),
            func.jsonb_typeof(Image.labels) == "object",
        )
        .group_by(day)
    )
    counts = {begins: found for begins, *found in session.execute(query)}
    shares: dict[str, list[Share]] = {name: [] for name in labels}
    for number in range((end - start) // DAY):
        of, *hits = counts.get(start + number * DAY, [0] * (1 + len(labels)))
        for name, hit in zip(labels, hits, strict=True):
            shares[name].append(Share(hit, of))
    return LabelDays(start, every, shares)
