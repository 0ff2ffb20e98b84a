"""The effective lexicon: the shipped file with everybody's changes."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from rules.hashtags.lexicon import Change, Lexicon, overlay, shipped_lexicon
from service.tables import LearnedHashtag, LexiconChange


def effective_lexicon(session: Session) -> Lexicon:
    """The current effective lexicon."""
    row = LexiconChange
    # Columns, not objects: every process reads all of them after every change.
    newest = (
        select(row.tag, row.categories, row.who, row.at, row.why)
        .ext(distinct_on(row.normalised))
        .order_by(row.normalised, row.id.desc())
    )
    guesses = select(LearnedHashtag.normalised, LearnedHashtag.category)
    learned = {row.normalised: row.category for row in session.execute(guesses)}
    changes = (
        Change(tag, None if claims is None else tuple(claims), who, at.date().isoformat(), why)
        for tag, claims, who, at, why in session.execute(newest)
    )
    return overlay(shipped_lexicon(), changes, learned)
