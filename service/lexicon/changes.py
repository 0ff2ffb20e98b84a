"""Change what a hashtag means, and undo a change."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rules import normalise
from rules.errors import nearest
from rules.hashtags.lexicon import VISIBLE
from service.audit import record
from service.live_versions import Kind, make_live
from service.tables import LexiconChange

LONGEST = 200  # characters of a hashtag, also of a post's
LONGEST_WHY = 500


class LexiconError(Exception):
    """A change cannot be made; the text says why."""


class NoHashtagError(LexiconError):
    """A text has no letters or digits."""

    def __init__(self, tag: str) -> None:
        super().__init__(f"{tag!r} is no hashtag: it has no letters or digits.")
        self.tag = tag


class LongHashtagError(LexiconError):
    """A text has more characters than a hashtag of a post may have."""

    def __init__(self, tag: str) -> None:
        self.start, self.length, self.most = tag[:20], len(tag), LONGEST
        super().__init__(
            f"#{self.start}… has {self.length} characters; a hashtag has {LONGEST} at most."
        )


class UnknownCategoryError(LexiconError):
    """The live ruleset has no category of this name."""

    def __init__(self, tag: str, name: str, known: Collection[str]) -> None:
        hint = nearest(name, known)
        super().__init__(f"#{tag.lstrip('#')}: no category is called {name!r}. {hint}".rstrip())
        self.tag, self.name = tag, name


class OvertakenError(LexiconError):
    """Somebody gave the hashtag another meaning since the person looked."""

    def __init__(self, tag: str, who: str) -> None:
        super().__init__(f"#{tag} was changed since, by {who}.")
        self.tag, self.who = tag, who


def change(
    session: Session,
    tag: str,
    categories: Sequence[str] | None,
    *,
    who: str,
    why: str,
    known: Collection[str],
    seen: int | None = None,
) -> LexiconChange:
    """Set what a hashtag means, for every process from its next batch or request on.

    Args:
        tag: the hashtag as somebody writes it.
        categories: what it claims; ``VISIBLE`` if it can be seen but no category covers it; empty
            if it says nothing that can be seen; None to restore what the file says.
        who: the name of the person.
        why: the reason, in a few words.
        known: the categories of the live ruleset.
        seen: the newest change of all when the person looked (``newest_change``). None: whatever
            was said since gives way.

    Raises:
        LexiconError: there is no hashtag, a category is not known, or somebody said otherwise
            since.
    """
    check(tag, categories, known)
    row = LexiconChange(
        tag=tag.lstrip("#").strip(),
        normalised=normalise(tag),
        categories=None if categories is None else list(dict.fromkeys(categories)),
        who=who,
        why=why.strip()[:LONGEST_WHY],
    )
    session.add(row)
    session.flush()
    # With its time: a database that was restored counts its rows from an earlier number again.
    make_live(session, Kind.LEXICON, f"{row.id} of {row.at.isoformat()}")
    if seen is not None:
        # Whoever changes the lexicon at this moment was waited for just now, so it is seen here.
        _refuse_overtaken(session, row, seen)
    record(
        session,
        who,
        "lexicon.changed",
        f"hashtag:{row.normalised}",
        {"categories": row.categories, "why": row.why, "change": row.id},
    )
    return row


def check(tag: str, categories: Sequence[str] | None, known: Collection[str]) -> None:
    """Check that a text is a hashtag and its categories are known.

    Raises:
        LexiconError: which it is, and what may have been meant.
    """
    if len(tag) > LONGEST:
        raise LongHashtagError(tag)
    if not normalise(tag):
        raise NoHashtagError(tag)
    for name in categories or ():
        if name not in known and name != VISIBLE:
            raise UnknownCategoryError(tag, name, known)


def newest_change(session: Session) -> int:
    """The newest change of all hashtags; 0: none was changed yet."""
    return session.scalar(select(func.max(LexiconChange.id))) or 0


def undo(session: Session, change_id: int, *, who: str, known: Collection[str]) -> LexiconChange:
    """Undo a change: the hashtag's previous meaning is effective again.

    Raises:
        LexiconError: there is no such change, or somebody changed the hashtag since.
    """
    row = session.get(LexiconChange, change_id)
    if row is None:
        raise LexiconError("There is no such change.")
    said = history(session, row.normalised)
    if said[0].id != change_id:
        raise LexiconError(f"#{row.tag} was changed again since, by {said[0].who}.")
    before = said[1].categories if len(said) > 1 else None
    return change(session, row.tag, before, who=who, why=f"undid {change_id}", known=known)


def history(session: Session, normalised: str) -> Sequence[LexiconChange]:
    """The changes to a hashtag, the newest first."""
    query = select(LexiconChange).where(LexiconChange.normalised == normalised)
    return session.scalars(query.order_by(LexiconChange.id.desc())).all()


def _refuse_overtaken(session: Session, row: LexiconChange, seen: int) -> None:
    """Refuse a change where the hashtag was given another meaning since.

    Raises:
        OvertakenError: it was.
    """
    others = [one for one in history(session, row.normalised) if one.id != row.id]
    if others and others[0].id > seen and others[0].categories != row.categories:
        raise OvertakenError(row.tag, others[0].who)
