"""Hashtags that nobody understood, and categories that no rule checks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import ARRAY, TableValuedAlias, Text, cast, func, lateral, select, text, true
from sqlalchemy.orm import Session

from rules import Ruleset, resolve
from rules.hashtags.resolve import Way
from service.tables import Image, Post, Verdict

LOOKED_AT = 20_000  # the newest hashtags that nobody understood when their posts were decided
LOOKED_UP = 400  # of them, the first in the order that is asked for
WITHOUT_RULE_LOOKED_AT = 2_000  # the newest hashtags of each category
SHOWN_IMAGES = 4
ORDERS = ("frequent", "newest")
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
    session: Session,
    ruleset: Ruleset,
    limit: int,
    since: datetime | None = None,
    order: str = "frequent",
) -> list[Unmapped]:
    """The hashtags of stored posts that still nothing is known of, in one of ``ORDERS``.

    The newest ``LOOKED_AT`` are counted. Verdicts remember how a hashtag was understood then; it is
    looked up again as of now.

    Args:
        since: count only the posts received since then; None counts all.
        order: the most frequent first, or those whose last post came last.
    """
    newest = (
        select(Verdict.id, Verdict.normalised, Verdict.tag, Verdict.post_id)
        .where(_UNMAPPED)
        .order_by(Verdict.id.desc())
        .limit(LOOKED_AT)
        .subquery()
    )
    posts, last = func.count(newest.c.post_id.distinct()), func.max(newest.c.id)
    query = (
        select(newest.c.normalised, func.max(newest.c.tag), posts)
        .where(newest.c.normalised != "")
        .group_by(newest.c.normalised)
        .order_by((posts if order == "frequent" else last).desc(), newest.c.normalised)
        .limit(LOOKED_UP)
    )
    if since is not None:
        query = query.join(Post, Post.id == newest.c.post_id).where(Post.received_at >= since)
    found = list(islice(_still_unmapped(session.execute(query), ruleset), limit))
    images = _images(session, [one.normalised for one in found])
    return [replace(one, images=images.get(one.normalised, ())) for one in found]


def _still_unmapped(rows: Iterable[Any], ruleset: Ruleset) -> Iterator[Unmapped]:
    for normalised, tag, posts in rows:
        now = resolve(tag, ruleset)
        if now.resolved_by in (Way.NONE, Way.NEIGHBOURS):
            guess = now.categories[0] if now.categories else None
            yield Unmapped(tag.lstrip("#"), normalised, posts, (), guess)


def without_rule(session: Session, ruleset: Ruleset) -> list[WithoutRule]:
    """The categories that posts claim and no rule checks, the most frequent first.

    Of each, the newest ``WITHOUT_RULE_LOOKED_AT`` hashtags are counted.
    """
    names = [c.name for c in ruleset.categories.values() if c.rule is None]
    asked = _rows_of(names)
    newest = lateral(
        select(Verdict.post_id, Verdict.normalised)
        .where(Verdict.category == asked.c.name)
        .order_by(Verdict.post_id.desc())
        .limit(WITHOUT_RULE_LOOKED_AT)
    )
    posts = func.count(newest.c.post_id.distinct())
    rows = session.execute(
        select(asked.c.name, posts, func.count(newest.c.normalised.distinct()))
        .select_from(asked)
        .join(newest, true())
        .group_by(asked.c.name)
        .order_by(posts.desc())
    )
    return [WithoutRule(name, posts, tags) for name, posts, tags in rows]


def _images(session: Session, names: Sequence[str]) -> Mapping[str, Sequence[int]]:
    """A few of the newest photographs of each hashtag, by one question."""
    asked = _rows_of(names)
    newest = lateral(
        select(Image.id, Verdict.post_id)
        .join(Verdict, Verdict.post_id == Image.post_id)
        .where(_UNMAPPED, Verdict.normalised == asked.c.name)
        .where(Image.position == 0, Image.derivative.is_not(None))
        .order_by(Verdict.post_id.desc())
        .limit(SHOWN_IMAGES)
    )
    rows = session.execute(
        select(asked.c.name, newest.c.id)
        .select_from(asked)
        .join(newest, true())
        .order_by(asked.c.name, newest.c.post_id.desc())
    )
    found: dict[str, list[int]] = {}
    for name, image in rows:
        found.setdefault(name, []).append(image)
    return found


def _rows_of(names: Sequence[str]) -> TableValuedAlias:
    """Names as rows with the one column ``name``."""
    return func.unnest(cast(list(names), ARRAY(Text))).table_valued("name").render_derived("asked")
