"""Accounts, and somebody signed in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from service.accounts import create
from service.app import create_app
from service.config import Config
from service.parts import Parts
from tests.service.console.visitor import Visitor

NewVisitor = Callable[..., Visitor]


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app.test_client())


@pytest.fixture
def stranger(config: Config, parts: Parts) -> Visitor:
    """Somebody at a process that has refused nobody yet: refusals are counted in each."""
    return Visitor(create_app(config, parts).test_client())


@pytest.fixture
def signed_in(app: Flask, parts: Parts) -> NewVisitor:
    """``signed_in(name="mina", role="moderator", language="en")``: a visitor with an account."""

    def make(name: str = "mina", role: str = "moderator", language: str = "en") -> Visitor:
        with parts.sessions.begin() as session:
            _, password = create(session, name, role)
        visitor = Visitor(app.test_client(), language)
        assert visitor.sign_in(name, password).status_code == 303
        return visitor

    return make


@pytest.fixture
def mina(signed_in: NewVisitor) -> Visitor:
    """A moderator who is signed in."""
    return signed_in()
