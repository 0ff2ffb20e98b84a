"""Accounts: who may sign in, as what, and with which password."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.accounts.errors import AccountError
from service.accounts.passwords import check_choice, hash_password, matches, new_password
from service.accounts.sign_ins import end_all
from service.audit import record
from service.tables import Json, User

NAME = re.compile(r"[\w.@+-]{1,64}")
ROLES = ("moderator", "analyst", "admin")
SHELL = "shell"  # who acts, in the audit log, where nobody is named


def find(session: Session, name: str) -> User:
    """The account with a name.

    Raises:
        AccountError: nobody has it.
    """
    user = _named(session, name)
    if user is None:
        raise AccountError(
            "unknown_name", f"Nobody is called {name!r}; `moderator list` prints the names."
        )
    return user


def create(
    session: Session, name: str, role: str = "moderator", who: str = SHELL
) -> tuple[User, str]:
    """Create an account.

    Returns:
        the account and its password, which is not kept anywhere else.

    Raises:
        AccountError: the name is taken or cannot be a name, or the role is unknown.
    """
    name = name.strip()
    if not NAME.fullmatch(name):
        raise AccountError(
            "bad_name",
            f"{name!r} cannot be a name: use 1 to 64 letters, digits or any of . @ + - _",
        )
    _check_role(role)
    password = new_password()
    user = User(name=name, role=role, password_hash=hash_password(password))
    try:
        with session.begin_nested():
            session.add(user)
    except IntegrityError:
        raise AccountError(
            "name_taken", f"{name!r} has an account already; reset its password instead."
        ) from None
    _record(session, who, "created", user, {"role": role})
    return user, password


def reset_password(session: Session, name: str, who: str = SHELL) -> str:
    """Give an account a new password, and end every session it has.

    Raises:
        AccountError: nobody has that name.
    """
    user = find(session, name)
    password = new_password()
    user.password_hash = hash_password(password)
    end_all(session, user)
    _record(session, who, "password_reset", user)
    return password


def make_one_time(user: User) -> None:
    """Let a password that was made for somebody open only the page where they choose their own."""
    user.must_change_password = True


def choose_password(
    session: Session, user: User, current: str, chosen: str, token: str | None = None
) -> None:
    """Give an account the password that its owner chose, and end its other sessions.

    Args:
        session: the transaction.
        user: whose password it is.
        current: the password until now.
        chosen: the password from now on.
        token: of the session that stays.

    Raises:
        AccountError: ``current`` is wrong, or ``chosen`` is the same or too easily guessed.
    """
    if not matches(user.password_hash, current):
        raise AccountError("wrong_password", "The current password is wrong.")
    check_choice(chosen, user.name)
    if matches(user.password_hash, chosen):
        raise AccountError("same_password", "The new password is the current one.")
    user.password_hash, user.must_change_password = hash_password(chosen), False
    end_all(session, user, but=token)
    _record(session, user.name, "password_chosen", user)


def change_role(session: Session, name: str, role: str, who: str = SHELL) -> User:
    """Give somebody another role, and end their sessions.

    Raises:
        AccountError: nobody has that name, there is no such role or they have it already, or it
            is the last admin.
    """
    _check_role(role)
    user = find(session, name)
    before = user.role
    if role == before:
        raise AccountError("same_role", f"{user.name!r} has the role {role} already.")
    _keep_an_admin(session, user)
    user.role = role
    end_all(session, user)
    _record(session, who, "role_changed", user, {"before": before, "after": role})
    return user


def disable(session: Session, name: str, who: str = SHELL) -> User:
    """Let somebody not sign in any more, and end their sessions. What they did stays.

    Raises:
        AccountError: nobody has that name, or it is the last admin.
    """
    user = find(session, name)
    if user.disabled_at is None:
        _keep_an_admin(session, user)
        user.disabled_at = datetime.now(UTC)
        end_all(session, user)
        _record(session, who, "disabled", user)
    return user


def enable(session: Session, name: str, who: str = SHELL) -> User:
    """Let somebody sign in again, with the password they had.

    Raises:
        AccountError: nobody has that name.
    """
    user = find(session, name)
    if user.disabled_at is not None:
        user.disabled_at = None
        _record(session, who, "enabled", user)
    return user


def end_sessions(session: Session, name: str, who: str = SHELL) -> int:
    """Sign somebody out everywhere.

    Returns:
        how many sessions there were.

    Raises:
        AccountError: nobody has that name.
    """
    user = find(session, name)
    count = end_all(session, user)
    _record(session, who, "sessions_ended", user, {"sessions": count})
    return count


def verify(session: Session, name: str, password: str) -> User | None:
    """The account that a name and a password open; None for a wrong one of either.

    Raises:
        AccountError: both are right, and the account is disabled.
    """
    user = _named(session, name)
    if not matches(user.password_hash if user else None, password) or user is None:
        return None
    if user.disabled_at is not None:
        raise AccountError("disabled", f"The account {user.name!r} is disabled.")
    return user


def tried(session: Session, name: str) -> str:
    """The subject of an audit entry for a name that somebody typed.

    A name that no account has is left out: it may be a password, typed into the wrong field.
    """
    user = _named(session, name)
    return f"user:{user.name}" if user else "user:?"


def _named(session: Session, name: str) -> User | None:
    name = name.strip()
    if not NAME.fullmatch(name):  # also what PostgreSQL could not compare
        return None
    return session.scalar(select(User).where(User.name == name))


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise AccountError(
            "unknown_role", f"There is no role {role!r}; choose one of {', '.join(ROLES)}."
        )


def _keep_an_admin(session: Session, user: User) -> None:
    """Refuse to take away the last admin.

    The admins' rows are locked until the transaction ends: two admins who demote each other at the
    same moment come one after the other, and the second is refused.
    """
    if user.role != "admin":
        return
    admins = select(User.id).where(User.role == "admin", User.disabled_at.is_(None))
    others = session.scalars(admins.order_by(User.id).with_for_update()).all()
    if set(others) <= {user.id}:
        raise AccountError(
            "last_admin", f"{user.name!r} is the last admin: make somebody else an admin first."
        )


def _record(session: Session, who: str, what: str, user: User, details: Json | None = None) -> None:
    record(session, who, f"account.{what}", f"user:{user.name}", details or {})
    session.flush()
