"""Shares of posts: overall, by category, and by bundle and ruleset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intervals import Share
from service.overview.scope import Scope
from service.tables import HourlyFigure

Version = tuple[str, str]


@dataclass(frozen=True)
class Shares:
    """Shares of posts. A post may have several categories, but one bundle and one ruleset.

    A post is counted once, however many of its hashtags say the same: its hashtags are answered
    together, so as single trials they would make an interval look surer than it is.
    """

    by_category: Mapping[str, Share]
    by_version: Mapping[Version, Share]

    @property
    def total(self) -> Share:
        """The share of all posts."""
        found = self.by_version.values()
        return Share(sum(one.hits for one in found), sum(one.of for one in found))


def shares(session: Session, scope: Scope, figure: str) -> Shares:
    """One of the hourly shares; the largest come first. Where the scope has a category, its own."""
    row, n, hits = HourlyFigure, func.sum(HourlyFigure.n), func.sum(HourlyFigure.hits)
    mine = row.figure == figure, row.hour >= scope.start, row.hour < scope.end
    named = row.category != "" if scope.category is None else row.category == scope.category
    categories = session.execute(
        select(row.category, hits, n)
        .where(*mine, named)
        .group_by(row.category)
        .order_by(n.desc(), row.category)
    )
    versions = session.execute(
        select(row.bundle, row.ruleset, hits, n)
        .where(*mine, row.category == (scope.category or ""))
        .group_by(row.bundle, row.ruleset)
        .order_by(n.desc(), row.bundle, row.ruleset)
    )
    return Shares(
        {name: Share(int(hits), int(of)) for name, hits, of in categories},
        {(bundle, ruleset): Share(int(hits), int(of)) for bundle, ruleset, hits, of in versions},
    )
