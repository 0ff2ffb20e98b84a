"""Create accounts, find them, and check their passwords."""

from __future__ import annotations

import re
import unicodedata

from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.accounts.errors import AccountError
from service.accounts.note import note
from service.accounts.passwords import hash_password, matches, new_password
from service.tables import User

NAME = re.compile(r"[\w.@+-]{1,64}")
ROLES = ("moderator", "analyst", "admin")
_LONGEST_TYPED = 4 * 64  # a letter of a name may be typed as some that are composed to it
SHELL = "shell"  # who acts, in the audit log, where nobody is named


def find_user(session: Session, name: str) -> User:
    """The account with a name.

    Raises:
        AccountError: nobody has it.
    """
    user = named(session, name)
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
        AccountError: the name is taken, be it in other letters' case, or cannot be a name, or the
            role is unknown.
    """
    name = spelled(name)
    if not NAME.fullmatch(name):
        raise AccountError(
            "bad_name",
            f"{name!r} cannot be a name: use 1 to 64 letters, digits or any of . @ + - _",
        )
    check_role(role)
    theirs = func.lower(func.normalize(User.name, text("NFKC")))
    taken = session.scalar(select(User.name).where(theirs == func.lower(name)))
    if taken is not None:
        raise _taken(taken)
    password = new_password()
    user = User(name=name, role=role, password_hash=hash_password(password))
    try:
        with session.begin_nested():
            session.add(user)
    except IntegrityError:
        raise _taken(name) from None
    note(session, who, "created", user, {"role": role})
    return user, password


def _taken(name: str) -> AccountError:
    return AccountError(
        "name_taken", f"{name!r} has an account already; reset its password instead."
    )


def spelled(name: str) -> str:
    """A name that somebody typed, in one Unicode form: keyboards compose Hangul in two ways, and
    two accounts whose names look the same could not be told apart, in the audit log neither."""
    name = name.strip()
    return unicodedata.normalize("NFKC", name) if len(name) <= _LONGEST_TYPED else name


def named(session: Session, name: str) -> User | None:
    """The account with a name that somebody typed; None if there is none."""
    wanted = spelled(name)
    if not NAME.fullmatch(wanted):  # also what PostgreSQL could not compare
        return None
    # An account of before names had one form is found by the letters it was made with.
    as_typed = name.strip()
    either = select(User).where(User.name.in_({wanted, as_typed}))
    return session.scalar(either.order_by(User.name != as_typed).limit(1))


def verify(user: User | None, password: str) -> User | None:
    """The account of that name, if the password is right. The check may wait for other password
    checks, so no transaction should be open.

    Raises:
        AccountError: the password is right, and the account is disabled.
    """
    if not matches(user.password_hash if user else None, password) or user is None:
        return None
    if user.disabled_at is not None:
        raise AccountError("disabled", f"The account {user.name!r} is disabled.")
    return user


def tried(session: Session, name: str) -> str:
    """The subject of the audit entry for a name that somebody typed.

    An unknown name is left out: it may be a password that was typed into the wrong field.
    """
    user = named(session, name)
    return f"user:{user.name}" if user else "user:?"


def check_role(role: str) -> None:
    """Check that a role exists.

    Raises:
        AccountError: there is no such role.
    """
    if role not in ROLES:
        raise AccountError(
            "unknown_role", f"There is no role {role!r}; choose one of {', '.join(ROLES)}."
        )
