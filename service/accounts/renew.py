"""Replace a password: by a one-time password, or by one that the person chose."""

from __future__ import annotations

from sqlalchemy.orm import Session

from service.accounts.accounts import SHELL, find_user
from service.accounts.errors import AccountError
from service.accounts.note import note
from service.accounts.passwords import check_choice, hash_password, matches, new_password
from service.accounts.sign_ins import end_all
from service.tables import User


def reset_password(session: Session, name: str, who: str = SHELL) -> str:
    """Give an account a new password, and end every session it has.

    Raises:
        AccountError: nobody has that name.
    """
    user = find_user(session, name)
    password = new_password()
    user.password_hash = hash_password(password)
    end_all(session, user)
    note(session, who, "password_reset", user)
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
    note(session, user.name, "password_chosen", user)
