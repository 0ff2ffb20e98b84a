"""Send every post of a watched author to a moderator, whatever the rules say."""

from __future__ import annotations

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
    return bool(session.scalar(select(Author.watched).where(Author.author_id == author_id)))


def under_watch(session: Session, author_id: str, judgement: Judgement) -> Judgement:
    """The judgement on a post; if its author is watched, a pass becomes a review."""
    if judgement.decision is not Decision.PASS or not is_watched(session, author_id):
        return judgement
    return replace(judgement, decision=Decision.REVIEW, reason=REASON)
