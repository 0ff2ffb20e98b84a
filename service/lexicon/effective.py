"""The lexicon that holds: the file that ships, with everybody's changes on top."""

from __future__ import annotations

from functools import cache

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from rules.lexicon import Change, Lexicon, overlay, read_lexicon
from rules.ruleset import LEXICON
from service.tables import LearnedHashtag, LexiconChange


def effective_lexicon(session: Session) -> Lexicon:
    """The lexicon as of now."""
    newest = (
        select(LexiconChange)
        .ext(distinct_on(LexiconChange.normalised))
        .order_by(LexiconChange.normalised, LexiconChange.id.desc())
    )
    learned = {row.normalised: row.category for row in session.scalars(select(LearnedHashtag))}
    changes = (as_change(row) for row in session.scalars(newest))
    return overlay(shipped_lexicon(), changes, learned)


def as_change(row: LexiconChange) -> Change:
    """A stored change as the rules know it."""
    categories = None if row.categories is None else tuple(row.categories)
    return Change(row.tag, categories, row.who, row.at.date().isoformat(), row.why)


@cache
def shipped_lexicon() -> Lexicon:
    """The file that ships, read once."""
    return read_lexicon(LEXICON)
