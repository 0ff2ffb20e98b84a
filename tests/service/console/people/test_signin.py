from __future__ import annotations

import dataclasses
import hashlib
import re
import socket
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from service.accounts import change_role, create, disable, end_sessions, reset_password
from service.app import create_app
from service.console.frame.access import Permission, by_itself, needs
from service.parts import Parts
from service.tables import AuditEntry, SignIn
from tests.service.console.visitor import Visitor


@pytest.fixture
def password(parts: Parts) -> str:
    with parts.sessions.begin() as session:
        return create(session, "mina")[1]


def test_a_right_password_opens_the_posts(visitor: Visitor, password: str) -> None:
    answer = visitor.sign_in("mina", password)
    assert (answer.status_code, answer.location) == (303, "/posts")
    assert visitor.get("/posts").status_code == 200


def test_the_page_that_was_asked_for_opens_after_signing_in(
    visitor: Visitor, password: str
) -> None:
    asked = visitor.get("/posts?tab=flagged")
    assert asked.location == "/sign-in?next=/posts?tab%3Dflagged"
    answer = visitor.sign_in("mina", password, next="/posts?tab=flagged")
    assert answer.location == "/posts?tab=flagged"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "////evil.example",
        "//[evil",
        "http://[",
        "/" * 5000,
        "/\\evil.example",
        "javascript:alert(1)",
    ],
)
def test_signing_in_never_leads_to_another_site(
    visitor: Visitor, password: str, elsewhere: str
) -> None:
    form = visitor.get("/sign-in", query_string={"next": elsewhere})
    assert (form.status_code, 'name="next" value="/posts"' in form.text) == (200, True)
    assert visitor.sign_in("mina", password, next=elsewhere).location == "/posts"
    again = visitor.get("/sign-in", query_string={"next": elsewhere})  # signed in already
    assert again.location == "/posts"


def test_a_wrong_password_and_an_unknown_name_look_the_same(
    visitor: Visitor, password: str
) -> None:
    wrong, unknown = visitor.sign_in("mina", "nope"), visitor.sign_in("nobody", "nope")
    assert wrong.status_code == unknown.status_code == 401
    assert "Name or password is wrong." in wrong.text
    assert _without_what_differs(wrong.text, "mina") == _without_what_differs(
        unknown.text, "nobody"
    )


def _without_what_differs(page: str, name: str) -> str:
    return re.sub(r'(csrf_token" value=)"[^"]+"', r"\1", page.replace(name, ""))


def test_guessing_for_one_name_is_stopped_and_says_when_to_try_again(
    visitor: Visitor, password: str
) -> None:
    for _ in range(10):
        assert visitor.sign_in("mina", "guess").status_code == 401
    stopped = visitor.sign_in("mina", password)
    assert stopped.status_code == 429
    assert "Too many attempts" in stopped.text


def test_another_spelling_of_a_name_is_no_further_guess(visitor: Visitor, password: str) -> None:
    for number in range(10):
        spelling = ("mina", "ｍina", "mｉna")[number % 3]
        assert visitor.sign_in(spelling, "guess").status_code == 401
    assert visitor.sign_in("ｍｉｎａ", password).status_code == 429


@pytest.mark.parametrize(
    ("language", "says"),
    [("en", "Wait 60 minutes, then try again."), ("ko", "60분 뒤에 다시 시도해 주세요.")],
)
def test_the_page_says_how_long_to_wait(parts: Parts, language: str, says: str) -> None:
    client = _app_with(parts, signin_limit="1 per hour").test_client()
    visitor = Visitor(client, language)
    visitor.sign_in("mina", "guess")
    assert says in visitor.sign_in("mina", "guess").text


def _from(app: Flask, address: str) -> Visitor:
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return Visitor(client)


def test_guessing_elsewhere_does_not_lock_the_owner_out(app: Flask, password: str) -> None:
    for _ in range(11):
        last = _from(app, "192.0.2.1").sign_in("mina", "guess")
    assert last.status_code == 429
    assert _from(app, "198.51.100.1").sign_in("mina", password).status_code == 303


def test_guessing_names_from_one_address_is_stopped(parts: Parts, password: str) -> None:
    app = _app_with(parts, signin_address_limit="5 per minute")
    for number in range(5):  # one household's addresses of IPv6 count as one
        guess = _from(app, f"2001:db8:1:2::{number}").sign_in(f"name-{number}", "guess")
        assert guess.status_code == 401
    stopped = _from(app, "2001:db8:1:2:ffff::9").sign_in("mina", password)
    assert (stopped.status_code, int(stopped.headers["Retry-After"]) > 0) == (429, True)
    assert _from(app, "2001:db8:1:3::9").sign_in("mina", password).status_code == 303


def test_of_sixty_guesses_at_once_ten_are_compared(app: Flask, password: str) -> None:
    visitors = [Visitor(app.test_client()) for _ in range(60)]
    forms = [{"csrf_token": v.token(), "name": "mina", "password": "guess"} for v in visitors]

    def guess(number: int) -> int:
        return visitors[number].client.post("/sign-in", data=forms[number]).status_code

    with ThreadPoolExecutor(60) as pool:
        answers = Counter(pool.map(guess, range(60)))
    assert answers == {401: 10, 429: 50}


def test_right_passwords_are_not_counted(app: Flask, password: str) -> None:
    for _ in range(12):
        assert Visitor(app.test_client()).sign_in("mina", password).status_code == 303


def test_a_form_without_its_token_is_refused(visitor: Visitor, password: str) -> None:
    answer = visitor.client.post("/sign-in", data={"name": "mina", "password": password})
    assert answer.status_code == 400
    assert visitor.get("/posts").status_code == 302


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    visitor: Visitor, password: str
) -> None:
    cookie = visitor.sign_in("mina", password).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def _age(parts: Parts, column: InstrumentedAttribute[datetime], by: timedelta) -> None:
    with parts.sessions.begin() as session:
        session.execute(update(SignIn).values({column: column - by}))


def test_a_sign_in_lasts_no_longer_than_its_hours(
    visitor: Visitor, password: str, parts: Parts
) -> None:
    visitor.sign_in("mina", password)
    _age(parts, SignIn.began_at, timedelta(hours=parts.config.session_hours, minutes=-1))
    assert visitor.get("/posts").status_code == 200
    _age(parts, SignIn.began_at, timedelta(minutes=2))
    assert visitor.get("/posts").location.startswith("/sign-in")


def test_a_sign_in_ends_while_its_person_does_nothing(
    visitor: Visitor, password: str, parts: Parts
) -> None:
    visitor.sign_in("mina", password)
    idle = timedelta(minutes=parts.config.session_idle_minutes)
    for _ in range(3):  # each request begins the time anew
        _age(parts, SignIn.seen_at, idle - timedelta(seconds=30))
        assert visitor.get("/posts").status_code == 200
    _age(parts, SignIn.seen_at, idle)
    assert visitor.get("/posts").location.startswith("/sign-in")


def test_what_a_page_asks_for_by_itself_keeps_no_session(
    app: Flask, visitor: Visitor, password: str, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    @by_itself
    @needs(Permission.READ)
    def heartbeat() -> str:
        return "still open"

    visitor.sign_in("mina", password)
    monkeypatch.setitem(app.view_functions, "console.posts", heartbeat)
    half = timedelta(minutes=parts.config.session_idle_minutes / 2, seconds=1)
    _age(parts, SignIn.seen_at, half)
    assert visitor.get("/posts").text == "still open"
    _age(parts, SignIn.seen_at, half)
    assert visitor.get("/posts").location.startswith("/sign-in")


def test_sessions_that_are_over_are_forgotten_at_the_next_sign_in(
    app: Flask, visitor: Visitor, password: str, parts: Parts
) -> None:
    visitor.sign_in("mina", password)
    _age(parts, SignIn.began_at, timedelta(days=2))
    Visitor(app.test_client()).sign_in("mina", password)
    with parts.sessions() as session:
        assert session.scalar(select(func.count()).select_from(SignIn)) == 1


def test_the_cookie_of_a_session_that_was_signed_out_opens_nothing(
    app: Flask, mina: Visitor
) -> None:
    thief = app.test_client()
    cookie = mina.client.get_cookie("tagsift")
    assert cookie
    thief.set_cookie("tagsift", cookie.value)
    assert Visitor(thief).get("/posts").status_code == 200
    mina.send("/sign-out", {})
    assert Visitor(thief).get("/posts").location.startswith("/sign-in")


def test_the_database_keeps_no_token_that_opens_a_session(mina: Visitor, parts: Parts) -> None:
    with mina.client.session_transaction() as cookie:
        token = cookie["_user_id"]
    with parts.sessions() as session:
        stored = session.scalars(select(SignIn.token_hash)).one()
    assert token != stored
    assert hashlib.sha256(token.encode()).hexdigest() == stored


@pytest.mark.parametrize(
    "end",
    [
        lambda session: reset_password(session, "mina"),
        lambda session: change_role(session, "mina", "analyst"),
        lambda session: disable(session, "mina"),
        lambda session: end_sessions(session, "mina"),
    ],
    ids=["a new password", "another role", "a disabled account", "an admin's word"],
)
def test_the_next_request_of_a_session_is_refused_after(
    mina: Visitor, parts: Parts, end: Callable[[Session], object]
) -> None:
    assert mina.get("/posts").status_code == 200
    with parts.sessions.begin() as session:
        end(session)
    assert mina.get("/posts").location.startswith("/sign-in")
    assert mina.client.post("/hashtags", data={}).status_code == 401


def test_a_disabled_account_is_told_so_only_with_its_password(
    visitor: Visitor, password: str, parts: Parts
) -> None:
    with parts.sessions.begin() as session:
        disable(session, "mina")
    told = visitor.sign_in("mina", password)
    assert (told.status_code, "This account is disabled" in told.text) == (401, True)
    assert "Name or password is wrong." in visitor.sign_in("mina", "nope").text


def test_signing_out_ends_the_session(mina: Visitor) -> None:
    assert mina.send("/sign-out", {}).location == "/sign-in"
    assert mina.get("/posts").location.startswith("/sign-in")


def _app_with(parts: Parts, **settings: str) -> Flask:
    config = parts.config.model_copy(update=settings)
    return create_app(config, dataclasses.replace(parts, config=config))


def _with_settings(parts: Parts, **settings: str) -> Visitor:
    return Visitor(_app_with(parts, **settings).test_client())


def test_signing_in_works_and_is_still_counted_while_redis_is_away(
    parts: Parts, password: str
) -> None:
    visitor = _with_settings(parts, redis_url="redis://127.0.0.1:1/0")
    assert visitor.sign_in("mina", password).status_code == 303
    answers = [visitor.sign_in("ada", "guess").status_code for _ in range(11)]
    assert answers == [401] * 10 + [429]


def test_a_redis_that_takes_calls_and_never_answers_stops_nobody(
    parts: Parts, password: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        visitor = _with_settings(parts, redis_url=f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        assert visitor.sign_in("mina", "guess").status_code == 401
        assert visitor.sign_in("mina", password).status_code == 303


def test_behind_https_the_cookie_never_travels_in_the_clear(parts: Parts, password: str) -> None:
    visitor = _with_settings(parts, public_url="https://tagsift.example")
    answer = visitor.client.get("/sign-in", base_url="https://tagsift.example")
    assert "Secure" in answer.headers["Set-Cookie"]


def _refusals(parts: Parts) -> list[tuple[str, str, str, dict[str, str]]]:
    with parts.sessions() as session:
        entries = session.scalars(
            select(AuditEntry)
            .where(AuditEntry.action.in_(("session.refused", "refused.rate", "refused.form")))
            .order_by(AuditEntry.position)
        ).all()
    return [(entry.actor, entry.action, entry.subject, entry.details) for entry in entries]


def test_wrong_sign_ins_are_in_the_audit_log_without_what_was_typed(
    stranger: Visitor, password: str, parts: Parts
) -> None:
    stranger.sign_in("mina", "guess")
    stranger.sign_in(password, "mina")  # typed into the wrong fields
    where = {"why": "wrong", "address": "127.0.0.1"}
    assert _refusals(parts) == [
        ("anonymous", "session.refused", "user:mina", where),
        ("anonymous", "session.refused", "user:?", where),
    ]


def test_limited_sign_ins_are_in_the_audit_log_but_no_flood_of_them(
    stranger: Visitor, password: str, parts: Parts
) -> None:
    for _ in range(10):
        stranger.sign_in("mina", "guess")
    for _ in range(25):
        assert stranger.sign_in("mina", password).status_code == 429
    limited = [entry for entry in _refusals(parts) if entry[1] == "refused.rate"]
    assert limited == [("anonymous", "refused.rate", "user:mina", {"address": "127.0.0.1"})] * 10


def test_a_form_without_its_token_is_in_the_audit_log(stranger: Visitor, parts: Parts) -> None:
    stranger.client.post("/language", data={"language": "ko"})
    assert _refusals(parts) == [
        ("anonymous", "refused.form", "POST /language", {"address": "127.0.0.1"})
    ]


def test_signing_in_and_out_is_in_the_audit_log(mina: Visitor, parts: Parts) -> None:
    mina.send("/sign-out", {})
    with parts.sessions() as session:
        began, ended = session.scalars(
            select(AuditEntry)
            .where(AuditEntry.action.startswith("session."))
            .order_by(AuditEntry.id)
        ).all()
    assert [(began.actor, began.action), (ended.actor, ended.action)] == [
        ("mina", "session.began"),
        ("mina", "session.ended"),
    ]
