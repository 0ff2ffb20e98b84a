"""Make, list and revoke keys in the database."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlalchemy.orm import Session

from service.accounts.accounts import spelled
from service.apikeys.token import PREFIX, hash_of, new_token
from service.audit import record
from service.locks import Lock, lock
from service.tables import ApiKey

NAME = re.compile(r"[\w.@+-]+( [\w.@+-]+)*")
LONGEST_NAME = 64
MOST = 100  # that can be used at a time
SHOWN = 50  # of those that cannot be used any more


@dataclass
class KeyProblem(Exception):  # noqa: N818  # KeyError is Python's own
    """A key was not made. ``code`` says why: bad_name, name_taken or too_many."""

    code: str


@dataclass(frozen=True)
class Keys:
    """The usable keys by name, and the newest of those that were revoked or expired."""

    usable: Sequence[ApiKey]
    over: Sequence[ApiKey]


def is_usable() -> ColumnElement[bool]:
    """The condition that a key is neither revoked nor expired."""
    lasts = or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > func.now())
    return and_(ApiKey.revoked_at.is_(None), lasts)


def make(session: Session, name: str, lasts: timedelta | None, who: str) -> tuple[ApiKey, str]:
    """Make a key, in the caller's transaction.

    Returns:
        the row and the key itself, which is not kept anywhere.

    Raises:
        KeyProblem: the name is not allowed or taken, be it in other letters' case, or there are too
            many keys.
    """
    name = spelled(name)
    if len(name) > LONGEST_NAME or not NAME.fullmatch(name):
        raise KeyProblem("bad_name")
    lock(session, Lock.API_KEYS)
    names = session.scalars(select(ApiKey.name).where(is_usable())).all()
    if name.lower() in {spelled(taken).lower() for taken in names}:
        raise KeyProblem("name_taken")
    if len(names) >= MOST:
        raise KeyProblem("too_many")
    token, now = new_token(), datetime.now(UTC)
    key = ApiKey(
        name=name,
        prefix=token[:PREFIX],
        token_hash=hash_of(token),
        made_by=who,
        made_at=now,
        expires_at=now + lasts if lasts else None,
    )
    session.add(key)
    session.flush()
    details = {"prefix": key.prefix, "expires": _told(key.expires_at)}
    record(session, who, "api_key.made", f"key:{name}", details)
    return key, token


def revoke(session: Session, key_id: int, who: str) -> bool:
    """Revoke a key for good, in the caller's transaction; False where there was none to revoke."""
    query = select(ApiKey).where(ApiKey.id == key_id, ApiKey.revoked_at.is_(None)).with_for_update()
    key = session.scalar(query)
    if key is None:
        return False
    key.revoked_at, key.revoked_by = datetime.now(UTC), who
    record(session, who, "api_key.revoked", f"key:{key.name}", {"prefix": key.prefix})
    return True


def listed(session: Session) -> Keys:
    """The keys, as the console lists them."""
    usable = session.scalars(select(ApiKey).where(is_usable()).order_by(ApiKey.name)).all()
    over = session.scalars(
        select(ApiKey).where(not_(is_usable())).order_by(ApiKey.id.desc()).limit(SHOWN)
    ).all()
    return Keys(usable, over)


def _told(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
