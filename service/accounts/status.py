"""Change an account's role, disable it or enable it. Each change ends its sessions."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.accounts import SHELL, check_role, find_user
from service.accounts.errors import AccountError
from service.accounts.note import note
from service.accounts.sign_ins import end_all
from service.tables import User


def change_role(session: Session, name: str, role: str, who: str = SHELL) -> User:
    """Give somebody another role, and end their sessions.

    Raises:
        AccountError: nobody has that name, there is no such role or they have it already, or it
            is the last admin.
    """
    check_role(role)
    user = find_user(session, name)
    before = user.role
    if role == before:
        raise AccountError("same_role", f"{user.name!r} has the role {role} already.")
    _keep_an_admin(session, user)
    user.role = role
    end_all(session, user)
    note(session, who, "role_changed", user, {"before": before, "after": role})
    return user


def disable(session: Session, name: str, who: str = SHELL) -> User:
    """Disable an account and end its sessions. What the person did stays.

    Raises:
        AccountError: nobody has that name, or it is the last admin.
    """
    user = find_user(session, name)
    if user.disabled_at is None:
        _keep_an_admin(session, user)
        user.disabled_at = datetime.now(UTC)
        end_all(session, user)
        note(session, who, "disabled", user)
    return user


def enable(session: Session, name: str, who: str = SHELL) -> User:
    """Enable an account again, with the password it had.

    Raises:
        AccountError: nobody has that name.
    """
    user = find_user(session, name)
    if user.disabled_at is not None:
        user.disabled_at = None
        note(session, who, "enabled", user)
    return user


def end_sessions(session: Session, name: str, who: str = SHELL) -> int:
    """Sign somebody out everywhere.

    Returns:
        how many sessions there were.

    Raises:
        AccountError: nobody has that name.
    """
    user = find_user(session, name)
    count = end_all(session, user)
    note(session, who, "sessions_ended", user, {"sessions": count})
    return count


def _keep_an_admin(session: Session, user: User) -> None:
    """Refuse to take away the last admin.

    The admins' rows are locked until the transaction ends: two admins who demote each other at the
    same moment come one after the other, and the second is refused.
    """
    if user.role != "admin":
        return
    admins = select(User.id).where(User.role == "admin", User.disabled_at.is_(None))
    others = session.scalars(admins.order_by(User.id).with_for_update(key_share=True)).all()
    if set(others) <= {user.id}:
        raise AccountError(
            "last_admin", f"{user.name!r} is the last admin: make somebody else an admin first."
        )
