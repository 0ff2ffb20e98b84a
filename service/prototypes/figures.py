"""How prototypes fare on posts that people settled, in shadow and live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Integer, Select, func, select
from sqlalchemy.orm import Session

from intervals import Share
from service.prototypes.store import in_use
from service.tables import Poll, Post, Prototype, ShadowScore, Verdict

LOOKED_BACK = timedelta(days=90)


@dataclass(frozen=True)
class PrototypeFigures:
    """One prototype. The first three shares are those of its trial; ``agreed_for`` and
    ``agreed_against`` are of new posts that a person settled after it spoke."""

    prototype: Prototype
    right_for: Share
    right_against: Share
    answered: Share
    asked: int
    agreed_for: Share
    agreed_against: Share


def figures(session: Session) -> Sequence[PrototypeFigures]:
    """Each prototype in shadow or live."""
    return [_row(session, one) for one in in_use(session)]


def trial_of(one: Prototype) -> dict[str, Share]:
    """What it said of examples that were held back."""
    return {name: Share(*one.figures[name]) for name in ("right_for", "right_against", "answered")}


def _row(session: Session, one: Prototype) -> PrototypeFigures:
    said = [
        _counted(ShadowScore).where(ShadowScore.prototype_id == one.id),
        _counted(Poll).where(Poll.prototype_id == one.id),
    ]
    counts = [sum(each) for each in zip(*(session.execute(q).one() for q in said), strict=True)]
    asked, said_for, right_for, said_against, right_against = counts
    return PrototypeFigures(
        one,
        **trial_of(one),
        asked=asked,
        agreed_for=Share(right_for, said_for),
        agreed_against=Share(right_against, said_against),
    )


def _counted(source: type[ShadowScore] | type[Poll]) -> Select[int, int, int, int, int]:
    says, verdict, verdict_id = source.says, Verdict.verdict, source.verdict_id
    settled = (Post.decided_by != "model") & verdict.in_(("relevant", "irrelevant"))

    def count(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
        return func.count().filter(settled, *conditions).cast(Integer)

    return (
        select(
            func.count().cast(Integer),
            count(says.is_(True)),
            count(says.is_(True), verdict == "relevant"),
            count(says.is_(False)),
            count(says.is_(False), verdict == "irrelevant"),
        )
        .select_from(Verdict)
        .join(Post, Post.id == Verdict.post_id)
        .join(source, verdict_id == Verdict.id)
        .where(Post.received_at > datetime.now(UTC) - LOOKED_BACK)
    )
