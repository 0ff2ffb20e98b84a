"""Hashtags that nobody understood, and categories that no rule checks, the most frequent first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from rules import Ruleset, resolve
from rules.hashtags.resolve import Way
from service.tables import Image, Post, Verdict

LOOKED_AT = 400
SHOWN_IMAGES = 4
_UNMAPPED = text("resolved_by IN ('none', 'neighbours')")


@dataclass(frozen=True)
class Unmapped:
    """One hashtag: in how many posts it stands, some of their photographs, and a guess."""

    tag: str
    normalised: str
    posts: int
    images: Sequence[int]
    guess: str | None


@dataclass(frozen=True)
class WithoutRule:
    """A category that is known and not checked: how many hashtags of how many posts claim it."""

    category: str
    posts: int
    hashtags: int


def unmapped(
    session: Session, ruleset: Ruleset, limit: int, since: datetime | None = None
) -> list[Unmapped]:
    """The hashtags of stored posts that still nothing is known of, the most frequent first.

    Verdicts remember how a hashtag was understood then; it is looked up again as of now.

    Args:
        since: count only the posts received since then; None counts all.
    """
    query = (
        select(Verdict.normalised, func.max(Verdict.tag), func.count(Verdict.post_id.distinct()))
        .where(_UNMAPPED, Verdict.normalised != "")
        .group_by(Verdict.normalised)
        .order_by(func.count(Verdict.post_id.distinct()).desc(), Verdict.normalised)
        .limit(LOOKED_AT)
    )
    if since is not None:
        query = query.join(Post, Post.id == Verdict.post_id).where(Post.received_at >= since)
    rows = session.execute(query)
    found: list[Unmapped] = []
    for normalised, tag, posts in rows:
        now = resolve(tag, ruleset)
        if now.resolved_by in (Way.NONE, Way.NEIGHBOURS):
            guess = now.categories[0] if now.categories else None
            images = _images(session, normalised)
            found.append(Unmapped(tag.lstrip("#"), normalised, posts, images, guess))
        if len(found) == limit:
            break
    return found


def without_rule(session: Session, ruleset: Ruleset) -> list[WithoutRule]:
    """The categories that posts claim and no rule checks, the most frequent first."""
    names = [c.name for c in ruleset.categories.values() if c.rule is None]
    rows = session.execute(
        select(
            Verdict.category,
            func.count(Verdict.post_id.distinct()),
            func.count(Verdict.normalised.distinct()),
        )
        .where(Verdict.category.in_(names))
        .group_by(Verdict.category)
        .order_by(func.count(Verdict.post_id.distinct()).desc())
    )
    return [WithoutRule(category or "", posts, tags) for category, posts, tags in rows]


def _images(session: Session, normalised: str) -> Sequence[int]:
    query = (
        select(Image.id)
        .join(Verdict, Verdict.post_id == Image.post_id)
        .where(_UNMAPPED, Verdict.normalised == normalised)
        .where(Image.position == 0, Image.derivative.is_not(None))
        .order_by(Verdict.post_id.desc())
        .limit(SHOWN_IMAGES)
    )
    return session.scalars(query).all()
