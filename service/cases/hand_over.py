"""Hand a case over to another person, with a note."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from service.audit import record
from service.cases.locked import hold_cases
from service.database import time_of
from service.tables import Case, Post, User

LONGEST_NOTE = 500  # characters
KEPT_FOR = timedelta(hours=24)  # then anybody may take it: its person may be away
ANSWERING = ("moderator", "admin")  # the roles that may answer
MOST_PEOPLE = 200


class HandOverError(Exception):
    """A case cannot be handed over; the text says why. ``why`` is lost, nobody or long."""

    def __init__(self, why: str, text: str) -> None:
        super().__init__(text)
        self.why = why


@dataclass(frozen=True)
class Handed:
    """A handover: from whom, to whom, and the note."""

    by: str
    to: str
    to_id: int
    note: str


def answering() -> ColumnElement[bool]:
    """The people whose role may answer."""
    return and_(User.disabled_at.is_(None), User.role.in_(ANSWERING))


def colleagues(session: Session, user_id: int) -> Sequence[User]:
    """Whom a person can hand a case to, admins first; the same for every case, because a list that
    left somebody out would tell who answered a post before."""
    query = select(User).where(answering(), User.id != user_id)
    return session.scalars(query.order_by(User.role, User.name).limit(MOST_PEOPLE)).all()


def for_somebody_else(user_id: int) -> ColumnElement[bool]:
    """The condition that a case is reserved: it was handed to another person who can answer it,
    less than ``KEPT_FOR`` ago.
    """
    there = select(User.id).where(answering())
    return and_(
        Case.handed_to_id.is_not(None),
        Case.handed_to_id != user_id,
        Case.handed_at > func.now() - KEPT_FOR,
        Case.handed_to_id.in_(there),
    )


def hand_over(session: Session, case_id: int, user: User, to_id: int, note: str = "") -> None:
    """Give a case that a person holds to another, in the caller's transaction.

    It leaves one queue and comes first in the other; the audit log records it. A case that the
    other may not have (they answered the post, or it measures this person) goes back to the queue
    instead. The person is not told, because that would reveal the kind of case.

    Raises:
        HandOverError: the person does not hold the case (any more), the other cannot answer, or
            the note is longer than ``LONGEST_NOTE``.
    """
    if len(note) > LONGEST_NOTE:
        raise HandOverError("long", f"The note has {len(note)} characters, over {LONGEST_NOTE}.")
    to = session.scalar(select(User).where(User.id == to_id, User.id != user.id, answering()))
    if to is None:
        raise HandOverError("nobody", f"Nobody with the row {to_id} can answer.")
    now = time_of(session)
    held = hold_cases(
        session,
        Case.id == case_id,
        Case.holder_id == user.id,
        Case.closed_at.is_(None),
        Case.leased_until > now,
    )
    if not held:
        raise HandOverError("lost", "The case is not this person's any more.")
    case = held[0]
    if case.for_id is None and to.id not in case.not_for:
        case.handed_to_id, case.handed_by_id = to.id, user.id
        case.handed_at, case.handed_note = now, note
    case.set_aside = [*(one for one in case.set_aside if one not in (user.id, to.id)), user.id]
    case.holder_id = case.leased_until = case.taken_at = None
    session.flush()
    name, revision = session.execute(
        select(Post.external_id, Post.revision).where(Post.id == case.post_id)
    ).one()
    # The log is never erased, so it says that there is a note, and not what it says.
    details = {"case": case.id, "to": to.name, "note": bool(note)}
    record(session, user.name, "case.handed_over", f"post:{name}@{revision}", details)


def handed(session: Session, case: Case) -> Handed | None:
    """Who handed an open case to whom; None where nobody did."""
    if case.handed_to_id is None or case.handed_by_id is None or case.closed_at is not None:
        return None
    by, to = session.get_one(User, case.handed_by_id), session.get_one(User, case.handed_to_id)
    return Handed(by.name, to.name, to.id, case.handed_note or "")
