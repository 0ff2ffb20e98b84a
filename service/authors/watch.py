"""Send every post of a watched author to a moderator, whatever the rules say."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from rules import Decision, Judgement
from service.tables import Author

REASON = {
    "en": "Every post of this author is shown to a moderator.",
    "ko": "이 작성자의 게시물은 모두 사람이 확인해요.",
}


def is_watched(session: Session, author_id: str) -> bool:
    """Whether every post of an author goes to a person."""
    return author_id in watched_among(session, [author_id])


def watched_among(session: Session, author_ids: Collection[str]) -> set[str]:
    """Those of some authors whose every post goes to a person."""
    watched = select(Author.author_id).where(Author.author_id.in_(author_ids), Author.watched)
    return set(session.scalars(watched))


def under_watch(session: Session, author_id: str, judgement: Judgement) -> Judgement:
    """The judgement on a post; if its author is watched, a pass becomes a review."""
    return to_a_person(judgement) if is_watched(session, author_id) else judgement


def to_a_person(judgement: Judgement) -> Judgement:
    """The judgement on a post of an author under watch."""
    if judgement.decision is not Decision.PASS:
        return judgement
    return replace(judgement, decision=Decision.REVIEW, reason=REASON)
