"""One admin is always left who can sign in."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.accounts import AccountError, change_role, create, disable, enable, find_user
from service.parts import Parts
from service.tables import User

Change = Callable[[Session, str], object]


def _demote(session: Session, name: str) -> object:
    return change_role(session, name, "analyst")


@pytest.mark.parametrize("change", [_demote, disable], ids=["demoted", "disabled"])
def test_the_last_admin_cannot_be(parts: Parts, change: Change) -> None:
    with parts.sessions.begin() as session:
        for name in ("ada", "zoe"):
            create(session, name, "admin")
        change(session, "zoe")
        with pytest.raises(AccountError, match="'ada' is the last admin"):
            change(session, "ada")


@pytest.mark.parametrize("change", [_demote, disable], ids=["demoted", "disabled"])
def test_whoever_does_it_at_the_same_moment(parts: Parts, change: Change) -> None:
    names = [f"admin-{number}" for number in range(6)]
    with parts.sessions.begin() as session:
        for name in names:
            create(session, name, "admin")

    def take_away(name: str) -> bool:
        try:
            with parts.sessions.begin() as session:
                change(session, name)
        except AccountError:
            return False
        return True

    with ThreadPoolExecutor(len(names)) as pool:
        done = list(pool.map(take_away, names))
    assert sorted(done) == [False, *[True] * 5]
    with parts.sessions() as session:
        left = select(func.count()).where(User.role == "admin", User.disabled_at.is_(None))
        assert session.scalar(left) == 1


def test_a_disabled_admin_is_no_admin_to_be_kept(parts: Parts) -> None:
    with parts.sessions.begin() as session:
        create(session, "ada", "admin")
        create(session, "zoe", "admin")
        disable(session, "zoe")
        _demote(session, "zoe")
        enable(session, "zoe")
        assert (find_user(session, "zoe").role, find_user(session, "zoe").disabled_at) == (
            "analyst",
            None,
        )


def test_what_is_so_already_is_no_change(parts: Parts) -> None:
    with parts.sessions.begin() as session:
        create(session, "mina")
        assert enable(session, "mina").disabled_at is None
        since = disable(session, "mina").disabled_at
        assert disable(session, "mina").disabled_at == since
