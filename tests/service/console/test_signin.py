from __future__ import annotations

import dataclasses
import re

import pytest
from flask import Flask

from service.accounts import create, reset_password
from service.app import create_app
from service.config import Config
from service.console import identity
from service.parts import Parts
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
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"],
)
def test_signing_in_never_leads_to_another_site(
    visitor: Visitor, password: str, elsewhere: str
) -> None:
    assert visitor.sign_in("mina", password, next=elsewhere).location == "/posts"


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


def test_guessing_is_counted_for_each_name_from_every_address(app: Flask, password: str) -> None:
    for number in range(10):
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        assert Visitor(client).sign_in("mina", "guess").status_code == 401
    other = app.test_client()
    other.environ_base["REMOTE_ADDR"] = "198.51.100.1"
    assert Visitor(other).sign_in("mina", "guess").status_code == 429
    assert Visitor(other).sign_in("someone-else", "guess").status_code == 401


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


def test_a_new_password_ends_the_sessions_of_the_old_one(
    visitor: Visitor, parts: Parts, password: str
) -> None:
    visitor.sign_in("mina", password)
    with parts.sessions.begin() as session:
        reset_password(session, "mina")
    assert visitor.get("/posts").location.startswith("/sign-in")


def test_a_sign_in_lasts_no_longer_than_its_hours(
    visitor: Visitor, password: str, config: Config
) -> None:
    visitor.sign_in("mina", password)
    with visitor.client.session_transaction() as session:
        session[identity.SINCE] -= int(config.session_hours * 3600) - 60
    assert visitor.get("/posts").status_code == 200
    with visitor.client.session_transaction() as session:
        session[identity.SINCE] -= 120
    assert visitor.get("/posts").location.startswith("/sign-in")


def test_signing_out_ends_the_session(mina: Visitor) -> None:
    assert mina.send("/sign-out", {}, page="/posts").location == "/sign-in"
    assert mina.get("/posts").location.startswith("/sign-in")


def _with_settings(parts: Parts, **settings: str) -> Visitor:
    config = parts.config.model_copy(update=settings)
    return Visitor(create_app(config, dataclasses.replace(parts, config=config)).test_client())


def test_signing_in_works_and_is_still_counted_while_redis_is_away(
    parts: Parts, password: str
) -> None:
    visitor = _with_settings(parts, redis_url="redis://127.0.0.1:1/0")
    assert visitor.sign_in("mina", password).status_code == 303
    answers = [visitor.sign_in("ada", "guess").status_code for _ in range(11)]
    assert answers == [401] * 10 + [429]


def test_behind_https_the_cookie_never_travels_in_the_clear(parts: Parts, password: str) -> None:
    visitor = _with_settings(parts, public_url="https://tagsift.example")
    answer = visitor.client.get("/sign-in", base_url="https://tagsift.example")
    assert "Secure" in answer.headers["Set-Cookie"]
