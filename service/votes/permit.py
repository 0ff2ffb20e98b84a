"""An analyst's permission for votes to decide on a hashtag."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from rules import normalise
from service.audit import record
from service.tables import UsualVotes, VotePermission


class VotesError(Exception):
    """Votes are not asked about the hashtag."""


def allow(session: Session, tag: str, who: str) -> bool:
    """Let votes decide on a hashtag, for every post from now on.

    Returns:
        whether that is new.

    Raises:
        VotesError: votes are not asked about it.
    """
    name = normalise(tag)
    usual = session.get(UsualVotes, name) if name else None
    if usual is None:
        raise VotesError(name)
    row = insert(VotePermission).values(normalised=name, who=who)
    new = session.scalar(row.on_conflict_do_nothing().returning(VotePermission.normalised))
    if new is not None:
        # What the analyst saw: the figures are learned anew every day.
        details = {"prior": usual.prior, "support": usual.support, "figures": usual.figures}
        record(session, who, "votes.allowed", f"hashtag:{name}", details)
    return new is not None


def forbid(session: Session, tag: str, who: str) -> bool:
    """Withdraw the permission: votes can only send to review again.

    Returns:
        whether there was one.
    """
    name = normalise(tag)
    gone = delete(VotePermission).where(VotePermission.normalised == name)
    was = session.scalar(gone.returning(VotePermission.normalised))
    if was is not None:
        record(session, who, "votes.forbidden", f"hashtag:{name}", {})
    return was is not None
