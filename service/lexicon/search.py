"""Search the effective lexicon."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from rules import normalise
from rules.hashtags.lexicon import Lexicon, LexiconEntry
from service.tables import LexiconChange


def search(session: Session, lexicon: Lexicon, asked: str, limit: int) -> Sequence[LexiconEntry]:
    """Entries whose hashtag contains a text, or that claim a category; changed entries first."""
    key = normalise(asked)
    changed = set(session.scalars(select(LexiconChange.normalised).distinct()))
    found = [
        (name not in changed, not name.startswith(key), len(name), name)
        for name, entry in lexicon.entries.items()
        if (key and key in name) or asked in entry.meaning
    ]
    return [lexicon.entries[name] for *_, name in sorted(found)[:limit]]
