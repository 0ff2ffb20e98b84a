"""Creating accounts, resetting and checking their passwords."""

from __future__ import annotations

import re
import secrets

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from service.accounts.passwords import hash_password, matches, new_password
from service.audit import record
from service.tables import User

NAME = re.compile(r"[\w.@+-]{1,64}")
ROLES = ("moderator", "analyst", "admin")
SHELL = "shell"  # who acts, in the audit log, where a command line does


class AccountError(Exception):
    """An account cannot be created or changed; the text says why and what to do."""


def create(session: Session, name: str, role: str = "moderator") -> tuple[User, str]:
    """Create an account.

    Returns:
        the account and its password, which is not kept anywhere else.

    Raises:
        AccountError: the name is taken or cannot be a name, or the role is unknown.
    """
    name = name.strip()
    if not NAME.fullmatch(name):
        raise AccountError(
            f"{name!r} cannot be a name: use 1 to 64 letters, digits or any of . @ + - _"
        )
    if role not in ROLES:
        raise AccountError(f"There is no role {role!r}; choose one of {', '.join(ROLES)}.")
    if session.scalar(select(exists().where(User.name == name))):
        raise AccountError(f"{name!r} has an account already; reset its password instead.")
    password = new_password()
    user = User(
        name=name, role=role, password_hash=hash_password(password), session_stamp=_new_stamp()
    )
    session.add(user)
    record(session, SHELL, "account.created", f"user:{name}", {"role": role})
    session.flush()
    return user, password


def reset_password(session: Session, name: str) -> str:
    """Give an account a new password, and end every session it has.

    Raises:
        AccountError: nobody has that name.
    """
    user = session.scalar(select(User).where(User.name == name.strip()))
    if user is None:
        raise AccountError(f"Nobody is called {name!r}; `moderator list` prints the names.")
    password = new_password()
    user.password_hash, user.session_stamp = hash_password(password), _new_stamp()
    record(session, SHELL, "account.password_reset", f"user:{user.name}", {})
    return password


def verify(session: Session, name: str, password: str) -> User | None:
    """The account that a name and a password open; None for a wrong one of either."""
    user = session.scalar(select(User).where(User.name == name.strip()))
    return user if matches(user.password_hash if user else None, password) else None


def _new_stamp() -> str:
    return secrets.token_urlsafe(12)
