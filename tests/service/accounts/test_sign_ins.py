"""Sessions begin only for an account as it is, and last for no longer than they may."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import update

from service.accounts import create, disable, named, reset_password, verify
from service.accounts.sign_ins import Lasting, account, begin, count, end, end_all
from service.parts import Parts
from service.tables import SignIn, User

LASTING = Lasting(timedelta(hours=12), timedelta(hours=1))


@pytest.fixture
def mina(parts: Parts) -> User:
    """An account whose password was just found right."""
    with parts.sessions.begin() as session:
        name, password = "mina", create(session, "mina")[1]
    with parts.sessions() as session:
        user = verify(named(session, name), password)
    assert user
    return user


def _begin(parts: Parts, user: User) -> str:
    with parts.sessions.begin() as session:
        token = begin(session, user, LASTING)
    assert token
    return token


def _is_open(parts: Parts, token: str) -> bool:
    with parts.sessions.begin() as session:
        return account(session, token, LASTING, by_person=True) is not None


def test_a_token_opens_its_own_session_until_that_ends(parts: Parts, mina: User) -> None:
    one, other = _begin(parts, mina), _begin(parts, mina)
    with parts.sessions.begin() as session:
        end(session, one)
        end(session, one)  # twice is once
    assert (_is_open(parts, one), _is_open(parts, other)) == (False, True)
    assert not _is_open(parts, "no token")


@pytest.mark.parametrize("change", [reset_password, disable], ids=["password", "disabled"])
def test_no_session_begins_for_an_account_that_changed_since_the_password_was_compared(
    parts: Parts, mina: User, change: object
) -> None:
    assert callable(change)
    with parts.sessions.begin() as session:
        change(session, "mina")
    with parts.sessions.begin() as session:
        assert begin(session, mina, LASTING) is None


def test_all_sessions_end_but_the_one_that_stays(parts: Parts, mina: User) -> None:
    here, elsewhere = _begin(parts, mina), _begin(parts, mina)
    with parts.sessions.begin() as session:
        assert end_all(session, mina, but=here) == 1
    assert (_is_open(parts, here), _is_open(parts, elsewhere)) == (True, False)


@pytest.mark.parametrize(
    ("began", "seen", "lasts"),
    [
        (timedelta(hours=11), timedelta(minutes=59), True),
        (timedelta(hours=12), timedelta(minutes=0), False),
        (timedelta(hours=2), timedelta(minutes=60), False),
    ],
)
def test_it_lasts_no_longer_than_it_may(
    parts: Parts, mina: User, began: timedelta, seen: timedelta, lasts: bool
) -> None:
    token, now = _begin(parts, mina), datetime.now(UTC)
    with parts.sessions.begin() as session:
        session.execute(update(SignIn).values(began_at=now - began, seen_at=now - seen))
        assert count(session, [mina.id], LASTING) == ({mina.id: 1} if lasts else {})
    assert _is_open(parts, token) == lasts


@pytest.mark.parametrize("hours", [-3, 3])
def test_a_web_server_whose_clock_is_wrong_ends_nobodys_session(
    parts: Parts, mina: User, hours: int
) -> None:
    here = _begin(parts, mina)
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=hours), tick=True):
        there = _begin(parts, mina)
        assert _is_open(parts, here)
    assert _is_open(parts, here)
    assert _is_open(parts, there)
    with parts.sessions.begin() as session:
        session.execute(update(SignIn).values(seen_at=SignIn.seen_at - LASTING.idle))
    assert not _is_open(parts, there)
