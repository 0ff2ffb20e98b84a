"""`python -m service moderator …`: the way back in, when nobody can."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from service.accounts import AccountError, find_user, named, verify
from service.parts import Parts
from service.tables import AuditEntry
from tests.service.commands.conftest import Call


def _password(call: Call, *arguments: str) -> str:
    answer = call("moderator", *arguments)
    assert answer.exit_code == 0, answer.output
    return answer.output.rpartition(": ")[2].strip()


def test_an_admin_is_added_and_needs_no_other_password(call: Call, parts: Parts) -> None:
    password = _password(call, "add", "ada", "--role", "admin")
    with parts.sessions() as session:
        user = verify(named(session, "ada"), password)
    assert user
    assert (user.role, user.must_change_password) == ("admin", False)


def test_an_account_is_given_another_role_disabled_and_opened(call: Call, parts: Parts) -> None:
    _password(call, "add", "ada", "--role", "admin")
    password = _password(call, "add", "mina")
    assert call("moderator", "role", "mina", "analyst").output == "mina is analyst now.\n"
    assert call("moderator", "disable", "mina").output == "mina is disabled.\n"
    with parts.sessions() as session, pytest.raises(AccountError, match="disabled"):
        verify(named(session, "mina"), password)
    listed = call("moderator", "list").output.splitlines()
    assert listed[1].startswith("mina\tanalyst\t")
    assert listed[1].endswith("\tnever signed in\tdisabled")
    assert call("moderator", "enable", "mina").output == "mina may sign in again.\n"
    assert call("moderator", "sign-out", "mina").output == "0 ended.\n"
    with parts.sessions() as session:
        assert find_user(session, "mina").disabled_at is None
        log = session.scalars(select(AuditEntry).order_by(AuditEntry.position)).all()
    assert {entry.actor.partition(":")[0] for entry in log} == {"shell"}
    assert [entry.action.removeprefix("account.") for entry in log] == [
        "created",
        "created",
        "role_changed",
        "disabled",
        "enabled",
        "sessions_ended",
    ]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("role", "ada", "moderator"), "'ada' is the last admin"),
        (("disable", "ada"), "'ada' is the last admin"),
        (("role", "ada", "king"), "'king' is not one of"),
        (("role", "ada", "admin"), "has the role admin already"),
        (("disable", "nobody"), "Nobody is called 'nobody'"),
        (("enable", "nobody"), "Nobody is called 'nobody'"),
        (("sign-out", "nobody"), "Nobody is called 'nobody'"),
        (("add", "ada"), "has an account already"),
    ],
)
def test_what_cannot_be_done_says_why(call: Call, arguments: tuple[str, ...], says: str) -> None:
    _password(call, "add", "ada", "--role", "admin")
    answer = call("moderator", *arguments)
    assert answer.exit_code != 0
    assert says in answer.output
    assert "Traceback" not in answer.output
