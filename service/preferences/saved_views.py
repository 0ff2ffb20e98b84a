"""The views that a person saved: a name for a list, its filters and its order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.audit import record
from service.tables import SavedView, User

MOST_VIEWS = 20  # of one person
LONGEST_NAME = 40
LONGEST_VALUE = 200  # of one filter


class ViewError(Exception):
    """A view cannot be saved: ``why`` is name, place or many."""

    def __init__(self, why: str, text: str) -> None:
        super().__init__(text)
        self.why = why


def views_of(session: Session, user_id: int) -> Sequence[SavedView]:
    """A person's views, the oldest first."""
    query = select(SavedView).where(SavedView.user_id == user_id)
    return session.scalars(query.order_by(SavedView.id)).all()


def save_view(session: Session, user_id: int, name: str, place: Mapping[str, str]) -> SavedView:
    """Save a list under a name, in place of what had the name, in the caller's transaction.

    Raises:
        ViewError: the name is empty or too long, a filter is too long, or there are ``MOST_VIEWS``.
    """
    name = " ".join(name.replace("\0", "").split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise ViewError("name", f"A view's name has 1 to {LONGEST_NAME} characters.")
    if any(len(value) > LONGEST_VALUE or "\0" in value for value in place.values()):
        raise ViewError("place", f"A filter of a view has {LONGEST_VALUE} characters at most.")
    # Of two windows of one person, the second counts what the first saved.
    user = session.get_one(User, user_id, with_for_update=True)
    others = select(func.count()).where(SavedView.user_id == user_id, SavedView.name != name)
    if session.scalars(others).one() >= MOST_VIEWS:
        raise ViewError("many", f"{MOST_VIEWS} views are saved already.")
    row = insert(SavedView).values(user_id=user_id, name=name, place=dict(place))
    saved = row.on_conflict_do_update(
        index_elements=["user_id", "name"], set_={"place": dict(place)}
    ).returning(SavedView)
    view = session.scalars(saved, execution_options={"populate_existing": True}).one()
    record(session, user.name, "view.saved", f"user:{user.name}", {"view": view.id})
    return view


def delete_view(session: Session, user_id: int, view_id: int) -> SavedView | None:
    """Delete one of a person's own views, in the caller's transaction; None: there is none."""
    user = session.get_one(User, user_id, with_for_update=True)
    query = select(SavedView).where(SavedView.id == view_id, SavedView.user_id == user_id)
    view = session.scalar(query)
    if view is not None:
        session.delete(view)
        record(session, user.name, "view.deleted", f"user:{user.name}", {"view": view_id})
    return view
