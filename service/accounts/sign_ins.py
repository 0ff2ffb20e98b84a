"""Sessions of the console: started by signing in, ended by the person, by time or by an admin.

Their time is the database's: a web server whose clock is wrong would end what others began.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from service.database import time_of
from service.tables import SignIn, User

TOKEN_BYTES = 32
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Lasting:
    """The lifetimes of a session: in all, and without a request."""

    longest: timedelta
    idle: timedelta

    def lasts(self) -> ColumnElement[bool]:
        """The condition that a session has not expired."""
        now = func.now()
        return and_(SignIn.began_at > now - self.longest, SignIn.seen_at > now - self.idle)

    def is_over(self) -> ColumnElement[bool]:
        """The condition that a session has expired."""
        now = func.now()
        return or_(SignIn.began_at <= now - self.longest, SignIn.seen_at <= now - self.idle)


def begin(session: Session, user: User, lasting: Lasting) -> str | None:
    """Begin a session for an account whose password was right, and forget what is over.

    Returns:
        its token, to be kept by the browser and nowhere else; None where the account was disabled
        or its password changed since it was compared.
    """
    now, token = time_of(session), secrets.token_urlsafe(TOKEN_BYTES)
    same = (User.id == user.id, User.password_hash == user.password_hash)
    still = update(User).where(*same, User.disabled_at.is_(None)).values(last_sign_in_at=now)
    if not session.scalars(still.returning(User.id)).all():
        return None
    session.execute(delete(SignIn).where(lasting.is_over()))
    session.add(SignIn(user_id=user.id, token_hash=_hash(token), began_at=now, seen_at=now))
    return token


def account(session: Session, token: str, lasting: Lasting, *, by_person: bool) -> User | None:
    """The account of a session's token; None if the session is over or the account disabled.

    A request ``by_person`` prolongs the session; requests that pages send by themselves do not.
    """
    query = select(SignIn, User, func.now()).join(User, User.id == SignIn.user_id)
    found = session.execute(
        query.where(SignIn.token_hash == _hash(token), lasting.lasts(), User.disabled_at.is_(None))
    ).one_or_none()
    if found is None:
        return None
    sign_in, user, now = found
    if by_person and now - sign_in.seen_at > SEEN_EVERY:
        session.execute(update(SignIn).where(SignIn.id == sign_in.id).values(seen_at=now))
    return user


def end(session: Session, token: str) -> None:
    """End one session; one that is over already is none."""
    session.execute(delete(SignIn).where(SignIn.token_hash == _hash(token)))


def end_all(session: Session, user: User, but: str | None = None) -> int:
    """End every session of an account, except the one with the token ``but``.

    Returns:
        how many there were.
    """
    ended = delete(SignIn).where(SignIn.user_id == user.id)
    if but is not None:
        ended = ended.where(SignIn.token_hash != _hash(but))
    return len(session.scalars(ended.returning(SignIn.id)).all())


def count(session: Session, user_ids: Collection[int], lasting: Lasting) -> Mapping[int, int]:
    """The number of live sessions of each account; accounts without one are left out."""
    query = select(SignIn.user_id, func.count().label("sessions")).group_by(SignIn.user_id)
    found = session.execute(query.where(SignIn.user_id.in_(user_ids), lasting.lasts()))
    return {row.user_id: row.sessions for row in found}


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
