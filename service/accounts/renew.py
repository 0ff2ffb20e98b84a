"""Replace a password: by a one-time password, or by one that the person chose."""

from __future__ import annotations

from sqlalchemy.orm import Session

from service.accounts.accounts import SHELL, find_user
from service.accounts.errors import AccountError
from service.accounts.note import note
from service.accounts.passwords import check_choice, hash_password, matches, new_password
from service.accounts.sign_ins import end_all
from service.database import Sessions
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
    """Mark a generated password as one-time: it opens only the page where its owner chooses
    another.
    """
    user.must_change_password = True


def choose_password(
    sessions: Sessions, user_id: int, current: str, chosen: str, token: str | None = None
) -> None:
    """Set the password that the owner chose, and end the account's other sessions.

    No transaction is open while passwords are hashed.

    Args:
        sessions: where the account is.
        user_id: whose password it is.
        current: the password until now.
        chosen: the password from now on.
        token: of the session that stays.

    Raises:
        AccountError: ``current`` is wrong, or ``chosen`` is the same or too easily guessed.
    """
    wrong = AccountError("wrong_password", "The current password is wrong.")
    with sessions() as session:
        before = session.get_one(User, user_id).password_hash
        name = session.get_one(User, user_id).name
    if not matches(before, current):
        raise wrong
    check_choice(chosen, name)
    if matches(before, chosen):
        raise AccountError("same_password", "The new password is the current one.")
    after = hash_password(chosen)
    with sessions.begin() as session:
        user = session.get_one(User, user_id, with_for_update=True)
        if user.password_hash != before:  # it was changed meanwhile
            raise wrong
        user.password_hash, user.must_change_password = after, False
        end_all(session, user, but=token)
        note(session, user.name, "password_chosen", user)
