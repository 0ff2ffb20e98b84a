"""Shares of posts, as a whole, by category, and by what decided them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Subquery, func, select, tuple_
from sqlalchemy.orm import Session

from service.rulesets.intervals import Share

Version = tuple[str, str]


@dataclass(frozen=True)
class Shares:
    """Shares of posts. A post may have several categories, but one bundle and one ruleset."""

    by_category: Mapping[str, Share]
    by_version: Mapping[Version, Share]

    @property
    def total(self) -> Share:
        """The share of all posts."""
        found = self.by_version.values()
        return Share(sum(one.hits for one in found), sum(one.of for one in found))


def tally(session: Session, claims: Subquery) -> Shares:
    """Count posts, and those of them that a claim hits.

    A post is counted once, however many of its hashtags say the same: its hashtags are answered
    together, so as single trials they would make an interval look surer than it is.

    Args:
        claims: a row for each hashtag that counts: ``post_id``, ``category``, ``bundle``,
            ``ruleset`` and the boolean ``hit``.
    """
    category, bundle, ruleset, hit = (
        claims.c[name] for name in ("category", "bundle", "ruleset", "hit")
    )
    of = func.count(claims.c.post_id.distinct())
    by_version = func.grouping(category) == 1
    query = (
        select(by_version, category, bundle, ruleset, of.filter(hit), of)
        .group_by(func.grouping_sets(tuple_(category), tuple_(bundle, ruleset)))
        .order_by(of.desc(), category, bundle, ruleset)
    )
    categories, versions = {}, {}
    for is_version, name, made_by, judged_by, hits, count in session.execute(query):
        if is_version:
            versions[made_by or "", judged_by or ""] = Share(hits, count)
        elif name is not None:
            categories[name] = Share(hits, count)
    return Shares(categories, versions)
