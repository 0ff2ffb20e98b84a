"""While the database is away, a person reads so; nothing looks like a fault of theirs or ours."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from service.app import create_app
from service.database import make_engine, make_sessions
from service.parts import Parts
from tests.service.console.visitor import Visitor


@pytest.fixture
def client(parts: Parts) -> Iterator[FlaskClient]:
    """A service whose database is away."""
    engine = make_engine("postgresql://nobody@127.0.0.1:9/none")
    broken = dataclasses.replace(parts, sessions=make_sessions(engine))
    yield create_app(parts.config, broken).test_client()
    engine.dispose()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "A part of the service is restarting"), ("ko", "서비스 일부를 다시 시작하고 있어요")],
)
def test_the_console_says_so_on_a_page(
    client: FlaskClient, mina: Visitor, language: str, title: str
) -> None:
    cookie = mina.client.get_cookie("tagsift")
    assert cookie
    client.set_cookie("tagsift", cookie.value)
    for path in ("/posts", "/nowhere", "/overview"):  # the page of an error asks who it is, too
        page = client.get(path, headers={"Accept-Language": language})
        assert (page.status_code, page.mimetype) == (503, "text/html")
        assert f"<h1>{title}</h1>" in page.text
        assert int(page.headers["Retry-After"]) > 0


def test_signing_in_says_so(client: FlaskClient) -> None:
    assert Visitor(client).sign_in("mina", "a password").status_code == 503
