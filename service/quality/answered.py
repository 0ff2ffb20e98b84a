"""Controls that were answered: what each moderator said, against what is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.tables import Case, Post, Review, User

COUNTED = 5_000


@dataclass(frozen=True)
class Answered:
    """One control, answered by one person. Both mappings are from hashtags as sent to verdicts."""

    post_id: int
    external_id: str
    at: datetime
    name: str
    expected: Mapping[str, str]
    given: Mapping[str, str]

    @property
    def missed(self) -> Sequence[str]:
        """The hashtags that were answered otherwise than expected."""
        return [tag for tag, answer in self.expected.items() if self.given.get(tag) != answer]

    @property
    def is_right(self) -> bool:
        """Whether every hashtag was answered as expected."""
        return not self.missed


def answered_controls(session: Session, since: datetime) -> Sequence[Answered]:
    """The controls answered since then, the newest first; what was undone is left out.

    Of more than ``COUNTED``, the newest.
    """
    query = (
        select(Review, Post.external_id, User.name, Case.details)
        .select_from(Review)
        .join(Case, Review.case_id == Case.id)
        .join(Post, Post.id == Review.post_id)
        .join(User, User.id == Review.user_id)
        .where(Review.kind == "control", Review.undone_at.is_(None), Review.created_at >= since)
        .order_by(Review.created_at.desc(), Review.id.desc())
        .limit(COUNTED)
    )
    return [
        Answered(
            post_id=review.post_id,
            external_id=external_id,
            at=review.created_at,
            name=name,
            expected=details["expected"],
            given=review.answers,
        )
        for review, external_id, name, details in session.execute(query)
    ]
