"""Hand over several cases at once, and take them back at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from service.audit import record
from service.cases.hand_over import HandOverError, hand_over
from service.cases.lease import take
from service.cases.locked import hold_cases
from service.tables import Case, Post, User


def hand_over_together(
    session: Session,
    case_ids: Collection[int],
    user: User,
    to_id: int,
    note: str,
    lease: timedelta,
) -> Sequence[int]:
    """Give those cases that nobody else holds to another, in the caller's transaction.

    Returns:
        the cases that changed hands.

    Raises:
        HandOverError: as ``hand_over`` does; lost: somebody else holds every one of them.
    """
    held = sorted(take(session, case_ids, user.id, lease), key=lambda case: case.post_id)
    if not held:
        raise HandOverError("lost", "Somebody else holds every one of the cases.")
    for case in held:
        hand_over(session, case.id, user, to_id, note)
    return [case.id for case in held]


def take_back(session: Session, case_ids: Collection[int], user: User) -> Sequence[int]:
    """Take back cases that this person handed over, unless somebody has opened them.

    They return to the common queue, in the caller's transaction. The audit log records it.

    Returns:
        the cases that came back.
    """
    free = or_(Case.leased_until.is_(None), Case.leased_until <= func.now())
    back = hold_cases(
        session, Case.id.in_(case_ids), Case.handed_by_id == user.id, Case.closed_at.is_(None), free
    )
    for case in back:
        case.handed_to_id = case.handed_by_id = case.handed_at = case.handed_note = None
        case.set_aside = [one for one in case.set_aside if one != user.id]
    posts = {case.post_id for case in back}
    query = select(Post.id, Post.external_id, Post.revision).where(Post.id.in_(posts))
    for _, name, revision in session.execute(query.order_by(Post.id)):
        record(session, user.name, "case.taken_back", f"post:{name}@{revision}", {})
    session.flush()
    return [case.id for case in back]
