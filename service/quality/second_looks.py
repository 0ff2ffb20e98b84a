"""Posts that two moderators answered apart from each other, and who decided where they differed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from service.tables import Case, Post, Review, User, Verdict

COMPARED = 5_000  # with more second looks, the bounds of agreement do not come closer


@dataclass(frozen=True)
class Opinion:
    """What one person answered. ``answers`` maps hashtags as sent to verdicts."""

    name: str
    answers: Mapping[str, str]


@dataclass(frozen=True)
class Twice:
    """A post that was looked at twice; ``third`` decided, if the two differed and somebody did.

    ``post_id`` is the post's row, ``external_id`` the platform's name of it. ``categories`` maps
    each hashtag as sent to what it claims, None where it claims nothing.
    """

    post_id: int
    external_id: str
    at: datetime
    categories: Mapping[str, str | None]
    first: Opinion
    second: Opinion
    third: Opinion | None

    @property
    def pairs(self) -> Mapping[str, tuple[str, str]]:
        """Both answers to each hashtag that claims something; the others measure nothing."""
        return {
            tag: (answer, self.second.answers[tag])
            for tag, answer in self.first.answers.items()
            if tag in self.second.answers and self.categories.get(tag)
        }

    @property
    def differing(self) -> Sequence[str]:
        """The hashtags, of whatever claim, that got different answers."""
        first, second = self.first.answers, self.second.answers
        return [tag for tag, answer in first.items() if second.get(tag, answer) != answer]


def looked_at_twice(session: Session, since: datetime) -> Sequence[Twice]:
    """The posts whose second look came since then, the newest first; not what was undone.

    Of more than ``COMPARED``, the newest.
    """
    first, second, third = aliased(Review), aliased(Review), aliased(Review)
    again, decision = aliased(Case), aliased(Case)
    one, other, judge = aliased(User), aliased(User), aliased(User)
    query = (
        select(Post.external_id, first, one.name, second, other.name, third, judge.name)
        .select_from(second)
        .join(again, second.case_id == again.id)
        .join(first, again.review_id == first.id)
        .join(Post, Post.id == second.post_id)
        .join(one, one.id == first.user_id)
        .join(other, other.id == second.user_id)
        .outerjoin(decision, and_(decision.review_id == second.id, decision.kind == "third"))
        .outerjoin(third, and_(third.case_id == decision.id, third.undone_at.is_(None)))
        .outerjoin(judge, judge.id == third.user_id)
        .where(second.kind == "double", second.created_at >= since)
        .where(first.undone_at.is_(None), second.undone_at.is_(None))
        .order_by(second.created_at.desc(), second.id.desc())
        .limit(COMPARED)
    )
    rows = session.execute(query).all()
    claims = _claims(session, {row[3].post_id for row in rows})
    return [
        Twice(
            post_id=last.post_id,
            external_id=external_id,
            at=last.created_at,
            categories=claims.get(last.post_id, {}),
            first=Opinion(name, begun.answers),
            second=Opinion(other_name, last.answers),
            third=Opinion(judge_name, judged.answers) if judged else None,
        )
        for external_id, begun, name, last, other_name, judged, judge_name in rows
    ]


def _claims(session: Session, post_ids: set[int]) -> Mapping[int, Mapping[str, str | None]]:
    query = select(Verdict.post_id, Verdict.tag, Verdict.category)
    found: dict[int, dict[str, str | None]] = {}
    for post_id, tag, category in session.execute(query.where(Verdict.post_id.in_(post_ids))):
        found.setdefault(post_id, {})[tag] = category
    return found
