"""Everybody chooses their own password."""

from __future__ import annotations

import unicodedata

import pytest
from flask import Flask
from sqlalchemy import select

from service.accounts import create
from service.parts import Parts
from service.tables import AuditEntry
from tests.service.console.visitor import Visitor

CHOSEN = "다섯 마리 강아지와 산책"


@pytest.fixture
def old(parts: Parts) -> str:
    """Mina's password."""
    with parts.sessions.begin() as session:
        return create(session, "mina")[1]


@pytest.fixture
def mina(stranger: Visitor, old: str) -> Visitor:
    assert stranger.sign_in("mina", old).status_code == 303
    return stranger


def _change(visitor: Visitor, current: str, chosen: str, again: str | None = None) -> int:
    form = {"current": current, "chosen": chosen, "again": chosen if again is None else again}
    return visitor.send("/password", form).status_code


def test_a_new_password_ends_the_other_sessions_and_not_this_one(
    app: Flask, mina: Visitor, old: str, parts: Parts
) -> None:
    elsewhere = Visitor(app.test_client())
    elsewhere.sign_in("mina", old)
    assert _change(mina, old, CHOSEN) == 303
    assert "Your password is changed." in mina.get("/posts").text
    assert elsewhere.get("/posts").location.startswith("/sign-in")
    assert elsewhere.sign_in("mina", old).status_code == 401
    assert elsewhere.sign_in("mina", CHOSEN).status_code == 303
    with parts.sessions() as session:
        actions = session.scalars(select(AuditEntry.action)).all()
    assert "account.password_chosen" in actions


@pytest.mark.parametrize(
    ("chosen", "again", "says"),
    [
        ("eleven char", None, "at least 12 characters"),
        ("x1y2z" * 41, None, "at most 200 characters"),
        ("ababababababab", None, "repeats the same few characters"),
        ("I am MINA, hello", None, "must not contain your name"),
        (CHOSEN, CHOSEN + "!", "The two new passwords differ."),
    ],
)
def test_what_cannot_be_a_password_is_said(
    mina: Visitor, old: str, chosen: str, again: str | None, says: str
) -> None:
    form = {"current": old, "chosen": chosen, "again": again or chosen}
    answer = mina.send("/password", form)
    assert (answer.status_code, says in answer.text) == (422, True)
    assert chosen not in answer.text


def test_the_password_that_one_has_is_no_new_one(mina: Visitor, old: str) -> None:
    assert _change(mina, old, old) == 422


def test_a_stolen_session_cannot_guess_the_password(mina: Visitor, old: str, parts: Parts) -> None:
    for _ in range(10):
        assert _change(mina, "guess", CHOSEN) == 401
    assert _change(mina, old, CHOSEN) == 429
    with parts.sessions() as session:
        actions = session.scalars(
            select(AuditEntry.action)
            .where(AuditEntry.actor == "mina", AuditEntry.id > 2)
            .order_by(AuditEntry.id)
        ).all()
    assert actions == ["account.password_refused"] * 10 + ["refused.rate"]


def test_hangul_is_the_same_however_a_keyboard_composes_it(
    app: Flask, mina: Visitor, old: str
) -> None:
    composed = "가나다라마바사아자차카타"
    decomposed = unicodedata.normalize("NFD", composed)
    assert composed != decomposed
    assert _change(mina, old, composed) == 303
    assert Visitor(app.test_client()).sign_in("mina", decomposed).status_code == 303
