"""Figures on votes by hashtag, for the analyst who decides whether they may decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ARRAY, Text, cast, func, lateral, select, true
from sqlalchemy.orm import Session

from intervals import Share
from service.tables import Poll, Post, UsualVotes, Verdict, VotePermission

NEWEST = 1000  # polls of each hashtag


@dataclass(frozen=True)
class Figures:
    """One hashtag.

    ``authors`` is how many carry it; ``prior`` the share of all posts that do; ``support`` the
    share of neighbours of posts with it; None: too little is known, so there are no votes. ``sent``
    is the share of held-back posts with it that votes are against, ``caught`` that of posts without
    it. ``agreed`` is how often people settled "irrelevant" where votes were against.
    """

    tag: str
    authors: int | None
    prior: float | None
    support: float | None
    sent: Share
    caught: Share
    agreed: Share
    decides: bool
    allowed_by: str | None
    allowed_at: datetime | None


def figures(session: Session) -> Sequence[Figures]:
    """Every hashtag that votes are asked about or may decide on, the most carried first."""
    learned = {row.normalised: row for row in session.scalars(select(UsualVotes))}
    allowed = {row.normalised: row for row in session.scalars(select(VotePermission))}
    names = sorted(
        learned.keys() | allowed.keys(),
        key=lambda name: (-learned[name].authors if name in learned else 0, name),
    )
    agreed = _agreed(session, names)
    return [
        _row(name, learned.get(name), allowed.get(name), agreed.get(name, Share(0, 0)))
        for name in names
    ]


def _row(
    name: str, usual: UsualVotes | None, allowed: VotePermission | None, agreed: Share
) -> Figures:
    return Figures(
        tag=usual.tag if usual else name,
        authors=usual.authors if usual else None,
        prior=usual.prior if usual else None,
        support=usual.support if usual else None,
        sent=_against(usual, "right"),
        caught=_against(usual, "other"),
        agreed=agreed,
        decides=allowed is not None,
        allowed_by=allowed.who if allowed else None,
        allowed_at=allowed.at if allowed else None,
    )


def _against(usual: UsualVotes | None, kind: str) -> Share:
    counted = usual.figures.get(kind, {}) if usual else {}
    return Share(counted.get("against", 0), counted.get("posts", 0))


def _agreed(session: Session, names: Sequence[str]) -> dict[str, Share]:
    """Of the newest polls that spoke against each hashtag: how many persons settled, and so."""
    rows = func.unnest(cast(list(names), ARRAY(Text)))
    asked = rows.table_valued("name").render_derived("asked")
    newest = lateral(
        select(Verdict.verdict)
        .join(Poll, Poll.verdict_id == Verdict.id)
        .join(Post, Post.id == Verdict.post_id)
        .where(Poll.normalised == asked.c.name, Poll.says.is_(False), Poll.prototype_id.is_(None))
        .where(Post.decided_by != "model", Verdict.verdict.in_(("relevant", "irrelevant")))
        .order_by(Poll.verdict_id.desc())
        .limit(NEWEST)
    )
    irrelevant = func.count().filter(newest.c.verdict == "irrelevant")
    query = (
        select(asked.c.name, irrelevant, func.count())
        .select_from(asked)
        .join(newest, true())
        .group_by(asked.c.name)
    )
    return {name: Share(hits, of) for name, hits, of in session.execute(query)}
