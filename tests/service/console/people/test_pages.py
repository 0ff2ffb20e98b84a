"""Admins add people, change what they may do, and end their sessions."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from service.accounts import create, disable
from service.parts import Parts
from service.tables import AuditEntry, SignIn, User
from tests.service.console.conftest import NewVisitor
from tests.service.console.visitor import Visitor

PASSWORD = "a long walk by the river"


@pytest.fixture
def ada(signed_in: NewVisitor) -> Visitor:
    """The only admin."""
    return signed_in("ada", "admin")


def _words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", unescape(page)))


def _user(parts: Parts, name: str) -> User:
    with parts.sessions() as session:
        return session.scalars(select(User).where(User.name == name)).one()


def _send(visitor: Visitor, parts: Parts, name: str, what: str, **data: Any) -> str:
    page = f"/people/{_user(parts, name).id}"
    answer = visitor.send(f"{page}/{what}", data, follow_redirects=True)
    assert answer.status_code == 200
    return _words(answer.text)


def _password(page: str) -> str:
    found = re.search(r'<code class="secret"[^>]*>([^<]+)</code>', page)
    assert found, page
    return found[1]


def _last(parts: Parts) -> tuple[str, str, str, dict[str, Any]]:
    with parts.sessions() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.position.desc())).first()
    assert entry
    return entry.actor, entry.action, entry.subject, entry.details


def test_people_are_listed_by_name_role_or_last_sign_in(
    ada: Visitor, signed_in: NewVisitor, parts: Parts
) -> None:
    with parts.sessions.begin() as session:
        create(session, "aaron", "moderator", "ada")  # never signed in
    signed_in("zoe", "analyst")
    for order, names in (
        ("", "aaron ada zoe"),
        ("role", "ada zoe aaron"),
        ("last", "zoe ada aaron"),
    ):
        page = ada.get(f"/people?order={order}").text
        assert re.findall(r'class="person-name"[^>]*><bdi>(\w+)', page) == names.split(), order


def test_everybody_is_listed_with_role_last_sign_in_and_state(
    ada: Visitor, signed_in: NewVisitor, parts: Parts
) -> None:
    signed_in("mina")
    with parts.sessions.begin() as session:
        create(session, "bora", "analyst")
        create(session, "chan")
        disable(session, "chan")
    words = _words(ada.get("/people").text)
    assert re.search(r"ada admin \(you\) last sign-in \S.*? signed in: 1 bora", words)
    assert "bora analyst never signed in signed out" in words
    assert re.search(r"mina moderator last sign-in \S.*? signed in: 1 chan", words)
    assert "chan moderator never signed in disabled" in words


def test_somebody_new_signs_in_with_the_one_time_password_and_chooses_their_own(
    app: Flask, ada: Visitor, parts: Parts
) -> None:
    shown = ada.send("/people", {"name": "지민", "role": "analyst"})
    one_time = _password(shown.text)
    assert shown.headers["Cache-Control"] == "no-store"
    assert one_time not in ada.get("/people").text
    assert _last(parts) == ("ada", "account.created", "user:지민", {"role": "analyst"})

    jimin = Visitor(app.test_client())
    assert jimin.sign_in("지민", one_time).status_code == 303
    for page in ("/posts", "/rules", "/settings"):
        assert jimin.get(page).location == "/password"
    refused = jimin.send("/hashtags", {"tag": "카페", "category": "cafe"})
    assert refused.status_code == 403
    form = {"current": one_time, "chosen": PASSWORD, "again": PASSWORD}
    assert jimin.send("/password", form).location == "/posts"
    assert jimin.get("/posts").status_code == 200
    again = Visitor(app.test_client())
    assert again.sign_in("지민", one_time).status_code == 401
    assert again.sign_in("지민", PASSWORD).status_code == 303


@pytest.mark.parametrize(
    ("name", "role", "says"),
    [
        ("ada", "moderator", "Somebody has this name already."),
        ("two words", "moderator", "A name has 1 to 64 letters"),
        ("mina", "king", "There is no such role."),
        ("mina", "", "There is no such role."),
    ],
)
def test_what_cannot_be_an_account_is_said_beside_the_form(
    ada: Visitor, parts: Parts, name: str, role: str, says: str
) -> None:
    answer = ada.send("/people", {"name": name, "role": role})
    assert (answer.status_code, says in answer.text) == (422, True)
    with parts.sessions() as session:
        assert session.scalar(select(func.count()).select_from(User)) == 1


def test_another_role_holds_at_once(ada: Visitor, mina: Visitor, parts: Parts) -> None:
    assert mina.get("/posts").status_code == 200
    assert "The role is changed." in _send(ada, parts, "mina", "role", role="analyst")
    assert mina.get("/posts").location.startswith("/sign-in")
    assert _user(parts, "mina").role == "analyst"
    change = {"before": "moderator", "after": "analyst"}
    assert _last(parts) == ("ada", "account.role_changed", "user:mina", change)
    assert "That is the role already." in _send(ada, parts, "mina", "role", role="analyst")
    assert "There is no such role." in _send(ada, parts, "mina", "role", role="king")


def test_a_disabled_account_is_closed_until_it_is_opened_again(
    app: Flask, ada: Visitor, parts: Parts
) -> None:
    with parts.sessions.begin() as session:
        _, password = create(session, "mina")
    mina = Visitor(app.test_client())
    mina.sign_in("mina", password)
    assert "The account is disabled" in _send(ada, parts, "mina", "disable")
    assert mina.get("/posts").location.startswith("/sign-in")
    assert mina.sign_in("mina", password).status_code == 401
    assert "open again" in _send(ada, parts, "mina", "enable")
    assert mina.sign_in("mina", password).status_code == 303
    with parts.sessions() as session:
        done = session.scalars(
            select(AuditEntry.action).where(AuditEntry.actor == "ada").order_by(AuditEntry.position)
        ).all()
    assert done[-2:] == ["account.disabled", "account.enabled"]


def test_a_one_time_password_replaces_a_lost_one(
    app: Flask, ada: Visitor, mina: Visitor, parts: Parts
) -> None:
    page = f"/people/{_user(parts, 'mina').id}"
    one_time = _password(ada.send(f"{page}/password", {}).text)
    assert mina.get("/posts").location.startswith("/sign-in")
    again = Visitor(app.test_client())
    again.sign_in("mina", one_time)
    assert again.get("/posts").location == "/password"
    assert _user(parts, "mina").must_change_password


def test_all_sessions_of_somebody_end(ada: Visitor, mina: Visitor, parts: Parts) -> None:
    assert "Every session of this account has ended." in _send(ada, parts, "mina", "sessions")
    assert mina.get("/posts").location.startswith("/sign-in")
    assert _last(parts) == ("ada", "account.sessions_ended", "user:mina", {"sessions": 1})


def test_the_last_admin_stays_admin_and_may_sign_in(ada: Visitor, parts: Parts) -> None:
    for what, data in (("role", {"role": "moderator"}), ("disable", {})):
        assert "This is the last admin." in _send(ada, parts, "ada", what, **data)
    own = f"/people/{_user(parts, 'ada').id}"
    assert ada.send(f"{own}/password", {}).location == "/password"
    ada.send("/people", {"name": "zoe", "role": "admin"})
    _send(ada, parts, "zoe", "disable")
    assert "This is the last admin." in _send(ada, parts, "ada", "disable")  # a closed one is none
    _send(ada, parts, "zoe", "enable")
    assert ada.send(f"{own}/role", {"role": "moderator"}).status_code == 303
    assert ada.get("/posts").location.startswith("/sign-in")
    assert (_user(parts, "ada").role, _user(parts, "zoe").role) == ("moderator", "admin")


def test_two_admins_who_demote_each_other_at_once_leave_one(
    ada: Visitor, signed_in: NewVisitor, parts: Parts
) -> None:
    zoe = signed_in("zoe", "admin")
    pages = {name: f"/people/{_user(parts, name).id}" for name in ("ada", "zoe")}
    tokens = {id(ada): ada.token("/people"), id(zoe): zoe.token("/people")}

    def demote(visitor: Visitor, whom: str) -> None:
        form = {"role": "moderator", "csrf_token": tokens[id(visitor)]}
        visitor.client.post(f"{pages[whom]}/role", data=form)

    with ThreadPoolExecutor(2) as pool:
        for done in (pool.submit(demote, ada, "zoe"), pool.submit(demote, zoe, "ada")):
            done.result()
    assert sorted(_user(parts, name).role for name in pages) == ["admin", "moderator"]


@pytest.mark.parametrize("what", ["", "/password", "/role", "/disable", "/enable", "/sessions"])
def test_nobody_is_nobody(ada: Visitor, what: str) -> None:
    path = f"/people/9999{what}"
    answer = ada.send(path, {"role": "admin"}) if what else ada.get(path)
    assert answer.status_code == 404


def test_no_page_shows_a_hash_or_a_token(ada: Visitor, parts: Parts) -> None:
    user = _user(parts, "ada")
    with parts.sessions() as session:
        secrets = [user.password_hash, *session.scalars(select(SignIn.token_hash))]
    for page in ("/people", f"/people/{user.id}", "/audit"):
        text = ada.get(page).text
        assert not [secret for secret in secrets if secret in text]


def test_a_korean_admin_reads_korean(signed_in: NewVisitor) -> None:
    ada = signed_in("ada", "admin", "ko")
    assert "사용자 추가" in ada.get("/people").text
    answer = ada.send("/people", {"name": "ada", "role": "admin"})
    assert "이미 있는 이름이에요." in answer.text
